"""What direct channels have in common: they take payments and give them back, in yuan, and tell the rest in bills.

Who is paid out, and through what, is no matter of theirs: that goes by the creator's payout account.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import NoReturn

from django.utils.translation import gettext as _

from cms.core import clock
from funding.exceptions import ProviderRefused, ProviderUnavailable, RateLimited
from funding.gateways.base import (
    AccountSnapshot,
    BalanceTransaction,
    BankPayoutSnapshot,
    DisputeSnapshot,
    TransferRequest,
    TransferSnapshot,
)

CURRENCY = "CNY"
BEIJING = timezone(timedelta(hours=8))
# A day's bill is there at ten the next morning; providers keep bills for three months.
BILL_READY = timedelta(hours=10)
OLDEST_BILL = timedelta(days=89)
CALLBACK_TOLERANCE = 300  # seconds, either way
MISSING = "resource_missing"


def number_of(command: str) -> str:
    """Our stored key in the letters and length that providers allow for an order or refund: the same key, the same
    order."""
    return hashlib.sha256(command.encode()).hexdigest()[:32]


def fen(yuan: str) -> int:
    """Minor units of a sum that a provider writes in yuan. Raises `ValueError` for parts of a fen."""
    try:
        found = Decimal(yuan.strip().replace(",", "") or "0") * 100
    except InvalidOperation as error:
        raise ValueError(yuan) from error
    if not found.is_finite() or found != int(found):
        raise ValueError(yuan)
    return int(found)


def in_yuan(minor: int) -> str:
    """The other way: 1234 is `12.34`."""
    return f"{minor // 100}.{minor % 100:02d}"


def unreachable(why: str) -> ProviderUnavailable:
    """No answer, or none that proves anything: whether it was done is not known."""
    message = _("The payment provider can't be reached. Nothing was charged; please try again in a moment.")
    return ProviderUnavailable(message, provider_code=why)


def busy() -> RateLimited:
    """Turned away at the door."""
    return RateLimited(_("The payment provider is busy. Please try again in a moment."))


def refused(code: str) -> ProviderRefused:
    """A definite no."""
    return ProviderRefused(_("The payment provider refused."), provider_code=code)


def local_time(instant: datetime) -> datetime:
    """Of an instant, what the clocks in Beijing show."""
    return instant.astimezone(BEIJING)


def from_local(text: str) -> datetime:
    """UTC of `2026-11-22 18:30:00` in Beijing."""
    return datetime.strptime(text.strip(), "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING).astimezone(UTC)


def last_bill() -> date:
    """The newest day whose bill is there."""
    return (local_time(clock.now()) - BILL_READY).date() - timedelta(days=1)


def bill_days(since: datetime | None) -> Iterator[date]:
    """The days whose bills tell all since an instant, newest first."""
    newest = last_bill()
    oldest = newest - OLDEST_BILL
    if since is not None:
        oldest = max(oldest, local_time(since).date())
    for back in range((newest - oldest).days + 1):
        yield newest - timedelta(days=back)


def newest_first(movements: list[BalanceTransaction], since: datetime | None) -> Iterator[BalanceTransaction]:
    """Movements in the order that `balance_transactions` promises."""
    kept = [one for one in movements if since is None or one.created_at >= since]
    return iter(sorted(kept, key=lambda one: one.created_at, reverse=True))


class DirectChannel:
    """Says no to what a direct channel has no part in."""

    # Movements appear in the next morning's bill: so long may we know of one that the provider has not told.
    told_within = timedelta(hours=36)

    def _no(self) -> NoReturn:
        raise ProviderRefused(_("The payment provider doesn't offer this."), provider_code="not_offered")

    def create_transfer(self, request: TransferRequest) -> TransferSnapshot:
        """Not through this channel."""
        self._no()

    def retrieve_transfer(self, transfer_id: str) -> TransferSnapshot:
        """Not through this channel."""
        self._no()

    def find_transfer(self, *, command: str, escrow: str) -> TransferSnapshot | None:
        """There is none."""
        return None

    def reverse_transfer(self, *, transfer_id: str, command: str) -> TransferSnapshot:
        """Not through this channel."""
        self._no()

    def retrieve_dispute(self, dispute_id: str) -> DisputeSnapshot:
        """Wallets know complaints, which move no money by themselves, and no chargebacks."""
        self._no()

    def disputes(self, *, since: datetime | None = None) -> Iterator[DisputeSnapshot]:
        """None, ever."""
        return iter(())

    def submit_evidence(self, *, dispute_id: str, text: str, command: str) -> DisputeSnapshot:
        """Not through this channel."""
        self._no()

    def accept_dispute(self, *, dispute_id: str, command: str) -> DisputeSnapshot:
        """Not through this channel."""
        self._no()

    def retrieve_bank_payout(self, *, payout_id: str, account_id: str) -> BankPayoutSnapshot:
        """Not through this channel."""
        self._no()

    def create_account(self, *, country: str, email: str, kind: str, creator_id: int, command: str) -> AccountSnapshot:
        """Not through this channel."""
        self._no()

    def retrieve_account(self, account_id: str) -> AccountSnapshot:
        """Not through this channel."""
        self._no()

    def account_link(self, *, account_id: str, return_url: str, refresh_url: str) -> str:
        """Not through this channel."""
        self._no()
