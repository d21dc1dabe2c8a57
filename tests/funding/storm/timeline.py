"""A provider with a past: it answers as it would have answered when an event happened, not as it would today.

A worker that fetched an object, slept and applied what it had read long after its colleagues is the worst that can
happen to an event; here it happens to each.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.db import connection, transaction

from cms.core import clock
from funding.gateways.base import CheckoutSnapshot, DisputeSnapshot, RefundSnapshot
from funding.models import Payment, WebhookEvent
from funding.services import commanding, paying, polling
from funding.webhooks import handlers, settlement
from tests.factories.scripted import ScriptedGateway

Snapshot = CheckoutSnapshot | RefundSnapshot | DisputeSnapshot


@dataclass(frozen=True)
class Step:
    """Something that happened at the provider: the event's type, and how its object was from then on."""

    type: str
    snapshot: Snapshot


class Timeline(ScriptedGateway):
    """`moment` is the step as of which it answers."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[Step] = []
        self.moment = 0

    def _as_of(self, object_id: str) -> Any:
        told = [one.snapshot for one in self.steps[: self.moment + 1] if one.snapshot.external_id == object_id]
        # Asked about before it happened: as it was at first.
        later = [one.snapshot for one in self.steps if one.snapshot.external_id == object_id]
        return told[-1] if told else later[0]

    def retrieve_checkout(self, session_id: str) -> CheckoutSnapshot:
        return self._as_of(session_id)

    def retrieve_refund(self, refund_id: str) -> RefundSnapshot:
        return self._as_of(refund_id)

    def retrieve_dispute(self, dispute_id: str) -> DisputeSnapshot:
        return self._as_of(dispute_id)


def provider(monkeypatch: pytest.MonkeyPatch, gateway: ScriptedGateway) -> None:
    """Everything that asks the provider asks this one."""
    for module in (commanding, paying, polling, handlers, settlement):
        monkeypatch.setattr(module, "get_gateway", lambda name="stripe": gateway)


def checkout(payment: Payment, status: str = "open", **changes: Any) -> CheckoutSnapshot:
    """The checkout of a payment that somebody is paying by card."""
    told = CheckoutSnapshot(
        payment.session_id, status, False, payment.amount, payment.currency, intent_id=f"pi_{payment.pk}",
        begun_at=payment.created_at,
    )  # fmt: skip
    return replace(told, **changes)


def paid(payment: Payment, **changes: Any) -> CheckoutSnapshot:
    return checkout(
        payment, "complete", paid=True, intent_status="succeeded", charge_id=f"ch_{payment.pk}", method="card",
        fee_currency=payment.currency, **changes,
    )  # fmt: skip


def dispute(payment: Payment, status: str, **moved: int) -> DisputeSnapshot:
    return DisputeSnapshot(
        f"dp_{payment.pk}", status, payment.amount, payment.currency, f"pi_{payment.pk}", clock.now(),
        f"ch_{payment.pk}", "fraudulent", settled_in=payment.currency if moved else "", **moved,
    )  # fmt: skip


def stored(payment: Payment, step: Step, number: int) -> WebhookEvent:
    """The event of a step, as the receiver keeps it."""
    kind = step.type.partition(".")[0]
    found: dict[str, Any] = {"id": step.snapshot.external_id, "object": kind, "payment_intent": f"pi_{payment.pk}"}
    if kind == "checkout":
        found |= {"object": "checkout.session"}
    elif kind in ("charge", "payment_intent") and "dispute" not in step.type:
        found["id"] = {"charge": "ch_", "payment_intent": "pi_"}[kind] + str(payment.pk)
        found["metadata"] = {"payment": str(payment.pk), "pledge": str(payment.pledge_id)}
    return WebhookEvent.objects.create(
        external_id=f"evt_{payment.pk}_{number}", type=step.type, object_id=found["id"],
        payload={"data": {"object": found}},
    )  # fmt: skip


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def in_every_order(
    gateway: Timeline, events: list[WebhookEvent], at_the_end: Callable[[list[str]], None], *, one_by_one: bool = False
) -> int:
    """Deliver events in all orders, and at the end what the sweep would still find; returns how many orders.

    Orders that begin alike share their beginning. Unless told to go `one_by_one`, orders of the same events that have
    led to the same rows share their end, too: from there on they can't differ.
    """
    met: dict[tuple[frozenset[int], str], int] = {}

    def walk(done: list[int]) -> int:
        if len(done) == len(events):
            _leftovers(gateway, events)
            at_the_end([events[number].type for number in done])
            return 1
        orders = 0
        for number in set(range(len(events))) - set(done):
            with undone():
                gateway.moment = number
                handlers.handle(events[number].pk)
                now = (frozenset([*done, number]), str(number) * one_by_one or _rows())
                if one_by_one or now not in met:
                    met[now] = walk([*done, number])
                orders += met[now]
        return orders

    return walk([])


def _leftovers(gateway: Timeline, events: list[WebhookEvent]) -> None:
    """Events that came before what they are about are tried again."""
    gateway.moment = len(events) - 1
    for _ in events:
        waiting = WebhookEvent.objects.filter(handled_at=None).order_by("pk").values_list("pk", flat=True)
        handled = [handlers.handle(pk) for pk in waiting]
        if all(handled):
            return
    raise AssertionError("an event was never handled")


_TABLES = ["payment", "pledge", "escrow", "refund", "dispute", "backing", "reward", "ledgeraccount", "gatewaycommand",
           "refundclaim", "heldback", "creatordebt"]  # fmt: skip
_STATE = " UNION ALL ".join([
    *(
        f"SELECT '{table}', (SELECT jsonb_object_agg(key, value) FROM jsonb_each(to_jsonb(t)) "
        f"WHERE key !~ '(^|_)id$|_at$|_until$|error$|fingerprint$')::text FROM funding_{table} t"
        for table in _TABLES
    ),
    "SELECT 'event', concat(id, ' ', handled_at IS NULL, ' ', outcome) FROM funding_webhookevent",
    "SELECT 'alert', concat(code, ' ', severity) FROM funding_alert WHERE resolved_at IS NULL",
    "SELECT 'entry', concat(j.kind, ' ', d.code, ' ', c.code, ' ', e.amount) FROM funding_entry e"
    " JOIN funding_journal j ON j.id = e.journal_id JOIN funding_ledgeraccount d ON d.id = e.debit_id"
    " JOIN funding_ledgeraccount c ON c.id = e.credit_id",
])  # fmt: skip


def _rows() -> str:
    """All that the next event can meet, but for ids and instants."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT md5(string_agg(concat(a, b), E'\\n' ORDER BY a, b)) FROM ({_STATE}) AS rows (a, b)")
        return str(cursor.fetchone()[0])
