"""The provider's own account of our balance against the journal, movement by movement.

Books what only the provider knows: its fees, and money of the platform's own that was put on the balance.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Sum

from funding import chart, ledger, locks
from funding.gateways import get_gateway
from funding.gateways.base import BalanceTransaction, Gateway
from funding.models import Payment, Payout, Refund
from funding.models.ledger import LedgerAccount
from funding.states import PayoutState, RefundState


@dataclass(frozen=True)
class Mismatch:
    """A movement on which the provider and we disagree. Amounts in minor units."""

    code: str
    subject: str
    ours: int
    theirs: int
    currency: str

    def __str__(self) -> str:
        return f"{self.code}: {self.subject} is {self.ours} here and {self.theirs} there ({self.currency})"


@dataclass
class Reconciliation:
    """What came of it. `in_transit` are refunds that have left the balance and not yet arrived."""

    problems: list[Mismatch] = field(default_factory=list)
    movements: int = 0
    fees_booked: int = 0
    floats_booked: int = 0
    in_transit: dict[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether both sides agree to the minor unit."""
        return not self.problems

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        return {"ok": self.ok, **asdict(self)}


def reconcile(*, since: datetime | None = None, gateway: Gateway | None = None) -> Reconciliation:
    """Compare every movement at the provider since an instant with ours; without one, the balances as well.

    Calls the provider, so never inside a transaction. Raises `ProviderUnavailable`.
    """
    provider = gateway or get_gateway()
    found = Reconciliation()
    for movement in _oldest_first(provider, since):
        found.movements += 1
        _HANDLERS.get(movement.type, _unknown)(movement, found)
    if since is None:
        _compare_balances(provider, found)
    return found


def _oldest_first(provider: Gateway, since: datetime | None) -> Iterator[BalanceTransaction]:
    yield from reversed(list(provider.balance_transactions(since=since)))


def _charge(movement: BalanceTransaction, found: Reconciliation) -> None:
    payment = Payment.objects.filter(charge_id=movement.source).first() if movement.source else None
    if payment is None or payment.captured != movement.amount:
        ours = payment.captured if payment else 0
        found.problems.append(_mismatch("charge_differs", movement, ours, movement.amount))
        return
    if payment.provider_fee is None:
        found.fees_booked += book_fee(payment_id=payment.pk, fee=movement.fee)
    elif payment.provider_fee != movement.fee:
        found.problems.append(_mismatch("fee_differs", movement, payment.provider_fee, movement.fee))


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


def _refund(movement: BalanceTransaction, found: Reconciliation) -> None:
    refund = Refund.objects.filter(external_id=movement.source).first()
    if refund is None or refund.amount != -movement.amount:
        found.problems.append(_mismatch("refund_differs", movement, -refund.amount if refund else 0, movement.amount))
    elif refund.state in (RefundState.SUBMITTED, RefundState.PENDING):
        found.in_transit[refund.currency] = found.in_transit.get(refund.currency, 0) + refund.amount


def _refund_failure(movement: BalanceTransaction, found: Reconciliation) -> None:
    # A failed refund may be at its next attempt: its command still knows the first one's id.
    refund = Refund.objects.filter(external_id=movement.source).first()
    if refund is not None and refund.state in (RefundState.SUBMITTED, RefundState.PENDING, RefundState.SUCCEEDED):
        found.problems.append(_mismatch("refund_failure_unbooked", movement, 0, movement.amount))


def _transfer(movement: BalanceTransaction, found: Reconciliation) -> None:
    payout = Payout.objects.filter(external_id=movement.source, state=PayoutState.PAID).first()
    if payout is None or payout.amount != -movement.amount:
        found.problems.append(_mismatch("transfer_differs", movement, -payout.amount if payout else 0, movement.amount))


def _float(movement: BalanceTransaction, found: Reconciliation) -> None:
    with transaction.atomic():
        found.floats_booked += ledger.post(
            key=f"float:{movement.external_id}", kind="float", escrow=None, currency=movement.currency,
            lines=[
                ledger.Line(chart.BANK, chart.FLOAT, movement.amount),
                ledger.Line(chart.provider(), chart.BANK, movement.amount),
            ],
        )  # fmt: skip


def _unknown(movement: BalanceTransaction, found: Reconciliation) -> None:
    found.problems.append(_mismatch(f"unexpected_{movement.type}"[:60], movement, 0, movement.net))


def _mismatch(code: str, movement: BalanceTransaction, ours: int, theirs: int) -> Mismatch:
    return Mismatch(code, movement.source or movement.external_id, ours, theirs, movement.currency)


_HANDLERS: dict[str, Callable[[BalanceTransaction, Reconciliation], None]] = {
    "charge": _charge,
    "payment": _charge,
    "refund": _refund,
    "payment_refund": _refund,
    "refund_failure": _refund_failure,
    "payment_failure_refund": _refund_failure,
    "transfer": _transfer,
    "topup": _float,
}


def _compare_balances(provider: Gateway, found: Reconciliation) -> None:
    balance = provider.balance()
    code = chart.provider()
    known = LedgerAccount.objects.filter(code=code).values_list("currency", flat=True)
    for currency in sorted({*known, *balance.available, *balance.pending}):
        ours = ledger.balance(code, currency) - found.in_transit.get(currency, 0)
        theirs = balance.available.get(currency, 0) + balance.pending.get(currency, 0)
        if ours != theirs:
            found.problems.append(Mismatch("balance_differs", code, ours, theirs, currency))


def coverage(currency: str) -> tuple[int, int]:
    """What we have at provider and bank, and what we owe people, in minor units: the first should cover the second."""
    have = sum(ledger.balance(code, currency) for code in (chart.provider(), chart.BANK))
    have -= ledger.balance(chart.disputed(), currency)
    limited = LedgerAccount.objects.filter(limited=True, currency=currency)
    owed = limited.aggregate(total=Sum(F("credits") - F("debits")))["total"] or 0
    return have, owed
