"""A paid pledge changes: what is charged, what comes back, and what happens to stock and totals."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from cms.core import clock
from cms.core.models import OutboxEvent
from funding import ledger
from funding.exceptions import (
    IdempotencyConflict,
    InvalidPledge,
    NothingChanged,
    PerPersonLimitReached,
    PledgeNotChangeable,
    ProviderRefused,
    ProviderUnavailable,
    RewardSoldOut,
)
from funding.models import Amendment, Escrow, Holding, Payment, Pledge, PledgeLine, Refund, RewardVariant
from funding.selectors import why_not
from funding.services import amending, closing, refunding
from funding.services.amending import AmendmentInput, drop_amendment, quote_amendment
from funding.services.cancelling import cancel_pledge
from funding.services.ordering import LineInput
from tests.factories.scripted import pay
from tests.funding.amending.conftest import change, fresh, paid, pay_difference, state, stock

pytestmark = pytest.mark.django_db(transaction=True)


def held(escrow: Escrow) -> tuple[int, int]:
    """What counts and what the ledger holds."""
    row = Escrow.objects.get(pk=escrow.pk)
    return row.raised, ledger.balance(f"escrow:{escrow.key}", escrow.currency)


def lines(pledge: Pledge) -> list[tuple[str, int]]:
    return sorted((line.reward.key, line.quantity) for line in pledge.lines.all())


def test_a_dearer_pledge_pays_the_difference(escrow, pledge):
    result = change(pledge, ("big", 1), ("sticker", 2), extra=3_00)
    assert (result.amendment.state, result.amendment.difference) == ("awaiting_payment", 163_00)
    assert result.payment.amount == 163_00
    assert result.payment.checkout_url
    assert (fresh(pledge).total, lines(pledge)) == (110_00, [("lamp", 1)])
    assert stock(escrow) == {"lamp": (0, 1), "big": (1, 0), "sticker": (2, 0)}
    assert why_not(fresh(pledge))["change"] == "amendment_open"
    pay_difference(result)
    now = fresh(pledge)
    assert (state(result.amendment), now.state, now.total, now.extra_amount) == ("applied", "paid", 273_00, 3_00)
    assert lines(pledge) == [("big", 1), ("sticker", 2)]
    assert stock(escrow) == {"big": (0, 1), "sticker": (0, 2)}
    assert held(escrow) == (273_00, 273_00)
    assert Escrow.objects.get().backers == 1
    assert PledgeLine.objects.filter(pledge=pledge, current=False).count() == 1
    assert [event.payload["amendment"] for event in OutboxEvent.objects.filter(name="funding.pledge_amended")] == [
        str(result.amendment.pk)
    ]


def test_a_cheaper_pledge_gets_the_difference_back(escrow, gateway, sweep):
    pledge = paid(escrow, ("big", 1), ("lamp", 1))
    gateway.refund_status[Payment.objects.get().pk] = "pending"
    result = change(pledge, ("lamp", 1))
    assert (result.amendment.state, result.payment) == ("refunding", None)
    assert held(escrow) == (110_00, 110_00)
    assert stock(escrow) == {"lamp": (0, 1), "big": (0, 1)}
    gateway.settle_refunds("succeeded")
    sweep()
    assert (state(result.amendment), fresh(pledge).total, fresh(pledge).refunded_amount) == ("applied", 110_00, 0)
    assert stock(escrow) == {"lamp": (0, 1)}
    refund = Refund.objects.get()
    assert (refund.reason, refund.amount, refund.state) == ("amendment", 260_00, "succeeded")
    cancel_pledge(pledge_id=pledge.pk, actor=None)
    sweep()
    assert (fresh(pledge).state, fresh(pledge).refunded_amount, held(escrow)) == ("refunded", 110_00, (0, 0))
    assert stock(escrow) == {}


def test_an_equal_price_changes_at_once(escrow, pledge):
    result = change(pledge, ("same", 1, "red"))
    assert (result.amendment.state, result.payment, Refund.objects.count()) == ("applied", None, 0)
    assert stock(escrow) == {"same": (0, 1)}
    assert dict(RewardVariant.objects.values_list("key", "sold")) == {"red": 1, "blue": 0}
    again = change(pledge, ("same", 1, "blue"))
    assert again.amendment.state == "applied"
    assert dict(RewardVariant.objects.values_list("key", "sold")) == {"red": 0, "blue": 1}
    assert held(escrow) == (110_00, 110_00)


def test_another_country_costs_its_shipping(escrow, pledge):
    result = change(pledge, ("lamp", 1), country="FR")
    assert result.amendment.difference == 40_00
    assert stock(escrow) == {"lamp": (0, 1)}
    pay_difference(result)
    assert (fresh(pledge).country, fresh(pledge).shipping_amount) == ("FR", 50_00)


def test_only_what_is_new_is_reserved(escrow, pledge):
    """The last of a reward is enough for one who has one already."""
    paid(escrow, ("lamp", 3))
    result = change(pledge, ("lamp", 2))
    assert stock(escrow) == {"lamp": (1, 4)}
    assert Holding.objects.get(person=pledge.person).quantity == 2
    pay_difference(result)
    assert stock(escrow) == {"lamp": (0, 5)}
    with pytest.raises(RewardSoldOut):
        change(pledge, ("lamp", 3))


def test_sold_out_or_over_the_limit_leaves_the_pledge_as_it_was(escrow, pledge):
    paid(escrow, ("big", 1))
    paid(escrow, ("big", 1))
    with pytest.raises(RewardSoldOut) as refusal:
        change(pledge, ("big", 1))
    assert refusal.value.extra["reward"] == "big"
    other = paid(escrow, ("lamp", 2), email=pledge.email)
    with pytest.raises(PerPersonLimitReached):
        change(pledge, ("lamp", 2))
    # The two together have three; one of the other pledge's two makes room.
    change(other, ("lamp", 1))
    assert not Amendment.objects.filter(pledge=pledge).exists()
    assert (fresh(pledge).total, lines(pledge), why_not(fresh(pledge))) == (
        110_00, [("lamp", 1)], {"pay": "pledge_paid"}
    )  # fmt: skip


def test_a_checkout_that_runs_out_abandons(escrow, pledge, later, sweep):
    result = change(pledge, ("big", 1))
    later(minutes=46)
    sweep()
    row = Amendment.objects.get()
    assert (row.state, row.why_ended, fresh(pledge).total) == ("abandoned", "checkout_ended", 110_00)
    assert stock(escrow) == {"lamp": (0, 1)}
    assert Holding.objects.filter(reward__key="big").get().quantity == 0
    late = pay_difference(result)
    sweep()
    assert (late.orphan, Refund.objects.get().state, held(escrow)) == (True, "succeeded", (110_00, 110_00))
    assert (state(result.amendment), fresh(pledge).state) == ("abandoned", "paid")


def test_at_the_deadline_an_unfinished_one_is_abandoned(escrow, pledge, later, sweep):
    result = change(pledge, ("big", 1))
    clock.set_offset(escrow.deadline - clock.now() + clock.offset() + timedelta(seconds=1))
    assert amending.abandon_due() == 1
    assert (state(result.amendment), Amendment.objects.get().why_ended) == ("abandoned", "campaign_over")
    payment = pay_difference(result)
    assert payment.orphan
    sweep()
    assert Escrow.objects.get().state in ("refunding", "refunded")
    assert Refund.objects.get(payment=payment).reason == "orphan"
    assert fresh(pledge).state == "refunded"


def test_paid_after_the_deadline_never_counts_even_before_the_sweep(escrow, pledge, sweep):
    result = change(pledge, ("big", 1))
    clock.set_offset(escrow.deadline - clock.now() + clock.offset() + timedelta(seconds=1))
    assert pay_difference(result).orphan
    assert state(result.amendment) == "abandoned"
    assert Escrow.objects.get().captured == 110_00
    closing.close_due()
    assert closing.decide_due() == 1


def test_cancelling_a_pledge_abandons_its_amendment(escrow, pledge, gateway, sweep):
    result = change(pledge, ("big", 1))
    cancel_pledge(pledge_id=pledge.pk, actor=None)
    assert Amendment.objects.get().why_ended == "pledge_cancelled"
    sweep()
    assert gateway.ended == [result.payment.session_id]
    assert (fresh(pledge).state, stock(escrow), held(escrow)) == ("refunded", {}, (0, 0))
    assert pay_difference(result).orphan
    sweep()
    assert fresh(pledge).state == "refunded"


def test_one_with_several_payments_is_refunded_from_all(escrow, pledge, sweep):
    pay_difference(change(pledge, ("lamp", 2)))
    pay_difference(change(pledge, ("lamp", 3)))
    assert [p.amount for p in Payment.objects.order_by("pk")] == [110_00, 110_00, 110_00]
    result = change(pledge, ("lamp", 1), extra=10_00)
    assert sorted(Refund.objects.values_list("payment__pk", "amount")) == [
        (Payment.objects.order_by("pk")[1].pk, 100_00), (Payment.objects.order_by("pk")[2].pk, 110_00),
    ]  # fmt: skip
    sweep()
    assert (state(result.amendment), fresh(pledge).total, held(escrow)) == ("applied", 120_00, (120_00, 120_00))
    cancel_pledge(pledge_id=pledge.pk, actor=None)
    sweep()
    assert (fresh(pledge).state, held(escrow), Escrow.objects.get().backers) == ("refunded", (0, 0), 0)


def test_the_newest_payment_that_can_carry_all_does(escrow, pledge, sweep):
    pay_difference(change(pledge, ("lamp", 1), extra=20_00))
    change(pledge, ("lamp", 1), extra=5_00)
    assert Refund.objects.get().payment == Payment.objects.latest("pk")
    sweep()
    change(pledge, ("sticker", 1), ("same", 1, "red"), extra=0)
    assert fresh(pledge).total == 115_00


def test_a_refund_that_fails_leaves_the_pledge_as_it_was(escrow, gateway, sweep):
    pledge = paid(escrow, ("lamp", 2))
    gateway.refund_status[Payment.objects.get().pk] = "refused"
    result = change(pledge, ("lamp", 1))
    sweep()
    assert (state(result.amendment), Amendment.objects.get().why_ended) == ("abandoned", "refund_failed")
    assert (fresh(pledge).total, held(escrow), stock(escrow)) == (220_00, (220_00, 220_00), {"lamp": (0, 2)})


def test_when_one_part_went_back_the_other_stays_owed(escrow, pledge, gateway, sweep):
    second = pay_difference(change(pledge, ("lamp", 2)))
    gateway.refund_status[second.pk] = "refused"
    third = pay_difference(change(pledge, ("lamp", 3)))
    result = change(pledge, ("lamp", 1), extra=10_00)
    sweep()
    assert state(result.amendment) == "applied"
    assert {r.payment_id: r.state for r in Refund.objects.all()} == {third.pk: "succeeded", second.pk: "requested"}
    assert (fresh(pledge).total, held(escrow)) == (120_00, (120_00, 120_00))


def test_after_a_failed_campaign_every_payment_goes_back(escrow, pledge, later, sweep):
    pay_difference(change(pledge, ("lamp", 2)))
    later(days=31)
    sweep()
    assert Refund.objects.filter(reason="campaign_failed", state="succeeded").count() == 2
    assert (fresh(pledge).state, Escrow.objects.get().state, held(escrow)) == ("refunded", "refunded", (0, 0))
    assert fresh(pledge).refunded_amount == 220_00


def test_finance_refunds_across_payments(escrow, pledge, finance, sweep):
    pay_difference(change(pledge, ("lamp", 2)))
    assert refunding.remaining(pledge_id=pledge.pk) == 220_00
    refunding.finance_refund(pledge_id=pledge.pk, amount=150_00, reason="Agreed.", actor=finance)
    sweep()
    assert (fresh(pledge).state, fresh(pledge).refunded_amount) == ("paid", 150_00)
    with pytest.raises(PledgeNotChangeable) as refusal:
        change(pledge, ("lamp", 1))
    assert refusal.value.extra["reason"] == "partly_refunded"


def test_what_can_not_be_changed_says_why(escrow, pledge, sweep):
    with pytest.raises(NothingChanged):
        change(pledge, ("lamp", 1))
    with pytest.raises(InvalidPledge):
        change(pledge)
    result = change(pledge, ("big", 1))
    with pytest.raises(PledgeNotChangeable) as refusal:
        change(pledge, ("lamp", 2))
    assert refusal.value.extra["reason"] == "amendment_open"
    drop_amendment(pledge_id=pledge.pk, actor=None)
    assert (state(result.amendment), stock(escrow)) == ("abandoned", {"lamp": (0, 1)})
    with pytest.raises(PledgeNotChangeable):
        drop_amendment(pledge_id=pledge.pk, actor=None)
    Escrow.objects.filter(pk=escrow.pk).update(state="on_hold")
    with pytest.raises(PledgeNotChangeable) as refusal:
        change(pledge, ("lamp", 2))
    assert refusal.value.extra["reason"] == "campaign_on_hold"
    Escrow.objects.filter(pk=escrow.pk).update(state="open")
    cancel_pledge(pledge_id=pledge.pk, actor=None)
    with pytest.raises(PledgeNotChangeable) as refusal:
        change(pledge, ("lamp", 2))
    assert refusal.value.extra["reason"] == "pledge_refunded"


def test_the_same_key_is_the_same_change(escrow, pledge, gateway):
    gateway.down = True
    with pytest.raises(ProviderUnavailable):
        change(pledge, ("big", 1), key="one")
    gateway.down = False
    first = change(pledge, ("big", 1), key="one")
    assert first.replayed
    assert first.payment.checkout_url
    assert Amendment.objects.count() == 1
    with pytest.raises(IdempotencyConflict):
        change(pledge, ("lamp", 2), key="one")
    pay_difference(first)
    assert change(pledge, ("big", 1), key="one").amendment.state == "applied"


def test_what_the_provider_refuses_is_abandoned(escrow, pledge, gateway):
    gateway.checkout_code = "amount_too_small"
    with pytest.raises(ProviderRefused):
        change(pledge, ("big", 1))
    assert (Amendment.objects.get().state, stock(escrow)) == ("abandoned", {"lamp": (0, 1)})


def test_a_quote_writes_nothing(escrow, pledge):
    request = AmendmentInput(lines=[LineInput("big", 1)], country="CN")
    assert quote_amendment(pledge_id=pledge.pk, request=request).difference == 150_00
    assert not Amendment.objects.exists()


def test_the_database_keeps_terms_as_amended_only(escrow, pledge):
    pay_difference(change(pledge, ("lamp", 2)))
    for bad in ({"total": 110_00, "rewards_amount": 100_00, "shipping_amount": 10_00}, {"country": "FR"}):
        with pytest.raises(DatabaseError, match="what was agreed"), transaction.atomic():
            Pledge.objects.filter(pk=pledge.pk).update(**bad)
    for current in (True, False):
        with pytest.raises(DatabaseError, match="what was agreed"), transaction.atomic():
            PledgeLine.objects.filter(pledge=pledge, current=not current).update(current=current)
    change(pledge, ("big", 1))
    with pytest.raises(IntegrityError, match="amendment_one_open"), transaction.atomic():
        Amendment.objects.filter(state="awaiting_payment").update(state="awaiting_payment")
        row = Amendment.objects.latest("pk")
        row.pk, row.idempotency_key, row.state = None, "x", "proposed"
        row.save(force_insert=True)


def test_a_disputed_pledge_is_left_alone(escrow, pledge):
    result = change(pledge, ("big", 1))
    Pledge.objects.filter(pk=pledge.pk).update(state="disputed")
    assert pay(Payment.objects.get(pk=result.payment.pk)).orphan
    assert state(result.amendment) == "abandoned"
    with pytest.raises(PledgeNotChangeable) as refusal:
        change(pledge, ("lamp", 2))
    assert refusal.value.extra["reason"] == "pledge_disputed"
    Pledge.objects.filter(pk=pledge.pk).update(state="paid")
