"""Anything, in any order: after each step of a random story the ledger's audit holds."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cms.core import clock, sweeps
from cms.core.errors import Refusal
from cms.users import roles
from funding.gateways.base import (
    CheckoutRequest,
    CheckoutSnapshot,
    RefundRequest,
    RefundSnapshot,
    TransferRequest,
    TransferSnapshot,
)
from funding.models import Dispute, GatewayCommand, Payment, PayoutAccount, Pledge, WebhookEvent
from funding.services import (
    commanding,
    covering,
    issuing,
    onboarding,
    paying,
    pledging,
    polling,
    reconciling,
    refunding,
)
from funding.services.auditing import audit_ledger
from funding.webhooks import handlers, settlement
from tests.factories.funding import open_test_escrow, pledge_input, reward_terms
from tests.factories.scripted import ScriptedGateway
from tests.factories.users import UserFactory

NUMBERS = st.integers(0, 7)
EVENTS = ["checkout.session.completed", "charge.dispute.updated", "refund.updated"]


class Killed(BaseException):
    """The process is gone: nobody catches this."""


class Provider(ScriptedGateway):
    """Remembers its checkouts; dies with us after a call when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.checkouts: dict[str, CheckoutSnapshot] = {}
        self.deadly = False

    def _answer_or_die(self, told: Any) -> Any:
        if self.deadly:
            self.deadly = False
            raise Killed
        return told

    def create_checkout(self, request: CheckoutRequest) -> CheckoutSnapshot:
        told = super().create_checkout(request)
        told = self.checkouts.setdefault(told.external_id, replace(told, intent_id=f"pi_{request.payment}"))
        return self._answer_or_die(told)

    def find_checkout(self, *, command: str, since: Any) -> CheckoutSnapshot | None:
        return self.checkouts.get(f"cs_s{command.rpartition(':')[2]}")

    def retrieve_checkout(self, session_id: str) -> CheckoutSnapshot:
        return self.checkouts[session_id]

    def expire_checkout(self, *, session_id: str, command: str) -> CheckoutSnapshot:
        told = self.checkouts[session_id]
        if told.status == "open":
            self.checkouts[session_id] = replace(told, status="expired")
        return self._answer_or_die(self.checkouts[session_id])

    def create_refund(self, request: RefundRequest) -> RefundSnapshot:
        return self._answer_or_die(super().create_refund(request))

    def create_transfer(self, request: TransferRequest) -> TransferSnapshot:
        return self._answer_or_die(super().create_transfer(request))


class Story(RuleBasedStateMachine):
    """One campaign of three scarce lamps, its backers, their banks, finance, and a process that dies."""

    gateway: Provider

    def __init__(self) -> None:
        super().__init__()
        self._world = transaction.atomic()
        self._world.__enter__()
        clock.set_offset(timedelta(0))
        type(self).gateway = Provider()
        self.placed = self.told = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._world.__exit__(None, None, None)

    @initialize(goal=st.sampled_from([100_00, 250_00, 10_000_00]))
    def open_campaign(self, goal: int) -> None:
        creator = UserFactory()
        roles.assign(creator, roles.CREATOR)
        EmailAddress.objects.create(user=creator, email=creator.email, verified=True, primary=True)
        PayoutAccount.objects.create(
            creator=creator, external_id=f"acct_{creator.pk}", details_submitted=True, transfers_enabled=True
        )
        self.finance = UserFactory()
        roles.assign(self.finance, roles.FINANCE)
        self.escrow = open_test_escrow(creator=creator, goal=goal, rewards=[reward_terms(quantity=3)])

    def _payment(self, number: int, **known: Any) -> Payment | None:
        found = list(Payment.objects.filter(**known).order_by("pk"))
        return found[number % len(found)] if found else None

    def _attempt(self, do: Any) -> None:
        with suppress(Refusal, Killed):
            do()

    @rule(extra=st.integers(0, 50_00))
    def place(self, extra: int) -> None:
        self.placed += 1
        request = pledge_input(self.escrow, extra=extra)
        self._attempt(lambda: pledging.place_pledge(request=request, idempotency_key=f"k{self.placed}"))

    @rule(number=NUMBERS, fee=st.sampled_from([None, 0, 1_23]))
    def pay_it(self, number: int, fee: int | None) -> None:
        told = self.gateway.checkouts
        if not (waiting := [name for name in told if told[name].status == "open"]):
            return
        name = waiting[number % len(waiting)]
        told[name] = replace(
            told[name], status="complete", paid=True, intent_status="succeeded", charge_id=f"ch_{name}", method="card",
            fee=fee, fee_currency="CNY" if fee is not None else "", begun_at=clock.now(),
        )  # fmt: skip

    @rule(number=NUMBERS)
    def decline_it(self, number: int) -> None:
        told = self.gateway.checkouts
        if waiting := [name for name in told if told[name].status == "open"]:
            name = waiting[number % len(waiting)]
            told[name] = replace(told[name], status="complete", intent_status="requires_payment_method")

    @rule(
        number=NUMBERS, kind=st.sampled_from(["checkout.session.completed", "charge.dispute.updated", "refund.updated"])
    )
    def tell_it(self, number: int, kind: str) -> None:
        """An event about any object, at any time, any number of times."""
        known = {"checkout": self.gateway.checkouts, "charge": self.gateway.contested}.get(kind.split(".")[0])
        ids = list(known) if known is not None else [one.external_id for one in self.gateway.refunds.values()]
        if not ids:
            return
        self.told += 1
        found: dict[str, Any] = {"id": ids[number % len(ids)], "object": kind.rpartition(".")[0]}
        if kind.startswith("refund"):
            found["metadata"] = {"command": found["id"].removeprefix("re_")}
        event = WebhookEvent.objects.create(
            external_id=f"evt_{self.told}", type=kind, object_id=found["id"], payload={"data": {"object": found}}
        )
        handlers.handle(event.pk)

    @rule(number=NUMBERS)
    def cancel(self, number: int) -> None:
        if payment := self._payment(number):
            self._attempt(lambda: pledging.cancel_pledge(pledge_id=payment.pledge_id, actor=None))

    @rule(number=NUMBERS, part=st.sampled_from([1, 3, 100]), status=st.sampled_from(["succeeded", "pending", "failed"]))
    def refund(self, number: int, part: int, status: str) -> None:
        payment = self._payment(number, captured__gt=0)
        if payment is None:
            return
        self.gateway.refund_status[payment.pk] = status
        amount = max(1, payment.captured * part // 100)
        self._attempt(
            lambda: refunding.finance_refund(
                pledge_id=payment.pledge_id, amount=amount, reason="A kindness.", actor=self.finance
            )
        )

    @rule(status=st.sampled_from(["succeeded", "failed"]))
    def wallets_answer(self, status: str) -> None:
        self.gateway.settle_refunds(status)

    @rule(number=NUMBERS)
    def dispute(self, number: int) -> None:
        payment = self._payment(number, captured__gt=0)
        if payment and not Dispute.objects.filter(payment=payment).exists():
            told = {one.intent_id for one in self.gateway.contested.values()}
            if payment.intent_id not in told:
                self.gateway.contest(payment)

    @rule(number=NUMBERS, won=st.booleans())
    def bank_decides(self, number: int, won: bool) -> None:
        undecided = [one for one in self.gateway.contested.values() if one.status == "needs_response"]
        if not undecided:
            return
        one = undecided[number % len(undecided)]
        if won:
            self.gateway.say(one.external_id, "won", reinstated=one.withdrawn, fee_returned=one.fee)
        else:
            self.gateway.say(one.external_id, "lost")

    @rule(hours=st.sampled_from([0.25, 1, 24, 24 * 16, 24 * 31]))
    def time_passes(self, hours: float) -> None:
        # Receipts are written within the minute; only these stories leap over days without a sweep.
        issuing.issue_due(everything=True)
        clock.set_offset(clock.offset() + timedelta(hours=hours))
        past = timezone.now() - timedelta(seconds=1)
        GatewayCommand.objects.filter(lease_until__isnull=False).update(lease_until=past)
        GatewayCommand.objects.filter(next_attempt_at__isnull=False).update(next_attempt_at=past)
        Payment.objects.update(polled_at=None)
        Dispute.objects.update(polled_at=None)

    @precondition(lambda self: not self.gateway.deadly)
    @rule()
    def the_next_call_is_our_last(self) -> None:
        self.gateway.deadly = True

    @rule(times=st.integers(1, 3))
    def sweep(self, times: int) -> None:
        for _ in range(times):
            for one in sweeps.registered():
                if one.name.startswith("funding."):
                    self._attempt(one.run)

    @invariant()
    def the_audit_holds(self) -> None:
        report = audit_ledger()
        assert report.ok, "\n".join(map(str, report.problems))

    @invariant()
    def nothing_is_sold_twice(self) -> None:
        held = Pledge.objects.filter(state__in=["reserved", "paid", "disputed"]).count()
        assert held <= 3


@pytest.fixture(autouse=True)
def _provider(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (commanding, paying, polling, handlers, settlement, covering, onboarding, reconciling):
        monkeypatch.setattr(module, "get_gateway", lambda name="stripe": Story.gateway)


def _play(examples: int, steps: int) -> None:
    wanted = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, database=None, print_blob=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(Story, settings=wanted)


def test_a_few_short_stories() -> None:
    _play(8, 20)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_many_long_stories() -> None:
    _play(40, 60)
