"""Chargebacks: what the provider says of a dispute, by event, answer or poller, becomes money here.

The provider's own movements are booked as they come, whatever the state says; the loss when the dispute is lost.
Journals: `dispute:<id>:withdrawn` disputed → provider; `…:fee` provider fees → provider; `…:lost` escrow, the
creator's receivable or chargeback loss → disputed; `…:reinstated` provider → disputed; `…:fee_returned`; and
`…:lost_returned`, the mirror of the loss, for a dispute that is won after all.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cms.core import events
from cms.core.clock import AppNow
from cms.core.errors import NotAllowed
from cms.users import audit, roles
from cms.users.models import User
from funding import chart, locks
from funding.exceptions import IllegalTransition, ProviderRefused, ReasonRequired
from funding.gateways.base import DisputeSnapshot
from funding.models import Dispute, GatewayCommand, Payment
from funding.models.commands import CommandKind
from funding.services import alerting, charging_back, commanding, contesting, paying
from funding.services.dispute_cases import Case, post
from funding.services.refund_cases import announce_totals
from funding.states import DISPUTE, DisputeState
from funding.transitions import log_start, transition

_S = DisputeState
ENDED = (_S.WON, _S.LOST, _S.ACCEPTED, _S.CLOSED)
# Most text that a bank reads; Stripe takes 150,000 characters for all fields together.
MOST_EVIDENCE = 20_000


def apply_dispute(*, snapshot: DisputeSnapshot) -> bool:
    """Take the provider's word on a dispute; False while its payment is not known. Late and repeated words do no harm.

    Raises `ProviderUnavailable` when the payment itself has to be asked for first.
    """
    payment_id = _payment_of(snapshot)
    if payment_id is None:
        return False
    with transaction.atomic():
        case = _lock(payment_id, snapshot)
        if snapshot.currency != case.payment.currency or snapshot.settled_in not in ("", snapshot.currency):
            _alert(case, "dispute_currency", "critical")
            return True
        before = case.dispute.state
        _advance(case, snapshot)
        _book(case, snapshot)
        case.dispute.save(update_fields=_TOLD)
        contesting.follow(case.pledge)
        if case.dispute.state in (_S.WON, _S.CLOSED):
            charging_back.refund_the_rest(case)
        _announce(case, before)
    return True


_TOLD = [
    "amount", "reason", "evidence_due_at", "withdrawn", "fee", "reinstated", "fee_returned", "from_escrow",
    "from_creator", "from_platform", "returned",
]  # fmt: skip


def _payment_of(snapshot: DisputeSnapshot) -> int | None:
    """The payment that was charged. One whose success we have not heard of is asked for first."""
    mine = Payment.objects.filter(intent_id=snapshot.intent_id) if snapshot.intent_id else Payment.objects.none()
    payment = mine.first() or (
        Payment.objects.filter(charge_id=snapshot.charge_id).first() if snapshot.charge_id else None
    )
    if payment is None:
        return None
    if not payment.captured:
        paying.refresh_payment(payment_id=payment.pk)
    return payment.pk if Payment.objects.filter(pk=payment.pk, captured__gt=0).exists() else None


def _lock(payment_id: int, snapshot: DisputeSnapshot) -> Case:
    payment = locks.lock_payment(payment_id)
    locks.lock_refunds(payment.refunds.values_list("pk", flat=True))
    pledge = locks.lock_pledges([payment.pledge_id])[0]
    locks.lock_backing(escrow_id=pledge.escrow_id, person=pledge.person)
    escrow = locks.lock_escrow(pledge.escrow_id)
    dispute, new = Dispute.objects.get_or_create(
        provider=payment.provider, external_id=snapshot.external_id,
        defaults={
            "payment": payment, "amount": snapshot.amount, "currency": payment.currency,
            "opened_at": snapshot.opened_at,
        },
    )  # fmt: skip
    if new:
        log_start(machine=DISPUTE, ids=[dispute.pk], reason=snapshot.reason)
    else:
        dispute = locks.lock_dispute(dispute.pk)
    return Case(payment, pledge, escrow, dispute)


def _advance(case: Case, snapshot: DisputeSnapshot) -> None:
    """The state follows the bank's word, and never goes back."""
    dispute = case.dispute
    dispute.amount, dispute.reason = snapshot.amount, snapshot.reason[:60]
    dispute.evidence_due_at = snapshot.evidence_due_at
    target = _S(snapshot.status)
    if target == _S.LOST and dispute.accepted_at is not None:
        target = _S.ACCEPTED
    if not DISPUTE.allows(dispute.state, target):
        return
    ended: dict[str, Any] = {"closed_at": AppNow()} if target in ENDED else {}
    transition(machine=DISPUTE, model=Dispute, ids=[dispute.pk], target=target, reason="the bank's word", **ended)
    dispute.state = target


def _book(case: Case, snapshot: DisputeSnapshot) -> None:
    """Book each of the provider's movements once, and the loss or its return that follows from them."""
    dispute = case.dispute
    provider, disputed = chart.provider(dispute.provider), chart.disputed(dispute.provider)
    for name, kind, debit, credit in (
        ("withdrawn", "dispute_withdrawn", disputed, provider),
        ("fee", "dispute_fee", chart.PROVIDER_FEES, provider),
        ("reinstated", "dispute_reinstated", provider, disputed),
        ("fee_returned", "dispute_fee_returned", provider, chart.PROVIDER_FEES),
    ):
        booked, moved = getattr(dispute, name), getattr(snapshot, name)
        if moved in (booked, 0):
            continue
        if booked or (name == "reinstated" and moved > dispute.withdrawn):
            _alert(case, "dispute_moved_again", "critical", {"what": name, "booked": booked, "moved": moved})
            continue
        if name == "reinstated":
            charging_back.give_back(case, moved - dispute.open_amount)
        setattr(dispute, name, moved)
        post(case, name, kind, [(debit, credit, moved)])
    over = dispute.state in contesting.LOSING or (dispute.state == _S.WON and dispute.reinstated)
    if over and dispute.open_amount:
        charging_back.lose(case)


def _announce(case: Case, before: str) -> None:
    dispute, escrow_id = case.dispute, case.escrow.pk
    if dispute.state == before:
        return
    payload = {"escrow": str(escrow_id), "dispute": str(dispute.pk), "state": str(dispute.state)}
    events.publish(name="funding.dispute_state", key=f"dispute_state:{dispute.pk}:{dispute.state}", payload=payload)
    announce_totals(escrow_id, f"dispute:{dispute.pk}:{dispute.state}")
    subject = f"dispute:{dispute.pk}"
    if dispute.state in (_S.WARNING, _S.NEEDS_RESPONSE):
        _alert(case, "dispute_opened", "warning")
    elif dispute.state in contesting.LOSING:
        alerting.settled(code="dispute_opened", subject=subject, because="decided by the bank")
        _alert(case, "dispute_lost", "warning")
    else:
        alerting.settled(code="dispute_opened", subject=subject, because=f"now {dispute.state}")


def _alert(case: Case, code: str, severity: str, more: dict[str, object] | None = None) -> None:
    dispute = case.dispute
    data = {
        "dispute": dispute.external_id, "pledge": str(case.pledge.pk), "campaign": case.escrow.key,
        "amount": dispute.amount, "currency": dispute.currency, "reason": dispute.reason, **(more or {}),
    }  # fmt: skip
    alerting.alert(code=code, subject=f"dispute:{dispute.pk}", severity=severity, data=data)


# What finance answers


def submit_evidence(*, dispute_id: int, text: str, actor: User) -> GatewayCommand:
    """Send the bank what speaks for us: once, it can't be changed afterwards. Finance only.

    Raises `ReasonRequired` without text, `IllegalTransition` once the bank has it or has decided.
    """
    text = text.strip()
    if not text:
        raise ReasonRequired(_("Write what speaks for the charge."), field="evidence")
    with transaction.atomic():
        dispute = _answerable(dispute_id, actor)
        dispute.evidence, dispute.evidence_sent_at = text[:MOST_EVIDENCE], AppNow()
        dispute.save(update_fields=["evidence", "evidence_sent_at"])
        audit.record(actor=actor, action="dispute.evidence", subject=f"dispute:{dispute_id}")
        return _plan(dispute, CommandKind.SUBMIT_EVIDENCE, f"evidence:{dispute.external_id}")


def accept_dispute(*, dispute_id: int, actor: User, reason: str) -> GatewayCommand:
    """Concede: the money stays with the backer. Finance only, with a reason; it can't be taken back."""
    if not reason.strip():
        raise ReasonRequired(_("Say why it is not contested."), field="reason")
    with transaction.atomic():
        dispute = _answerable(dispute_id, actor)
        dispute.accepted_at = AppNow()
        dispute.save(update_fields=["accepted_at"])
        audit.record(actor=actor, action="dispute.accepted", subject=f"dispute:{dispute_id}", reason=reason.strip())
        return _plan(dispute, CommandKind.ACCEPT_DISPUTE, f"accept:{dispute.external_id}")


def _answerable(dispute_id: int, actor: User) -> Dispute:
    if not roles.has_role(actor, roles.FINANCE):
        raise NotAllowed(_("Only finance may do this."))
    dispute = locks.lock_dispute(dispute_id)
    if dispute.state not in (_S.WARNING, _S.NEEDS_RESPONSE) or dispute.evidence_sent_at or dispute.accepted_at:
        raise IllegalTransition(
            _("This dispute takes no answer any more."), reason=f"dispute_is_{dispute.state}", state=dispute.state
        )
    return dispute


def private(command: GatewayCommand) -> dict[str, str]:
    """What of an answer to a dispute is about people: the evidence. It stands with the dispute and nowhere else."""
    return {"text": Dispute.objects.values_list("evidence", flat=True).get(pk=command.subject.partition(":")[2])}


def _plan(dispute: Dispute, kind: str, key: str) -> GatewayCommand:
    subject = f"dispute:{dispute.pk}"
    return commanding.plan(
        kind=kind, subject=subject,
        idempotency_key=commanding.key_to_ask_anew(kind=kind, subject=subject, key=key),
        payload={"dispute_id": dispute.external_id}, amount=dispute.amount, currency=dispute.currency,
    )  # fmt: skip


def record_answer(command: GatewayCommand, snapshot: DisputeSnapshot) -> None:
    """What the provider's answer to evidence or to a concession means."""
    apply_dispute(snapshot=snapshot)


def record_refusal(command: GatewayCommand, error: ProviderRefused) -> None:
    """The provider does not take our answer: it may be asked again, and finance hears of it."""
    dispute = locks.lock_dispute(int(command.subject.partition(":")[2]))
    answer = {"accepted_at": None} if command.kind == CommandKind.ACCEPT_DISPUTE else {"evidence_sent_at": None}
    Dispute.objects.filter(pk=dispute.pk).update(**answer)
    alerting.alert(
        code="dispute_refused", subject=f"dispute:{dispute.pk}", severity="warning",
        data={"dispute": dispute.external_id, "code": str(error.extra.get("provider_code", ""))},
    )  # fmt: skip
