"""Tax that was withheld: by regime and period, as a file, and its payment to the authority by two people's word."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.core import clock
from funding.desk import columns
from funding.desk.acting import Act, Deed
from funding.desk.forms import PeriodForm, RemittanceForm
from funding.desk.pages import DeskPage
from funding.desk.permissions import ACTORS, holds_any
from funding.desk.register import CURRENCY, Register
from funding.desk.views import csv_response
from funding.documents.receipts import named
from funding.documents.settlement import certificate_code
from funding.documents.spreadsheets import CONTENT_TYPE, amount_cell, xlsx
from funding.documents.statements import csv_lines
from funding.models import Release, TaxRemittance
from funding.money import format_money, major
from funding.services import remitting

HEADER = (
    gettext_lazy("Certificate"), gettext_lazy("Released on"), gettext_lazy("Tax regime"), gettext_lazy("Jurisdiction"),
    gettext_lazy("Payee"), gettext_lazy("Creator"), gettext_lazy("E-mail"), gettext_lazy("Campaign"),
    gettext_lazy("Taxed amount"), gettext_lazy("Rate"), gettext_lazy("Tax"), gettext_lazy("Currency"),
)  # fmt: skip


class TaxPage(DeskPage):
    """What was withheld and paid on, by regime; every release of a period as a file."""

    template_name = "funding/desk/tax.html"
    page_title = gettext_lazy("Tax withheld")
    header_icon = "decimal"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """The page, or the period's releases as a file."""
        self.form = PeriodForm(request.GET)
        since, until = self.form.period()
        name = f"tax-{clock.now():%Y%m%d}"
        if request.GET.get("export") == "csv":
            rows = remitting.releases_with_tax(since=since, until=until)
            return csv_response(csv_lines(HEADER, (_plain(row) for row in rows)), "tax")
        if request.GET.get("export") == "xlsx":
            rows = remitting.releases_with_tax(since=since, until=until)
            book = xlsx(str(self.page_title), HEADER, _cells(rows))
            return FileResponse(book, as_attachment=True, filename=f"{name}.xlsx", content_type=CONTENT_TYPE)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One line a regime and currency."""
        since, until = self.form.period()
        rows = [
            {
                "regime": one.regime, "currency": one.currency,
                **{name: format_money(getattr(one, name), one.currency, exact=True)
                   for name in ("withheld", "remitted", "owed")},
                "url": f"{reverse('funding_desk:remit_tax')}?regime={one.regime}&currency={one.currency}"
                if one.owed else "",
            }
            for one in remitting.withheld(since=since, until=until)
        ]  # fmt: skip
        acts = holds_any(self.request.user, ACTORS)
        return super().get_context_data(form=self.form, rows=rows, acts=acts, **kwargs)


def _values(row: Release) -> list[object]:
    escrow = row.escrow
    return [
        certificate_code(row), row.released_at, escrow.tax_regime, escrow.policy.get("jurisdiction", ""),
        escrow.policy.get("payee_kind", ""), escrow.creator.get_full_name(), escrow.creator.email,
        named(escrow.names, escrow.key),
    ]  # fmt: skip


def _plain(row: Release) -> list[object]:
    code, _at, *rest = _values(row)
    return [
        code, row.released_at.strftime("%Y-%m-%dT%H:%M:%SZ"), *rest, major(row.tax + row.creator_amount, row.currency),
        f"{row.escrow.tax_bps / 100:g}%", major(row.tax, row.currency), row.currency,
    ]  # fmt: skip


def _cells(rows: Iterator[Release]) -> Iterator[list[object]]:
    for row in rows:
        yield [
            *_values(row), amount_cell(row.tax + row.creator_amount, row.currency), f"{row.escrow.tax_bps / 100:g}%",
            amount_cell(row.tax, row.currency), row.currency,
        ]  # fmt: skip


class RemitTax(Deed):
    """One person writes down a payment to the authority."""

    service = remitting.propose
    form_class = RemittanceForm
    page_title = gettext_lazy("Pay tax to the authority")
    button = gettext_lazy("Write it down")
    done = gettext_lazy("Written down. It is booked when another person has confirmed it.")
    header_icon = "upload"
    success_url = reverse_lazy("funding_taxremittance_modeladmin_index")

    def get_initial(self) -> dict[str, Any]:
        """All that is owed to the regime that was asked for."""
        asked = self.request.GET.get("regime", ""), self.request.GET.get("currency", "")
        owed = next((one.owed for one in remitting.withheld() if (one.regime, one.currency) == asked), 0)
        amount = major(owed, asked[1]) if owed else ""
        return {"regime": asked[0], "currency": asked[1], "amount": amount}

    def explain(self) -> str:
        """What it means."""
        return _("First pay it from the bank, then write it down here. Another person has to confirm it.")

    def get_back_url(self) -> str:
        """The page that the payment is offered on."""
        return reverse("funding_desk:tax")


class ConfirmTax(Act):
    """The second person's yes."""

    model = TaxRemittance
    argument = "remittance_id"
    service = remitting.confirm
    page_title = gettext_lazy("Confirm a tax payment")
    button = gettext_lazy("Confirm")
    done = gettext_lazy("The payment is in the books.")

    def explain(self) -> str:
        """How much, to whom, by whose word."""
        return _("%(amount)s to %(regime)s, written down by %(person)s.") % {
            "amount": format_money(self.subject.amount, self.subject.currency, exact=True),
            "regime": self.subject.regime, "person": self.subject.proposed_by,
        }  # fmt: skip


class WithdrawTax(Act):
    """Take a proposal back."""

    model = TaxRemittance
    argument = "remittance_id"
    service = remitting.withdraw
    page_title = gettext_lazy("Withdraw a tax payment")
    button = gettext_lazy("Withdraw")
    done = gettext_lazy("It will not be booked.")


class TaxRemittanceRegister(Register):
    """Payments of withheld tax to its authority."""

    model = TaxRemittance
    menu_label = gettext_lazy("Tax payments")
    singular = gettext_lazy("Tax payment")
    menu_icon = "upload"
    export_filename = "tax-payments"
    list_select_related: ClassVar = ["proposed_by", "confirmed_by"]
    search_fields = ("regime", "reference", "reason")
    list_filter = (CURRENCY,)

    code = columns.text("reference", gettext_lazy("Reference"), order="reference")
    of_regime = columns.text("regime", gettext_lazy("Tax regime"), order="regime")
    sum_ = columns.money("amount", gettext_lazy("Amount"))
    first = columns.text("proposed_by", gettext_lazy("Proposed by"))
    begun = columns.when("proposed_at", gettext_lazy("Proposed"))
    second = columns.text("confirmed_by", gettext_lazy("Confirmed by"))
    booked = columns.when("confirmed_at", gettext_lazy("Confirmed"))
    dropped = columns.when("withdrawn_at", gettext_lazy("Withdrawn"))
    words = columns.text("reason", gettext_lazy("Reason"))
    list_display = ("code", "of_regime", "sum_", "first", "begun", "second", "booked", "dropped")
    inspect_view_fields: ClassVar = [
        "code", "of_regime", "sum_", "first", "begun", "second", "booked", "dropped", "words",
    ]  # fmt: skip

    def actions(self, user: Any, row: Any) -> list[dict[str, Any]]:
        """Confirm or withdraw while it is open."""
        if row.confirmed_at or row.withdrawn_at or not holds_any(user, ACTORS):
            return []
        return [
            {"label": _("Confirm"), "url": reverse("funding_desk:confirm_tax", args=[row.pk]), "serious": False},
            {"label": _("Withdraw"), "url": reverse("funding_desk:withdraw_tax", args=[row.pk]), "serious": False},
        ]
