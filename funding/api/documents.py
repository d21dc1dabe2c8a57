"""Receipts and credit notes over the API, and each as PDF: own ones only, a guest's by the pledge's token."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cms.core.api import ApiView, Instant, Money, Page, Shape, SignedIn, instant, keyset, locale_of, money, user_of
from cms.core.api.views import sealed
from funding.api.pledges import own_pledge
from funding.documents.finding import of_person, of_pledge, years_of
from funding.documents.receipts import document_pdf
from funding.documents.yearly import annual_statement_pdf
from funding.models import Document
from funding.models.documents import DocumentKind

PDF: Any = {(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, description="The document.")}


class DocumentData(Shape):
    """A receipt or credit note. Its numbers have no gaps."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(DocumentKind.values)
    reference = serializers.CharField(help_text="The number as it is printed: KD-R-2027-000017.")
    amount = Money()
    pledge = serializers.UUIDField()
    campaign = serializers.CharField()
    title = serializers.CharField()
    issued_at = Instant()


DocumentPage = Page(DocumentData)


class YearData(Shape):
    """A year in one currency, as the documents have it."""

    year = serializers.IntegerField()
    paid = Money()
    returned = Money()


class YearList(Shape):
    """All years, newest first."""

    items = YearData(many=True)


class MyDocuments(SignedIn):
    """Everything that was issued to a person, newest first."""

    @extend_schema(operation_id="my_documents", tags=["me"], responses=DocumentPage)
    def get(self, request: Request) -> Response:
        """A window on the list."""
        locale = locale_of(request)
        window = keyset(of_person(user_of(request)), by="issued_at", request=request)
        return Response({"items": [_data(row, locale) for row in window.rows], "next_cursor": window.next_cursor})


class MyDocument(SignedIn):
    """One document of one's own."""

    @extend_schema(operation_id="my_document", tags=["me"], responses=PDF)
    def get(self, request: Request, document_id: int) -> HttpResponse:
        """PDF, in the language of `locale`."""
        return _file(of_person(user_of(request)), document_id, locale_of(request))


class MyYears(SignedIn):
    """The years and currencies of which there is an annual statement."""

    @extend_schema(operation_id="my_years", tags=["me"], responses=YearList)
    def get(self, request: Request) -> Response:
        """All of them."""
        return Response({
            "items": [
                {
                    "year": one.year, "paid": money(one.paid, one.currency),
                    "returned": money(one.returned, one.currency),
                }
                for one in years_of(user_of(request))
            ]
        })  # fmt: skip


class MyYear(SignedIn):
    """An annual statement."""

    @extend_schema(operation_id="my_year", tags=["me"], responses=PDF)
    def get(self, request: Request, year: int, currency: str) -> HttpResponse:
        """PDF, in the language of `locale`."""
        user, language = user_of(request), locale_of(request)
        pdf = annual_statement_pdf(user, year=year, currency=currency.upper(), language=language)
        if pdf is None:
            raise Http404
        return _pdf(pdf, f"statement-{year}-{currency}")


class PledgeDocuments(ApiView):
    """The receipts and credit notes of a pledge."""

    @extend_schema(operation_id="pledge_documents", tags=["pledges"], responses=DocumentPage)
    def get(self, request: Request, pledge_id: uuid.UUID) -> Response:
        """All of them, newest first."""
        locale, pledge = locale_of(request), own_pledge(request, pledge_id)
        window = keyset(of_pledge(pledge.pk), by="issued_at", request=request)
        items = [_data(row, locale) for row in window.rows]
        return sealed(Response({"items": items, "next_cursor": window.next_cursor}))


class PledgeDocument(ApiView):
    """One document of a pledge."""

    @extend_schema(operation_id="pledge_document", tags=["pledges"], responses=PDF)
    def get(self, request: Request, pledge_id: uuid.UUID, document_id: int) -> HttpResponse:
        """PDF, in the language of `locale`."""
        pledge = own_pledge(request, pledge_id)
        return _file(of_pledge(pledge.pk), document_id, locale_of(request))


def _data(row: Document, locale: str) -> dict[str, Any]:
    campaign = row.content["campaign"]
    return {
        "id": row.pk,
        "kind": row.kind,
        "reference": row.reference,
        "amount": money(row.amount, row.currency),
        "pledge": row.content["pledge"],
        "campaign": campaign["key"],
        "title": campaign["names"].get(locale) or next(iter(campaign["names"].values()), campaign["key"]),
        "issued_at": instant(row.issued_at),
    }


def _file(among: QuerySet[Document], document_id: int, language: str) -> HttpResponse:
    document = get_object_or_404(among, pk=document_id)
    return _pdf(document_pdf(document, language=language), document.reference)


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
