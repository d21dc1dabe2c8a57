"""Which lines of a statement somebody asks for, from the parameters of an address."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from cms.core.errors import InvalidInput
from funding.documents.content import issuer_zone
from funding.documents.statements import KINDS
from funding.money import EXPONENTS
from funding.statements import StatementFilters


def filters_of(parameters: Mapping[str, str]) -> StatementFilters:
    """`campaign`, `kind`, `currency`, and `from` and `to`, days of the issuer's, both included.

    Raises `InvalidInput` naming the one that can't be right.
    """
    kind, currency = parameters.get("kind", ""), parameters.get("currency", "").upper()
    if kind and kind not in KINDS:
        raise InvalidInput(_("There is no such kind of line."), field="kind")
    if currency and currency not in EXPONENTS:
        raise InvalidInput(_("This currency is not known."), field="currency")
    return StatementFilters(
        escrow=parameters.get("campaign", ""), kind=kind, currency=currency, since=_day(parameters, "from"),
        until=_day(parameters, "to", days=1),
    )  # fmt: skip


def _day(parameters: Mapping[str, str], name: str, *, days: int = 0) -> datetime | None:
    typed = parameters.get(name, "")
    if not typed:
        return None
    try:
        return datetime.combine(date.fromisoformat(typed) + timedelta(days=days), time.min, issuer_zone())
    except (ValueError, OverflowError) as error:
        raise InvalidInput(_("Write the day as 2027-03-12."), field=name) from error
