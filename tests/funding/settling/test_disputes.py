"""Disputes over the scripted provider: who is told what, where the money is, and that the ledger holds after each."""

from collections.abc import Callable

import pytest

from cms.users.models import User
from funding.exceptions import IllegalTransition, PledgeNotCancellable
from funding.models import CreatorDebt, Escrow, Payout, Pledge, Refund, RefundClaim
from funding.selectors import why_not
from funding.services import (
    cancelling,
    claiming,
    commanding,
    refunding,
    settling,
)
from tests.factories.funding import open_test_escrow
from tests.factories.scripted import ScriptedGateway, paid_pledge
from tests.funding.settling.disputed import balances, end, fresh, hear

pytestmark = pytest.mark.django_db


class TestWhileTheCampaignRuns:
    def test_the_money_is_disputed_then_lost(self, escrow: Escrow, gateway: ScriptedGateway) -> None:
        payment = paid_pledge(escrow, gateway=gateway, rewards={"lamp": 1})
        paid_pledge(escrow, gateway=gateway, extra=30_00)
        dispute = hear(gateway.contest(payment))
        assert (fresh(payment.pledge).state, dispute.state, dispute.fee) == ("disputed", "needs_response", 15_00)
        assert balances(escrow) == {"escrow": 130_00, "disputed": 100_00, "fees": 15_00}
        assert (fresh(escrow).raised, escrow.backers) == (130_00, 2)

        hear(gateway.say(dispute.external_id, "under_review"))
        dispute = hear(gateway.say(dispute.external_id, "lost"))
        assert (fresh(payment.pledge).state, dispute.from_escrow, dispute.closed_at is None) == (
            "charged_back", 100_00, False,
        )  # fmt: skip
        assert balances(escrow) == {"escrow": 30_00, "fees": 15_00}
        assert (fresh(escrow).raised, escrow.lost, escrow.backers) == (30_00, 100_00, 1)
        # Its stock stays sold: a bank may change its mind.
        assert escrow.rewards.get(key="lamp").sold == 1

    def test_won_brings_it_back_without_the_fee(self, escrow: Escrow, gateway: ScriptedGateway) -> None:
        payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
        told = gateway.contest(payment)
        hear(told)
        # The decision is heard of before the money: until it is there, the pledge stays disputed.
        hear(gateway.say(told.external_id, "won"))
        assert fresh(payment.pledge).state == "disputed"
        dispute = hear(gateway.say(told.external_id, reinstated=80_00))
        assert (fresh(payment.pledge).state, dispute.state, dispute.lost) == ("paid", "won", 0)
        assert balances(escrow) == {"escrow": 80_00, "fees": 15_00}
        assert (fresh(escrow).raised, escrow.backers) == (80_00, 1)

    def test_a_fee_may_come_back_or_never_be_asked(self, escrow: Escrow, gateway: ScriptedGateway) -> None:
        first, second = (paid_pledge(escrow, gateway=gateway, extra=80_00) for _ in range(2))
        told = gateway.contest(first)
        hear(told)
        hear(gateway.say(told.external_id, "won", reinstated=80_00, fee_returned=15_00))
        told = gateway.contest(second, fee=0)
        hear(told)
        dispute = hear(gateway.say(told.external_id, "won", reinstated=80_00))
        assert (dispute.fee, balances(escrow)) == (0, {"escrow": 160_00})

    def test_an_inquiry_moves_and_binds_nothing(self, escrow: Escrow, gateway: ScriptedGateway, finance: User) -> None:
        payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
        told = gateway.contest(payment, status="warning", withdraw=False)
        dispute = hear(told)
        assert (dispute.state, fresh(payment.pledge).state, balances(escrow)) == ("warning", "paid", {"escrow": 80_00})
        refunding.finance_refund(pledge_id=payment.pledge_id, amount=10_00, reason="To settle it.", actor=finance)
        commanding.sweep_commands()
        dispute = hear(gateway.say(told.external_id, "closed"))
        assert (dispute.state, dispute.closed_at is None, balances(escrow)) == ("closed", False, {"escrow": 70_00})

    def test_an_inquiry_may_become_a_dispute(self, escrow: Escrow, gateway: ScriptedGateway) -> None:
        payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
        told = gateway.contest(payment, status="warning", withdraw=False)
        hear(told)
        dispute = hear(gateway.say(told.external_id, "needs_response", withdrawn=80_00, fee=15_00))
        assert (dispute.state, fresh(payment.pledge).state) == ("needs_response", "disputed")

    def test_part_of_a_pledge(self, escrow: Escrow, gateway: ScriptedGateway) -> None:
        payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
        told = gateway.contest(payment, amount=30_00)
        hear(told)
        hear(gateway.say(told.external_id, "lost"))
        assert (fresh(payment.pledge).state, fresh(payment).remaining) == ("paid", 50_00)
        assert (fresh(escrow).raised, escrow.backers) == (50_00, 1)

    def test_two_disputes_on_one_payment(self, escrow: Escrow, gateway: ScriptedGateway) -> None:
        payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
        first, second = gateway.contest(payment, amount=30_00), gateway.contest(payment, amount=50_00)
        hear(first)
        hear(second)
        hear(gateway.say(first.external_id, "lost"))
        assert fresh(payment.pledge).state == "disputed"
        hear(gateway.say(second.external_id, "lost"))
        assert (fresh(payment.pledge).state, fresh(escrow).raised) == ("charged_back", 0)
        assert balances(escrow) == {"fees": 30_00}

    def test_the_bank_may_take_more_than_is_left(self, escrow: Escrow, gateway: ScriptedGateway, finance: User) -> None:
        payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
        refunding.finance_refund(pledge_id=payment.pledge_id, amount=30_00, reason="A kindness.", actor=finance)
        commanding.sweep_commands()
        told = gateway.contest(payment)
        hear(told)
        dispute = hear(gateway.say(told.external_id, "lost"))
        assert (dispute.from_escrow, dispute.from_platform) == (50_00, 30_00)
        assert balances(escrow) == {"loss": 30_00, "fees": 15_00}
        assert fresh(payment.pledge).state == "charged_back"

    def test_a_refunded_payment_is_taken_twice(self, escrow: Escrow, gateway: ScriptedGateway, finance: User) -> None:
        payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
        refunding.finance_refund(pledge_id=payment.pledge_id, amount=80_00, reason="A kindness.", actor=finance)
        commanding.sweep_commands()
        told = gateway.contest(payment)
        hear(told)
        dispute = hear(gateway.say(told.external_id, "lost"))
        assert (fresh(payment.pledge).state, dispute.from_platform) == ("refunded", 80_00)
        assert balances(escrow) == {"loss": 80_00, "fees": 15_00}


class TestRefundsAndDisputes:
    def test_a_disputed_pledge_is_not_refunded_and_says_why(
        self, escrow: Escrow, gateway: ScriptedGateway, finance: User
    ) -> None:
        payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
        hear(gateway.contest(payment, amount=30_00))
        pledge = Pledge.objects.get()
        assert why_not(pledge)["cancel"] == "pledge_disputed"
        with pytest.raises(IllegalTransition) as refused:
            refunding.finance_refund(pledge_id=pledge.pk, amount=10_00, reason="A kindness.", actor=finance)
        assert refused.value.extra["reason"] == "payment_is_disputed"
        with pytest.raises(PledgeNotCancellable):
            cancelling.cancel_pledge(pledge_id=pledge.pk, actor=None)
        assert not Refund.objects.exists()

    @pytest.mark.parametrize("outcome", ["lost", "won"])
    def test_a_refund_under_way_that_the_dispute_stops(
        self, outcome: str, escrow: Escrow, gateway: ScriptedGateway, finance: User
    ) -> None:
        payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
        gateway.refund_status[payment.pk] = "refused"
        refunding.finance_refund(pledge_id=payment.pledge_id, amount=80_00, reason="A kindness.", actor=finance)
        told = gateway.contest(payment)
        hear(told)
        assert fresh(payment.pledge).state == "refund_pending"
        commanding.sweep_commands()
        assert (fresh(payment.pledge).state, Refund.objects.get().state) == ("disputed", "failed")
        moved = {"reinstated": 80_00} if outcome == "won" else {}
        hear(gateway.say(told.external_id, outcome, **moved))
        assert fresh(payment.pledge).state == ("charged_back" if outcome == "lost" else "paid")
        assert fresh(escrow).raised == (0 if outcome == "lost" else 80_00)

    def test_a_refund_under_way_that_arrives_all_the_same(
        self, escrow: Escrow, gateway: ScriptedGateway, finance: User
    ) -> None:
        payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
        refunding.finance_refund(pledge_id=payment.pledge_id, amount=80_00, reason="A kindness.", actor=finance)
        told = gateway.contest(payment)
        hear(told)
        commanding.sweep_commands()
        hear(gateway.say(told.external_id, "lost"))
        assert (fresh(payment.pledge).state, balances(escrow)) == ("refunded", {"loss": 80_00, "fees": 15_00})

    @pytest.mark.parametrize("outcome", ["lost", "won"])
    def test_a_failed_campaigns_run_waits_for_the_bank(
        self, outcome: str, escrow: Escrow, gateway: ScriptedGateway, later: Callable[..., None]
    ) -> None:
        disputed, other = (paid_pledge(escrow, gateway=gateway, extra=80_00) for _ in range(2))
        told = gateway.contest(disputed)
        hear(told)
        end(escrow, later)
        settling.settle_due()
        commanding.sweep_commands()
        settling.settle_due()
        assert (fresh(escrow).state, fresh(other.pledge).state) == ("refund_blocked", "refunded")
        assert [one.why for one in claiming.unrefunded(escrow_id=escrow.pk)] == ["disputed"]
        assert not disputed.refunds.exists()

        hear(gateway.say(told.external_id, outcome, **({"reinstated": 80_00} if outcome == "won" else {})))
        settling.settle_due()
        commanding.sweep_commands()
        settling.settle_due()
        assert fresh(escrow).state == "refunded"
        assert fresh(disputed.pledge).state == ("charged_back" if outcome == "lost" else "refunded")
        assert balances(escrow) == {"fees": 15_00}
        assert disputed.refunds.count() == (outcome == "won")

    @pytest.mark.parametrize("outcome", ["lost", "won"])
    def test_a_run_that_the_dispute_stopped(
        self, outcome: str, escrow: Escrow, gateway: ScriptedGateway, later: Callable[..., None], finance: User
    ) -> None:
        payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
        end(escrow, later)
        gateway.refund_status[payment.pk] = "refused"
        settling.settle_due()
        told = gateway.contest(payment)
        hear(told)
        commanding.sweep_commands()
        claim = RefundClaim.objects.get()
        assert (fresh(payment.pledge).state, claim.state) == ("refund_pending", "open")
        with pytest.raises(IllegalTransition):
            claiming.pay_by_bank(claim_id=claim.pk, actor=finance, proof="Ref 1")
        del gateway.refund_status[payment.pk]
        hear(gateway.say(told.external_id, outcome, **({"reinstated": 80_00} if outcome == "won" else {})))
        commanding.sweep_commands()
        settling.settle_due()
        ended = "refunded" if outcome == "won" else "charged_back"
        assert (fresh(escrow).state, fresh(payment.pledge).state, fresh(claim).state) == ("refunded", ended, "resolved")
        assert balances(escrow) == {"fees": 15_00}

    def test_won_after_the_run_had_ended_goes_back_to_the_backer(
        self, escrow: Escrow, gateway: ScriptedGateway, later: Callable[..., None]
    ) -> None:
        payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
        told = gateway.contest(payment)
        hear(told)
        end(escrow, later)
        hear(gateway.say(told.external_id, "lost"))
        settling.settle_due()
        assert (fresh(escrow).state, escrow.backers) == ("refunded", 0)
        hear(gateway.say(told.external_id, "won", reinstated=80_00))
        assert (fresh(escrow).state, fresh(payment.pledge).state) == ("refunding", "paid")
        settling.settle_due()
        commanding.sweep_commands()
        settling.settle_due()
        assert (fresh(escrow).state, fresh(payment.pledge).state, escrow.backers) == ("refunded", "refunded", 0)


class TestTheDecision:
    def test_withdrawn_money_is_not_collected(
        self, creator: User, gateway: ScriptedGateway, later: Callable[..., None]
    ) -> None:
        escrow = open_test_escrow(creator=creator, goal=100_00)
        payment = paid_pledge(escrow, gateway=gateway, extra=60_00)
        paid_pledge(escrow, gateway=gateway, extra=60_00)
        hear(gateway.contest(payment))
        end(escrow, later)
        assert (escrow.state, escrow.decision.raised, escrow.raised) == ("refunding", 60_00, 120_00)

    def test_an_inquiry_does_not_decide(
        self, creator: User, gateway: ScriptedGateway, later: Callable[..., None]
    ) -> None:
        escrow = open_test_escrow(creator=creator, goal=100_00)
        payment = paid_pledge(escrow, gateway=gateway, extra=100_00)
        hear(gateway.contest(payment, status="warning", withdraw=False))
        end(escrow, later)
        assert (escrow.state, escrow.decision.raised) == ("holding", 100_00)


class TestTheRelease:
    @pytest.mark.parametrize("outcome", ["lost", "won", "partly"])
    def test_it_leaves_disputed_money_out(
        self, outcome: str, creator: User, gateway: ScriptedGateway, later: Callable[..., None]
    ) -> None:
        escrow = open_test_escrow(creator=creator, goal=100_00)
        paid_pledge(escrow, gateway=gateway, extra=200_00)
        payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
        told = gateway.contest(payment, amount=30_00 if outcome == "partly" else None)
        hear(told)
        end(escrow, later)
        later(days=15)
        settling.settle_due()
        commanding.sweep_commands()
        settling.settle_due()
        assert (fresh(escrow).state, escrow.released, escrow.held) == ("releasing", 200_00, 80_00)
        assert Payout.objects.get().state == "paid"

        hear(gateway.say(told.external_id, "won" if outcome == "won" else "lost",
                         **({"reinstated": 80_00} if outcome == "won" else {})))  # fmt: skip
        settling.settle_due()
        commanding.sweep_commands()
        settling.settle_due()
        rest = {"lost": 0, "won": 80_00, "partly": 50_00}[outcome]
        assert (fresh(escrow).state, escrow.released, escrow.held) == ("released", 200_00 + rest, 0)
        assert escrow.releases.count() == (2 if rest else 1)
        assert not CreatorDebt.objects.exists()
        assert balances(escrow) == {"fees": 15_00}

    def test_all_of_it_disputed_releases_nothing_yet(
        self, creator: User, gateway: ScriptedGateway, later: Callable[..., None]
    ) -> None:
        escrow = open_test_escrow(creator=creator, goal=50_00)
        payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
        end(escrow, later)
        told = gateway.contest(payment)
        hear(told)
        later(days=15)
        settling.settle_due()
        assert (fresh(escrow).state, escrow.released, Payout.objects.count()) == ("releasing", 0, 0)
        hear(gateway.say(told.external_id, "lost"))
        settling.settle_due()
        assert (fresh(escrow).state, escrow.lost) == ("released", 80_00)

    def test_won_after_lost_before_the_release_is_one_more_tranche(
        self, creator: User, gateway: ScriptedGateway, later: Callable[..., None]
    ) -> None:
        escrow = open_test_escrow(creator=creator, goal=100_00)
        paid_pledge(escrow, gateway=gateway, extra=200_00)
        payment = paid_pledge(escrow, gateway=gateway, extra=80_00)
        told = gateway.contest(payment)
        hear(told)
        hear(gateway.say(told.external_id, "lost"))
        end(escrow, later)
        later(days=15)
        settling.settle_due()
        commanding.sweep_commands()
        assert (fresh(escrow).state, escrow.released, escrow.backers) == ("released", 200_00, 1)
        dispute = hear(gateway.say(told.external_id, "won", reinstated=80_00))
        assert (fresh(escrow).state, fresh(payment.pledge).state, dispute.returned) == ("releasing", "paid", 80_00)
        settling.settle_due()
        commanding.sweep_commands()
        settling.settle_due()
        assert (fresh(escrow).state, escrow.released, escrow.lost, escrow.backers) == ("released", 280_00, 0, 2)
