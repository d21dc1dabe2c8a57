"""What templates say of creators, their papers and their teams."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from campaigns.views.studio.creator import withdrawable
from cms.core import moments
from cms.core.clock import now
from cms.users import papers
from cms.users.models import CreatorDocument, CreatorProfile, DocumentState

register = template.Library()


@register.filter
def is_current(document: CreatorDocument) -> bool:
    """Approved and not expired."""
    return document.state == DocumentState.APPROVED and not _over(document)


@register.filter
def paper_state(document: CreatorDocument) -> str:
    """The state in words; an approved one whose last day is over has expired."""
    if document.state == DocumentState.APPROVED and _over(document):
        return _("Expired")
    return str(document.get_state_display())


@register.filter
def may_withdraw(document: CreatorDocument) -> bool:
    """Whether its creator may take it back."""
    return withdrawable(document)


@register.filter
def asked_types(profile: CreatorProfile) -> tuple[str, ...]:
    """What this kind of creator may hand in."""
    return papers.asked_of(profile.kind)


@register.filter
def day(value: date | None) -> str:
    """A calendar day."""
    return moments.day_text(value) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """A day and minute on the platform's clock."""
    return moments.time_text(value)


@register.filter
def age(value: Any) -> str:
    """How long ago, in app time."""
    return timesince(value, now(), depth=1) if value else ""


def _over(document: CreatorDocument) -> bool:
    return document.expires_on is not None and document.expires_on < moments.today()
