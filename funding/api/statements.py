"""What a person has paid and got back, as the ledger has it."""

from itertools import islice

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cms.core.api import SignedIn, instant, locale_of, money, user_of
from cms.core.api.paging import limit
from cms.core.errors import InvalidInput
from funding.api.shapes import StatementPage
from funding.statements import StatementRow, backer_statement


class MyStatements(SignedIn):
    """The backer's statement, oldest line first; `balance` is what they have paid on the whole, by currency."""

    @extend_schema(operation_id="my_statements", tags=["me"], responses=StatementPage)
    def get(self, request: Request) -> Response:
        """A window on the statement."""
        locale_of(request)
        after, size = _after(request), limit(request)
        rows = (row for row in backer_statement(user_of(request)) if row.entry > after)
        found = list(islice(rows, size + 1))
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
