"""Documents to keep: receipts and credit notes of a pledge, a backer's year, a creator's settlements. PDF, own only."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from campaigns.views.pledge_access import PledgeAccess, pledge_access, private
from cms.users.models import User
from funding.documents.finding import of_pledge, releases_of
from funding.documents.receipts import TITLES, document_pdf
from funding.documents.settlement import certificate_code, certificate_pdf, settlement_code, settlement_pdf
from funding.documents.yearly import annual_statement_pdf
from funding.models.documents import DocumentKind
from funding.services.issuing import issue_for


@never_cache
@require_GET
def pledge_document(request: HttpRequest, pledge_id: str, number: int) -> HttpResponse:
    """One receipt or credit note, for its backer or by the guest's signed link."""
    access = pledge_access(request, pledge_id)
    document = get_object_or_404(of_pledge(access.pledge.pk), pk=number)
    return _file(document_pdf(document, language=_language()), document.reference)


@never_cache
@require_GET
def pledge_receipt(request: HttpRequest, pledge_id: str) -> HttpResponse:
    """The receipt of what a pledge was placed with, for its backer or by the signed link of the mail."""
    access = pledge_access(request, pledge_id)
    # The mail may be read before the sweep has come by.
    issue_for([access.pledge.pk])
    document = of_pledge(access.pledge.pk).filter(kind=DocumentKind.RECEIPT).first()
    if document is None:
        raise Http404
    return _file(document_pdf(document, language=_language()), document.reference)


@never_cache
@require_GET
@login_required
def annual_statement(request: HttpRequest, year: int, currency: str) -> HttpResponse:
    """A backer's year in one currency."""
    assert isinstance(request.user, User)
    pdf = annual_statement_pdf(request.user, year=year, currency=currency.upper(), language=_language())
    return _file(pdf, f"statement-{year}-{currency}")


@never_cache
@require_GET
@login_required
def settlement(request: HttpRequest, release_id: int) -> HttpResponse:
    """How a release of one's own campaign was split."""
    assert isinstance(request.user, User)
    release = get_object_or_404(releases_of(request.user), pk=release_id)
    return _file(settlement_pdf(release, language=_language()), settlement_code(release))


@never_cache
@require_GET
@login_required
def tax_certificate(request: HttpRequest, release_id: int) -> HttpResponse:
    """The tax that was withheld at a release of one's own campaign."""
    assert isinstance(request.user, User)
    release = get_object_or_404(releases_of(request.user), pk=release_id)
    return _file(certificate_pdf(release, language=_language()), certificate_code(release))


def document_links(access: PledgeAccess) -> list[dict[str, Any]]:
    """What there is to download of a pledge: title and url; a guest's links carry the token."""
    pledge = {"pledge_id": access.pledge.pk}
    return [
        {
            "title": f"{TITLES[document.kind]} {document.reference}",
            "url": access.carry(reverse("pledge_document", kwargs={**pledge, "number": document.pk})),
        }
        for document in of_pledge(access.pledge.pk)
    ]


def _language() -> str:
    return get_language() or "en"


def _file(pdf: bytes | None, name: str) -> HttpResponse:
    if pdf is None:
        raise Http404
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return private(response)
