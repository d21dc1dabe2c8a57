"""What a creator gets of a campaign, as PDF: how a release was split, and the certificate of the tax withheld."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from cms.core.countries import country_name
from funding.documents.content import issuer_zone
from funding.documents.receipts import day_text, issuer_line, named, percent
from funding.documents.sheet import Column, Sheet
from funding.models import Payout, Recovery, Release
from funding.money import format_money

PAYEES: dict[str, Any] = {
    "person": gettext_lazy("A person"), "sole_trader": gettext_lazy("A sole trader"),
    "company": gettext_lazy("A company"), "charity": gettext_lazy("A charity"),
}  # fmt: skip
PAYOUT_STATES: dict[str, Any] = {
    "scheduled": gettext_lazy("Scheduled"), "approved": gettext_lazy("Approved"),
    "submitting": gettext_lazy("On its way"), "paid": gettext_lazy("Paid out"), "returned": gettext_lazy("Sent back"),
}  # fmt: skip


def settlement_code(release: Release) -> str:
    """The number of a settlement: S-<campaign>-<tranche>."""
    return f"{settings.DOCUMENT_ISSUER['code']}-S-{release.escrow.key}-{release.tranche}"


def certificate_code(release: Release) -> str:
    """The number of a tax certificate: W-<campaign>-<tranche>."""
    return f"{settings.DOCUMENT_ISSUER['code']}-W-{release.escrow.key}-{release.tranche}"


def settlement_pdf(release: Release, *, language: str) -> bytes:
    """How one release was split and what became of the creator's part, in a language."""
    escrow = release.escrow

    def amount(value: int) -> str:
        return format_money(value, release.currency, exact=True)

    with override(language):
        sheet = _sheet(_("Settlement statement"), settlement_code(release), release)
        sheet.facts([
            *_common(release),
            (_("Raised"), amount(escrow.raised)),
            (_("Captured"), amount(escrow.captured)),
            (_("Refunded"), amount(escrow.refunded)),
        ])  # fmt: skip
        columns = [Column(_("Part"), 0.55), Column(_("Rate"), 0.2, "R"), Column(_("Amount"), 0.25, "R")]
        rows: list[list[object]] = [
            [_("Released from the held money"), "", amount(release.gross)],
            [_("Platform fee"), percent(escrow.platform_fee_bps), amount(-release.platform_fee)],
            [_("Compensation fund"), percent(escrow.compensation_fund_bps), amount(-release.compensation_fund)],
            [_("Tax withheld, of the creator's part"), percent(escrow.tax_bps), amount(-release.tax)],
        ]
        payout = Payout.objects.filter(release=release).first()
        netted = _netted(payout)
        if netted:
            rows.append([_("Earlier debts taken off"), "", amount(-netted)])
        sheet.ruled(columns, rows)
        sheet.totals([
            (_("Creator's part"), amount(release.creator_amount)),
            (_("To be paid out"), amount(payout.amount if payout else release.creator_amount)),
        ])  # fmt: skip
        if payout:
            sheet.heading(_("The payout"))
            paid = day_text(payout.paid_at.astimezone(issuer_zone()).date().isoformat()) if payout.paid_at else ""
            sheet.facts([
                (_("State"), str(PAYOUT_STATES.get(payout.state, payout.state))), (_("Paid out on"), paid),
                (_("Reference"), payout.external_id),
            ])  # fmt: skip
        _debts(sheet, release)
        sheet.note(_("The payment provider's own fees are the platform's and are not taken from anybody's pledge."))
        return sheet.printed()


def certificate_pdf(release: Release, *, language: str) -> bytes | None:
    """The certificate of the tax withheld at a release, in a language; None where none was."""
    if not release.tax:
        return None
    escrow = release.escrow

    def amount(value: int) -> str:
        return format_money(value, release.currency, exact=True)

    with override(language):
        sheet = _sheet(_("Certificate of tax withheld"), certificate_code(release), release)
        country, payee = escrow.policy.get("jurisdiction", ""), escrow.policy.get("payee_kind", "")
        sheet.facts([
            *_common(release),
            (_("Jurisdiction"), country_name(country) if country else ""),
            (_("Payee"), str(PAYEES.get(payee, payee))),
            (_("Tax regime"), escrow.tax_regime),
        ])  # fmt: skip
        columns = [Column(_("Taxed amount"), 0.4, "R"), Column(_("Rate"), 0.2, "R"), Column(_("Tax"), 0.4, "R")]
        sheet.ruled(columns, [[amount(release.tax + release.creator_amount), percent(escrow.tax_bps),
                               amount(release.tax)]])  # fmt: skip
        sheet.totals([(_("Tax withheld"), amount(release.tax))])
        sheet.note(
            _("The platform has kept this amount back from the creator's part and pays it to the tax authority.")
        )
        sheet.note(
            _("The rate is that of the rule in force when the campaign was launched; later rules do not reach back.")
        )
        return sheet.printed()


def _netted(payout: Payout | None) -> int:
    return sum(Recovery.objects.filter(payout=payout).values_list("amount", flat=True)) if payout else 0


_CAUSES: dict[str, Any] = {
    "dispute": gettext_lazy("A dispute that was lost"), "refund": gettext_lazy("A refund after the payout"),
    "compensation": gettext_lazy("Compensation paid to a backer"),
}  # fmt: skip


def _debts(sheet: Sheet, release: Release) -> None:
    """What went back to backers after the payout, and what of it is still to be made good."""
    debts = list(release.escrow.debts.order_by("pk"))
    if not debts:
        return
    sheet.heading(_("Owed for this campaign"))
    columns = [
        Column(_("Since"), 0.2), Column(_("Description"), 0.4), Column(_("Amount"), 0.2, "R"),
        Column(_("Still owed"), 0.2, "R"),
    ]  # fmt: skip
    sheet.ruled(columns, [
        [
            day_text(debt.incurred_at.astimezone(issuer_zone()).date().isoformat()),
            str(_CAUSES.get(debt.cause, debt.cause)), format_money(debt.amount, debt.currency, exact=True),
            format_money(debt.open_amount, debt.currency, exact=True),
        ]
        for debt in debts
    ])  # fmt: skip


def _sheet(title: str, code: str, release: Release) -> Sheet:
    return Sheet(title=title, code=code, issuer=issuer_line(settings.DOCUMENT_ISSUER), at=release.released_at)


def _common(release: Release) -> list[tuple[str, object]]:
    escrow = release.escrow
    return [
        (_("Creator"), escrow.creator.get_full_name()),
        (_("Released on"), day_text(release.released_at.astimezone(issuer_zone()).date().isoformat())),
        (_("Campaign"), named(escrow.names, escrow.key)),
        (_("Campaign key"), escrow.key),
    ]
