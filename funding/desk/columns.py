"""Columns of the registers: one value shown as people read it, and plainly in a CSV."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from funding.desk import labels
from funding.money import EXPONENTS, format_money, major

EMPTY = "—"


@dataclass
class Column:
    """Callable as modeladmin expects; `short_description` and `admin_order_field` are its protocol."""

    short_description: Any
    show: Callable[[Any], Any]
    plain: Callable[[Any], Any]
    admin_order_field: str | None = None
    numeric: bool = False
    empty_value_display: str = field(default=EMPTY)

    def __call__(self, row: Any) -> Any:
        """What a page shows."""
        return self.show(row)


def _get(row: Any, path: str) -> Any:
    for name in path.split("."):
        row = getattr(row, name, None)
        if row is None:
            return None
        if callable(row):
            row = row()
    return row


def text(path: str, label: Any, *, order: str | None = None) -> Column:
    """An attribute as it is."""
    return Column(label, lambda row: _get(row, path) or EMPTY, lambda row: _get(row, path), order)


def short(path: str, label: Any) -> Column:
    """The first eight characters of a long id, the whole of it on pointing; the CSV has all of it."""

    def show(row: Any) -> SafeString:
        whole = str(_get(row, path))
        return format_html('<span class="desk-short" title="{}">{}</span>', whole, whole[:8])

    return Column(label, show, lambda row: _get(row, path))


def word(path: str, label: Any, words: dict[str, Any], *, order: str | None = None) -> Column:
    """A code in words."""
    return Column(
        label,
        lambda row: words.get(_get(row, path), _get(row, path) or EMPTY),
        lambda row: _get(row, path),
        order,
    )


def money(path: str, label: Any, *, currency: str = "currency", order: str | None = None) -> Column:
    """Minor units as an amount of the row's currency."""

    def show(row: Any) -> SafeString | str:
        amount, unit = _get(row, path), _get(row, currency)
        if amount is None or unit not in EXPONENTS:
            return EMPTY
        return format_html('<span class="desk-money">{}</span>', format_money(amount, unit, exact=True))

    def plain(row: Any) -> str:
        amount = _get(row, path)
        return "" if amount is None else major(amount, _get(row, currency))

    return Column(label, show, plain, order or path.replace(".", "__"), numeric=True)


def pill_html(state: str) -> SafeString:
    """A state as a pill."""
    return format_html(
        '<span class="w-status desk-pill desk-pill--{}">{}</span>', labels.tone(state), labels.STATES.get(state, state)
    )


def pill(path: str, label: Any, *, order: str | None = None) -> Column:
    """A state as a pill."""
    return Column(label, lambda row: pill_html(_get(row, path) or ""), lambda row: _get(row, path), order or path)


def toned(path: str, label: Any, words: dict[str, Any], tones: dict[str, str]) -> Column:
    """A code in words, as a pill of its tone."""

    def show(row: Any) -> SafeString:
        code = _get(row, path)
        return format_html(
            '<span class="w-status desk-pill desk-pill--{}">{}</span>', tones.get(code, "calm"), words.get(code, code)
        )

    return Column(label, show, lambda row: _get(row, path), path)


def instant(value: datetime | None) -> str:
    """An instant as people write it, in their time zone."""
    return EMPTY if value is None else formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")


def when(path: str, label: Any) -> Column:
    """An instant."""

    def plain(row: Any) -> str:
        value = _get(row, path)
        return "" if value is None else value.strftime("%Y-%m-%dT%H:%M:%SZ")

    return Column(label, lambda row: instant(_get(row, path)), plain, path.replace(".", "__"))


def link(path: str, label: Any, *, route: str, pk: str, order: str | None = None) -> Column:
    """A text that leads to another page of the desk."""

    def show(row: Any) -> Any:
        shown, key = _get(row, path), _get(row, pk)
        if key is None or shown in (None, ""):
            return EMPTY
        try:
            address = reverse(route, args=[key])
        except NoReverseMatch:
            return shown
        if isinstance(shown, UUID):
            return format_html('<a class="desk-short" href="{}" title="{}">{}</a>', address, shown, str(shown)[:8])
        return format_html('<a href="{}">{}</a>', address, shown)

    return Column(label, show, lambda row: _get(row, path), order)


def campaign(label: Any, *, path: str = "") -> Column:
    """The name of an escrow, in the reader's language, leading to its page. `path` is where the row has it."""

    def name(row: Any) -> str:
        escrow = _get(row, path) if path else row
        return escrow.name(get_language() or "en") if escrow else ""

    def show(row: Any) -> Any:
        escrow = _get(row, path) if path else row
        if escrow is None:
            return EMPTY
        return format_html('<a href="{}">{}</a>', reverse("funding_desk:escrow", args=[escrow.pk]), name(row))

    return Column(label, show, name)


def codes(path: str, label: Any, words: dict[str, Any]) -> Column:
    """A list of codes in words."""

    def show(row: Any) -> Any:
        found = _get(row, path) or []
        return format_html_join("; ", "{}", ((words.get(code, code),) for code in found)) or EMPTY

    return Column(label, show, lambda row: ", ".join(_get(row, path) or []))


def block(path: str, label: Any, make: Callable[[Any], str]) -> Column:
    """Something long, as it stands."""
    return Column(label, lambda row: format_html('<pre class="desk-block">{}</pre>', make(_get(row, path))), str)
