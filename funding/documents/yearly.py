"""A backer's year in one currency, as PDF: every receipt and credit note, and what they come to."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from cms.core import clock
from cms.users.models import User
from funding.documents.content import issuer_zone
from funding.documents.finding import of_person
from funding.documents.receipts import day_text, issuer_line, named
from funding.documents.sheet import Column, Sheet
from funding.models.documents import DocumentKind
from funding.money import format_money


def annual_statement_pdf(user: User, *, year: int, currency: str, language: str) -> bytes | None:
    """The statement of a year in a language; None where the person has no document of that year and currency."""
    rows = list(of_person(user).filter(year=year, currency=currency).order_by("pk"))
    if not rows:
        return None
    paid = sum(row.amount for row in rows if row.kind == DocumentKind.RECEIPT)
    returned = sum(row.amount for row in rows if row.kind == DocumentKind.CREDIT_NOTE)
    now = clock.now()

    def amount(value: int) -> str:
        return format_money(value, currency, exact=True)

    with override(language):
        sheet = Sheet(
            title=_("Annual statement"), code=f"{year} · {currency}", issuer=issuer_line(rows[-1].content["issuer"]),
            at=now,
        )  # fmt: skip
        sheet.facts([
            (_("For"), user.get_full_name()),
            (_("E-mail"), user.email),
            (_("Year"), str(year)),
            (_("As of"), day_text(now.astimezone(issuer_zone()).date().isoformat())),
        ])  # fmt: skip
        columns = [
            Column(_("Date"), 0.18), Column(_("Document"), 0.22), Column(_("Campaign"), 0.26),
            Column(_("Paid in"), 0.17, "R"), Column(_("Returned"), 0.17, "R"),
        ]  # fmt: skip
        sheet.ruled(columns, [
            [
                day_text(row.content["happened_on"]), row.reference,
                named(row.content["campaign"]["names"], row.content["campaign"]["key"]),
                amount(row.amount) if row.kind == DocumentKind.RECEIPT else "",
                amount(row.amount) if row.kind == DocumentKind.CREDIT_NOTE else "",
            ]
            for row in rows
        ])  # fmt: skip
        sheet.totals([
            (_("Paid in"), amount(paid)), (_("Returned"), amount(returned)),
            (_("Paid on the whole"), amount(paid - returned)),
        ])  # fmt: skip
        sheet.note(_("A document belongs to the year in which it was issued; its number says which."))
        return sheet.printed()
