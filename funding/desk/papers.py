"""Receipts and credit notes on the desk: what was issued, each as PDF."""

from typing import Any, ClassVar

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from funding.desk import columns
from funding.desk.filters import by
from funding.desk.permissions import SUPPORT_READERS, ReadOnlyForSupport, require_any
from funding.desk.register import CURRENCY, Register, pledge
from funding.documents.receipts import TITLES, document_pdf
from funding.models import Document


class DocumentRegister(Register):
    """Receipts and credit notes."""

    model = Document
    menu_label = _("Receipts and credit notes")
    singular = _("Document")
    menu_icon = "doc-full"
    export_filename = "documents"
    permission_helper_class = ReadOnlyForSupport
    list_select_related: ClassVar = ["payment__pledge__escrow"]
    search_fields = ("key", "payment__pledge__id", "payment__pledge__email", "payment__pledge__escrow__key")
    list_filter = (("kind", by(_("kind"), TITLES)), "year", CURRENCY)

    code = columns.text("reference", _("Number"), order="number")
    what = columns.word("kind", _("Kind"), TITLES, order="kind")
    campaign = columns.campaign(_("Campaign"), path="payment.pledge.escrow")
    of_pledge = pledge("payment.pledge_id")
    sum_ = columns.money("amount", _("Amount"))
    issued = columns.when("issued_at", _("Issued"))
    about = columns.text("key", _("For"))
    list_display = ("code", "what", "campaign", "of_pledge", "sum_", "issued")
    inspect_view_fields: ClassVar = ["code", "what", "campaign", "of_pledge", "sum_", "issued", "about"]

    def actions(self, user: Any, row: Model) -> list[dict[str, Any]]:
        """The printed document."""
        url = reverse("funding_desk:document", args=[row.pk])
        return [{"label": _("Download PDF"), "url": url, "serious": False}, *super().actions(user, row)]


@require_GET
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """One document as PDF, in the reader's language. For those who may see the register."""
    require_any(request, SUPPORT_READERS)
    row = get_object_or_404(Document.objects.select_related("payment__pledge"), pk=pk)
    response = HttpResponse(document_pdf(row, language=get_language() or "en"), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{row.reference}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
