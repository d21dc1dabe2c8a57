"""Stripe: the only module of the product that imports its library."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import stripe
from django.utils.translation import gettext as _

from cms.core import clock
from funding.exceptions import ProviderRefused, ProviderUnavailable, RateLimited, WebhookRefused
from funding.gateways import notices, snapshots
from funding.gateways.base import (
    AccountSnapshot,
    BalanceSnapshot,
    BalanceTransaction,
    BankPayoutSnapshot,
    CheckoutRequest,
    CheckoutSnapshot,
    DisputeSnapshot,
    ProviderEvent,
    RefundRequest,
    RefundSnapshot,
    TransferRequest,
    TransferSnapshot,
)

logger = logging.getLogger("kindling.stripe")

# What this code was written against; a test holds it against the installed package's own.
API_VERSION = "2026-10-28.endive"
WEBHOOK_TOLERANCE = 300  # seconds, either way
CHECKOUT_DETAIL = ["payment_intent.latest_charge.balance_transaction"]
BUSINESS_TYPES = {"person": "individual", "sole_trader": "individual", "company": "company", "charity": "non_profit"}
LOCALES = {"zh-hans": "zh"}
# Codes of refusals that are no refusals: the very same request may succeed in a moment.
PASSING = {"idempotency_key_in_use", "lock_timeout", "rate_limit"}

P = ParamSpec("P")
R = TypeVar("R")


def speaks_stripe(call: Callable[P, R]) -> Callable[P, R]:
    """Raise our exceptions instead of the library's."""

    @wraps(call)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return call(*args, **kwargs)
        except stripe.StripeError as error:
            raise _translated(error) from error

    return wrapped


def _translated(error: stripe.StripeError) -> ProviderUnavailable | ProviderRefused:
    code = error.code or ""
    if isinstance(error, stripe.RateLimitError) or code in PASSING:
        return RateLimited(_("The payment provider is busy. Please try again in a moment."))
    refused = (stripe.InvalidRequestError, stripe.CardError, stripe.IdempotencyError)
    if isinstance(error, refused):
        logger.warning("Stripe refused: %s %s", code, error.user_message)
        return ProviderRefused(_("The payment provider refused."), provider_code=code or type(error).__name__)
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
        # Our key, not their request: what was planned waits until somebody has put it right.
        logger.error("Stripe does not accept our key: %s", error.user_message)
    message = _("The payment provider can't be reached. Nothing was charged; please try again in a moment.")
    return ProviderUnavailable(message)


class StripeGateway:
    """Separate charges and transfers on the platform's account, hosted Checkout, refunds by payment."""

    name = "stripe"
    acknowledgement = ""
    told_within = timedelta(hours=1)

    def __init__(self, *, key: str, base: str, timeout: float, webhook_secrets: list[str], livemode: bool) -> None:
        addresses: Any = {"api": base} if base else {}
        self._client = stripe.StripeClient(
            key,
            stripe_version=API_VERSION,
            base_addresses=addresses,
            # A retry of the library's own would hide from us that the first call may have counted.
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=timeout),
        )
        self._webhook_secrets = webhook_secrets
        self._livemode = livemode

    @speaks_stripe
    def create_checkout(self, request: CheckoutRequest) -> CheckoutSnapshot:
        """Open a hosted checkout; `url` is where the backer pays."""
        metadata = {"pledge": request.pledge, "payment": str(request.payment), "command": request.command}
        product = {"name": request.name[:250]}
        price = {"currency": request.currency.lower(), "unit_amount": request.amount, "product_data": product}
        params: Any = {
            "mode": "payment",
            "line_items": [{"price_data": price, "quantity": 1}],
            "client_reference_id": request.pledge,
            "customer_email": request.email,
            "locale": LOCALES.get(request.locale, request.locale),
            "allowed_payment_method_types": request.methods,
            "adaptive_pricing": {"enabled": False},
            "expires_at": request.expires_at,
            "success_url": request.success_url,
            "cancel_url": request.cancel_url,
            "metadata": metadata,
            "payment_intent_data": {"transfer_group": f"escrow:{request.escrow}", "metadata": metadata},
        }
        session = self._client.v1.checkout.sessions.create(params, {"idempotency_key": request.command})
        return snapshots.checkout(session.to_dict())

    @speaks_stripe
    def expire_checkout(self, *, session_id: str, command: str) -> CheckoutSnapshot:
        """End an open checkout; one that has already ended is answered as it is, paid or not."""
        params: Any = {"expand": CHECKOUT_DETAIL}
        try:
            session = self._client.v1.checkout.sessions.expire(session_id, params, {"idempotency_key": command})
        except stripe.InvalidRequestError:
            found = self.retrieve_checkout(session_id)
            if found.status == "open":
                raise
            return found
        return snapshots.checkout(session.to_dict())

    @speaks_stripe
    def retrieve_checkout(self, session_id: str) -> CheckoutSnapshot:
        """The checkout with its payment, charge, method and fee."""
        session = self._client.v1.checkout.sessions.retrieve(session_id, {"expand": CHECKOUT_DETAIL})
        return snapshots.checkout(session.to_dict())

    @speaks_stripe
    def find_checkout(self, *, command: str, since: datetime) -> CheckoutSnapshot | None:
        """The checkout that a command opened, among those made since an instant of the provider's clock."""
        created: Any = {"gte": int(since.timestamp())}
        sessions = self._client.v1.checkout.sessions.list({"created": created, "limit": 100})
        found = (snapshots.checkout(session.to_dict()) for session in sessions.auto_paging_iter())
        session = next((session for session in found if session.metadata.get("command") == command), None)
        return self.retrieve_checkout(session.external_id) if session else None

    @speaks_stripe
    def create_refund(self, request: RefundRequest) -> RefundSnapshot:
        """Ask for a refund; it may stay pending for days."""
        metadata = {"refund": str(request.refund), "payment": str(request.payment), "command": request.command}
        params: Any = {"payment_intent": request.intent_id, "amount": request.amount, "metadata": metadata}
        refund = self._client.v1.refunds.create(params, {"idempotency_key": request.command})
        return snapshots.refund(refund.to_dict())

    @speaks_stripe
    def retrieve_refund(self, refund_id: str) -> RefundSnapshot:
        """The refund as it stands."""
        return snapshots.refund(self._client.v1.refunds.retrieve(refund_id).to_dict())

    @speaks_stripe
    def find_refund(self, *, command: str, intent_id: str) -> RefundSnapshot | None:
        """The refund that a command asked for, among those of a payment."""
        refunds = self._client.v1.refunds.list({"payment_intent": intent_id, "limit": 100})
        found = (snapshots.refund(refund.to_dict()) for refund in refunds.auto_paging_iter())
        return next((refund for refund in found if refund.metadata.get("command") == command), None)

    @speaks_stripe
    def create_transfer(self, request: TransferRequest) -> TransferSnapshot:
        """Move money from our balance to a connected account; definite on its answer."""
        params: Any = {
            "amount": request.amount,
            "currency": request.currency.lower(),
            "destination": request.destination,
            "transfer_group": f"escrow:{request.escrow}",
            "metadata": {"payout": str(request.payout), "command": request.command},
        }
        transfer = self._client.v1.transfers.create(params, {"idempotency_key": request.command})
        return snapshots.transfer(transfer.to_dict())

    @speaks_stripe
    def retrieve_transfer(self, transfer_id: str) -> TransferSnapshot:
        """The transfer as it stands."""
        return snapshots.transfer(self._client.v1.transfers.retrieve(transfer_id).to_dict())

    @speaks_stripe
    def find_transfer(self, *, command: str, escrow: str) -> TransferSnapshot | None:
        """The transfer that a command made, among those of an escrow."""
        transfers = self._client.v1.transfers.list({"transfer_group": f"escrow:{escrow}", "limit": 100})
        found = (snapshots.transfer(transfer.to_dict()) for transfer in transfers.auto_paging_iter())
        return next((transfer for transfer in found if transfer.metadata.get("command") == command), None)

    @speaks_stripe
    def retrieve_dispute(self, dispute_id: str) -> DisputeSnapshot:
        """The dispute as it stands."""
        return snapshots.dispute(self._client.v1.disputes.retrieve(dispute_id).to_dict())

    @speaks_stripe
    def disputes(self, *, since: datetime | None = None) -> Iterator[DisputeSnapshot]:
        """Every dispute opened since an instant, newest first."""
        params: Any = {"limit": 100} | ({"created": {"gte": int(since.timestamp())}} if since else {})
        listed = self._client.v1.disputes.list(params)
        return iter([snapshots.dispute(found.to_dict()) for found in listed.auto_paging_iter()])

    @speaks_stripe
    def submit_evidence(self, *, dispute_id: str, text: str, command: str) -> DisputeSnapshot:
        """Send the bank what speaks for us, once and for good; then it decides."""
        params: Any = {"evidence": {"uncategorized_text": text}, "submit": True}
        found = self._client.v1.disputes.update(dispute_id, params, {"idempotency_key": command})
        return snapshots.dispute(found.to_dict())

    @speaks_stripe
    def accept_dispute(self, *, dispute_id: str, command: str) -> DisputeSnapshot:
        """Concede: the dispute is lost."""
        found = self._client.v1.disputes.close(dispute_id, {}, {"idempotency_key": command})
        return snapshots.dispute(found.to_dict())

    @speaks_stripe
    def reverse_transfer(self, *, transfer_id: str, command: str) -> TransferSnapshot:
        """Take a whole transfer back from the connected account, and the transfer as it stands then."""
        params: Any = {"metadata": {"command": command}}
        self._client.v1.transfers.reversals.create(transfer_id, params, {"idempotency_key": command})
        return self.retrieve_transfer(transfer_id)

    @speaks_stripe
    def retrieve_bank_payout(self, *, payout_id: str, account_id: str) -> BankPayoutSnapshot:
        """What became of money that left a connected account for its bank."""
        options: Any = {"stripe_account": account_id}
        found = self._client.v1.payouts.retrieve(payout_id, None, options)
        parts = self._client.v1.balance_transactions.list({"payout": payout_id, "limit": 100}, options)
        return snapshots.bank_payout(found.to_dict(), [one.to_dict() for one in parts.auto_paging_iter()])

    @speaks_stripe
    def create_account(self, *, country: str, email: str, kind: str, creator_id: int, command: str) -> AccountSnapshot:
        """A connected account for a creator; `kind` is person, company or charity."""
        params: Any = {
            "country": country,
            "email": email,
            "business_type": BUSINESS_TYPES[kind],
            "capabilities": {"transfers": {"requested": True}},
            "controller": {
                "fees": {"payer": "application"},
                "losses": {"payments": "application"},
                "stripe_dashboard": {"type": "express"},
            },
            "metadata": {"creator": str(creator_id), "command": command},
        }
        account = self._client.v1.accounts.create(params, {"idempotency_key": command})
        return snapshots.account(account.to_dict())

    @speaks_stripe
    def retrieve_account(self, account_id: str) -> AccountSnapshot:
        """The connected account as it stands."""
        return snapshots.account(self._client.v1.accounts.retrieve(account_id).to_dict())

    @speaks_stripe
    def account_link(self, *, account_id: str, return_url: str, refresh_url: str) -> str:
        """A link, valid for minutes, to the provider's own onboarding pages."""
        params: Any = {
            "account": account_id,
            "type": "account_onboarding",
            "return_url": return_url,
            "refresh_url": refresh_url,
        }
        return str(self._client.v1.account_links.create(params).url)

    @speaks_stripe
    def balance(self) -> BalanceSnapshot:
        """Our balance."""
        return snapshots.balance(self._client.v1.balance.retrieve().to_dict())

    def settled_balance(self) -> BalanceSnapshot:
        """Our balance: every movement is told at once."""
        return self.balance()

    @speaks_stripe
    def balance_transactions(self, *, since: datetime | None = None) -> Iterator[BalanceTransaction]:
        """Every movement of our balance since an instant, newest first."""
        # A reversal names its transfer only when it is told in full.
        params: Any = {"limit": 100, "expand": ["data.source"]}
        if since is not None:
            params["created"] = {"gte": int(since.timestamp())}
        listed = self._client.v1.balance_transactions.list(params)
        # Read at once: an error on a later page must be ours, too.
        return iter([snapshots.balance_transaction(found.to_dict()) for found in listed.auto_paging_iter()])

    def verify_webhook(self, *, body: bytes, headers: Mapping[str, str]) -> ProviderEvent:
        """The event in a signed request. Raises `WebhookRefused` if it is forged, stale or of another mode."""
        self._verify_signature(body, headers.get("Stripe-Signature", ""))
        try:
            event = json.loads(body)
            livemode, found = bool(event["livemode"]), event["data"]["object"]
            read = ProviderEvent(
                event["id"], event["type"], found.get("id") or "", event.get("account") or "", notices.kept(event)
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise WebhookRefused("This is no event.", reason="shape") from error
        if livemode != self._livemode:
            raise WebhookRefused("The event is of another mode.", reason="livemode")
        return read

    def _verify_signature(self, body: bytes, signature: str) -> None:
        for secret in self._webhook_secrets:
            try:
                # The library would compare the time with the wrong clock: freshness is checked below.
                stripe.WebhookSignature.verify_header(body, signature, secret, tolerance=None)
                break
            except (stripe.SignatureVerificationError, UnicodeDecodeError):
                continue
        else:
            raise WebhookRefused("The signature doesn't match.", reason="signature")
        signed_at = next(int(part[2:]) for part in signature.split(",") if part.startswith("t="))
        if abs(clock.now().timestamp() - signed_at) > WEBHOOK_TOLERANCE:
            raise WebhookRefused("The event was not signed just now.", reason="stale")
