"""Changes to a paid pledge while its campaign is open: other rewards, quantity, country or amount.

What is new is reserved when the change is proposed. A dearer pledge waits in a checkout for the difference, a cheaper
one for its refund, one of equal price is changed at once. `services.swapping` has the ends.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cms.core import events, sweeps
from cms.core.clock import AppNow
from cms.core.errors import NotAllowed, Refusal
from cms.users.models import User
from funding import locks
from funding.exceptions import IdempotencyConflict, InvalidPledge, NothingChanged, PledgeNotChangeable
from funding.gateways import limits
from funding.models import Amendment, Escrow, Payment, Pledge, PledgeLine
from funding.models.refunds import RefundReason
from funding.money import major
from funding.selectors import why_not
from funding.services import channels, checkouts, ordering, refunding, shortages, swapping, swapping_stock
from funding.services.ordering import LineInput, Order, PledgeInput
from funding.states import AMENDMENT, PAYMENT, AmendmentState, EscrowState, PledgeState
from funding.transitions import log_start, transition

SWEEP_MOST = 1_000


@dataclass(frozen=True)
class AmendmentInput:
    """All that a pledge is to be, not only what changes. `extra` in minor units; the URLs as in `PledgeInput`."""

    lines: Sequence[LineInput] = ()
    extra: int = 0
    country: str = ""
    version: str = ""
    success_url: str = ""
    cancel_url: str = ""
    # Keys of secret rewards that the backer was let in to, besides what they hold.
    opened: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Quote:
    """What a change would cost: minor units; a negative difference comes back."""

    order: Order
    previous_total: int

    @property
    def difference(self) -> int:
        """To pay, or, below zero, to get back."""
        return self.order.total - self.previous_total


@dataclass(frozen=True)
class AmendmentResult:
    """A change and the pledge as it is now; `payment` has the checkout of the difference, if there is one to pay."""

    amendment: Amendment
    pledge: Pledge
    payment: Payment | None
    replayed: bool


class _AlreadyProposedError(Exception):
    """Another request with the same key was faster."""


def quote_amendment(*, pledge_id: UUID | str, request: AmendmentInput) -> Quote:
    """What a change would cost now. Nothing is written or reserved; refusals as `amend_pledge`, but for stock."""
    return _quote(_changeable(pledge_id), request, "quote")


def amend_pledge(
    *, pledge_id: UUID | str, request: AmendmentInput, actor: User | None, idempotency_key: str
) -> AmendmentResult:
    """Propose a change to a paid pledge, and carry it out as far as that goes without waiting.

    The state of the answer says how far: `awaiting_payment` with a checkout of the difference, `refunding` while the
    difference is on its way back, `applied`. The same key with the same payload gives the same answer. `actor` is
    None for a guest, whose token the caller has checked. Raises what `place_pledge` raises, `PledgeNotChangeable` with
    a reason code, `NothingChanged`, `NotAllowed`; the pledge is as it was then.
    """
    pledge = Pledge.objects.select_related("escrow").get(pk=pledge_id)
    if actor is not None and pledge.backer_id != actor.pk:
        raise NotAllowed(_("This pledge is somebody else's."))
    if pledge.amendments.filter(idempotency_key=idempotency_key).exists():
        return _replay(pledge, request, idempotency_key)
    pledge = _changeable(pledge_id)
    quote = _quote(pledge, request, idempotency_key)
    payment = _payment_of(pledge, quote)
    try:
        with transaction.atomic():
            amendment = _propose(pledge, quote, request, actor, idempotency_key)
            command = None
            if payment:
                payment.amendment = amendment
                command = checkouts.opening(
                    pledge=pledge, payment=payment, terms=quote.order.terms, success_url=request.success_url,
                    cancel_url=request.cancel_url,
                )  # fmt: skip
                payment.save(force_insert=True)
                command.save(force_insert=True)
                log_start(machine=PAYMENT, ids=[payment.pk], actor=actor)
    except _AlreadyProposedError:
        return _replay(pledge, request, idempotency_key)
    if payment and command:
        checkouts.open_now(pledge, payment, command)
    amendment.refresh_from_db()
    return AmendmentResult(amendment, _fresh(pledge), payment, replayed=False)


def drop_amendment(*, pledge_id: UUID | str, actor: User | None) -> Amendment:
    """Give up an open change: the pledge stays as it is. Raises `NotAllowed`, `PledgeNotChangeable`.

    A payment that is made all the same goes back by itself.
    """
    with transaction.atomic():
        found = swapping.open_amendment(pledge_id).first()
        if found is None:
            raise _refusal("no_open_amendment")
        amendment = locks.lock_amendment(found.pk)
        pledge = locks.lock_pledges([amendment.pledge_id])[0]
        if actor is not None and pledge.backer_id != actor.pk:
            raise NotAllowed(_("This pledge is somebody else's."))
        if amendment.state not in swapping.UNPAID:
            raise _refusal(f"amendment_{amendment.state}")
        swapping.abandon(amendment, pledge, reason="dropped_by_backer", actor=actor)
    return amendment


def abandon_due() -> int:
    """Abandon every unpaid amendment whose campaign or pledge has moved on; returns how many."""
    waiting = Amendment.objects.filter(state__in=swapping.UNPAID)
    standing = waiting.filter(
        pledge__state=PledgeState.PAID, pledge__escrow__state__in=swapping.CHANGEABLE,
        pledge__escrow__deadline__gt=AppNow(),
    )  # fmt: skip
    due = waiting.exclude(pk__in=standing.values("pk")).order_by("pk")
    return sweeps.each(list(due.values_list("pk", flat=True)[:SWEEP_MOST]), _abandon)


def _abandon(amendment_id: int) -> bool:
    with transaction.atomic():
        amendment = locks.lock_amendment(amendment_id)
        pledge = locks.lock_pledges([amendment.pledge_id])[0]
        if amendment.state not in swapping.UNPAID:
            return False
        return swapping.abandon(amendment, pledge, reason=swapping.why_it_cannot_apply(amendment, pledge) or "deadline")


def _changeable(pledge_id: UUID | str) -> Pledge:
    pledge = Pledge.objects.select_related("escrow").get(pk=pledge_id)
    if code := why_not(pledge).get("change"):
        raise _refusal(code)
    return pledge


def _refusal(code: str) -> PledgeNotChangeable:
    return PledgeNotChangeable(_("This pledge can't be changed now."), reason=code)


def _quote(pledge: Pledge, request: AmendmentInput, idempotency_key: str) -> Quote:
    asked = _as_pledge(pledge, request)
    ordering.check_request(asked, idempotency_key)
    order = ordering.price(asked, ordering.read_terms(asked, idempotency_key))
    quote = Quote(order, pledge.total)
    _check_difference(quote.difference, pledge.currency)
    if _is_same(pledge, order):
        raise NothingChanged(_("Your pledge is like that already."), field="lines")
    if -quote.difference >= refunding.remaining(pledge_id=pledge.pk):
        raise _refusal("partly_refunded")
    return quote


def _as_pledge(pledge: Pledge, request: AmendmentInput) -> PledgeInput:
    held = pledge.lines.values_list("reward__key", flat=True)
    return PledgeInput(
        escrow_key=pledge.escrow.key, email=pledge.email, locale=pledge.locale, lines=request.lines,
        extra=request.extra, country=request.country, version=request.version, user=pledge.backer,
        opened=request.opened | frozenset(held),
    )  # fmt: skip


def _check_difference(difference: int, currency: str) -> None:
    least = limits.LEAST_PER_CHARGE.get(currency, 1)
    if 0 < difference < least:
        message = _("The least that can be paid is %(amount)s %(currency)s.")
        raise InvalidPledge(message % {"amount": major(least, currency), "currency": currency}, field="extra")


def _is_same(pledge: Pledge, order: Order) -> bool:
    before = sorted(pledge.lines.values_list("reward_id", "variant_id", "quantity"), key=str)
    after = sorted(((line.reward_id, line.variant_id, line.quantity) for line in order.lines), key=str)
    return (before, pledge.extra_amount, pledge.country, pledge.total) == (
        after, order.extra, order.country, order.total,
    )  # fmt: skip


def _payment_of(pledge: Pledge, quote: Quote) -> Payment | None:
    if quote.difference <= 0:
        return None
    terms = quote.order.terms
    return Payment(
        id=terms.payment_id, pledge=pledge, amount=quote.difference, currency=pledge.currency, created_at=terms.now,
        expires_at=terms.now + limits.CHECKOUT_LIFE,
        provider=channels.again(pledge, refundable_until=terms.refundable_until),
    )  # fmt: skip


def _propose(
    pledge: Pledge, quote: Quote, request: AmendmentInput, actor: User | None, idempotency_key: str
) -> Amendment:
    """Write the change, reserve what it asks for, and begin to move its money."""
    # Those that a refund may come from: they stand before the pledge in the order of locks.
    locks.lock_payments(Payment.objects.filter(pledge=pledge, captured__gt=0).values_list("pk", flat=True))
    locked = _recheck(pledge, quote, idempotency_key)
    amendment = _write(locked, quote, request, actor, idempotency_key)
    limits_seen = {line.reward_id: line.limit for line in quote.order.lines}
    short = swapping_stock.reserve(amendment.pk, limits=limits_seen)
    if refusal := _shortage(quote.order, short):
        raise refusal
    if not Escrow.objects.filter(pk=locked.escrow_id, state=EscrowState.OPEN, deadline__gt=AppNow()).exists():
        raise _refusal("campaign_over")
    if quote.difference > 0:
        _to(amendment, AmendmentState.AWAITING_PAYMENT, actor)
        payload = {"escrow": str(locked.escrow_id), "pledges": [str(locked.pk)], "amendment": str(amendment.pk)}
        events.publish(name="funding.amendment_waits", key=f"amendment_waits:{amendment.pk}", payload=payload)
    elif quote.difference < 0:
        _to(amendment, AmendmentState.REFUNDING, actor)
        refunding.refund_pledge(
            pledge_id=locked.pk, amount=-quote.difference, reason=RefundReason.AMENDMENT, actor=actor,
            amendment=amendment,
        )  # fmt: skip
    else:
        swapping.apply_amendment(amendment, locked, actor=actor)
    return amendment


def _recheck(pledge: Pledge, quote: Quote, idempotency_key: str) -> Pledge:
    """The pledge, locked, as it was when the change was priced."""
    locked = locks.lock_pledges([pledge.pk])[0]
    if Amendment.objects.filter(pledge=pledge, idempotency_key=idempotency_key).exists():
        raise _AlreadyProposedError
    if locked.state != PledgeState.PAID:
        raise _refusal(f"pledge_{locked.state}")
    if swapping.open_amendment(pledge.pk).exists() or locked.total != quote.previous_total:
        raise _refusal("amendment_open")
    if -quote.difference >= refunding.remaining(pledge_id=pledge.pk):
        raise _refusal("partly_refunded")
    return locked


def _write(
    pledge: Pledge, quote: Quote, request: AmendmentInput, actor: User | None, idempotency_key: str
) -> Amendment:
    order = quote.order
    amendment = Amendment.objects.create(
        pledge=pledge, rewards_amount=order.rewards_amount, shipping_amount=order.shipping_amount,
        extra_amount=order.extra, total=order.total, country=order.country, version=request.version,
        previous_rewards_amount=pledge.rewards_amount, previous_shipping_amount=pledge.shipping_amount,
        previous_extra_amount=pledge.extra_amount, previous_total=pledge.total, previous_country=pledge.country,
        proposed_by=actor, created_at=order.terms.now, expires_at=order.terms.now + limits.CHECKOUT_LIFE,
        idempotency_key=idempotency_key, idempotency_fingerprint=_fingerprint(request),
    )  # fmt: skip
    log_start(machine=AMENDMENT, ids=[amendment.pk], actor=actor)
    PledgeLine.objects.bulk_create(
        PledgeLine(
            pledge=pledge, amendment=amendment, current=False, reward_id=line.reward_id, variant_id=line.variant_id,
            quantity=line.quantity, unit_price=line.unit_price, unit_shipping=line.unit_shipping,
        )
        for line in order.lines
    )  # fmt: skip
    return amendment


def _shortage(order: Order, short: swapping_stock.Shortage) -> Refusal | None:
    if short.limited:
        return shortages.over_limit(order, short.limited)
    if short.variants:
        return shortages.no_variant(order, short.variants)
    return shortages.no_reward(order, short.rewards) if short.rewards else None


def _to(amendment: Amendment, target: AmendmentState, actor: User | None) -> None:
    transition(machine=AMENDMENT, model=Amendment, ids=[amendment.pk], target=target, actor=actor)
    amendment.state = target


def _fingerprint(request: AmendmentInput) -> str:
    lines = sorted([line.reward, line.variant or "", line.quantity] for line in request.lines)
    body = [lines, request.extra, request.country, request.version]
    return hashlib.sha256(json.dumps(body).encode()).hexdigest()


def _replay(pledge: Pledge, request: AmendmentInput, idempotency_key: str) -> AmendmentResult:
    """The answer of an earlier request with the key; a checkout that could not be opened then is opened now."""
    amendment = pledge.amendments.get(idempotency_key=idempotency_key)
    if amendment.idempotency_fingerprint != _fingerprint(request):
        raise IdempotencyConflict(_("This idempotency key was used for another change."), field="Idempotency-Key")
    payment = amendment.payments.first()
    if payment and not payment.session_id and amendment.state == AmendmentState.AWAITING_PAYMENT:
        payment = checkouts.resume(pledge, payment)
        amendment.refresh_from_db()
    return AmendmentResult(amendment, _fresh(pledge), payment, replayed=True)


def _fresh(pledge: Pledge) -> Pledge:
    return Pledge.objects.select_related("escrow").get(pk=pledge.pk)
