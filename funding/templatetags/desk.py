"""How the desk's templates write instants and states."""

from datetime import datetime

from django import template
from django.utils.safestring import SafeString

from funding.desk import columns, labels

register = template.Library()


@register.filter
def instant(value: datetime | None) -> str:
    """An instant in the reader's time zone."""
    return columns.instant(value)


@register.filter
def why(reason: str) -> str:
    """A reason: the system's own in words, people's as they wrote it."""
    return str(labels.WHY.get(reason, reason))


@register.filter
def state_pill(state: str) -> SafeString:
    """A state as a pill."""
    return columns.pill_html(state)
