"""Whom an event concerns, and mails to all of them."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from campaigns.models import Campaign
from campaigns.selectors import BACKING_STATES
from campaigns.services import addresses, notifying
from cms.mail import services as mail
from funding.models import Escrow, Pledge

CHUNK = 2000


def escrow_of(payload: dict[str, Any]) -> Escrow | None:
    """The escrow an event is about; none once it is gone."""
    return Escrow.objects.filter(pk=payload["escrow"]).first()


def campaign_of(escrow: Escrow) -> Campaign | None:
    """The campaign that the money was held for."""
    # An escrow may stand without a campaign: funding knows none.
    return Campaign.objects.select_related("creator").filter(escrow=escrow).first()


def pledges_of(payload: dict[str, Any]) -> QuerySet[Pledge]:
    """The pledges an event is about."""
    return Pledge.objects.filter(pk__in=payload["pledges"]).select_related("escrow")


def plan_all(plans: Iterable[mail.Plan]) -> None:
    """Write mails in batches, however many there are."""
    waiting = iter(plans)
    while batch := list(islice(waiting, CHUNK)):
        mail.plan_many(batch)


def to_every_backer(escrow: Escrow, *, key: str, template: str, **values: Any) -> None:
    """A mail to each backer; a value may be a function of the reader's language."""
    plan_all(_plans(escrow, key, template, values))


def _plans(escrow: Escrow, key: str, template: str, values: dict[str, Any]) -> Iterable[mail.Plan]:
    # Refunds may have begun by the time the event arrives.
    states = [*BACKING_STATES, "refund_pending", "refunded"]
    pledges = Pledge.objects.filter(escrow=escrow, state__in=states, paid_at__isnull=False)
    newest: Iterator[Pledge] = pledges.order_by("person", "-created_at").distinct("person").iterator(chunk_size=CHUNK)
    for pledge in newest:
        told = {name: value(pledge.locale) if callable(value) else value for name, value in values.items()}
        context = notifying.context(
            locale=pledge.locale, title=escrow.name(pledge.locale), action=notifying.SEE_PLEDGE,
            action_url=addresses.pledge(pledge), currency=escrow.currency, **told,
        )  # fmt: skip
        yield mail.Plan(key=f"{key}:{pledge.person}", to=pledge.email, locale=pledge.locale, template=template,
                        context=context)  # fmt: skip
