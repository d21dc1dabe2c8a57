"""Disputes against the local Stripe, over real HTTP, with its webhooks."""

import pytest

from cms.users.models import User
from funding.models import Dispute, Escrow, Payment
from funding.services import commanding, disputing
from tests.factories.funding import open_test_escrow, place_test_pledge
from tests.funding.sandbox_server import Sandbox, eventually

pytestmark = pytest.mark.django_db(transaction=True)


def paid(sandbox: Sandbox, escrow: Escrow) -> Payment:
    payment = place_test_pledge(escrow).payment
    sandbox.play(payment.session_id, method="card")
    eventually(lambda: Payment.objects.get(pk=payment.pk).state == "succeeded", what="the payment")
    payment.refresh_from_db()
    return payment


def state_of(payment: Payment) -> tuple[str, str]:
    dispute = Dispute.objects.filter(payment=payment).order_by("pk").last()
    payment.pledge.refresh_from_db()
    return (dispute.state if dispute else "", payment.pledge.state)


def test_an_inquiry_that_becomes_a_dispute_is_contested_lost_and_won_after_all(
    sandbox: Sandbox, webhooks: str, finance: User
) -> None:
    payment = paid(sandbox, open_test_escrow())
    inquiry = sandbox.dispute(payment.intent_id, warning=True)
    eventually(lambda: state_of(payment) == ("warning", "paid"), what="the inquiry")
    sandbox.control("POST", f"disputes/{inquiry['id']}/escalate", {})
    eventually(lambda: Dispute.objects.filter(withdrawn=payment.captured).exists(), what="the withdrawal")
    assert state_of(payment) == ("needs_response", "disputed")
    dispute = Dispute.objects.get()
    disputing.submit_evidence(dispute_id=dispute.pk, text="They pledged.", actor=finance)
    commanding.sweep_commands()
    eventually(lambda: state_of(payment)[0] == "under_review", what="the evidence")
    sandbox.close_dispute(inquiry, "lost")
    eventually(lambda: state_of(payment) == ("lost", "charged_back"), what="the loss")
    sandbox.close_dispute(inquiry, "won", fee_returned=True)
    eventually(lambda: state_of(payment) == ("won", "paid"), what="the change of mind")
    dispute.refresh_from_db()
    assert (dispute.lost, dispute.returned, dispute.fee_returned) == (0, payment.captured, dispute.fee)


def test_reordered_events_and_a_concession(sandbox: Sandbox, webhooks: str, finance: User) -> None:
    payment = paid(sandbox, open_test_escrow())
    sandbox.fault("reorder", event_type="charge.dispute.created", count=1)
    sandbox.dispute(payment.intent_id, amount=10_00)
    eventually(lambda: state_of(payment) == ("needs_response", "disputed"), what="the dispute")
    disputing.accept_dispute(dispute_id=Dispute.objects.get().pk, actor=finance, reason="A stolen card.")
    commanding.sweep_commands()
    eventually(lambda: state_of(payment) == ("accepted", "paid"), what="the end")
    payment.refresh_from_db()
    assert (payment.lost, payment.remaining) == (10_00, payment.captured - 10_00)
