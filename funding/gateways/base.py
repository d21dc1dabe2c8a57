"""What a provider of payments promises, in our own words. Amounts are minor units; instants are UTC."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol


@dataclass(frozen=True)
class CheckoutRequest:
    """A hosted checkout to open. `command` is the stored idempotency key, also written into the metadata.

    `pay_url` is our own page of the payment, for providers that have none; `handset` and `client_ip` say what the
    backer sits at, where a provider has ways of its own for phones.
    """

    command: str
    pledge: str
    payment: int
    escrow: str
    name: str
    email: str
    locale: str
    amount: int
    currency: str
    methods: list[str]
    expires_at: int  # seconds since 1970, app time
    success_url: str
    cancel_url: str
    pay_url: str = ""
    handset: bool = False
    client_ip: str = ""


@dataclass(frozen=True)
class CheckoutSnapshot:
    """A checkout as the provider tells it now. `paid` is the only word for money that came.

    `status` is open, complete or expired; `intent_status` follows the provider's payment intent; `fee` is the
    provider's own fee in minor units of `fee_currency`, None until it is known. `amount` is None where the provider
    tells it of paid orders only. `code` is what our own page shows of a fresh one: a QR code's text, or an address.
    """

    external_id: str
    status: str
    paid: bool
    amount: int | None
    currency: str
    url: str = ""
    code: str = ""
    intent_id: str = ""
    intent_status: str = ""
    charge_id: str = ""
    method: str = ""
    failure_code: str = ""
    fee: int | None = None
    fee_currency: str = ""
    begun_at: datetime | None = None
    expires_at: datetime | None = None
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RefundRequest:
    """A refund of one payment."""

    command: str
    refund: int
    payment: int
    escrow: str
    intent_id: str
    amount: int
    currency: str


@dataclass(frozen=True)
class RefundSnapshot:
    """A refund as the provider tells it now; `status` is pending, requires_action, succeeded, failed or canceled.

    `pending_reason` is insufficient_funds while it waits for our balance.
    """

    external_id: str
    status: str
    amount: int
    currency: str
    intent_id: str = ""
    failure_code: str = ""
    pending_reason: str = ""
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TransferRequest:
    """A transfer to a creator's connected account."""

    command: str
    payout: int
    escrow: str
    amount: int
    currency: str
    destination: str


@dataclass(frozen=True)
class TransferSnapshot:
    """A transfer as the provider tells it now; `destination_payment` is what the connected account has of it."""

    external_id: str
    amount: int
    currency: str
    destination: str
    amount_reversed: int = 0
    reversed: bool = False
    destination_payment: str = ""
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DisputeSnapshot:
    """A dispute as the provider tells it now, amounts in minor units.

    `status` is warning, needs_response, under_review, won, lost or closed. `withdrawn`, `fee`, `reinstated` and
    `fee_returned` are sums of its balance transactions, in `settled_in`: what has moved, whatever the status says.
    """

    external_id: str
    status: str
    amount: int
    currency: str
    intent_id: str
    opened_at: datetime
    charge_id: str = ""
    reason: str = ""
    withdrawn: int = 0
    fee: int = 0
    reinstated: int = 0
    fee_returned: int = 0
    settled_in: str = ""
    evidence_due_at: datetime | None = None


@dataclass(frozen=True)
class AccountSnapshot:
    """A connected account; `requirements` are the provider's codes of what is still due.

    `bank` tells one bank account from another, `bank_last4` is what people may see of it.
    """

    external_id: str
    country: str
    details_submitted: bool
    transfers_enabled: bool
    requirements: list[str] = field(default_factory=list)
    payouts_enabled: bool = True
    bank: str = ""
    bank_last4: str = ""


@dataclass(frozen=True)
class BankPayoutSnapshot:
    """Money on its way from a connected account to its bank; `status` is pending, in_transit, paid, failed, canceled.

    `payments` are those that it is made of, as transfers name them in `destination_payment`.
    """

    external_id: str
    status: str
    payments: list[str]
    failure_code: str = ""


@dataclass(frozen=True)
class BalanceTransaction:
    """One movement of our balance at the provider: net = amount − fee, minor units, negative for money out."""

    external_id: str
    type: str
    amount: int
    fee: int
    net: int
    currency: str
    source: str
    created_at: datetime
    undoes: str = ""  # the object that `source` undoes, where it undoes one: a reversal's transfer


@dataclass(frozen=True)
class BalanceSnapshot:
    """Our balance at the provider, minor units by currency."""

    available: dict[str, int]
    pending: dict[str, int]


@dataclass(frozen=True)
class ProviderEvent:
    """A verified webhook: a hint that `object_id` should be fetched again."""

    external_id: str
    type: str
    object_id: str
    account: str
    payload: dict[str, Any]
    provider: str = "stripe"


class Gateway(Protocol):
    """A provider. Every call may raise `ProviderUnavailable` (the outcome may be unknown), `RateLimited` (it had no
    effect) or `ProviderRefused` (a definite no). Calls that change something carry the stored idempotency key; the
    same key returns the same result for 24 hours. `find_*` look an object up by the command in its metadata.

    `acknowledgement` is the body that the provider wants to see for a webhook, `told_within` how late it may tell of
    a movement of our balance.
    """

    name: str
    acknowledgement: str
    told_within: timedelta

    def create_checkout(self, request: CheckoutRequest) -> CheckoutSnapshot:
        """Open a hosted checkout; `url` is where the backer pays."""
        ...

    def expire_checkout(self, *, session_id: str, command: str) -> CheckoutSnapshot:
        """End an open checkout; one that has already ended is answered as it is, paid or not."""
        ...

    def retrieve_checkout(self, session_id: str) -> CheckoutSnapshot:
        """The checkout with its payment, charge, method and fee."""
        ...

    def find_checkout(self, *, command: str, since: datetime) -> CheckoutSnapshot | None:
        """The checkout that a command opened, among those made since a real instant."""
        ...

    def create_refund(self, request: RefundRequest) -> RefundSnapshot:
        """Ask for a refund; it may stay pending for days."""
        ...

    def retrieve_refund(self, refund_id: str) -> RefundSnapshot:
        """The refund as it stands."""
        ...

    def find_refund(self, *, command: str, intent_id: str) -> RefundSnapshot | None:
        """The refund that a command asked for, among those of a payment."""
        ...

    def create_transfer(self, request: TransferRequest) -> TransferSnapshot:
        """Move money from our balance to a connected account; definite on its answer."""
        ...

    def retrieve_transfer(self, transfer_id: str) -> TransferSnapshot:
        """The transfer as it stands."""
        ...

    def find_transfer(self, *, command: str, escrow: str) -> TransferSnapshot | None:
        """The transfer that a command made, among those of an escrow."""
        ...

    def retrieve_dispute(self, dispute_id: str) -> DisputeSnapshot:
        """The dispute as it stands."""
        ...

    def disputes(self, *, since: datetime | None = None) -> Iterator[DisputeSnapshot]:
        """Every dispute opened since an instant, newest first."""
        ...

    def submit_evidence(self, *, dispute_id: str, text: str, command: str) -> DisputeSnapshot:
        """Send the bank what speaks for us, once and for good; then it decides."""
        ...

    def accept_dispute(self, *, dispute_id: str, command: str) -> DisputeSnapshot:
        """Concede: the dispute is lost."""
        ...

    def reverse_transfer(self, *, transfer_id: str, command: str) -> TransferSnapshot:
        """Take a whole transfer back from the connected account, and the transfer as it stands then."""
        ...

    def retrieve_bank_payout(self, *, payout_id: str, account_id: str) -> BankPayoutSnapshot:
        """What became of money that left a connected account for its bank."""
        ...

    def create_account(self, *, country: str, email: str, kind: str, creator_id: int, command: str) -> AccountSnapshot:
        """A connected account for a creator; `kind` is person, company or charity."""
        ...

    def retrieve_account(self, account_id: str) -> AccountSnapshot:
        """The connected account as it stands."""
        ...

    def account_link(self, *, account_id: str, return_url: str, refresh_url: str) -> str:
        """A link, valid for minutes, to the provider's own onboarding pages."""
        ...

    def balance(self) -> BalanceSnapshot:
        """Our balance."""
        ...

    def settled_balance(self) -> BalanceSnapshot:
        """What all of `balance_transactions` adds up to, in the provider's own words."""
        ...

    def balance_transactions(self, *, since: datetime | None = None) -> Iterator[BalanceTransaction]:
        """Every movement of our balance since an instant, newest first."""
        ...

    def verify_webhook(self, *, body: bytes, headers: Mapping[str, str]) -> ProviderEvent:
        """The event in a signed request, by its raw body and its headers.

        Raises `WebhookRefused` if it is forged, stale or of another mode or merchant.
        """
        ...
