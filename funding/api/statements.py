"""What a person has paid and got back, and what became of a campaign's money, as the ledger has it."""

from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cms.core.api import SignedIn, instant, locale_of, money, user_of
from cms.core.api.paging import limit
from cms.core.errors import InvalidInput
from funding.api.shapes import StatementPage
from funding.documents.files import statement_file
from funding.documents.filtering import filters_of
from funding.documents.spreadsheets import CONTENT_TYPE
from funding.documents.statements import KINDS
from funding.selectors import escrows_seen_by
from funding.statements import Statement, StatementRow, backer_statement, escrow_statement

_DAYS = [
    OpenApiParameter("kind", str, enum=sorted(KINDS), description="Only lines of this kind."),
    OpenApiParameter("from", OpenApiTypes.DATE, description="The first day, on the issuer's clock."),
    OpenApiParameter("to", OpenApiTypes.DATE, description="The last day, on the issuer's clock."),
]
FILTERS = [
    OpenApiParameter("campaign", str, description="Only lines of the campaign with this key."),
    OpenApiParameter("currency", str, description="Only lines in this currency."),
    *_DAYS,
]
CSV: Any = {(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, description="All lines, streamed.")}
XLSX: Any = {(200, CONTENT_TYPE): OpenApiResponse(OpenApiTypes.BINARY, description="All lines.")}


class MyStatements(SignedIn):
    """The backer's statement, oldest line first; `balance` is what they have paid on the whole, by currency.

    Filters hide lines and never change a balance.
    """

    @extend_schema(operation_id="my_statements", tags=["me"], parameters=FILTERS, responses=StatementPage)
    def get(self, request: Request) -> Response:
        """A window on the statement."""
        locale_of(request)
        return _window(request, _backed(request))


class MyStatementCsv(SignedIn):
    """The backer's statement as a file."""

    @extend_schema(operation_id="my_statements_csv", tags=["me"], parameters=FILTERS, responses=CSV)
    def get(self, request: Request) -> HttpResponseBase:
        """CSV with a byte order mark, harmless to open."""
        return statement_file(_backed(request), form="csv", name="statement", language=locale_of(request))


class MyStatementXlsx(SignedIn):
    """The backer's statement as a file."""

    @extend_schema(operation_id="my_statements_xlsx", tags=["me"], parameters=FILTERS, responses=XLSX)
    def get(self, request: Request) -> HttpResponseBase:
        """A spreadsheet."""
        return statement_file(_backed(request), form="xlsx", name="statement", language=locale_of(request))


class CampaignStatement(SignedIn):
    """What the platform holds for a campaign of one's own, oldest line first; it ends at 0."""

    @extend_schema(operation_id="campaign_statement", tags=["creator"], parameters=_DAYS, responses=StatementPage)
    def get(self, request: Request, key: str) -> Response:
        """A window on the statement."""
        locale_of(request)
        return _window(request, _of_campaign(request, key))


class CampaignStatementCsv(SignedIn):
    """A campaign's statement as a file."""

    @extend_schema(operation_id="campaign_statement_csv", tags=["creator"], parameters=_DAYS, responses=CSV)
    def get(self, request: Request, key: str) -> HttpResponseBase:
        """CSV with a byte order mark, harmless to open."""
        rows = _of_campaign(request, key)
        return statement_file(rows, form="csv", name=f"statement-{key}", language=locale_of(request))


class CampaignStatementXlsx(SignedIn):
    """A campaign's statement as a file."""

    @extend_schema(operation_id="campaign_statement_xlsx", tags=["creator"], parameters=_DAYS, responses=XLSX)
    def get(self, request: Request, key: str) -> HttpResponseBase:
        """A spreadsheet."""
        rows = _of_campaign(request, key)
        return statement_file(rows, form="xlsx", name=f"statement-{key}", language=locale_of(request))


def _backed(request: Request) -> Statement:
    return backer_statement(user_of(request), filters=filters_of(request.GET))


def _of_campaign(request: Request, key: str) -> Statement:
    escrow = escrows_seen_by(user_of(request)).filter(key=key).first()
    if escrow is None:
        raise Http404
    return escrow_statement(escrow, filters=filters_of(request.GET))


def _window(request: Request, statement: Statement) -> Response:
    after, size = _after(request), limit(request)
    found = statement.after(after, size + 1)
    more = str(found[size - 1].entry) if len(found) > size else None
    return Response({"items": [_line(row) for row in found[:size]], "next_cursor": more})


def _after(request: Request) -> int:
    cursor = request.GET.get("cursor", "0")
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise InvalidInput(_("That cursor is damaged. Start again without it."), field="cursor")
    return int(cursor)


def _line(row: StatementRow) -> dict[str, object]:
    return {
        "entry": row.entry,
        "at": instant(row.at),
        "kind": row.kind,
        "journal": row.journal,
        "campaign": row.escrow,
        "title": row.name,
        "incoming": money(row.incoming, row.currency),
        "outgoing": money(row.outgoing, row.currency),
        "balance": money(row.balance, row.currency),
    }
