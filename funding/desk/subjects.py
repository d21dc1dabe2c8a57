"""`payment:12` as people read it: what kind of thing, and a link to its page on the desk."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin.filters import EmptyFieldListFilter
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funding.desk.columns import Column

KINDS: dict[str, tuple[Any, str]] = {
    "payment": (gettext_lazy("Payment"), "funding_payment_modeladmin_inspect"),
    "pledge": (gettext_lazy("Pledge"), "funding_pledge_modeladmin_inspect"),
    "refund": (gettext_lazy("Refund"), "funding_refund_modeladmin_inspect"),
    "payout": (gettext_lazy("Payout"), "funding_payout_modeladmin_inspect"),
    "payout_account": (gettext_lazy("Payout account"), "funding_payoutaccount_modeladmin_inspect"),
    "escrow": (gettext_lazy("Escrow"), "funding_desk:escrow"),
    "command": (gettext_lazy("Provider command"), "funding_gatewaycommand_modeladmin_inspect"),
    "dispute": (gettext_lazy("Dispute"), "funding_dispute_modeladmin_inspect"),
}


def show(subject: str) -> Any:
    """The subject in words, leading to its page where the desk has one."""
    kind, _colon, key = subject.partition(":")
    label, route = KINDS.get(kind, ("", ""))
    if not label:
        return format_html("<code>{}</code>", subject)
    try:
        return format_html('<a href="{}">{} {}</a>', reverse(route, args=[key]), label, key)
    except NoReverseMatch:
        return f"{label} {key}"


def column(path: str, label: Any) -> Column:
    """A register's column of subjects."""
    return Column(label, lambda row: show(getattr(row, path)), lambda row: getattr(row, path), path)


class OpenFilter(EmptyFieldListFilter):
    """Open or closed, by whether an instant is there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("state")

    def choices(self, changelist: Any) -> Iterator[Any]:
        """In words."""
        words = [_("All"), _("Open"), _("Closed")]
        for choice, display in zip(super().choices(changelist), words, strict=True):
            yield {**choice, "display": display}
