"""A provider that answers as it is told, for tests of what we do with its answers; and pledges paid through it."""

import dataclasses
import itertools
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from cms.core import clock
from cms.users.selectors import person_hash
from funding.exceptions import ProviderRefused, ProviderUnavailable
from funding.gateways.base import (
    AccountSnapshot,
    BalanceSnapshot,
    BalanceTransaction,
    CheckoutRequest,
    CheckoutSnapshot,
    DisputeSnapshot,
    RefundRequest,
    RefundSnapshot,
    TransferRequest,
    TransferSnapshot,
)
from funding.models import Escrow, Payment, Pledge, PledgeLine, Reward
from funding.services import paying, stocking
from funding.states import PAYMENT, PLEDGE, PaymentState
from funding.transitions import log_start, transition

_numbers = itertools.count(1)


class ScriptedGateway:
    """Answers by idempotency key, like the real one: the same key, the same object."""

    name = "stripe"
    acknowledgement = ""
    told_within = timedelta(hours=1)

    def __init__(self) -> None:
        self.refund_status: dict[int, str] = {}  # by payment; else succeeded
        self.refund_code = "charge_for_pending_refund_disputed"  # why a refund fails
        self.short = False  # the balance doesn't cover pending refunds
        self.reversal_code = ""  # refuse to reverse transfers with this code
        self.checkout_code = ""  # refuse checkouts with this code
        self.transfer_code = ""  # refuse transfers with this code
        self.down = False
        self.refunds: dict[str, RefundSnapshot] = {}
        self.transfers: dict[str, TransferSnapshot] = {}
        self.ended: list[str] = []
        self.accounts: dict[str, AccountSnapshot] = {}
        self.movements: list[BalanceTransaction] = []
        self.contested: dict[str, DisputeSnapshot] = {}
        self.dispute_code = ""  # refuse answers to disputes with this code

    def _require_up(self) -> None:
        if self.down:
            raise ProviderUnavailable("down")

    def create_checkout(self, request: CheckoutRequest) -> CheckoutSnapshot:
        self._require_up()
        if self.checkout_code:
            raise ProviderRefused("no", provider_code=self.checkout_code)
        url = f"http://pay.example/{request.payment}"
        return CheckoutSnapshot(f"cs_s{request.payment}", "open", False, request.amount, request.currency, url=url)

    def find_checkout(self, *, command: str, since: datetime) -> CheckoutSnapshot | None:
        return None

    def create_refund(self, request: RefundRequest) -> RefundSnapshot:
        self._require_up()
        if request.command not in self.refunds:
            status = self.refund_status.get(request.payment, "succeeded")
            if status == "refused":
                raise ProviderRefused("no", provider_code="charge_not_refundable")
            self.refunds[request.command] = RefundSnapshot(
                f"re_{request.command}", status, request.amount, request.currency, request.intent_id,
                failure_code=self.refund_code if status == "failed" else "",
                pending_reason="insufficient_funds" if status == "pending" and self.short else "",
            )  # fmt: skip
            if status == "succeeded":
                self._move("refund", -request.amount, request.currency, f"re_{request.command}")
        return self.refunds[request.command]

    def retrieve_refund(self, refund_id: str) -> RefundSnapshot:
        return next(one for one in self.refunds.values() if one.external_id == refund_id)

    def settle_refunds(self, status: str) -> None:
        """What was pending is known now."""
        self.refund_status.clear()
        for command, refund in self.refunds.items():
            if refund.status == "pending":
                code = "card_declined" if status == "failed" else ""
                self.refunds[command] = replace(refund, status=status, failure_code=code)
                if status == "succeeded":
                    self._move("refund", -refund.amount, refund.currency, refund.external_id)

    def find_refund(self, *, command: str, intent_id: str) -> RefundSnapshot | None:
        return self.refunds.get(command)

    def create_transfer(self, request: TransferRequest) -> TransferSnapshot:
        self._require_up()
        if self.transfer_code:
            raise ProviderRefused("no", provider_code=self.transfer_code)
        if request.command not in self.transfers:
            made = TransferSnapshot(
                f"tr_{request.command}", request.amount, request.currency, request.destination,
                destination_payment=f"py_{request.command}",
            )  # fmt: skip
            self.transfers[request.command] = made
            self._move("transfer", -request.amount, request.currency, made.external_id)
        return self.transfers[request.command]

    def find_transfer(self, *, command: str, escrow: str) -> TransferSnapshot | None:
        return self.transfers.get(command)

    def retrieve_transfer(self, transfer_id: str) -> TransferSnapshot:
        return next(one for one in self.transfers.values() if one.external_id == transfer_id)

    def reverse_transfer(self, *, transfer_id: str, command: str) -> TransferSnapshot:
        self._require_up()
        if self.reversal_code:
            raise ProviderRefused("no", provider_code=self.reversal_code)
        made = self.retrieve_transfer(transfer_id)
        return replace(made, amount_reversed=made.amount, reversed=True)

    def expire_checkout(self, *, session_id: str, command: str) -> CheckoutSnapshot:
        self._require_up()
        self.ended.append(session_id)
        payment = Payment.objects.get(session_id=session_id)
        return CheckoutSnapshot(session_id, "expired", False, payment.amount, payment.currency)

    def create_account(self, *, country: str, email: str, kind: str, creator_id: int, command: str) -> AccountSnapshot:
        self._require_up()
        return self.accounts.setdefault(command, AccountSnapshot(f"acct_{creator_id}", country, False, False))

    def retrieve_account(self, account_id: str) -> AccountSnapshot:
        known = (one for one in self.accounts.values() if one.external_id == account_id)
        return next(known, AccountSnapshot(account_id, "CN", True, True))

    def account_link(self, *, account_id: str, return_url: str, refresh_url: str) -> str:
        return f"https://provider.example/{account_id}"

    def retrieve_dispute(self, dispute_id: str) -> DisputeSnapshot:
        self._require_up()
        if dispute_id not in self.contested:
            raise ProviderRefused("no", provider_code="resource_missing")
        return self.contested[dispute_id]

    def disputes(self, *, since: datetime | None = None) -> Iterator[DisputeSnapshot]:
        self._require_up()
        told = sorted(self.contested.values(), key=lambda one: one.opened_at, reverse=True)
        return iter([one for one in told if since is None or one.opened_at >= since])

    def submit_evidence(self, *, dispute_id: str, text: str, command: str) -> DisputeSnapshot:
        return self._answer(dispute_id, "under_review")

    def accept_dispute(self, *, dispute_id: str, command: str) -> DisputeSnapshot:
        return self._answer(dispute_id, "lost")

    def _answer(self, dispute_id: str, status: str) -> DisputeSnapshot:
        self._require_up()
        if self.dispute_code:
            raise ProviderRefused("no", provider_code=self.dispute_code)
        return self.say(dispute_id, status)

    def contest(
        self, payment: Payment, *, amount: int | None = None, fee: int = 15_00, status: str = "needs_response",
        withdraw: bool = True, **fields: Any,
    ) -> DisputeSnapshot:  # fmt: skip
        """A bank disputes a charge: by default its money and a fee leave the balance at once."""
        number = next(_numbers)
        amount = payment.captured if amount is None else amount
        told = DisputeSnapshot(
            f"dp_{number}", status, amount, payment.currency, payment.intent_id, clock.now(), payment.charge_id,
            "fraudulent", evidence_due_at=clock.now() + timedelta(days=7), **fields,
        )  # fmt: skip
        self.contested[told.external_id] = told
        return self.say(told.external_id, withdrawn=amount, fee=fee) if withdraw else told

    def say(self, dispute_id: str, status: str = "", **moved: int) -> DisputeSnapshot:
        """What the bank says now, and what it has moved: withdrawn, fee, reinstated, fee_returned."""
        told = self.contested[dispute_id]
        for name, sign in (("withdrawn", -1), ("reinstated", 1)):
            if amount := moved.get(name):
                fee = moved.get("fee", 0) if sign < 0 else -moved.get("fee_returned", 0)
                self._move("adjustment", sign * amount, told.currency, dispute_id, fee=fee)
        changes: dict[str, Any] = {**moved, **({"settled_in": told.currency} if moved else {})}
        told = dataclasses.replace(told, status=status or told.status, **changes)
        self.contested[dispute_id] = told
        return told

    def charge(self, payment: Payment, fee: int) -> None:
        """A charge as the provider's balance shows it."""
        self._move("charge", payment.amount, payment.currency, payment.charge_id, fee=fee)

    def _move(self, type: str, amount: int, currency: str, source: str, *, fee: int = 0) -> None:
        number = len(self.movements) + 1
        self.movements.append(
            BalanceTransaction(f"txn_{number}", type, amount, fee, amount - fee, currency, source, clock.now())
        )

    def balance_transactions(self, *, since: datetime | None = None) -> Iterator[BalanceTransaction]:
        return iter(self.movements[::-1])

    def settled_balance(self) -> BalanceSnapshot:
        return self.balance()

    def balance(self) -> BalanceSnapshot:
        sums: dict[str, int] = {}
        for one in self.movements:
            sums[one.currency] = sums.get(one.currency, 0) + one.net
        return BalanceSnapshot(sums, {})


def reserved_pledge(
    escrow: Escrow, *, email: str = "", rewards: dict[str, int] | None = None, extra: int = 0, **fields: Any
) -> Payment:
    """A pledge with its open checkout: rewards by key and quantity, without shipping, and an extra amount."""
    number = next(_numbers)
    email = email or f"backer{number}@example.com"
    lines = [(Reward.objects.get(escrow=escrow, key=key), count) for key, count in (rewards or {}).items()]
    worth = sum(reward.price * count for reward, count in lines)
    until = clock.now() + timedelta(minutes=30)
    pledge = Pledge.objects.create(
        escrow=escrow, email=email, person=person_hash(email), currency=escrow.currency, rewards_amount=worth,
        extra_amount=extra, total=worth + extra, reserved_until=until, idempotency_scope=email,
        idempotency_key=str(uuid.uuid4()), idempotency_fingerprint="f", **fields,
    )  # fmt: skip
    log_start(machine=PLEDGE, ids=[pledge.pk])
    for reward, count in lines:
        PledgeLine.objects.create(pledge=pledge, reward=reward, quantity=count, unit_price=reward.price)
    if lines:
        stocking.hold(pledge.pk)
        # Not through the service: these lines are without shipping, which nobody was offered.
        for reward, count in lines:
            Reward.objects.filter(pk=reward.pk).update(reserved=F("reserved") + count)
    payment = Payment.objects.create(
        pledge=pledge, amount=pledge.total, currency=escrow.currency, expires_at=until, session_id=f"cs_{number}"
    )
    log_start(machine=PAYMENT, ids=[payment.pk])
    transition(machine=PAYMENT, model=Payment, ids=[payment.pk], target=PaymentState.SUBMITTING)
    return payment


def pay(payment: Payment, *, fee: int | None = None, gateway: ScriptedGateway | None = None) -> Payment:
    """The provider says that a checkout was paid."""
    snapshot = CheckoutSnapshot(
        payment.session_id, "complete", True, payment.amount, payment.currency, intent_id=f"pi_{payment.pk}",
        intent_status="succeeded", charge_id=f"ch_{payment.pk}", method="card", fee=fee,
        fee_currency=payment.currency if fee is not None else "", begun_at=clock.now(),
    )  # fmt: skip
    paying.apply_snapshot(payment_id=payment.pk, snapshot=snapshot)
    payment.refresh_from_db()
    if gateway is not None:
        gateway.charge(payment, fee or 0)
    return payment


def paid_pledge(
    escrow: Escrow, *, fee: int | None = None, gateway: ScriptedGateway | None = None, **terms: Any
) -> Payment:
    """A pledge that has been paid; see `reserved_pledge`."""
    return pay(reserved_pledge(escrow, **terms), fee=fee, gateway=gateway)
