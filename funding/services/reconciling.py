"""The provider's own account of our balance against the journal, movement by movement.

Reads what is new with an overlap, keeps every movement once, books what only the provider knows (its fees, and the
platform's own money coming and going), and compares both sides object by object.
"""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import Greatest

from cms.core import clock
from funding import chart, ledger, locks
from funding.exceptions import ProviderRefused
from funding.gateways import enabled, get_gateway
from funding.gateways.base import BalanceTransaction, Gateway
from funding.models import Payment, ProviderMovement, ReconcileCursor
from funding.models.movements import MatchState
from funding.services import disputing
from funding.services.matching import match

logger = logging.getLogger("kindling.reconciliation")

# Movements may appear late and out of order: so much is read again each time.
OVERLAP = timedelta(hours=48)
MOST_PROBLEMS = 200
# Readings of balance and movements until both are of one moment.
READINGS = 3


@dataclass(frozen=True)
class Mismatch:
    """An object on which the provider and we disagree. Amounts in minor units, negative for money out."""

    code: str
    subject: str
    ours: int
    theirs: int
    currency: str

    def __str__(self) -> str:
        return f"{self.code}: {self.subject} is {self.ours} here and {self.theirs} there ({self.currency})"


@dataclass
class Reconciliation:
    """What came of it. `in_transit` are refunds that have left the balance and not yet arrived; `waiting` movements
    so young that the other side may not have heard of them."""

    problems: list[Mismatch] = field(default_factory=list)
    movements: int = 0
    fees_booked: int = 0
    floats_booked: int = 0
    matched: int = 0
    waiting: int = 0
    in_transit: dict[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether both sides agree to the minor unit."""
        return not self.problems

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        return {"ok": self.ok, **asdict(self)}


def reconcile(*, since: datetime | None = None, gateway: Gateway | None = None) -> Reconciliation:
    """Read the provider's new movements, book what only it knows, and compare everything that is known with ours.

    With an instant, reads from there on instead of from the cursor and leaves the balances alone. Calls the provider,
    so never inside a transaction. Raises `ProviderUnavailable`. Safe twice and side by side.
    """
    provider = gateway or get_gateway(enabled()[0])
    found = Reconciliation()
    balance = _read(provider, since, found)
    _hear_of_disputes(provider)
    _book(provider.name, found)
    with transaction.atomic():
        compared = match(
            provider=provider.name, account=chart.provider(provider.name), young=clock.now() - provider.told_within,
            alone=since is None, most=MOST_PROBLEMS,
        )  # fmt: skip
    found.problems += [Mismatch(*difference) for difference in compared.differences]
    found.matched = compared.counts.get(MatchState.MATCHED, 0)
    found.waiting = compared.counts.get(MatchState.OPEN, 0)
    found.in_transit = compared.in_transit
    if since is None:
        found.problems += _compare_balances(provider.name, balance, compared.expected)
    return found


def reconciled_gateways() -> list[Gateway]:
    """Every provider that is enabled, or that took a payment before."""
    known = {*enabled(), *Payment.objects.order_by().values_list("provider", flat=True).distinct()}
    return [get_gateway(name) for name in sorted(known)]


def _read(provider: Gateway, since: datetime | None, found: Reconciliation) -> dict[str, int]:
    """Keep the new movements; returns the balance that they add up to, or the provider's word if they never do."""
    for _reading in range(READINGS if since is None else 1):
        snapshot = provider.settled_balance()
        theirs = {
            currency: snapshot.available.get(currency, 0) + snapshot.pending.get(currency, 0)
            for currency in {*snapshot.available, *snapshot.pending}
        }
        cursor = ReconcileCursor.objects.filter(provider=provider.name).first()
        begin = since or (cursor.read_until - OVERLAP if cursor else None)
        movements = list(provider.balance_transactions(since=begin))
        found.movements = len(movements)
        _keep(provider.name, movements, found)
        # What moved between the two readings shows in one of them only.
        if since is not None or theirs == _stored(provider.name, theirs):
            break
    return theirs


def _keep(provider: str, movements: list[BalanceTransaction], found: Reconciliation) -> None:
    rows = [
        ProviderMovement(
            provider=provider, external_id=one.external_id, type=one.type, amount=one.amount, fee=one.fee, net=one.net,
            currency=one.currency, source=one.source, subject=one.undoes or one.source or one.external_id,
            created_at=one.created_at,
        )
        for one in reversed(movements)  # oldest first
    ]  # fmt: skip
    with transaction.atomic():
        ProviderMovement.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
        _require_unchanged(provider, movements, found)
        if rows:
            newest = max(one.created_at for one in movements)
            _cursor, new = ReconcileCursor.objects.get_or_create(provider=provider, defaults={"read_until": newest})
            if not new:
                ReconcileCursor.objects.filter(provider=provider).update(read_until=Greatest(F("read_until"), newest))


def _require_unchanged(provider: str, movements: list[BalanceTransaction], found: Reconciliation) -> None:
    kept = ProviderMovement.objects.filter(provider=provider, external_id__in=[one.external_id for one in movements])
    known = {
        external_id: (net, currency)
        for external_id, net, currency in kept.values_list("external_id", "net", "currency")
    }
    for one in movements:
        net, currency = known[one.external_id]
        difference = Mismatch("movement_changed", one.external_id, net, one.net, one.currency)
        if (net, currency) != (one.net, one.currency) and difference not in found.problems:
            found.problems.append(difference)


def _stored(provider: str, theirs: dict[str, int]) -> dict[str, int]:
    sums = ProviderMovement.objects.filter(provider=provider).values_list("currency").annotate(total=Sum("net"))
    return dict.fromkeys(theirs, 0) | dict(sums.order_by())


def _book(provider: str, found: Reconciliation) -> None:
    """What only the provider could tell us: fees, and the platform's own money."""
    unknown = Payment.objects.filter(provider_fee=None, captured__gt=0).exclude(charge_id="")
    charges = ProviderMovement.objects.filter(
        provider=provider, type__in=["charge", "payment"], subject__in=unknown.values("charge_id")
    )
    by_charge = dict(unknown.values_list("charge_id", "pk"))
    for movement in charges:
        found.fees_booked += book_fee(payment_id=by_charge[movement.subject], fee=movement.fee)
    for movement in ProviderMovement.objects.filter(provider=provider, booked="", type__in=_BOOKED).order_by("pk"):
        found.floats_booked += _book_movement(movement)
    others = ProviderMovement.objects.filter(provider=provider, booked="").exclude(fee=0)
    for movement in others.exclude(type__in=["charge", "payment", "adjustment", *_BOOKED]).order_by("pk"):
        found.fees_booked += _post(movement, f"movement_fee:{movement.external_id}", "movement_fee", _fee(movement))


def _hear_of_disputes(provider: Gateway) -> None:
    """A dispute's movement that we have not booked is of a dispute that nobody has told us of, or not all of it."""
    moved = ProviderMovement.objects.filter(provider=provider.name, type="adjustment")
    for subject in moved.exclude(state=MatchState.MATCHED).values_list("subject", flat=True).order_by().distinct():
        try:
            disputing.apply_dispute(snapshot=provider.retrieve_dispute(subject))
        except ProviderRefused:
            logger.warning("An adjustment is no dispute's: %s", subject)


def book_fee(*, payment_id: int, fee: int) -> bool:
    """Write down the provider's fee on a payment, once: provider fees → provider. True if it was news."""
    with transaction.atomic():
        payment = locks.lock_payment(payment_id)
        if payment.provider_fee is not None:
            return False
        Payment.objects.filter(pk=payment_id).update(provider_fee=fee)
        if fee:
            ledger.post(
                key=f"provider_fee:{payment_id}", kind="provider_fee", escrow=payment.pledge.escrow,
                lines=[ledger.Line(chart.PROVIDER_FEES, chart.provider(payment.provider), fee)],
                currency=payment.currency,
            )  # fmt: skip
    return True


def _book_movement(movement: ProviderMovement) -> bool:
    kind, make = _BOOKED[movement.type]
    with transaction.atomic():
        lines = [line for line in [*make(movement), *_fee(movement)] if line.amount]
        return _post(movement, f"{kind}:{movement.external_id}", kind, lines)


def _post(movement: ProviderMovement, key: str, kind: str, lines: list[ledger.Line]) -> bool:
    with transaction.atomic():
        # Whoever comes second waits here and finds it booked.
        row = ProviderMovement.objects.select_for_update(no_key=True).get(pk=movement.pk)
        if row.booked or not lines:
            return False
        posted = ledger.post(key=key, kind=kind, escrow=None, currency=movement.currency, lines=lines)
        ProviderMovement.objects.filter(pk=row.pk).update(booked=key, booked_amount=sum(line.amount for line in lines))
    return posted


def _fee(movement: ProviderMovement) -> list[ledger.Line]:
    account = chart.provider(movement.provider)
    if movement.fee > 0:
        return [ledger.Line(chart.PROVIDER_FEES, account, movement.fee)]
    return [ledger.Line(account, chart.PROVIDER_FEES, -movement.fee)] if movement.fee else []


def _put_in(movement: ProviderMovement) -> list[ledger.Line]:
    """Money put on the balance: what the bank account in the books does not have is new money of the owner's."""
    new = max(0, movement.amount - max(0, ledger.balance(chart.BANK, movement.currency)))
    return [
        ledger.Line(chart.BANK, chart.FLOAT, new),
        ledger.Line(chart.provider(movement.provider), chart.BANK, movement.amount),
    ]


def _taken_out(movement: ProviderMovement) -> list[ledger.Line]:
    account = chart.provider(movement.provider)
    if movement.amount < 0:
        return [ledger.Line(chart.BANK, account, -movement.amount)]
    return [ledger.Line(account, chart.BANK, movement.amount)]


def _charged(movement: ProviderMovement) -> list[ledger.Line]:
    account = chart.provider(movement.provider)
    if movement.amount < 0:
        return [ledger.Line(chart.PROVIDER_FEES, account, -movement.amount)]
    return [ledger.Line(account, chart.PROVIDER_FEES, movement.amount)]


# Movements that no row of ours asked for, the kind of journal each becomes, and its entries.
_BOOKED: dict[str, tuple[str, Callable[[ProviderMovement], list[ledger.Line]]]] = {
    "topup": ("float", _put_in),
    "topup_reversal": ("to_bank", _taken_out),
    "payout": ("to_bank", _taken_out),
    "payout_failure": ("to_provider", _taken_out),
    "payout_cancel": ("to_provider", _taken_out),
    "stripe_fee": ("provider_charge", _charged),
}


def _compare_balances(provider: str, theirs: dict[str, int], expected: dict[str, int]) -> list[Mismatch]:
    code = chart.provider(provider)
    return [
        Mismatch("balance_differs", code, expected.get(currency, 0), theirs.get(currency, 0), currency)
        for currency in sorted({*expected, *theirs})
        if expected.get(currency, 0) != theirs.get(currency, 0)
    ]
