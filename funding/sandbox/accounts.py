"""Connected accounts: made, completed through hosted onboarding, switched by the control API."""

import re
from typing import Any, Final

from stripe.params import (
    AccountCreateParams,
    AccountLinkCreateParams,
    AccountListParams,
    AccountRetrieveCurrentParams,
    AccountRetrieveParams,
    AccountUpdateParams,
)

from funding.sandbox import balance, events, payouts
from funding.sandbox.errors import ApiError, invalid
from funding.sandbox.listing import list_objects
from funding.sandbox.shapes import list_of, shape
from funding.sandbox.store import Json, new_id
from funding.sandbox.world import PLATFORM_ID, Call, Route, World

LINK_SECONDS: Final = 300
DUE: Final = (
    "business_type", "external_account", "individual.dob.day", "individual.dob.month", "individual.dob.year",
    "individual.first_name", "individual.last_name", "tos_acceptance.date", "tos_acceptance.ip",
)  # fmt: skip
_CHANGEABLE: Final = (
    "business_profile",
    "business_type",
    "email",
    "metadata",
    "default_currency",
    "settings",
)


def create(call: Call) -> Json:
    """Make a connected account that still has everything to tell: nothing is enabled before onboarding."""
    given = call.params
    controller = given.get("controller", {})
    dashboard = controller.get("stripe_dashboard", {}).get("type") or given.get("type", "express")
    if "type" in given and "controller" in given:
        raise ApiError("You may not provide both `type` and `controller`.", param="type")
    country = given.get("country", "US").upper()
    if not re.fullmatch("[A-Z]{2}", country):
        raise ApiError(f"Country '{country}' is unknown.", param="country", code="country_code_invalid")
    asked = [name for name, value in given.get("capabilities", {}).items() if value.get("requested")]
    id = new_id("acct_")
    account = shape(
        "account",
        id=id, business_profile=_profile(given.get("business_profile", {})), business_type=given.get("business_type"),
        capabilities=dict.fromkeys(asked or ["transfers"], "inactive"), charges_enabled=False,
        controller=_controller(controller, dashboard), country=country, created=call.world.clock.timestamp(),
        default_currency=given.get("default_currency", _CURRENCY_OF.get(country, "usd")), details_submitted=False,
        email=given.get("email"), external_accounts=list_of([], url=f"/v1/accounts/{id}/external_accounts"),
        future_requirements=_requirements([]), metadata=given.get("metadata") or {}, payouts_enabled=False,
        requirements=_requirements(list(DUE), disabled_reason="requirements.past_due"),
        settings=_settings(given.get("settings", {})),
        tos_acceptance={"date": None, "ip": None, "user_agent": None}, type=dashboard,
    )  # fmt: skip
    call.store.add(account)
    return account


_CURRENCY_OF: Final = {
    "CN": "cny", "JP": "jpy", "KW": "kwd", "GB": "gbp", "HK": "hkd", "DE": "eur", "FR": "eur", "SG": "sgd",
}  # fmt: skip


def _profile(given: Json) -> Json:
    names = ("mcc", "name", "product_description", "support_email", "support_phone", "support_url", "url")
    return {**dict.fromkeys((*names, "support_address")), **{k: v for k, v in given.items() if k in names}}


def _controller(given: Json, dashboard: str) -> Json:
    return {
        "fees": {"payer": given.get("fees", {}).get("payer", "application")},
        "is_controller": True,
        "losses": {"payments": given.get("losses", {}).get("payments", "application")},
        "requirement_collection": given.get("requirement_collection", "stripe"),
        "stripe_dashboard": {"type": dashboard},
        "type": "application",
    }


def _requirements(due: list[str], *, disabled_reason: str | None = None) -> Json:
    return {
        "alternatives": [], "current_deadline": None, "currently_due": due, "disabled_reason": disabled_reason,
        "errors": [], "eventually_due": list(due), "past_due": list(due), "pending_verification": [],
    }  # fmt: skip


def _settings(given: Json) -> Json:
    schedule = {"delay_days": 2, "interval": "daily"} | given.get("payouts", {}).get("schedule", {})
    return {
        "branding": dict.fromkeys(("icon", "logo", "primary_color", "secondary_color")),
        "card_payments": {
            "decline_on": {"avs_failure": False, "cvc_failure": False},
            **dict.fromkeys(
                (
                    "statement_descriptor_prefix",
                    "statement_descriptor_prefix_kana",
                    "statement_descriptor_prefix_kanji",
                )
            ),
        },
        "dashboard": {"display_name": None, "timezone": "Etc/UTC"},
        "payments": dict.fromkeys(("statement_descriptor", "statement_descriptor_kana", "statement_descriptor_kanji")),
        "payouts": {"debit_negative_balances": True, "schedule": schedule, "statement_descriptor": None},
    }


def onboard(world: World, account_id: str, *, name: str = "Test Person", bank_last4: str = "6789") -> Json:
    """Complete onboarding: details are in, asked-for capabilities become active, payouts flow."""
    account = find(world, account_id)
    if not account["details_submitted"]:
        account["external_accounts"]["data"] = [_bank(account, name, bank_last4)]
    account["tos_acceptance"] = {"date": world.clock.timestamp(), "ip": "127.0.0.1", "user_agent": None}
    account["business_type"] = account["business_type"] or "individual"
    account.update(
        capabilities=dict.fromkeys(account["capabilities"], "active"), charges_enabled=True, details_submitted=True,
        payouts_enabled=True, requirements=_requirements([]),
    )  # fmt: skip
    return _updated(world, account)


def _bank(account: Json, name: str, last4: str) -> Json:
    return shape(
        "bank_account", id=new_id("ba_"), account=account["id"], account_holder_name=name,
        account_holder_type="individual", available_payout_methods=["standard"], bank_name="STRIPE TEST BANK",
        country=account["country"], currency=account["default_currency"], default_for_currency=True,
        fingerprint=f"{account['country']}{last4}".ljust(16, "0"), last4=last4, metadata={},
        routing_number="110000000", status="new",
    )  # fmt: skip


def change_bank(world: World, account_id: str, *, last4: str) -> Json:
    """The owner of an account gives another bank account; what a bank had returned goes out again."""
    account = find(world, account_id)
    if not account["details_submitted"]:
        raise ApiError("This account has not been onboarded yet.", param="account")
    old = account["external_accounts"]["data"]
    name = old[0]["account_holder_name"] if old else "Test Person"
    bank = _bank(account, name, last4)
    account["external_accounts"]["data"] = [bank]
    events.emit(world, "account.external_account.created", bank, account=account_id)
    for gone in old:
        events.emit(world, "account.external_account.deleted", gone, account=account_id)
    account = _updated(world, account)
    _pay_out_what_is_left(world, account)
    return account


def _pay_out_what_is_left(world: World, account: Json) -> None:
    for entry in balance.balance_of(world, account["id"])["available"]:
        payouts.pay_out_automatically(world, account, entry["amount"], entry["currency"], transactions=[])


def switch(
    world: World,
    account_id: str,
    *,
    transfers_enabled: bool | None = None,
    payouts_enabled: bool | None = None,
) -> Json:
    """Turn the transfers capability or payouts of an account on or off, as Stripe's risk team would."""
    account = find(world, account_id)
    if transfers_enabled is not None:
        account["capabilities"]["transfers"] = "active" if transfers_enabled else "inactive"
        reason = None if transfers_enabled else "platform_paused"
        account["requirements"]["disabled_reason"] = reason
        capability = shape(
            "capability", id="transfers", account=account_id, requested=True, requested_at=world.clock.timestamp(),
            requirements={**account["requirements"]}, status=account["capabilities"]["transfers"],
        )  # fmt: skip
        events.emit(world, "capability.updated", capability, account=account_id)
    if payouts_enabled is not None:
        account["payouts_enabled"] = payouts_enabled
    account = _updated(world, account)
    if payouts_enabled:
        _pay_out_what_is_left(world, account)
    return account


def find(world: World, account_id: str) -> Json:
    """The account; ApiError 404."""
    account = world.store.get(account_id, kind="account")
    if account is None:
        raise ApiError(f"No such account: '{account_id}'", status=404, code="resource_missing", param="account")
    return account


def _updated(world: World, account: Json, call: Call | None = None) -> Json:
    world.store.save(account)
    events.emit(world, "account.updated", account, account=account["id"], call=call)
    return account


def _permitted(call: Call, id: str) -> Json:
    account = call.store.get(id, kind="account")
    if account is None:
        message = (
            f"The provided key does not have access to account '{id}' (or that account does not exist). "
            "Application access may have been revoked."
        )
        raise ApiError(message, status=403, code="account_invalid")
    return account


def retrieve(call: Call) -> Json:
    """GET one connected account."""
    return _permitted(call, call.id)


def retrieve_current(call: Call) -> Json:
    """GET the account that the request speaks for."""
    if call.account:
        return _permitted(call, call.account)
    return shape(
        "account", id=PLATFORM_ID, capabilities={"card_payments": "active", "transfers": "active"},
        charges_enabled=True,
        country="US", default_currency="usd", details_submitted=True, email="platform@example.com", metadata={},
        payouts_enabled=True, settings=_settings({"payouts": {"schedule": {"interval": "manual"}}}), type="standard",
    )  # fmt: skip


def update(call: Call) -> Json:
    """POST changes; nested objects are merged."""
    account, given = _permitted(call, call.id), call.params
    for name in _CHANGEABLE:
        if name in given:
            account[name] = _merged(account[name], given[name])
    for name, value in given.get("capabilities", {}).items():
        if value.get("requested"):
            active = account["details_submitted"]
            account["capabilities"].setdefault(name, "active" if active else "inactive")
        else:
            account["capabilities"].pop(name, None)
    return _updated(call.world, account, call)


def _merged(old: Any, new: Any) -> Any:
    """Nested objects are merged; an empty string unsets, as it does at Stripe."""
    if isinstance(old, dict) and new == "":
        return {}
    if not isinstance(old, dict) or not isinstance(new, dict):
        return None if new == "" else new
    merged = {**old, **{name: _merged(old.get(name), value) for name, value in new.items()}}
    return {name: value for name, value in merged.items() if name in old or value is not None}


def listing(call: Call) -> Json:
    """GET the connected accounts."""
    return list_objects(call, "account")


def create_link(call: Call) -> Json:
    """A single-use address of the hosted onboarding page, good for five minutes of sandbox time."""
    given = call.params
    _permitted(call, given["account"])
    for name in ("return_url", "refresh_url"):
        if not re.match(r"https?://", given.get(name, "")):
            raise invalid(f"Not a valid URL: {name}", param=name, code="url_invalid")
    if given["type"] != "account_onboarding":
        raise ApiError("Accounts with a Stripe dashboard only have account_onboarding links.", param="type")
    token, now = new_id("link_"), call.world.clock.timestamp()
    link = shape(
        "account_link",
        created=now,
        expires_at=now + LINK_SECONDS,
        url=f"{call.world.public_url}/onboarding/{token}",
    )
    kept = {
        "account": given["account"],
        "return_url": given["return_url"],
        "refresh_url": given["refresh_url"],
    }
    call.store.add({**link, "id": token}, secret=kept)
    return link


ROUTES = [
    Route("GET", r"/v1/account", retrieve_current, AccountRetrieveCurrentParams),
    Route("POST", r"/v1/accounts", create, AccountCreateParams),
    Route("GET", r"/v1/accounts", listing, AccountListParams),
    Route("GET", r"/v1/accounts/(\w+)", retrieve, AccountRetrieveParams),
    Route("POST", r"/v1/accounts/(\w+)", update, AccountUpdateParams),
    Route("POST", r"/v1/account_links", create_link, AccountLinkCreateParams),
]
