"""A pledge whose payment failed or ran out is taken up again: its stock is taken once more, a new checkout opened."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cms.core.clock import AppNow
from cms.core.errors import NotAllowed
from cms.users.models import User
from funding import locks
from funding.exceptions import PledgeNotPayable, TermsChanged
from funding.gateways import limits
from funding.models import Escrow, Payment, Pledge
from funding.selectors import why_not
from funding.services import channels, checkouts, ordering, shortages
from funding.services.ordering import LineInput, Order, PledgeInput
from funding.states import OPEN_PAYMENT, PAYMENT, PLEDGE, EscrowState, PledgeState
from funding.transitions import log_start, transition


@dataclass(frozen=True)
class Retry:
    """A pledge that waits for its payment again; `payment` has the checkout."""

    pledge: Pledge
    payment: Payment


def retry_pledge(
    *, pledge_id: UUID | str, actor: User | None, success_url: str = "", cancel_url: str = "", locale: str = ""
) -> Retry:
    """Let a backer pay after all: the open checkout if there is one, else a new one for a pledge that ran out.

    Twice is once: while a checkout is open there is no second. `actor` is None for a guest, whose token the caller has
    checked. Raises `NotAllowed`, `PledgeNotPayable` with a reason code, `TermsChanged` when the pledge would cost
    something else today, `RewardSoldOut`, `RewardNotAvailable`, `PerPersonLimitReached`, and for the provider as
    `place_pledge`; the pledge is as it was then.
    """
    pledge = Pledge.objects.select_related("escrow", "backer").get(pk=pledge_id)
    if actor is not None and pledge.backer_id != actor.pk:
        raise NotAllowed(_("This pledge is somebody else's."))
    if code := why_not(pledge).get("pay"):
        raise PledgeNotPayable(_("This pledge can't be paid any more."), reason=code)
    if pledge.state == PledgeState.RESERVED:
        return _open_one(pledge)
    order = _order(pledge)
    payment = Payment(
        id=order.terms.payment_id, pledge=pledge, amount=pledge.total, currency=pledge.currency,
        created_at=order.terms.now, expires_at=order.terms.now + limits.CHECKOUT_LIFE,
        provider=channels.again(pledge, refundable_until=order.terms.refundable_until),
    )  # fmt: skip
    command = checkouts.opening(
        pledge=pledge, payment=payment, terms=order.terms, success_url=success_url, cancel_url=cancel_url, locale=locale
    )
    with transaction.atomic():
        if _take_up(pledge, payment, order, actor):
            payment.save(force_insert=True)
            command.save(force_insert=True)
            log_start(machine=PAYMENT, ids=[payment.pk], actor=actor)
    if command.pk is None:
        # A second click was slower.
        pledge.refresh_from_db()
        return _open_one(pledge)
    checkouts.open_now(pledge, payment, command)
    pledge.refresh_from_db()
    return Retry(pledge, payment)


def _open_one(pledge: Pledge) -> Retry:
    payment = pledge.payments.filter(amendment=None, state__in=OPEN_PAYMENT).order_by("-pk").first()
    if payment is None:
        raise PledgeNotPayable(_("This pledge can't be paid any more."), reason=f"pledge_{pledge.state}")
    if not payment.session_id:
        payment = checkouts.resume(pledge, payment)
    return Retry(pledge, payment)


def _order(pledge: Pledge) -> Order:
    """The pledge priced as of today; it must cost what it did."""
    lines = pledge.lines.select_related("reward", "variant")
    request = PledgeInput(
        escrow_key=pledge.escrow.key, email=pledge.email, locale=pledge.locale, extra=pledge.extra_amount,
        country=pledge.country, user=pledge.backer, opened=frozenset(line.reward.key for line in lines),
        lines=[
            LineInput(line.reward.key, line.quantity, line.variant.key if line.variant else None) for line in lines
        ],
    )  # fmt: skip
    order = ordering.price(request, ordering.read_terms(request, pledge.idempotency_key))
    before = {(line.reward_id, line.variant_id): (line.unit_price, line.unit_shipping) for line in lines}
    after = {(line.reward_id, line.variant_id): (line.unit_price, line.unit_shipping) for line in order.lines}
    if before != after:
        message = _("What you chose has another price by now. Nothing was charged; please choose again.")
        raise TermsChanged(message, field="lines")
    return order


def _take_up(pledge: Pledge, payment: Payment, order: Order, actor: User | None) -> bool:
    """Reserve again; False if the pledge no longer waits to be taken up."""
    locks.lock_pledges([pledge.pk])
    if not Escrow.objects.filter(pk=pledge.escrow_id, state=EscrowState.OPEN, deadline__gt=AppNow()).exists():
        raise PledgeNotPayable(_("This pledge can't be paid any more."), reason="deadline_passed")
    moved = transition(
        machine=PLEDGE, model=Pledge, ids=[pledge.pk], target=PledgeState.RESERVED, actor=actor,
        reason="taken up again", strict=False, reserved_until=payment.expires_at, ended_at=None,
    )  # fmt: skip
    if moved and (refusal := shortages.reserve(pledge.pk, order)):
        raise refusal
    return bool(moved)
