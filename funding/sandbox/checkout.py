"""Checkout Sessions: made, read, listed, expired."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from stripe.params.checkout import (
    SessionCreateParams,
    SessionExpireParams,
    SessionLineItemListParams,
    SessionListParams,
    SessionRetrieveParams,
)

from funding.sandbox import events, intents
from funding.sandbox.currencies import (
    MINIMUM_CHARGE,
    eligible_methods,
    format_amount,
    require_amount,
    require_currency,
)
from funding.sandbox.errors import ApiError, invalid, missing
from funding.sandbox.listing import list_objects
from funding.sandbox.shapes import list_of, shape
from funding.sandbox.store import Json, new_id
from funding.sandbox.world import Call, Route, World

KIND = "checkout.session"
SHORTEST: Final = 30 * 60
LONGEST: Final = 24 * 3600
CLOCK_SLACK: Final = 5
"""Seconds that a request may have spent under way when `expires_at` is held against the limits."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|[^@\s]+@localhost")


def create(call: Call) -> Json:
    """Open a hosted, one-time payment; its `url` is the pay page."""
    given = call.params
    _require_supported(given)
    lines, currency = _line_items(given)
    total = sum(line["amount_total"] for line in lines)
    require_amount(total, currency, param="line_items")
    if total < MINIMUM_CHARGE.get(currency, 1):
        least = format_amount(MINIMUM_CHARGE[currency], currency)
        message = f"The Checkout Session's total amount due must add up to at least {least}"
        raise ApiError(message, code="amount_too_small")
    now = call.world.clock.timestamp()
    id = new_id("cs_test_")
    session = shape(
        KIND,
        id=id, adaptive_pricing={"enabled": given.get("adaptive_pricing", {}).get("enabled", False)},
        allowed_payment_method_types=given.get("allowed_payment_method_types"),
        amount_subtotal=total, amount_total=total, automatic_tax=_NO_TAX, cancel_url=given.get("cancel_url"),
        client_reference_id=given.get("client_reference_id"), created=now, currency=currency, custom_fields=[],
        custom_text=dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
        customer_creation="if_required", customer_details=_customer(given.get("customer_email")),
        customer_email=given.get("customer_email"), expires_at=_expiry(call, now), locale=given.get("locale"),
        metadata=given.get("metadata") or {}, mode="payment", payment_method_collection="if_required",
        payment_method_options=given.get("payment_method_options", {}),
        payment_method_types=_methods(given, currency), payment_status="unpaid",
        phone_number_collection={"enabled": False}, shipping_options=[], status="open",
        submit_type=given.get("submit_type"), success_url=given["success_url"],
        total_details={"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0, "breakdown": None},
        ui_mode="hosted_page", url=f"{call.world.public_url}/pay/{id}",
    )  # fmt: skip
    call.store.add(session, secret={"intent": given.get("payment_intent_data", {}), "lines": lines})
    call.world.schedule_at("expire_session", id, due=session["expires_at"])
    return session


_NO_TAX: Final = {"enabled": False, "liability": None, "provider": None, "status": None}


def _require_supported(given: Json) -> None:
    if given.get("mode") != "payment":
        raise ApiError("This account takes one-time payments: mode must be payment.", param="mode")
    if given.get("ui_mode", "hosted_page") != "hosted_page":
        raise ApiError("This account uses the hosted page only.", param="ui_mode")
    if not given.get("success_url"):
        raise invalid("Missing required param: success_url.", param="success_url", code="parameter_missing")
    for name in ("success_url", "cancel_url"):
        if given.get(name) and not re.match(r"https?://[^/\s]+", given[name]):
            raise invalid("Not a valid URL", param=name, code="url_invalid")
    email = given.get("customer_email")
    if email and not _EMAIL.fullmatch(email):
        raise invalid(f"Invalid email address: {email}", param="customer_email", code="email_invalid")
    capture = given.get("payment_intent_data", {}).get("capture_method", "automatic_async")
    if capture == "manual":
        raise ApiError("Wallets can't be captured by hand.", param="payment_intent_data[capture_method]")
    for name in ("customer", "discounts", "shipping_options", "subscription_data", "optional_items"):
        if name in given:
            raise ApiError(f"The local Stripe has no {name}.", param=name)


def _line_items(given: Json) -> tuple[list[Json], str]:
    if not given.get("line_items"):
        raise invalid("Missing required param: line_items.", param="line_items", code="parameter_missing")
    lines = [_line(item, f"line_items[{index}]") for index, item in enumerate(given["line_items"])]
    currencies = {line["currency"] for line in lines}
    if len(currencies) > 1:
        raise ApiError("Checkout Session line items must all have the same currency.", param="line_items")
    return lines, currencies.pop()


def _line(item: Json, where: str) -> Json:
    price_data = item.get("price_data")
    if price_data is None:
        raise ApiError("The local Stripe keeps no prices: give price_data.", param=f"{where}[price_data]")
    if "recurring" in price_data:
        raise ApiError("You specified `payment` mode but passed a recurring price.", param=f"{where}[price_data]")
    if "product_data" not in price_data:
        raise invalid(
            "Missing required param: product_data.",
            param=f"{where}[price_data][product_data]",
            code="parameter_missing",
        )
    currency = require_currency(price_data["currency"], param=f"{where}[price_data][currency]")
    unit = require_amount(_unit_amount(price_data, where), currency, param=f"{where}[price_data][unit_amount]", least=0)
    quantity = item.get("quantity")
    if quantity is None or quantity < 1:
        raise invalid("Quantity is required and must be at least 1.", param=f"{where}[quantity]")
    price = shape(
        "price", id=new_id("price_"), active=False, billing_scheme="per_unit", created=0, currency=currency,
        metadata={}, product=new_id("prod_"), type="one_time", unit_amount=unit, unit_amount_decimal=str(unit),
    )  # fmt: skip
    return shape(
        "item", id=new_id("li_"), amount_discount=0, amount_subtotal=unit * quantity, amount_tax=0,
        amount_total=unit * quantity, currency=currency, description=price_data["product_data"]["name"], price=price,
        metadata={}, quantity=quantity,
    )  # fmt: skip


def _unit_amount(price_data: Json, where: str) -> int:
    param = f"{where}[price_data][unit_amount]"
    if "unit_amount" in price_data:
        return int(price_data["unit_amount"])
    try:
        amount = Decimal(price_data["unit_amount_decimal"])
        if amount != amount.to_integral_value():
            raise InvalidOperation
    except (KeyError, InvalidOperation) as error:
        raise invalid("Give unit_amount, in whole minor units.", param=param, code="parameter_missing") from error
    return int(amount)


def _methods(given: Json, currency: str) -> list[str]:
    """What the currency allows, less what the request filtered out."""
    wanted = given.get("allowed_payment_method_types")
    excluded = given.get("excluded_payment_method_types") or []
    methods = [m for m in eligible_methods(currency) if (not wanted or m in wanted) and m not in excluded]
    if not methods:
        message = f"None of the payment method types can be used with {currency}."
        raise ApiError(message, param="allowed_payment_method_types")
    return methods


def _expiry(call: Call, now: int) -> int:
    expires_at = int(call.params.get("expires_at", now + LONGEST))
    if expires_at < now + SHORTEST - CLOCK_SLACK:
        message = "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
        raise invalid(message, param="expires_at")
    if expires_at > now + LONGEST + CLOCK_SLACK:
        message = "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
        raise invalid(message, param="expires_at")
    return expires_at


def _customer(email: str | None) -> Json | None:
    if not email:
        return None
    names = ("address", "business_name", "individual_name", "name", "phone")
    return {**dict.fromkeys(names), "email": email, "tax_exempt": "none", "tax_ids": None}


def line_items_of(world: World, session: Json) -> list[Json]:
    """The lines that the session was opened with."""
    lines: list[Json] = world.store.secret(session["id"])["lines"]
    return lines


def expire_session(world: World, session: Json, *, call: Call | None = None) -> Json:
    """Close an open session for good; its unfinished payment is cancelled."""
    session.update(status="expired", url=None)
    world.store.save(session)
    if session["payment_intent"]:
        intents.cancel(world, session["payment_intent"], call=call)
    events.emit(world, "checkout.session.expired", session, call=call)
    return session


def complete_session(world: World, session: Json, *, paid: bool, email: str | None = None) -> Json:
    """The customer is done: the payment succeeded, or is under way (`paid=False`)."""
    email = email or session["customer_email"]
    session.update(
        status="complete",
        payment_status="paid" if paid else "unpaid",
        url=None,
        customer_details=_customer(email),
    )
    world.store.save(session)
    events.emit(world, "checkout.session.completed", session)
    return session


def expire(call: Call) -> Json:
    """POST: close an open session."""
    session = _find(call)
    if session["status"] != "open":
        message = f'Only Checkout Sessions with a status in ["open"] can be expired. This one is {session["status"]}.'
        raise ApiError(message, param="session")
    return expire_session(call.world, session, call=call)


def retrieve(call: Call) -> Json:
    """GET one session."""
    return _find(call)


def _find(call: Call) -> Json:
    session = call.store.get(call.id, kind=KIND, account=call.account)
    if session is None:
        raise missing(KIND, call.id, param="session")
    return session


def listing(call: Call) -> Json:
    """GET sessions, by payment intent, status or e-mail."""
    given: dict[str, Any] = call.params
    email = given.get("customer_details", {}).get("email")

    def keep(session: Json) -> bool:
        return not email or (session["customer_details"] or {}).get("email") == email

    return list_objects(call, KIND, keep=keep, payment_intent=given.get("payment_intent"), status=given.get("status"))


def list_line_items(call: Call) -> Json:
    """GET what is being paid for."""
    return list_of(line_items_of(call.world, _find(call)), url=call.path)


ROUTES = [
    Route("POST", r"/v1/checkout/sessions", create, SessionCreateParams),
    Route("GET", r"/v1/checkout/sessions", listing, SessionListParams),
    Route("GET", r"/v1/checkout/sessions/(\w+)", retrieve, SessionRetrieveParams),
    Route("POST", r"/v1/checkout/sessions/(\w+)/expire", expire, SessionExpireParams),
    Route("GET", r"/v1/checkout/sessions/(\w+)/line_items", list_line_items, SessionLineItemListParams),
]
