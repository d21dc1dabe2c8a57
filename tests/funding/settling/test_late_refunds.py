"""Refunds after the payout: two people decide, the platform pays, the creator owes it until the next payout."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from cms.core.errors import NotAllowed
from cms.users.models import User
from funding.exceptions import (
    FourEyesRequired,
    FundsReleased,
    IllegalTransition,
    ReasonRequired,
    RefundExceedsPayment,
)
from funding.gateways.base import RefundSnapshot
from funding.models import CreatorDebt, Escrow, LateRefund, Payment, Refund, RefundClaim
from funding.money import BadAmount
from funding.services import claiming, commanding, issuing, late_refunding, owing, proving, refund_answers, refunding
from funding.services.auditing import audit_ledger
from tests.factories.funding import open_test_escrow
from tests.factories.scripted import ScriptedGateway, paid_pledge
from tests.funding.settling.conftest import person
from tests.funding.settling.disputed import balances, fresh, hear
from tests.funding.settling.test_owing import campaign, run

pytestmark = pytest.mark.django_db
FEES = 15_00


@pytest.fixture
def paid_out(creator: User, gateway: ScriptedGateway, later: Callable[..., None]) -> Payment:
    """¥100 of a lamp and a gift, released and paid out."""
    escrow = open_test_escrow(creator=creator, goal=100_00)
    payment = paid_pledge(escrow, gateway=gateway, rewards={"lamp": 1})
    run(escrow, later)
    return payment


def late(payment: Payment, amount: int, one: User, other: User) -> Refund:
    made = late_refunding.propose(
        pledge_id=payment.pledge_id, amount=amount, actor=one, reason="The lamp never arrived."
    )
    refund = late_refunding.confirm(late_id=made.pk, actor=other)[0]
    audited()
    return refund


def audited() -> None:
    issuing.issue_due(everything=True)
    report = audit_ledger()
    assert report.ok, "\n".join(map(str, report.problems))


def escrow_of(payment: Payment) -> Escrow:
    return fresh(payment.pledge.escrow)


def test_two_people_refund_it_and_the_next_payout_is_smaller(
    paid_out: Payment, finance: User, second_finance: User, creator: User, gateway: ScriptedGateway,
    later: Callable[..., None],
) -> None:  # fmt: skip
    escrow = escrow_of(paid_out)
    totals = (escrow.captured, escrow.refunded, escrow.released, escrow.raised)
    with pytest.raises(FundsReleased):
        refunding.finance_refund(pledge_id=paid_out.pledge_id, amount=1_00, reason="Alone.", actor=finance)
    refund = late(paid_out, 40_00, finance, second_finance)
    debt = CreatorDebt.objects.get()
    assert (debt.refund, debt.cause, debt.amount, refund.late) == (refund, "refund", 40_00, True)
    assert balances(escrow) == {"owed": 40_00, "refund": 40_00}
    commanding.sweep_commands()
    audited()
    assert balances(escrow) == {"owed": 40_00}
    assert (fresh(refund).state, fresh(paid_out.pledge).state, paid_out.pledge.refunded_amount) == (
        "succeeded", "paid", 40_00,
    )  # fmt: skip
    # What was raised and released is history: the creator's debt makes it good.
    assert (fresh(escrow).captured, escrow.refunded, escrow.released, escrow.raised) == totals
    sums = proving.money_sums(escrow, end=proving.chain_end(escrow.key))
    assert (sums.raised, sums.refunded, sums.repaid, sums.refunding) == (100_00, 0, 40_00, 0)
    # The rest ends the pledge: no backer, no sold lamp.
    late(paid_out, 60_00, second_finance, finance)
    commanding.sweep_commands()
    audited()
    assert (fresh(paid_out.pledge).state, fresh(escrow).backers, escrow.rewards.get().sold) == ("refunded", 0, 0)
    payout = run(campaign(creator, gateway, 500_00), later)
    assert (payout.amount, owing.owed_by(creator)) == (payout.release.creator_amount - 100_00, {})
    audited()
    assert balances(escrow) == {}


def test_who_may_and_how_much(
    paid_out: Payment, finance: User, second_finance: User, creator: User, gateway: ScriptedGateway
) -> None:
    pledge = paid_out.pledge_id
    propose = late_refunding.propose
    for actor, amount, reason, refused in [
        (creator, 1_00, "Mine.", NotAllowed), (person("Admins"), 1_00, "Why not.", NotAllowed),
        (finance, 1_00, " ", ReasonRequired), (finance, 100_01, "All of it.", RefundExceedsPayment),
        (finance, 0, "Nothing.", BadAmount),
    ]:  # fmt: skip
        with pytest.raises(refused):
            propose(pledge_id=pledge, amount=amount, actor=actor, reason=reason)
    held = paid_pledge(open_test_escrow(creator=creator), extra=10_00)
    with pytest.raises(IllegalTransition) as early:
        propose(pledge_id=held.pledge_id, amount=1_00, actor=finance, reason="Still held.")
    assert early.value.extra["reason"] == "not_paid_out"
    made = propose(pledge_id=pledge, amount=100_00, actor=finance, reason="The lamp never arrived.")
    with pytest.raises(FourEyesRequired):
        late_refunding.confirm(late_id=made.pk, actor=finance)
    with pytest.raises(IllegalTransition):
        propose(pledge_id=pledge, amount=1_00, actor=second_finance, reason="Another.")
    with pytest.raises(IntegrityError), transaction.atomic():
        LateRefund.objects.filter(pk=made.pk).update(state="confirmed", decided_by=finance)
    late_refunding.withdraw(late_id=made.pk, actor=finance)
    with pytest.raises(IllegalTransition):
        late_refunding.confirm(late_id=made.pk, actor=second_finance)
    assert not Refund.objects.exists()


@pytest.mark.parametrize("kept", [False, True])
def test_what_fails_stays_owed_until_the_bank_has_paid_the_backer(
    kept: bool, paid_out: Payment, finance: User, second_finance: User, creator: User, gateway: ScriptedGateway,
    later: Callable[..., None],
) -> None:  # fmt: skip
    """Sent, sent back, claimed, and then the backer's bank charges us: one debt at any time, never two."""
    escrow = escrow_of(paid_out)
    refund = late(paid_out, 100_00, finance, second_finance)
    commanding.sweep_commands()
    word = RefundSnapshot(fresh(refund).external_id, "failed", 100_00, "CNY", failure_code="expired_or_canceled_card")
    refund_answers.apply_refund(refund_id=refund.pk, snapshot=word)
    audited()
    assert (RefundClaim.objects.get().state, fresh(refund).attempt) == ("open", 2)
    assert balances(escrow) == {"owed": 100_00, "refund": 100_00}
    if kept:
        run(campaign(creator, gateway, 500_00), later)
        assert balances(escrow) == {"refund": 100_00}
    told = gateway.contest(paid_out)
    hear(told)
    with pytest.raises(IllegalTransition):
        claiming.pay_by_bank(claim_id=RefundClaim.objects.get().pk, actor=finance, proof="B-1")
    hear(gateway.say(told.external_id, "lost"))
    first, second = CreatorDebt.objects.order_by("pk")
    assert (fresh(refund).state, first.cause, second.cause, second.amount) == ("failed", "refund", "dispute", 100_00)
    assert (first.open_amount, first.returned, first.credited) == (0, *((0, 100_00) if kept else (100_00, 0)))
    assert balances(escrow) == {"owed": 100_00, "fees": FEES} | ({"payable": 100_00} if kept else {})
    with pytest.raises(IllegalTransition):
        refunding.retry_refund(refund_id=refund.pk, actor=finance)
    payout = run(campaign(creator, gateway, 500_00), later)
    assert payout.amount == payout.release.creator_amount - (0 if kept else 100_00)
    audited()
    assert balances(escrow) == {"fees": FEES}


def test_a_claim_is_paid_by_bank_and_the_debt_stands(
    paid_out: Payment, finance: User, second_finance: User, gateway: ScriptedGateway
) -> None:
    gateway.refund_status[paid_out.pk] = "refused"
    refund = late(paid_out, 100_00, finance, second_finance)
    commanding.sweep_commands()
    audited()
    claiming.pay_by_bank(claim_id=RefundClaim.objects.get().pk, actor=finance, proof="B-1")
    audited()
    assert (fresh(refund).state, fresh(paid_out.pledge).state) == ("succeeded", "refunded")
    assert balances(escrow_of(paid_out)) == {"owed": 100_00}


def test_a_partial_chargeback_leaves_so_much_less_to_refund(
    paid_out: Payment, finance: User, second_finance: User, gateway: ScriptedGateway
) -> None:
    told = gateway.contest(paid_out, amount=30_00)
    hear(told)
    with pytest.raises(IllegalTransition):
        late_refunding.propose(pledge_id=paid_out.pledge_id, amount=1_00, actor=finance, reason="Meanwhile.")
    hear(gateway.say(told.external_id, "lost"))
    assert refunding.remaining(pledge_id=paid_out.pledge_id) == 70_00
    with pytest.raises(RefundExceedsPayment):
        late_refunding.propose(pledge_id=paid_out.pledge_id, amount=70_01, actor=finance, reason="Too much.")
    late(paid_out, 70_00, finance, second_finance)
    commanding.sweep_commands()
    audited()
    assert fresh(paid_out.pledge).state == "refunded"
    assert balances(escrow_of(paid_out)) == {"owed": 100_00, "fees": FEES}


def test_on_the_desk(
    paid_out: Payment, finance: User, second_finance: User, gateway: ScriptedGateway, client: Client
) -> None:
    client.force_login(finance)
    page = reverse("funding_pledge_modeladmin_inspect", args=[paid_out.pledge_id])
    act = reverse("funding_desk:refund_pledge", args=[paid_out.pledge_id])
    assert act in client.get(page).content.decode()
    assert client.post(act, {"amount": "25.00", "reason": "A crack."})["Location"] == page
    made = LateRefund.objects.get()
    confirm = reverse("funding_desk:confirm_late_refund", args=[made.pk])
    assert "another person" in str(client.post(confirm).context["form"].errors)
    assert not Refund.objects.exists()
    client.force_login(second_finance)
    row = client.get(reverse("funding_laterefund_modeladmin_inspect", args=[made.pk])).content.decode()
    assert confirm in row
    assert client.post(confirm).status_code == 302
    assert Refund.objects.get().amount == 25_00
    assert mail.outbox == []
