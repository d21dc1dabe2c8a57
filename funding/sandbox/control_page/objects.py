"""What the local Stripe holds, and what customers, banks and creators can be made to do with it."""

import json
from datetime import UTC, datetime
from typing import Final

from funding.sandbox import balance, checkout, disputes, paying
from funding.sandbox.control_page.parts import Html, Section, buttons, code, money, row
from funding.sandbox.store import Json
from funding.sandbox.world import World

RECENT: Final = 12
METHODS: Final = {"card": "Card", "card_3ds": "Card with 3-D Secure", "alipay": "Alipay", "wechat_pay": "WeChat Pay"}
OUTCOMES: Final = {
    "succeed": "succeeds", "decline": "is declined", "abandon": "is left halfway", "succeed_late": "succeeds later",
    "fail_late": "fails later",
}  # fmt: skip


def recent(world: World, kind: str) -> list[Json]:
    """The newest objects of a kind."""
    rows = world.store.rows("SELECT body FROM objects WHERE kind = ? ORDER BY seq DESC LIMIT ?", (kind, RECENT))
    return [json.loads(row["body"]) for row in rows]


def balances(world: World, language: str) -> str:
    """What the platform has at the provider, topping it up and taking it to the bank."""
    part = Section(language, "balance")
    amounts = balance.balance_of(world)["available"]
    rows = [row(one["currency"].upper(), money(one["amount"], one["currency"])) for one in amounts]
    total = part.field("sum", "Amount")
    return part.whole(
        "Balance at the provider",
        part.table(["Currency", "Available"], rows),
        f"<p>{part.form('/_control/topups/', 'Top up from the bank', total, part.currency())}</p>",
        f"<p>{part.form('/_control/withdrawals/', 'Take to the bank', total, part.currency())}</p>",
        part.note("With too little left, card refunds wait and wallet refunds and transfers fail."),
    )


def clock(world: World, language: str) -> str:
    """What time it is here. The product moves it, with its own clock."""
    part = Section(language, "clock")
    now = datetime.fromtimestamp(world.clock.now(), UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    offset = part.field("offset", "Offset in seconds", str(int(world.clock.offset)), kind="number")
    return part.whole(
        "Clock", f"<p>{now} {part.form('/_control/clock/', 'Set', offset)}</p>",
        part.note("The finance desk's “Move time” moves this clock along; alone, it only makes the two disagree."),
    )  # fmt: skip


def sessions(world: World, language: str) -> str:
    """Checkouts, with the customer at the buttons."""
    part = Section(language, "sessions")
    rows = []
    for session in recent(world, checkout.KIND):
        play = ""
        if session["status"] == "open":
            offered = [m for m in METHODS if m.removesuffix("_3ds") in session["payment_method_types"]]
            method = part.choice("method", "Method", [(name, part.say(METHODS[name])) for name in offered])
            outcome = part.choice("outcome", "Outcome", [(name, part.say(OUTCOMES[name])) for name in paying.OUTCOMES])
            link = f'<a href="{session["url"]}">{part.say("Pay page")}</a>'
            play = link + part.form(f"/_control/checkout/{session['id']}/", "Play", method, outcome)
        amount = money(session["amount_total"], session["currency"])
        rows.append(
            row(code(session["id"]), code(session["status"]), code(session["payment_status"]), amount, buttons(play))
        )
    return part.whole("Checkouts", part.table(["Id", "Status", "Payment", "Amount", ""], rows))


def payments(world: World, language: str) -> str:
    """Charges, each of which a bank can dispute."""
    part = Section(language, "payments")
    reasons = part.choice("reason", "Reason", [(name, name) for name in disputes.REASONS], "fraudulent")
    rows = []
    for intent in recent(world, "payment_intent"):
        action = ""
        if intent["status"] == "succeeded":
            whose = part.hidden("payment_intent", intent["id"]) + part.hidden("currency", intent["currency"])
            amount = part.field("sum", "All, or how much", size=10)
            inquiry = part.choice("warning", "Kind", [("false", part.say("Dispute")), ("true", part.say("Inquiry"))])
            action = part.form("/_control/disputes/", "Open", whose, inquiry, reasons, amount)
        amount = money(intent["amount"], intent["currency"])
        rows.append(
            row(code(intent["id"]), code(intent["status"]), amount, code(intent["transfer_group"]), buttons(action))
        )
    return part.whole("Payments", part.table(["Id", "Status", "Amount", "Transfer group", ""], rows))


def contests(world: World, language: str) -> str:
    """Disputes and inquiries, with the bank at the buttons."""
    part = Section(language, "disputes")
    rows = [
        row(
            code(one["id"]), code(one["status"]), code(one["reason"]), money(one["amount"], one["currency"]),
            code(one["payment_intent"]), _verdicts(part, one),
        )
        for one in recent(world, "dispute")
    ]  # fmt: skip
    heads = ["Id", "Status", "Reason", "Amount", "Payment", ""]
    return part.whole("Disputes", part.table(heads, rows, "No payment is disputed."))


def _verdicts(part: Section, dispute: Json) -> Html:
    """What the bank may still do."""
    here = f"/_control/disputes/{dispute['id']}/"

    def close(outcome: str, label: str, *more: str) -> str:
        return part.form(f"{here}close/", label, part.hidden("outcome", outcome), *more)

    status = dispute["status"]
    offered = [part.form(f"{here}review/", "Look at it")] if status.endswith("needs_response") else []
    if status.startswith("warning_") and status != "warning_closed":
        return buttons(
            *offered, part.form(f"{here}escalate/", "Escalate to a dispute"), close("warning_closed", "Close it")
        )
    if status in ("needs_response", "under_review", "lost"):
        offered += [
            close("won", "Won" if status != "lost" else "Won after all"),
            close("won", "Won, and the fee back", part.hidden("fee_returned", "true")),
        ]
    if status in ("needs_response", "under_review"):
        offered.append(close("lost", "Lost"))
    return buttons(*offered)


def accounts(world: World, language: str) -> str:
    """Creators' connected accounts."""
    part = Section(language, "accounts")
    rows = []
    for account in recent(world, "account"):
        state = (account["capabilities"] or {}).get("transfers")
        pays = part.say("yes" if account["payouts_enabled"] else "no")
        rows.append(row(code(account["id"]), account["email"], code(state), pays, _switches(part, account, state)))
    return part.whole("Creators' accounts", part.table(["Id", "E-mail", "Transfers", "Payouts", ""], rows))


def _switches(part: Section, account: Json, state: str | None) -> Html:
    here = f"/_control/accounts/{account['id']}/"
    if not account["details_submitted"]:
        return buttons(part.form(f"{here}onboard/", "Onboard"))
    pays, active = account["payouts_enabled"], state == "active"
    return buttons(
        part.form(here, "Stop transfers" if active else "Allow transfers",
                  part.hidden("transfers_enabled", "false" if active else "true")),
        part.form(here, "Stop payouts" if pays else "Allow payouts",
                  part.hidden("payouts_enabled", "false" if pays else "true")),
        part.form(f"{here}bank/", "Change bank", part.field("last4", "Last four digits", "4321", size=5)),
    )  # fmt: skip


def payouts(world: World, language: str) -> str:
    """Payouts on their way to banks, which may send them back."""
    part = Section(language, "payouts")
    rows = []
    for payout in recent(world, "payout"):
        done = payout["status"] in ("failed", "canceled")
        action = "" if done else part.form(f"/_control/payouts/{payout['id']}/return/", "The bank sends it back")
        owner = world.store.account_of(payout["id"]) or part.say("platform")
        amount = money(payout["amount"], payout["currency"])
        rows.append(row(code(payout["id"]), code(owner), code(payout["status"]), amount, buttons(action)))
    return part.whole("Payouts to banks", part.table(["Id", "Account", "Status", "Amount", ""], rows))


def requests(world: World, language: str) -> str:
    """The newest calls that came in."""
    part = Section(language, "requests")
    found = world.store.rows("SELECT * FROM requests ORDER BY id DESC LIMIT ?", (RECENT,))
    rows = [
        row(code(r["method"]), code(r["path"]), r["status"], code(r["idempotency_key"]), code(r["fault"]))
        for r in found
    ]
    return part.whole("Calls heard", part.table(["Method", "Path", "Status", "Idempotency key", "Fault"], rows))


def webhooks(world: World, language: str) -> str:
    """The newest webhooks and what they were answered."""
    part = Section(language, "webhooks")
    found = world.store.rows("SELECT * FROM deliveries ORDER BY id DESC LIMIT ?", (RECENT,))
    rows = [
        row(
            code(r["type"]), code(r["object"]), code(r["state"]),
            ", ".join(str(a["status"]) for a in json.loads(r["attempts"])), code(r["fault"]),
        )
        for r in found
    ]  # fmt: skip
    return part.whole("Webhooks sent", part.table(["Type", "Object", "Status", "Answers", "Fault"], rows))
