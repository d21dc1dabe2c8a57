"""Receipts and credit notes as PDF, from what was frozen when they were issued."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from funding.documents.content import issuer_zone
from funding.documents.sheet import Column, Sheet
from funding.models import Document
from funding.models.documents import DocumentKind
from funding.money import format_money

TITLES: dict[str, Any] = {
    DocumentKind.RECEIPT: gettext_lazy("Receipt"),
    DocumentKind.CREDIT_NOTE: gettext_lazy("Credit note"),
}
METHODS: dict[str, Any] = {
    "card": gettext_lazy("Card"), "alipay": gettext_lazy("Alipay"), "wechat_pay": gettext_lazy("WeChat Pay"),
}  # fmt: skip
REASONS: dict[str, Any] = {
    "backer_cancelled": gettext_lazy("The backer cancelled."),
    "campaign_failed": gettext_lazy("The campaign missed its goal."),
    "campaign_cancelled": gettext_lazy("The campaign was called off."),
    "finance": gettext_lazy("Refunded by the platform."),
    "hold_ended": gettext_lazy("The money could not be held any longer."),
    "dispute": gettext_lazy("Taken back by the backer's bank."),
}


def document_pdf(document: Document, *, language: str) -> bytes:
    """The document in a language (`en`, `zh-hans`). The same row gives the same bytes, but for the backer's name."""
    with override(language):
        sheet = _sheet(document)
        if document.kind == DocumentKind.CREDIT_NOTE:
            _credit_note(sheet, document)
        elif document.dispute_id:
            _returned(sheet, document)
        else:
            _receipt(sheet, document)
        return sheet.printed()


def named(names: Mapping[str, str], fallback: str = "") -> str:
    """The name in the active language, else in whichever there is."""
    return names.get(get_language() or "en") or next(iter(names.values()), fallback)


def day_text(day: str) -> str:
    """A frozen ISO day as people write it."""
    if not day:
        return ""
    pattern = "Y年n月j日" if (get_language() or "en").startswith("zh") else "j F Y"
    return formats.date_format(date.fromisoformat(day), pattern)


def issuer_line(issuer: Mapping[str, Any]) -> str:
    """Name, address and registration of an issuer, in one line."""
    return " · ".join(part for part in (named(issuer["names"]), issuer["address"], issuer["registration"]) if part)


def _sheet(document: Document) -> Sheet:
    return Sheet(
        title=str(TITLES[document.kind]), code=document.reference, issuer=issuer_line(document.content["issuer"]),
        at=document.issued_at,
    )  # fmt: skip


def _amount(document: Document, value: int) -> str:
    return format_money(value, document.currency, exact=True)


def _common(document: Document) -> list[tuple[str, object]]:
    content = document.content
    paid = content["payment"]
    return [
        (_("Issued on"), day_text(document.issued_at.astimezone(issuer_zone()).date().isoformat())),
        (_("For"), document.payment.pledge.email),
        (_("Campaign"), named(content["campaign"]["names"], content["campaign"]["key"])),
        (_("Pledge"), content["pledge"]),
        (_("Paid with"), METHODS.get(paid["method"], paid["method"])),
        (_("Payment reference"), paid["reference"]),
    ]  # fmt: skip


def _receipt(sheet: Sheet, document: Document) -> None:
    content = document.content
    sheet.facts([(_("Received on"), day_text(content["happened_on"])), *_common(document)])
    columns = [
        Column(_("Reward"), 0.52), Column(_("Quantity"), 0.12, "R"), Column(_("Each"), 0.18, "R"),
        Column(_("Amount"), 0.18, "R"),
    ]  # fmt: skip
    rows = [
        [
            _titled(line), line["quantity"], _amount(document, line["unit_price"]), _amount(document, line["amount"]),
        ]
        for line in content["lines"]
    ]  # fmt: skip
    if content["part_of"] is not None:
        total = _amount(document, content["part_of"])
        rows.append([_("Part of a pledge of %(total)s") % {"total": total}, "", "", _amount(document, document.amount)])
    if content["shipping"]:
        rows.append([_("Shipping"), "", "", _amount(document, content["shipping"])])
    if content["extra"]:
        rows.append([_("Extra sum"), "", "", _amount(document, content["extra"])])
    sheet.ruled(columns, rows)
    sheet.totals([
        (_("Fees charged to you"), _amount(document, 0)), (_("Amount received"), _amount(document, document.amount)),
    ])  # fmt: skip
    _terms(sheet, content["terms"])


def _titled(line: Mapping[str, Any]) -> str:
    title, variant = named(line["titles"], line["reward"]), named(line["variant"])
    return f"{title} ({variant})" if variant else title


def _terms(sheet: Sheet, terms: Mapping[str, Any]) -> None:
    sheet.heading(_("What happens to the money"))
    day = day_text(terms["deadline"])
    if terms["mode"] == "all_or_nothing":
        sheet.note(
            _("It is held for the campaign until %(day)s. If the goal is missed, all of it goes back by itself.")
            % {"day": day}
        )
    else:
        sheet.note(_("It is held for the campaign until %(day)s, and goes to it whatever was raised.") % {"day": day})
    sheet.note(
        _(
            "After success it stays held for %(days)s days. Then %(fee)s of what was raised pays for the platform, "
            "%(fund)s goes to the compensation fund, and the rest to the creator."
        )
        % {
            "days": terms["hold_days"], "fee": percent(terms["platform_fee_bps"]),
            "fund": percent(terms["compensation_fund_bps"]),
        }
    )  # fmt: skip
    sheet.note(_("This is a receipt for money received. It is no tax invoice (fapiao)."))


def _credit_note(sheet: Sheet, document: Document) -> None:
    content = document.content
    facts = [(_("Returned on"), day_text(content["happened_on"])), *_common(document)]
    sheet.facts([*facts, (_("Takes back receipt"), content["receipt"])])
    by_bank = content["route"] == "bank"
    rows = [
        [
            str(REASONS.get(content["reason"], content["reason"])),
            _("By bank transfer") if by_bank else _("The way it came"), _amount(document, document.amount),
        ]
    ]  # fmt: skip
    columns = [Column(_("Reason"), 0.5), Column(_("Way"), 0.28), Column(_("Amount"), 0.22, "R")]
    sheet.ruled(columns, rows)
    received = _amount(document, content["received"])
    sheet.totals([(_("Of what was received"), received), (_("Returned"), _amount(document, document.amount))])
    sheet.note(_("The receipt named above stands for so much less from the day of the return."))


def _returned(sheet: Sheet, document: Document) -> None:
    content = document.content
    facts = [(_("Received on"), day_text(content["happened_on"])), *_common(document)]
    sheet.facts([*facts, (_("Belongs to receipt"), content["receipt"])])
    row = [_("Returned by the backer's bank after it had been taken back"), _amount(document, document.amount)]
    sheet.ruled([Column(_("Reason"), 0.75), Column(_("Amount"), 0.25, "R")], [row])
    sheet.totals([(_("Amount received"), _amount(document, document.amount))])


def percent(bps: int) -> str:
    """Basis points as people write them: 500 → "5 %"."""
    return f"{bps / 100:g} %"
