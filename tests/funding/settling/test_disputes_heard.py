"""Disputes after the payout, how they are heard of, and how finance answers them."""

import dataclasses
import itertools
from collections.abc import Callable

import pytest

from cms.core.errors import NotAllowed
from cms.users.models import User
from funding.exceptions import IllegalTransition, ReasonRequired
from funding.models import Alert, CreatorDebt, Dispute, Escrow, Payment
from funding.services import (
    commanding,
    disputing,
    polling,
    reconciling,
    settling,
)
from tests.factories.funding import open_test_escrow
from tests.factories.scripted import ScriptedGateway, paid_pledge
from tests.funding.settling.disputed import balances, end, fresh, hear

pytestmark = pytest.mark.django_db


@pytest.fixture
def released(creator: User, gateway: ScriptedGateway, later: Callable[..., None]) -> Escrow:
    """A campaign that was paid out: two pledges of ¥100 and ¥50."""
    escrow = open_test_escrow(creator=creator, goal=100_00)
    paid_pledge(escrow, gateway=gateway, rewards={"lamp": 1})
    paid_pledge(escrow, gateway=gateway, extra=50_00)
    end(escrow, later)
    later(days=15)
    settling.settle_due()
    commanding.sweep_commands()
    assert fresh(escrow).state == "released"
    return escrow


class TestAfterThePayout:
    def test_a_lost_dispute_is_the_creators_debt(self, released: Escrow, gateway: ScriptedGateway) -> None:
        payment = Payment.objects.get(amount=100_00)
        told = gateway.contest(payment)
        hear(told)
        assert fresh(payment.pledge).state == "disputed"
        assert balances(released)["disputed"] == 100_00
        dispute = hear(gateway.say(told.external_id, "lost"))
        debt = CreatorDebt.objects.get()
        assert (dispute.from_creator, debt.amount, debt.creator, debt.cause) == (
            100_00, 100_00, released.creator, "dispute",
        )  # fmt: skip
        assert (fresh(payment.pledge).state, balances(released)) == ("charged_back", {"owed": 100_00, "fees": 15_00})
        assert (fresh(released).state, released.held, released.lost) == ("released", 0, 0)

    def test_part_by_part_never_more_than_was_paid_out(self, released: Escrow, gateway: ScriptedGateway) -> None:
        payment = Payment.objects.get(amount=100_00)
        for amount in (60_00, 60_00):
            told = gateway.contest(payment, amount=amount)
            hear(told)
            hear(gateway.say(told.external_id, "lost"))
        assert balances(released) == {"owed": 100_00, "loss": 20_00, "fees": 30_00}
        assert fresh(payment.pledge).state == "charged_back"


class TestHearing:
    def test_every_order_of_the_providers_words_ends_alike(self, escrow: Escrow, gateway: ScriptedGateway) -> None:
        ends = set()
        for order in itertools.permutations(range(4)):
            payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
            first = gateway.contest(payment, status="warning", withdraw=False)
            words = [
                first,
                gateway.say(first.external_id, "needs_response", withdrawn=80_00, fee=15_00),
                gateway.say(first.external_id, "under_review"),
                gateway.say(first.external_id, "lost"),
            ]
            for number in order:
                disputing.apply_dispute(snapshot=words[number])
            dispute = Dispute.objects.get(external_id=first.external_id)
            ends.add((dispute.state, dispute.withdrawn, dispute.fee, dispute.from_escrow, fresh(payment.pledge).state))
        assert ends == {("lost", 80_00, 15_00, 80_00, "charged_back")}

    def test_an_unknown_payment_is_kept_and_tried_again(self, escrow: Escrow, gateway: ScriptedGateway) -> None:
        payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
        told = gateway.contest(payment)
        payment.intent_id, payment.charge_id = "", ""
        Payment.objects.update(intent_id="", charge_id="")
        assert not disputing.apply_dispute(snapshot=told)
        assert not Dispute.objects.exists()

    def test_the_poller_hears_of_what_no_event_told(self, escrow: Escrow, gateway: ScriptedGateway) -> None:
        payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
        told = gateway.contest(payment)
        assert polling.poll_disputes() >= 1
        assert Dispute.objects.get().state == "needs_response"
        gateway.say(told.external_id, "lost")
        Dispute.objects.update(polled_at=None)
        assert polling.poll_disputes() == 1
        assert (Dispute.objects.get().state, fresh(payment.pledge).state) == ("lost", "charged_back")
        Dispute.objects.update(polled_at=None)
        assert polling.poll_disputes() == 0
        gateway.down = True
        assert polling.poll_disputes() == 0

    def test_another_currency_is_an_anomaly_and_books_nothing(self, escrow: Escrow, gateway: ScriptedGateway) -> None:
        payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
        told = gateway.contest(payment, settled_in="USD")
        gateway.contested[told.external_id] = told
        dispute = hear(dataclasses.replace(told, settled_in="USD"))
        assert (dispute.withdrawn, balances(escrow)) == (0, {"escrow": 80_00})
        assert Alert.objects.filter(code="dispute_currency", resolved_at=None).exists()

    def test_finance_is_alerted_while_it_is_open(self, escrow: Escrow, gateway: ScriptedGateway) -> None:
        payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
        told = gateway.contest(payment)
        hear(told)
        assert Alert.objects.filter(code="dispute_opened", resolved_at=None).count() == 1
        hear(gateway.say(told.external_id, "won", reinstated=80_00))
        assert not Alert.objects.filter(resolved_at=None).exists()

    def test_the_providers_account_of_it_reconciles(self, escrow: Escrow, gateway: ScriptedGateway) -> None:
        payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
        told = gateway.contest(payment)
        # Heard of nowhere else: reconciliation fetches it by the movement.
        assert reconciling.reconcile(gateway=gateway).problems == []
        assert Dispute.objects.get().withdrawn == 80_00
        gateway.say(told.external_id, "won", reinstated=80_00)
        assert reconciling.reconcile(gateway=gateway).problems == []
        assert fresh(payment.pledge).state == "paid"


class TestAnswering:
    def test_evidence_is_sent_once_by_key(self, escrow: Escrow, gateway: ScriptedGateway, finance: User) -> None:
        payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
        dispute = hear(gateway.contest(payment))
        command = disputing.submit_evidence(dispute_id=dispute.pk, text="They pledged.", actor=finance)
        assert command.idempotency_key == f"evidence:{dispute.external_id}"
        commanding.sweep_commands()
        assert (fresh(dispute).state, dispute.evidence) == ("under_review", "They pledged.")
        with pytest.raises(IllegalTransition):
            disputing.accept_dispute(dispute_id=dispute.pk, actor=finance, reason="Changed my mind.")

    def test_conceding_ends_it(self, escrow: Escrow, gateway: ScriptedGateway, finance: User) -> None:
        payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
        dispute = hear(gateway.contest(payment))
        disputing.accept_dispute(dispute_id=dispute.pk, actor=finance, reason="A stolen card.")
        commanding.sweep_commands()
        assert (fresh(dispute).state, fresh(payment.pledge).state, fresh(escrow).raised) == (
            "accepted", "charged_back", 0,
        )  # fmt: skip

    def test_a_refused_answer_may_be_given_again(self, escrow: Escrow, gateway: ScriptedGateway, finance: User) -> None:
        payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
        dispute = hear(gateway.contest(payment))
        gateway.dispute_code = "late"
        disputing.accept_dispute(dispute_id=dispute.pk, actor=finance, reason="A stolen card.")
        commanding.sweep_commands()
        assert (fresh(dispute).state, dispute.accepted_at) == ("needs_response", None)
        assert Alert.objects.filter(code="dispute_refused").exists()
        gateway.dispute_code = ""
        again = disputing.accept_dispute(dispute_id=dispute.pk, actor=finance, reason="A stolen card.")
        commanding.sweep_commands()
        assert again.idempotency_key == f"accept:{dispute.external_id}:2"
        assert fresh(dispute).state == "accepted"

    def test_only_finance_and_with_words(
        self, escrow: Escrow, gateway: ScriptedGateway, finance: User, creator: User
    ) -> None:
        dispute = hear(gateway.contest(paid_pledge(escrow, gateway=gateway, extra=80_00)))
        with pytest.raises(NotAllowed):
            disputing.accept_dispute(dispute_id=dispute.pk, actor=creator, reason="Mine.")
        with pytest.raises(ReasonRequired):
            disputing.accept_dispute(dispute_id=dispute.pk, actor=finance, reason=" ")
        with pytest.raises(ReasonRequired):
            disputing.submit_evidence(dispute_id=dispute.pk, text=" ", actor=finance)
