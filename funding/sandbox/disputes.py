"""Disputes: opened and closed by the control API, accepted through the API."""

from typing import Final

from stripe.params import DisputeCloseParams, DisputeListParams, DisputeRetrieveParams, DisputeUpdateParams

from funding.sandbox import balance, charges, events
from funding.sandbox.currencies import dispute_fee, require_amount
from funding.sandbox.errors import ApiError, missing
from funding.sandbox.listing import list_objects
from funding.sandbox.shapes import shape
from funding.sandbox.store import Json, new_id
from funding.sandbox.world import Call, Route, World

REASONS: Final = (
    "bank_cannot_process", "check_returned", "credit_not_processed", "customer_initiated", "debit_not_authorized",
    "duplicate", "fraudulent", "general", "incorrect_account_details", "insufficient_funds", "product_not_received",
    "product_unacceptable", "subscription_canceled", "unrecognized",
)  # fmt: skip
OUTCOMES: Final = ("won", "lost", "warning_closed")
_EVIDENCE: Final = (
    "access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure",
    "cancellation_rebuttal", "customer_communication", "customer_email_address", "customer_name",
    "customer_purchase_ip",
    "customer_signature", "duplicate_charge_documentation", "duplicate_charge_explanation", "duplicate_charge_id",
    "product_description", "receipt", "refund_policy", "refund_policy_disclosure", "refund_refusal_explanation",
    "service_date", "service_documentation", "shipping_address", "shipping_carrier", "shipping_date",
    "shipping_documentation", "shipping_tracking_number", "uncategorized_file", "uncategorized_text",
)  # fmt: skip


def open_dispute(
    world: World,
    *,
    payment_intent: str,
    reason: str = "fraudulent",
    amount: int | None = None,
    warning: bool = False,
) -> Json:
    """A bank disputes a charge: the amount and the dispute fee leave the balance, even below zero. A `warning`
    (an inquiry) moves nothing."""
    charge = _disputable(world, payment_intent)
    if reason not in REASONS:
        raise ApiError(f"Unknown reason: {reason}. One of {', '.join(REASONS)}", param="reason")
    left = charge["amount"] - sum(
        one["amount"] for one in world.store.where("dispute", charge=charge["id"]) if one["status"] != "warning_closed"
    )
    # A bank knows nothing of refunds on their way: asked to, it takes what has gone back already.
    default = min(left, charges.refundable(charge) or left)
    amount = require_amount(amount if amount is not None else default, charge["currency"])
    if amount > left:
        raise ApiError("Disputes can't exceed the charge.", param="amount")
    dispute = _new(world, charge, reason, amount, status="warning_needs_response" if warning else "needs_response")
    world.store.add(dispute)
    charge["disputed"] = True
    world.store.save(charge)
    events.emit(world, "charge.updated", charge)
    events.emit(world, "charge.dispute.created", dispute)
    if not warning:
        _withdraw(world, dispute)
    return dispute


def _disputable(world: World, payment_intent: str) -> Json:
    intent = world.store.get(payment_intent, kind="payment_intent")
    if intent is None:
        raise missing("payment_intent", payment_intent, param="payment_intent")
    charge = world.store.get(intent["latest_charge"] or "")
    if charge is None or charge["status"] != "succeeded":
        raise ApiError("Only a successful charge can be disputed.", param="payment_intent")
    return charge


def _new(world: World, charge: Json, reason: str, amount: int, *, status: str) -> Json:
    now = world.clock.timestamp()
    details = charge["payment_method_details"]
    method: Json = {"type": details["type"]}
    if details["type"] == "card":
        names = {"brand": details["card"]["brand"], "case_type": "chargeback", "network_reason_code": "10.4"}
        method["card"] = {**names, "network": details["card"]["network"]}
    return shape(
        "dispute",
        id=new_id("dp_"), amount=amount, balance_transactions=[], charge=charge["id"], created=now,
        currency=charge["currency"], enhanced_eligibility_types=[],
        evidence={**dict.fromkeys(_EVIDENCE), "enhanced_evidence": {}},
        evidence_details={
            "due_by": now + 7 * 86400, "enhanced_eligibility": {}, "has_evidence": False, "past_due": False,
            "submission_count": 0, "submission_method": "not_submitted",
        },
        is_charge_refundable=status.startswith("warning"), metadata={}, payment_intent=charge["payment_intent"],
        payment_method_details=method, reason=reason, status=status,
    )  # fmt: skip


def _withdraw(world: World, dispute: Json) -> None:
    transaction = balance.move(
        world, type="adjustment", amount=-dispute["amount"], currency=dispute["currency"], source=dispute["id"],
        fee=dispute_fee(dispute["currency"]), fee_description="Dispute fee", category="dispute",
        description=f"Chargeback withdrawal for {dispute['charge']}",
    )  # fmt: skip
    dispute["balance_transactions"].append(transaction)
    world.store.save(dispute)
    events.emit(world, "charge.dispute.funds_withdrawn", dispute)


def escalate(world: World, dispute_id: str) -> Json:
    """An inquiry becomes a dispute: the money leaves the balance."""
    dispute = world.store.get(dispute_id, kind="dispute")
    if dispute is None:
        raise missing("dispute", dispute_id)
    if dispute["status"] not in ("warning_needs_response", "warning_under_review"):
        raise ApiError(f"This is no open inquiry: {dispute['status']}.", param="dispute")
    dispute.update(status="needs_response", is_charge_refundable=False)
    world.store.save(dispute)
    events.emit(world, "charge.dispute.updated", dispute)
    _withdraw(world, dispute)
    return dispute


def close(world: World, dispute_id: str, *, outcome: str, fee_returned: bool = False, call: Call | None = None) -> Json:
    """Decide a dispute: `won` gives the amount back (the fee only if asked to), `lost` keeps it, `warning_closed`
    ends an inquiry. A lost one may be won after all."""
    dispute = world.store.get(dispute_id, kind="dispute")
    if dispute is None:
        raise missing("dispute", dispute_id)
    if dispute["status"] in OUTCOMES and (dispute["status"], outcome) != ("lost", "won"):
        raise ApiError(f"This dispute is already closed: {dispute['status']}.", param="dispute")
    warning = dispute["status"].startswith("warning")
    if outcome not in OUTCOMES or (outcome == "warning_closed") != warning:
        allowed = "warning_closed" if warning else "won, lost"
        raise ApiError(f"This dispute can be closed as: {allowed}", param="outcome")
    dispute.update(status=outcome, is_charge_refundable=outcome != "lost")
    world.store.save(dispute)
    if outcome == "won":
        transaction = balance.move(
            world, type="adjustment", amount=dispute["amount"], currency=dispute["currency"], source=dispute_id,
            fee=-dispute_fee(dispute["currency"]) if fee_returned else 0, fee_description="Dispute fee",
            category="dispute_reversal", description=f"Chargeback reversal for {dispute['charge']}",
        )  # fmt: skip
        dispute["balance_transactions"].append(transaction)
        world.store.save(dispute)
        events.emit(world, "charge.dispute.funds_reinstated", dispute, call=call)
    events.emit(world, "charge.dispute.closed", dispute, call=call)
    return dispute


def review(world: World, dispute_id: str) -> Json:
    """Evidence went to the bank: the dispute is under review."""
    dispute = world.store.get(dispute_id, kind="dispute")
    if dispute is None:
        raise missing("dispute", dispute_id)
    if not dispute["status"].endswith("needs_response"):
        raise ApiError(f"This dispute needs no response: {dispute['status']}.", param="dispute")
    dispute["status"] = dispute["status"].replace("needs_response", "under_review")
    dispute["evidence_details"].update(has_evidence=True, submission_count=1, submission_method="manual")
    world.store.save(dispute)
    events.emit(world, "charge.dispute.updated", dispute)
    return dispute


def update(call: Call) -> Json:
    """POST evidence; with `submit` it goes to the bank, once."""
    dispute = call.find("dispute", call.id)
    if dispute["status"] not in ("needs_response", "warning_needs_response"):
        raise ApiError(f"This dispute takes no evidence: {dispute['status']}.", code="dispute_not_open")
    dispute["evidence"].update(call.params.get("evidence") or {})
    dispute["metadata"].update(call.params.get("metadata") or {})
    dispute["evidence_details"]["has_evidence"] = any(dispute["evidence"].get(name) for name in _EVIDENCE)
    call.store.save(dispute)
    if call.params.get("submit", True):
        return review(call.world, call.id)
    return dispute


def accept(call: Call) -> Json:
    """The platform concedes: the dispute is lost."""
    call.find("dispute", call.id)
    return close(call.world, call.id, outcome="lost", call=call)


def retrieve(call: Call) -> Json:
    """GET one dispute."""
    return call.find("dispute", call.id)


def listing(call: Call) -> Json:
    """GET disputes, by charge or payment intent."""
    given = call.params
    return list_objects(call, "dispute", charge=given.get("charge"), payment_intent=given.get("payment_intent"))


ROUTES = [
    Route("GET", r"/v1/disputes", listing, DisputeListParams),
    Route("GET", r"/v1/disputes/(\w+)", retrieve, DisputeRetrieveParams),
    Route("POST", r"/v1/disputes/(\w+)", update, DisputeUpdateParams),
    Route("POST", r"/v1/disputes/(\w+)/close", accept, DisputeCloseParams),
]
