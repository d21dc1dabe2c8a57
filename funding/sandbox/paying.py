"""What a customer does at the pay page: succeed, be declined, be asked for 3-D Secure, walk away, pay late."""

from typing import Final

from funding.sandbox import charges, checkout, events, intents
from funding.sandbox.errors import ApiError
from funding.sandbox.store import Json, new_id
from funding.sandbox.world import World

METHODS: Final = ("card", "card_3ds", "alipay", "wechat_pay")
OUTCOMES: Final = ("succeed", "decline", "abandon", "succeed_late", "fail_late")

DECLINED: Final[Json] = {
    "code": "card_declined", "decline_code": "generic_decline", "message": "Your card was declined.",
}  # fmt: skip
NOT_AUTHENTICATED: Final[Json] = {
    "code": "payment_intent_authentication_failure", "decline_code": None,
    "message": "We are unable to authenticate your payment method. "
    "Please choose a different payment method and try again.",
}  # fmt: skip
WALLET_REFUSED: Final[Json] = {
    "code": "payment_intent_payment_attempt_failed", "decline_code": None,
    "message": "The customer did not authorise the payment.",
}  # fmt: skip


def payment_method(kind: str, *, number: str = "4242424242424242", expires: tuple[int, int] = (12, 2034)) -> Json:
    """A payment method as an attempt uses it; the number of a card is reduced to what Stripe shows."""
    method: Json = {"id": new_id("pm_"), "type": "card" if kind.startswith("card") else kind}
    if method["type"] == "card":
        brand = {"4": "visa", "5": "mastercard", "2": "mastercard", "3": "amex", "6": "unionpay"}.get(number[0], "visa")
        method.update(brand=brand, last4=number[-4:], exp_month=expires[0], exp_year=expires[1])
    return method


def require_open(world: World, session_id: str) -> Json:
    """The session, if it can still be paid; ApiError otherwise."""
    session = world.store.get(session_id, kind=checkout.KIND)
    if session is None:
        raise ApiError(f"No such checkout.session: '{session_id}'", status=404, code="resource_missing")
    if session["status"] != "open":
        message = f"This Checkout Session is {session['status']} and can't be paid."
        raise ApiError(message, code="checkout_session_not_open")
    return session


def play(world: World, session_id: str, *, method: str, outcome: str, seconds: float = 60) -> Json:
    """Play the pay page as the control API orders it; `seconds` is sandbox time until a late outcome."""
    session = require_open(world, session_id)
    if method not in METHODS or outcome not in OUTCOMES:
        message = f"method is one of {', '.join(METHODS)}; outcome is one of {', '.join(OUTCOMES)}"
        raise ApiError(message, param="outcome" if method in METHODS else "method")
    used = payment_method(method)
    require_method(session, used["type"])
    if outcome == "abandon":
        if method != "card":
            challenge(world, session, used)
    elif outcome == "succeed":
        if method != "card":
            challenge(world, session, used)
        succeed(world, session, used, authenticated=method == "card_3ds")
    elif outcome == "decline":
        if method != "card":
            challenge(world, session, used)
        decline(world, session, used, failure_for(method))
    else:
        begin_late(world, session, used, fails=outcome == "fail_late", seconds=seconds)
    return require_session(world, session_id)


def failure_for(method: str) -> Json:
    """How each method fails when the customer or the bank says no."""
    failures: dict[str, Json] = {"card": DECLINED, "card_3ds": NOT_AUTHENTICATED}
    return failures.get(method, WALLET_REFUSED)


def require_method(session: Json, type: str) -> None:
    """ApiError when the session does not take this type."""
    if type not in session["payment_method_types"]:
        raise ApiError(f"{type} is not among this session's payment method types.", param="method")


def require_session(world: World, session_id: str) -> Json:
    """The session as it is now."""
    return world.store.require(session_id)


def challenge(world: World, session: Json, method: Json) -> Json:
    """The customer is sent away to authenticate: 3-D Secure, Alipay or the WeChat code."""
    intent = intents.open_intent(world, session)
    page = f"{world.public_url}/pay/{session['id']}/authorise"
    if method["type"] == "alipay":
        detail = {"native_data": None, "native_url": None, "return_url": session["success_url"], "url": page}
        action: Json = {"type": "alipay_handle_redirect", "alipay_handle_redirect": detail}
    elif method["type"] == "wechat_pay":
        names = ("image_data_url", "image_url_png", "image_url_svg")
        detail = {"data": page, "hosted_instructions_url": page, **dict.fromkeys(names, page)}
        action = {"type": "wechat_pay_display_qr_code", "wechat_pay_display_qr_code": detail}
    else:
        detail = {"return_url": session["success_url"], "url": page}
        action = {"type": "redirect_to_url", "redirect_to_url": detail}
    world.store.set_secret(intent["id"], method=method)
    return intents.advance(
        world, intent, "requires_action", status="requires_action", next_action=action, payment_method=method["id"],
        last_payment_error=None,
    )  # fmt: skip


def succeed(
    world: World, session: Json, method: Json, *, authenticated: bool = False, email: str | None = None
) -> None:
    """The payment goes through while the customer watches."""
    intent = intents.open_intent(world, session)
    _capture(world, intent, method, authenticated=authenticated)
    checkout.complete_session(world, session, paid=True, email=email)


def _capture(world: World, intent: Json, method: Json, *, authenticated: bool = False) -> None:
    charge = charges.record(world, intent, method=method, authenticated=authenticated)
    intents.advance(
        world, intent, "succeeded", status="succeeded", amount_received=intent["amount"], latest_charge=charge["id"],
        next_action=None, last_payment_error=None, payment_method=method["id"], processing=None,
    )  # fmt: skip


def decline(world: World, session: Json, method: Json, failure: Json) -> None:
    """The attempt fails; the session stays open for another."""
    intent = intents.open_intent(world, session)
    _fail(world, intent, method, failure)


def _fail(world: World, intent: Json, method: Json, failure: Json) -> None:
    """A bank's refusal leaves a failed charge; a failed authentication never got that far."""
    charge = charges.record(world, intent, method=method, failure=failure) if failure["decline_code"] else None
    error = {
        "code": failure["code"], "message": failure["message"],
        "type": "card_error" if charge else "invalid_request_error",
        "payment_method": {"id": method["id"], "object": "payment_method", "type": method["type"]},
        "payment_method_type": method["type"],
    }  # fmt: skip
    if charge:
        error.update(charge=charge["id"], decline_code=failure["decline_code"])
    intents.advance(
        world, intent, "payment_failed", status="requires_payment_method", last_payment_error=error, next_action=None,
        payment_method=None, latest_charge=charge["id"] if charge else intent["latest_charge"], processing=None,
    )  # fmt: skip


def begin_late(world: World, session: Json, method: Json, *, fails: bool, seconds: float) -> None:
    """The customer is done, the money is not there yet: it comes, or fails to, on the sandbox's clock."""
    intent = intents.open_intent(world, session)
    world.store.set_secret(intent["id"], method=method)
    intents.advance(
        world, intent, "processing", status="processing", payment_method=method["id"], next_action=None,
        processing={"type": method["type"]},
    )  # fmt: skip
    checkout.complete_session(world, session, paid=False)
    world.schedule("fail_late" if fails else "succeed_late", intent["id"], after=seconds)


def finish_late(world: World, intent_id: str, *, fails: bool) -> None:
    """The late outcome of a payment that was processing."""
    intent = world.store.get(intent_id)
    if intent is None or intent["status"] != "processing":
        return
    method = world.store.secret(intent_id)["method"]
    session = intents.session_of(world, intent_id)
    if fails:
        _fail(world, intent, method, failure_for(method["type"]))
        events.emit(world, "checkout.session.async_payment_failed", session)
        return
    _capture(world, intent, method)
    session["payment_status"] = "paid"
    world.store.save(session)
    events.emit(world, "checkout.session.async_payment_succeeded", session)
