"""The end is the same whatever the order in which the provider's events come, and however old what they tell is."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cms.users import roles
from cms.users.models import User
from funding.gateways.base import RefundSnapshot
from funding.models import GatewayCommand, Payment
from funding.services import commanding, refunding
from funding.services.auditing import audit_ledger
from tests.factories.funding import open_test_escrow
from tests.factories.scripted import pay, reserved_pledge
from tests.factories.users import UserFactory
from tests.funding.storm.books import Books, books, difference
from tests.funding.storm.timeline import Step, Timeline, checkout, dispute, in_every_order, paid, provider, stored

Story = Callable[[Payment, Timeline], list[Step]]


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Timeline:
    timeline = Timeline()
    provider(monkeypatch, timeline)
    return timeline


@pytest.fixture
def payment(db: None) -> Payment:
    """One lamp, being paid."""
    return reserved_pledge(open_test_escrow(), rewards={"lamp": 1}, extra=5_00)


def lost(payment: Payment, gateway: Timeline) -> list[Step]:
    """Paid, its fee known later, disputed and lost."""
    return [
        Step("checkout.session.completed", paid(payment)),
        Step("charge.updated", paid(payment, fee=1_00)),
        Step("charge.dispute.created", dispute(payment, "needs_response")),
        Step("charge.dispute.funds_withdrawn", dispute(payment, "needs_response", withdrawn=payment.amount, fee=15_00)),
        Step("charge.dispute.closed", dispute(payment, "lost", withdrawn=payment.amount, fee=15_00)),
    ]


def won(payment: Payment, gateway: Timeline) -> list[Step]:
    """Paid, disputed, won: the money comes back, and the fee."""
    out = {"withdrawn": payment.amount, "fee": 15_00}
    back = {**out, "reinstated": payment.amount, "fee_returned": 15_00}
    return [
        Step("payment_intent.succeeded", paid(payment, fee=1_00)),
        Step("charge.dispute.funds_withdrawn", dispute(payment, "needs_response", **out)),
        Step("charge.dispute.updated", dispute(payment, "under_review", **out)),
        Step("charge.dispute.closed", dispute(payment, "won", **out)),
        Step("charge.dispute.funds_reinstated", dispute(payment, "won", **back)),
    ]


def hesitant(payment: Payment, gateway: Timeline) -> list[Step]:
    """Declined once, then by a card that asks for a code, slowly."""
    return [
        Step("payment_intent.payment_failed", checkout(payment, intent_status="requires_payment_method")),
        Step("payment_intent.requires_action", checkout(payment, intent_status="requires_action")),
        Step("checkout.session.completed", checkout(payment, "complete", intent_status="processing")),
        Step("payment_intent.succeeded", paid(payment)),
        Step("charge.updated", paid(payment, fee=1_00)),
    ]


def gone(payment: Payment, gateway: Timeline) -> list[Step]:
    """A wallet that takes its time and then declines."""
    ended = checkout(payment, "complete", intent_status="requires_payment_method", failure_code="expired")
    return [
        Step("payment_intent.created", checkout(payment)),
        Step("payment_intent.processing", checkout(payment, "complete", intent_status="processing")),
        Step("checkout.session.completed", checkout(payment, "complete", intent_status="processing")),
        Step("payment_intent.payment_failed", ended),
        Step("checkout.session.async_payment_failed", ended),
    ]


def refunded(payment: Payment, gateway: Timeline) -> list[Step]:
    """Refunded in full by finance; events of the payment itself come between those of the refund."""
    pay(payment, gateway=gateway)
    finance: User = UserFactory()
    roles.assign(finance, roles.FINANCE)
    gateway.refund_status = {payment.pk: "pending"}
    refunding.finance_refund(pledge_id=payment.pledge_id, amount=payment.amount, reason="A kindness.", actor=finance)
    command = GatewayCommand.objects.get(kind="create_refund")
    refund_id = f"re_{command.idempotency_key}"
    # Planned, not answered yet: the events come before our own call has returned.
    told = RefundSnapshot(
        refund_id, "pending", payment.amount, payment.currency, payment.intent_id,
        metadata={"command": command.idempotency_key},
    )  # fmt: skip
    commanding.lease(command, payment.created_at)
    command.save()
    GatewayCommand.objects.filter(pk=command.pk).update(external_id=refund_id)
    return [
        Step("checkout.session.completed", paid(payment)),
        Step("charge.updated", paid(payment, fee=1_00)),
        Step("refund.created", told),
        Step("refund.updated", replace(told, status="succeeded")),
        Step("charge.refunded", paid(payment, fee=1_00)),
    ]


def tell(story: Story, payment: Payment, gateway: Timeline, *, one_by_one: bool = False) -> tuple[int, Books]:
    """Play a story in all orders; returns how many there were, and the books that all of them end with."""
    gateway.steps = story(payment, gateway)
    events = [stored(payment, step, number) for number, step in enumerate(gateway.steps)]
    first: Books = {}

    def compare(order: list[str]) -> None:
        ended = books()
        if not first:
            first.update(ended)
            report = audit_ledger()
            assert report.ok, "\n".join(map(str, report.problems))
        assert ended == first, f"{' '.join(order)}\n{difference(ended, first)}"

    return in_every_order(gateway, events, compare, one_by_one=one_by_one), first


STORIES = [
    (lost, "charged_back", 105_00, 105_00),
    (won, "paid", 105_00, 0),
    (hesitant, "paid", 105_00, 0),
    (gone, "expired", 0, 0),
    (refunded, "refunded", 105_00, 0),
]


@pytest.mark.parametrize(("story", "state", "captured", "gone_for_good"), STORIES)
def test_all_orders_of_five_events_end_alike(
    story: Story, state: str, captured: int, gone_for_good: int, payment: Payment, gateway: Timeline
) -> None:
    orders, ended = tell(story, payment, gateway)
    assert orders == 120
    assert [row[1] for row in ended["pledges"]] == [state]
    assert [(row[2], row[5]) for row in ended["escrows"]] == [(captured, gone_for_good)]


@pytest.mark.slow
@pytest.mark.parametrize("story", [story for story, *_ in STORIES])
def test_each_order_of_five_events_one_by_one(story: Story, payment: Payment, gateway: Timeline) -> None:
    orders, _ = tell(story, payment, gateway, one_by_one=True)
    assert orders == 120


def long_fight(payment: Payment, gateway: Timeline) -> list[Step]:
    """Paid slowly, disputed, won."""
    return [hesitant(payment, gateway)[1], hesitant(payment, gateway)[2], *won(payment, gateway)]


def long_loss(payment: Payment, gateway: Timeline) -> list[Step]:
    """Declined once, paid slowly, lost to the bank."""
    return [*hesitant(payment, gateway)[:2], *lost(payment, gateway)]


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("story", [long_fight, long_loss])
def test_all_orders_of_seven_events_end_alike(story: Story, payment: Payment, gateway: Timeline) -> None:
    orders, _ = tell(story, payment, gateway)
    assert orders == 5040
