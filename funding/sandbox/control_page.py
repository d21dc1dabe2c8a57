"""The human face of the control API: balance, clock, sessions to play, faults to order, the log."""

import json
from datetime import UTC, datetime
from html import escape

from funding.sandbox import balance, checkout, faults, paying
from funding.sandbox.currencies import EXPONENTS, format_amount
from funding.sandbox.http import Request, Response, html_response
from funding.sandbox.page_frame import frame
from funding.sandbox.store import Json
from funding.sandbox.world import World

_RECENT = 20


def show(world: World, request: Request, _: str) -> Response:
    """One page with everything that a person at the controls needs."""
    body = "<h1>Local Stripe</h1>" + "".join(
        section(world)
        for section in (_money, _clock, _sessions, _payments, _accounts, _payouts, _faults, _requests, _webhooks)
    )
    banner = "A stand-in for Stripe on this machine: no money moves"
    return html_response(frame(title="Local Stripe", body=body, banner=banner, wide=True, testid="control-page"))


def _table(heads: str, rows: list[str], empty: str) -> str:
    if not rows:
        return f'<p class="muted">{escape(empty)}</p>'
    head = "".join(f"<th>{escape(name)}</th>" for name in heads.split("|"))
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'


def _row(*cells: object) -> str:
    """Text is escaped; a cell that is HTML already is given as a tuple of one."""
    shown = (cell[0] if isinstance(cell, tuple) else escape("" if cell is None else str(cell)) for cell in cells)
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in shown)}</tr>"


def _form(action: str, fields: str, label: str) -> str:
    button = f'<button class="small">{escape(label)}</button>'
    return f'<form class="inline" method="post" action="{escape(action)}">{fields}{button}</form>'


def _input(name: str, label: str, value: str = "", kind: str = "text") -> str:
    return (
        f'<input name="{name}" aria-label="{escape(label)}" placeholder="{escape(label)}" type="{kind}"'
        f' value="{escape(value)}">'
    )


def _select(name: str, label: str, options: list[str]) -> str:
    inner = "".join(f"<option>{escape(option)}</option>" for option in options)
    return f'<select name="{name}" aria-label="{escape(label)}">{inner}</select>'


def _money(world: World) -> str:
    amounts = balance.balance_of(world)["available"]
    rows = [_row(entry["currency"].upper(), _signed(entry)) for entry in amounts]
    fields = _input("amount", "Minor units", kind="number") + _select("currency", "Currency", sorted(EXPONENTS))
    return (
        f"<h2>Balance</h2>{_table('Currency|Available', rows, '')}<p>{_form('/_control/topups/', fields, 'Top up')}</p>"
    )


def _signed(entry: Json) -> str:
    sign = "−" if entry["amount"] < 0 else ""
    return sign + format_amount(abs(entry["amount"]), entry["currency"])


def _clock(world: World) -> str:
    now = datetime.fromtimestamp(world.clock.now(), UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    field = _input("offset", "Offset in seconds", str(int(world.clock.offset)), "number")
    form = _form("/_control/clock/", field, "Set")
    return f"<h2>Clock</h2><p>{now}, {world.clock.offset:+.0f} s from real time. {form}</p>"


def _recent(world: World, kind: str) -> list[Json]:
    rows = world.store.rows("SELECT body FROM objects WHERE kind = ? ORDER BY seq DESC LIMIT ?", (kind, _RECENT))
    return [json.loads(row["body"]) for row in rows]


def _sessions(world: World) -> str:
    rows = []
    for session in _recent(world, checkout.KIND):
        play = ""
        if session["status"] == "open":
            methods = [m for m in paying.METHODS if m.removesuffix("_3ds") in session["payment_method_types"]]
            fields = _select("method", "Method", methods) + _select("outcome", "Outcome", list(paying.OUTCOMES))
            link = f'<a href="{escape(session["url"])}">pay page</a> '
            play = link + _form(f"/_control/checkout/{session['id']}/", fields, "Play")
        amount = format_amount(session["amount_total"], session["currency"])
        rows.append(_row(session["id"], session["status"], session["payment_status"], amount, (play,)))
    return f"<h2>Checkout sessions</h2>{_table('Id|Status|Payment|Amount|Play', rows, 'None yet.')}"


def _payments(world: World) -> str:
    rows = []
    for intent in _recent(world, "payment_intent"):
        amount = format_amount(intent["amount"], intent["currency"])
        dispute = ""
        if intent["status"] == "succeeded":
            dispute = _form(
                "/_control/disputes/",
                f'<input type="hidden" name="payment_intent" value="{intent["id"]}">',
                "Dispute",
            )
        rows.append(_row(intent["id"], intent["status"], amount, intent["transfer_group"], (dispute,)))
    return f"<h2>Payments</h2>{_table('Id|Status|Amount|Transfer group|', rows, 'None yet.')}"


def _accounts(world: World) -> str:
    rows = []
    for account in _recent(world, "account"):
        state = (account["capabilities"] or {}).get("transfers")
        action = _account_actions(account, state)
        rows.append(_row(account["id"], account["email"], state, account["payouts_enabled"], (action,)))
    return f"<h2>Connected accounts</h2>{_table('Id|E-mail|Transfers|Payouts|', rows, 'None yet.')}"


def _account_actions(account: Json, state: str | None) -> str:
    here = f"/_control/accounts/{account['id']}/"
    if not account["details_submitted"]:
        return _form(f"{here}onboard/", "", "Onboard")
    on = state == "active"
    flag = f'<input type="hidden" name="transfers_enabled" value="{"false" if on else "true"}">'
    switch = _form(here, flag, "Disable transfers" if on else "Enable transfers")
    return switch + _form(f"{here}bank/", _input("last4", "Last four digits", "4321"), "Change bank")


def _payouts(world: World) -> str:
    rows = []
    for payout in _recent(world, "payout"):
        amount = format_amount(payout["amount"], payout["currency"])
        done = payout["status"] in ("failed", "canceled")
        action = "" if done else _form(f"/_control/payouts/{payout['id']}/return/", "", "Send back")
        owner = world.store.account_of(payout["id"]) or "platform"
        rows.append(_row(payout["id"], owner, payout["status"], amount, (action,)))
    return f"<h2>Payouts to banks</h2>{_table('Id|Account|Status|Amount|', rows, 'None yet.')}"


def _faults(world: World) -> str:
    rows = [
        _row(
            fault["fault"],
            json.dumps(fault["match"]),
            f"{fault['hits']} of {fault['count']}",
            fault["seconds"],
        )
        for fault in faults.listing(world.store)
    ]
    fields = (
        _select("fault", "Fault", list(faults.FAULTS))
        + _input("path", "Path")
        + _input("event_type", "Event type")
        + _input("count", "Count", "1", "number")
        + _input("seconds", "Seconds", kind="number")
    )
    about = "".join(f"<li><b>{escape(name)}</b>: {escape(text)}</li>" for name, text in faults.FAULTS.items())
    return (
        f"<h2>Faults</h2>{_table('Fault|Match|Hits|Seconds', rows, 'None ordered.')}"
        f"<p>{_form('/_control/faults/', fields, 'Order')} {_form('/_control/faults/clear/', '', 'Clear')}</p>"
        f"<details><summary>What each does</summary><ul>{about}</ul></details>"
    )


def _requests(world: World) -> str:
    found = world.store.rows("SELECT * FROM requests ORDER BY id DESC LIMIT ?", (_RECENT,))
    rows = [_row(r["method"], r["path"], r["status"], r["idempotency_key"], r["fault"]) for r in found]
    return f"<h2>Requests</h2>{_table('Method|Path|Status|Idempotency key|Fault', rows, 'None yet.')}"


def _webhooks(world: World) -> str:
    found = world.store.rows("SELECT * FROM deliveries ORDER BY id DESC LIMIT ?", (_RECENT,))
    rows = [
        _row(
            r["type"],
            r["object"],
            r["state"],
            ", ".join(str(a["status"]) for a in json.loads(r["attempts"])),
            r["fault"],
        )
        for r in found
    ]
    return f"<h2>Webhooks</h2>{_table('Type|Object|State|Answers|Fault', rows, 'None yet.')}"
