"""Charges: what an attempt to pay leaves behind."""

from hashlib import sha256
from typing import Any

from stripe.params import ChargeListParams, ChargeListRefundsParams, ChargeRetrieveParams, ChargeSearchParams

from funding.sandbox import balance, events
from funding.sandbox.currencies import charge_fee
from funding.sandbox.listing import list_objects, search_objects
from funding.sandbox.shapes import shape
from funding.sandbox.store import Json, new_id
from funding.sandbox.world import Call, Route, World

_BILLING = ("address", "name", "phone", "tax_id")
_CHECKS = {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"}


def record(
    world: World, intent: Json, *, method: Json, failure: Json | None = None, authenticated: bool = False
) -> Json:
    """Record a charge: `method` is {type, last4, brand, exp_month, exp_year}; `failure` is {code, decline_code,
    message} for one that was declined. A successful one moves the money, less the fee."""
    id = new_id("ch_")
    succeeded = failure is None
    transaction: Json | None = None
    if succeeded:
        transaction = balance.move(
            world, type="charge" if method["type"] == "card" else "payment", amount=intent["amount"],
            currency=intent["currency"], source=id,
            fee=charge_fee(intent["amount"], intent["currency"], method["type"]), description=intent["description"],
        )  # fmt: skip
    session = world.store.get(world.store.secret(intent["id"])["session"]) or {}
    charge = shape(
        "charge",
        id=id, amount=intent["amount"], amount_captured=intent["amount"] if succeeded else 0, amount_refunded=0,
        balance_transaction=transaction["id"] if transaction else None, captured=succeeded,
        billing_details={**dict.fromkeys(_BILLING), "email": session.get("customer_email")},
        calculated_statement_descriptor="KINDLING", created=world.clock.timestamp(), currency=intent["currency"],
        description=intent["description"], disputed=False, failure_code=failure["code"] if failure else None,
        failure_message=failure["message"] if failure else None, fraud_details={}, metadata=dict(intent["metadata"]),
        outcome=_outcome(failure), paid=succeeded, payment_intent=intent["id"], payment_method=method["id"],
        payment_method_details=_details(method, authenticated=authenticated), receipt_email=intent["receipt_email"],
        refunded=False, status="succeeded" if succeeded else "failed", transfer_group=intent["transfer_group"],
    )  # fmt: skip
    world.store.add(charge)
    events.emit(world, "charge.succeeded" if succeeded else "charge.failed", charge)
    return charge


def _outcome(failure: Json | None) -> Json:
    declined = failure is not None
    return {
        "advice_code": None, "network_advice_code": None,
        "network_decline_code": None, "network_status": "declined_by_network" if declined else "approved_by_network",
        "reason": failure["decline_code"] if failure else None, "risk_level": "normal", "risk_score": 20,
        "rule": None, "seller_message": failure["message"] if failure else "Payment complete.",
        "type": "issuer_declined" if declined else "authorized",
    }  # fmt: skip


def _details(method: Json, *, authenticated: bool) -> Json:
    """The part of the charge that says how it was paid."""
    if method["type"] == "alipay":
        detail = {"buyer_id": "2088" + "0" * 12, "fingerprint": None, "transaction_id": method["id"][3:]}
        return {"alipay": detail, "type": "alipay"}
    if method["type"] == "wechat_pay":
        detail = {"fingerprint": None, "location": None, "reader": None, "transaction_id": method["id"][3:]}
        return {"wechat_pay": detail, "type": "wechat_pay"}
    secure = {
        "authentication_flow": "challenge", "electronic_commerce_indicator": "05", "exemption_indicator": None,
        "exemption_indicator_applied": None, "result": "authenticated", "result_reason": None,
        "transaction_id": method["id"][3:], "version": "2.2.0",
    }  # fmt: skip
    fingerprint = sha256(method["last4"].encode()).hexdigest()[:16]
    card: dict[str, Any] = {
        "brand": method["brand"], "checks": _CHECKS, "country": "US", "exp_month": method["exp_month"],
        "exp_year": method["exp_year"], "fingerprint": fingerprint, "funding": "credit", "installments": None,
        "last4": method["last4"], "mandate": None, "network": method["brand"],
        "three_d_secure": secure if authenticated else None, "wallet": None,
    }  # fmt: skip
    return {"card": card, "type": "card"}


def method_of(charge: Json) -> str:
    """`card`, `alipay` or `wechat_pay`."""
    return str(charge["payment_method_details"]["type"])


def refundable(charge: Json) -> int:
    """What is left to refund, in minor units."""
    return int(charge["amount_captured"]) - int(charge["amount_refunded"])


def retrieve(call: Call) -> Json:
    """GET one charge."""
    return call.find("charge", call.id)


def listing(call: Call) -> Json:
    """GET charges, by payment intent or transfer group."""
    given = call.params
    return list_objects(
        call, "charge", payment_intent=given.get("payment_intent"), transfer_group=given.get("transfer_group")
    )


def search(call: Call) -> Json:
    """GET charges by the search language."""
    return search_objects(call, "charge")


def list_refunds(call: Call) -> Json:
    """GET the refunds of a charge."""
    call.find("charge", call.id)
    return list_objects(call, "refund", charge=call.id)


ROUTES = [
    Route("GET", r"/v1/charges", listing, ChargeListParams),
    Route("GET", r"/v1/charges/search", search, ChargeSearchParams),
    Route("GET", r"/v1/charges/(\w+)", retrieve, ChargeRetrieveParams),
    Route("GET", r"/v1/charges/(\w+)/refunds", list_refunds, ChargeListRefundsParams),
]
