"""Mails to backers about a pledge that changes, and about a payment that failed: planned once each, by key.

A payment that failed or ran out is told of at once, then up to three times, two days apart, as long as the campaign
takes pledges and the person has not backed it otherwise.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from campaigns.services import addresses, notifying
from cms.core import sweeps
from cms.core.clock import AppNow
from cms.mail import services as mail
from cms.mail.models import Message
from funding.models import Amendment, Payment, Pledge
from funding.states import EscrowState, PaymentState, PledgeState

REMIND_EVERY = timedelta(hours=48)
REMINDERS = 3
SWEEP_MOST = 500


def to_backer(
    pledge: Pledge, *, key: str, template: str, action: str, amount: int, url: str = "", **more: Any
) -> mail.Plan:
    """A mail to a backer, in their language, to be planned; its button leads to the pledge, or to `url`."""
    values = notifying.context(
        locale=pledge.locale, title=pledge.escrow.name(pledge.locale), action=action,
        action_url=url or addresses.pledge(pledge), amount=amount, currency=pledge.currency, **more,
    )  # fmt: skip
    return mail.Plan(key=key, to=pledge.email, locale=pledge.locale, template=template, context=values)


def payment_ended(pledges: Iterable[UUID | str]) -> None:
    """A way to pay after all, at once, for each payment that failed or ran out; not for what the backer cancelled."""
    failed = Payment.objects.filter(
        pledge__in=list(pledges), amendment=None, state__in=[PaymentState.FAILED, PaymentState.CANCELLED]
    )
    for payment in failed.filter(pledge__in=_recoverable()).select_related("pledge__escrow"):
        declined = payment.state == PaymentState.FAILED
        mail.plan_many([to_backer(
            payment.pledge, key=f"payment_failed:{payment.pk}", action=notifying.PAY_AGAIN, amount=payment.pledge.total,
            template="payment_failed" if declined else "payment_expired",
            url=addresses.pledge(payment.pledge, step="retry/"),
        )])  # fmt: skip


def remind_due() -> int:
    """Remind of unpaid pledges, each time once; returns how many mails were planned."""
    due = [(pledge, number) for number in range(1, REMINDERS + 1) for pledge in _due(number)[:SWEEP_MOST]]
    return sweeps.each(due, _remind)


def _due(number: int) -> QuerySet[Pledge]:
    """Those whose reminder of that number is due and not yet planned; an earlier one that was missed is left out."""
    key = Concat(Value("payment_reminder:"), Cast(OuterRef("pk"), CharField()), Value(f":{number}"))
    since, until = AppNow() - REMIND_EVERY * (number + 1), AppNow() - REMIND_EVERY * number
    waiting = _recoverable().filter(ended_at__gt=since, ended_at__lte=until).select_related("escrow")
    return waiting.exclude(Exists(Message.objects.filter(key=key))).order_by("pk")


def _remind(due: tuple[Pledge, int]) -> bool:
    pledge, number = due
    mail.plan_many([to_backer(
        pledge, key=f"payment_reminder:{pledge.pk}:{number}", template="payment_reminder", action=notifying.PAY_AGAIN,
        amount=pledge.total, url=addresses.pledge(pledge, step="retry/"),
    )])  # fmt: skip
    return True


def _recoverable() -> QuerySet[Pledge]:
    """Pledges that ran out unpaid, of campaigns that still take some, whose backer has no other."""
    others = Pledge.objects.filter(
        escrow=OuterRef("escrow"), person=OuterRef("person"), state__in=[PledgeState.PAID, PledgeState.RESERVED]
    )
    waiting = Pledge.objects.filter(
        state=PledgeState.EXPIRED, escrow__state=EscrowState.OPEN, escrow__deadline__gt=AppNow()
    )
    return waiting.exclude(Exists(others))


def amendment_waits(payload: dict[str, Any]) -> None:
    """The difference of a change waits: the way to pay it."""
    for amendment in _amendments(payload):
        mail.plan_many([to_backer(
            amendment.pledge, key=f"amendment_waits:{amendment.pk}", template="change_waits",
            action=notifying.SEE_PLEDGE, amount=amendment.difference,
        )])  # fmt: skip


def pledge_amended(payload: dict[str, Any]) -> None:
    """A change is in force: what the pledge is now, and what was paid or went back."""
    for amendment in _amendments(payload):
        pledge = amendment.pledge
        mail.plan_many([to_backer(
            pledge, key=f"amended:{amendment.pk}", template="pledge_changed", action=notifying.SEE_PLEDGE,
            amount=amendment.total, paid=max(0, amendment.difference), returned=max(0, -amendment.difference),
            lines=lines_of(pledge), shipping=pledge.shipping_amount, extra=pledge.extra_amount,
        )])  # fmt: skip


def amendment_abandoned(payload: dict[str, Any]) -> None:
    """A change came to nothing; who dropped it or cancelled the pledge knows."""
    if payload["reason"] in ("dropped_by_backer", "pledge_cancelled"):
        return
    for amendment in _amendments(payload):
        mail.plan_many([to_backer(
            amendment.pledge, key=f"amendment_abandoned:{amendment.pk}", template="change_abandoned",
            action=notifying.SEE_PLEDGE, amount=amendment.previous_total,
            refund_failed=payload["reason"] == "refund_failed",
        )])  # fmt: skip


def lines_of(pledge: Pledge) -> list[dict[str, Any]]:
    """A pledge's lines, for a mail."""
    return [
        {
            "title": line.reward.title(pledge.locale),
            "variant": line.variant.name(pledge.locale) if line.variant else "",
            "quantity": line.quantity,
            "amount": line.unit_price * line.quantity,
        }
        for line in pledge.lines.all()
    ]


def _amendments(payload: dict[str, Any]) -> QuerySet[Amendment]:
    return Amendment.objects.filter(pk=payload["amendment"]).select_related("pledge__escrow")
