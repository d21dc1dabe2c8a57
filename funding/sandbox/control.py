"""The control API, for tests and people: plays customers and banks, moves the clock, orders faults, shows the log.

POST /_control/checkout/{session}/      {method, outcome, seconds?}     play the pay page
POST · GET · DELETE /_control/faults/   {match, fault, count?, seconds? or days?}
POST /_control/disputes/                {payment_intent, reason?, amount?, warning?}
POST /_control/disputes/{id}/close/     {outcome, fee_returned?}        and …/review/ {}, …/escalate/ {}
POST /_control/payouts/{id}/return/     {}
POST /_control/topups/                  {amount, currency}
POST /_control/withdrawals/             {amount, currency}              to the platform's bank: a short balance
POST /_control/accounts/{id}/           {transfers_enabled?, payouts_enabled?}
POST /_control/accounts/{id}/onboard/   {}
POST /_control/accounts/{id}/bank/      {last4}                         another bank account
GET · PUT /_control/clock/              {offset}                        seconds
GET · DELETE /_control/log/
"""

import json
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote, urlencode

from funding.sandbox import accounts, balance, disputes, faults, jobs, paying, payouts, webhook_endpoints
from funding.sandbox.currencies import EXPONENTS, require_currency
from funding.sandbox.errors import ApiError
from funding.sandbox.http import Request, Response, json_response, redirect
from funding.sandbox.store import Json
from funding.sandbox.world import World

Control = Callable[[World, Json, tuple[str, ...]], Any]


def handle(world: World, request: Request) -> Response:
    """Answer a control request; forms of the human page are sent back to where they stand, with what was refused."""
    jobs.run_due(world)
    try:
        for method, pattern, control in ROUTES:
            match = re.fullmatch(pattern, request.path)
            if match and method == request.method:
                with world.store.transaction():
                    answer = control(world, _body(request), match.groups())
                jobs.run_due(world)
                world.deliver_now.set()
                return _back(request) if request.is_form else json_response(answer)
        raise ApiError(f"No such control: {request.method} {request.path}", status=404)
    except ApiError as error:
        return _back(request, error) if request.is_form else json_response(error.body, status=error.status)


def _back(request: Request, error: ApiError | None = None) -> Response:
    refused = "?" + urlencode({"refused": error.body["error"]["message"]}) if error else ""
    return redirect(f"/{refused}#{quote(request.form().get('section', ''))}")


def _body(request: Request) -> Json:
    if request.is_form:
        return _typed(dict(request.form()))
    try:
        body = json.loads(request.body or "{}")
    except ValueError as error:
        raise ApiError("The body is not JSON.") from error
    if not isinstance(body, dict):
        raise ApiError("The body is not a JSON object.")
    return body


def _typed(given: Json) -> Json:
    """What a form of the human page means: `sum` is an amount of `currency` as people write it."""
    given.pop("section", None)
    for name in ("transfers_enabled", "payouts_enabled", "warning", "fee_returned"):
        if name in given:
            given[name] = given[name] == "true"
    if typed := given.pop("sum", "").strip():
        given["amount"] = _minor(typed, given.get("currency", ""))
    for name in ("count", "seconds", "days", "offset"):
        if typed := str(given.pop(name, "")).strip():
            given[name] = _figure(typed, name)
    match = {name: typed for name in ("path", "event_type") if (typed := given.pop(name, ""))}
    return {**given, "match": match} if match else given


def _minor(typed: str, currency: str) -> int:
    try:
        amount = Decimal(typed.replace(",", "")).scaleb(EXPONENTS[require_currency(currency)])
        exact = amount == amount.to_integral_value()
    except ArithmeticError as error:
        raise ApiError(f"This is no amount: {typed}", param="amount") from error
    if not exact:
        raise ApiError(f"{currency.upper()} has no such fractions: {typed}", param="amount")
    return int(amount)


def _figure(typed: str, name: str) -> float | int:
    try:
        return float(typed) if "." in typed else int(typed)
    except ValueError as error:
        raise ApiError(f"{name} must be a number.", param=name) from error


def _number(given: Json, name: str, default: float | None = None) -> float:
    value = given.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ApiError(f"{name} must be a number.", param=name)
    return float(value)


def _whole(given: Json, name: str, default: int | None = None) -> int:
    value = _number(given, name, default)
    if value != int(value):
        raise ApiError(f"{name} must be a whole number.", param=name)
    return int(value)


def _text(given: Json, name: str, default: str | None = None) -> str:
    value = given.get(name, default)
    if not isinstance(value, str):
        raise ApiError(f"{name} must be a string.", param=name)
    return value


def _flag(given: Json, name: str) -> bool | None:
    value = given.get(name)
    if value is not None and not isinstance(value, bool):
        raise ApiError(f"{name} must be true or false.", param=name)
    return value


def play_checkout(world: World, given: Json, ids: tuple[str, ...]) -> Json:
    """Play the customer."""
    return paying.play(
        world, ids[0], method=_text(given, "method", "card"), outcome=_text(given, "outcome", "succeed"),
        seconds=_number(given, "seconds", 60),
    )  # fmt: skip


def order_fault(world: World, given: Json, ids: tuple[str, ...]) -> Json:
    """Order a fault."""
    match = given.get("match", {})
    if not isinstance(match, dict):
        raise ApiError("match must be an object.", param="match")
    seconds = _number(given, "seconds") if given.get("seconds") is not None else None
    if given.get("days") is not None:
        seconds = (seconds or 0) + _number(given, "days") * 86400
    count = _whole(given, "count", 1)
    if count < 1:
        raise ApiError("count must be at least 1.", param="count")
    return faults.order(world.store, fault=_text(given, "fault"), match=match, count=count, seconds=seconds)


def list_faults(world: World, given: Json, ids: tuple[str, ...]) -> Json:
    """The faults ordered."""
    return {"faults": faults.listing(world.store)}


def clear_faults(world: World, given: Json, ids: tuple[str, ...]) -> Json:
    """Forget every fault."""
    faults.clear(world.store)
    return {"faults": []}


def open_dispute(world: World, given: Json, ids: tuple[str, ...]) -> Json:
    """A bank opens a dispute."""
    return disputes.open_dispute(
        world, payment_intent=_text(given, "payment_intent"), reason=_text(given, "reason", "fraudulent"),
        amount=_whole(given, "amount") if given.get("amount") is not None else None,
        warning=bool(_flag(given, "warning")),
    )  # fmt: skip


def close_dispute(world: World, given: Json, ids: tuple[str, ...]) -> Json:
    """A bank decides a dispute."""
    return disputes.close(
        world, ids[0], outcome=_text(given, "outcome"), fee_returned=bool(_flag(given, "fee_returned"))
    )


def escalate_dispute(world: World, given: Json, ids: tuple[str, ...]) -> Json:
    """An inquiry becomes a dispute."""
    return disputes.escalate(world, ids[0])


def review_dispute(world: World, given: Json, ids: tuple[str, ...]) -> Json:
    """A bank starts to look at the evidence."""
    return disputes.review(world, ids[0])


def return_payout(world: World, given: Json, ids: tuple[str, ...]) -> Json:
    """A bank sends a payout back."""
    return payouts.send_back(world, ids[0])


def top_up(world: World, given: Json, ids: tuple[str, ...]) -> Json:
    """Add to the platform's float."""
    topup = balance.top_up(world, amount=_whole(given, "amount"), currency=_text(given, "currency"))
    return {"topup": topup, "balance": balance.balance_of(world)}


def withdraw(world: World, given: Json, ids: tuple[str, ...]) -> Json:
    """Take from the platform's balance."""
    payout = payouts.withdraw(world, amount=_whole(given, "amount"), currency=_text(given, "currency"))
    return {"payout": payout, "balance": balance.balance_of(world)}


def switch_account(world: World, given: Json, ids: tuple[str, ...]) -> Json:
    """Switch what an account may do."""
    return accounts.switch(
        world,
        ids[0],
        transfers_enabled=_flag(given, "transfers_enabled"),
        payouts_enabled=_flag(given, "payouts_enabled"),
    )


def onboard_account(world: World, given: Json, ids: tuple[str, ...]) -> Json:
    """Complete an account without the page."""
    return accounts.onboard(world, ids[0], name=_text(given, "name", "Test Person"))


def change_bank(world: World, given: Json, ids: tuple[str, ...]) -> Json:
    """An account gets another bank account."""
    last4 = _text(given, "last4", "4321")
    if not re.fullmatch("[0-9]{4}", last4):
        raise ApiError("last4 are four digits.", param="last4")
    return accounts.change_bank(world, ids[0], last4=last4)


def listen(world: World, given: Json, ids: tuple[str, ...]) -> Json:
    """Register an endpoint that hears everything."""
    secret = _text(given, "secret") if given.get("secret") else None
    wanted = given.get("enabled_events", ["*"])
    if not isinstance(wanted, list) or not wanted:
        raise ApiError("enabled_events must be a list.", param="enabled_events")
    return webhook_endpoints.register(
        world, url=_text(given, "url"), enabled_events=wanted, scope="both", secret=secret
    )


def show_clock(world: World, given: Json, ids: tuple[str, ...]) -> Json:
    """The clock as it stands."""
    return {"offset": world.clock.offset, "now": world.clock.now()}


def set_clock(world: World, given: Json, ids: tuple[str, ...]) -> Json:
    """Move the clock; what becomes due is done before the answer."""
    world.clock.set_offset(_number(given, "offset"))
    return show_clock(world, given, ids)


def show_log(world: World, given: Json, ids: tuple[str, ...]) -> Json:
    """Every request and every webhook, oldest first; a dropped webhook has no deliveries and says so."""
    requests = [
        {
            "method": row["method"], "path": row["path"], "idempotency_key": row["idempotency_key"],
            "status": row["status"], "request_id": row["request_id"], "account": row["account"] or None,
            "replayed": bool(row["replayed"]), "fault": row["fault"], "at": row["at"],
        }
        for row in world.store.rows("SELECT * FROM requests ORDER BY id")
    ]  # fmt: skip
    webhooks = [
        {
            "id": row["event"], "type": row["type"], "object": row["object"], "url": row["url"], "body": row["body"],
            "signature": row["signature"], "deliveries": json.loads(row["attempts"]), "state": row["state"],
            "dropped": row["state"] == "dropped", "fault": row["fault"],
        }
        for row in world.store.rows("SELECT * FROM deliveries ORDER BY id")
    ]  # fmt: skip
    return {"requests": requests, "webhooks": webhooks}


def clear_log(world: World, given: Json, ids: tuple[str, ...]) -> Json:
    """Forget the past; webhooks still to be delivered stay."""
    world.store.run("DELETE FROM requests")
    world.store.run("DELETE FROM deliveries WHERE state NOT IN ('pending', 'held')")
    return show_log(world, given, ids)


ROUTES: Final[list[tuple[str, str, Control]]] = [
    ("POST", r"/_control/checkout/(\w+)/?", play_checkout),
    ("POST", r"/_control/faults/?", order_fault),
    ("GET", r"/_control/faults/?", list_faults),
    ("DELETE", r"/_control/faults/?", clear_faults),
    ("POST", r"/_control/faults/clear/?", clear_faults),
    ("POST", r"/_control/disputes/?", open_dispute),
    ("POST", r"/_control/disputes/(\w+)/close/?", close_dispute),
    ("POST", r"/_control/disputes/(\w+)/review/?", review_dispute),
    ("POST", r"/_control/disputes/(\w+)/escalate/?", escalate_dispute),
    ("POST", r"/_control/payouts/(\w+)/return/?", return_payout),
    ("POST", r"/_control/topups/?", top_up),
    ("POST", r"/_control/withdrawals/?", withdraw),
    ("POST", r"/_control/accounts/(\w+)/?", switch_account),
    ("POST", r"/_control/accounts/(\w+)/bank/?", change_bank),
    ("POST", r"/_control/accounts/(\w+)/onboard/?", onboard_account),
    ("POST", r"/_control/listen/?", listen),
    ("GET", r"/_control/clock/?", show_clock),
    ("PUT", r"/_control/clock/?", set_clock),
    ("POST", r"/_control/clock/?", set_clock),
    ("GET", r"/_control/log/?", show_log),
    ("DELETE", r"/_control/log/?", clear_log),
]
