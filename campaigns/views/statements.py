"""Statements on screen: what a backer paid and got back, and what became of a creator's campaigns."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache

from campaigns import selectors
from campaigns.views import wording
from cms.core import moments
from cms.users.models import User
from funding.documents.statements import label, statement_csv
from funding.models import Escrow
from funding.money import format_money
from funding.statements import StatementRow, backer_statement, escrow_statement

# A page people read; everything is in the download.
MOST_ROWS = 200


@never_cache
@login_required
def my_statements(request: HttpRequest) -> HttpResponseBase:
    """A sheet for what one backed, one for each campaign of one's own; `?csv=backed` or `?csv=<key>` downloads."""
    assert isinstance(request.user, User)
    user = request.user
    escrows = {escrow.key: escrow for escrow in selectors.escrows_of(user)}
    if wanted := request.GET.get("csv"):
        if wanted != "backed" and wanted not in escrows:
            raise Http404
        rows = backer_statement(user) if wanted == "backed" else escrow_statement(escrows[wanted])
        return _download(rows, name=wanted)
    sheets, downloads = [], []
    if backed := list(backer_statement(user)):
        sheets.append({"title": gettext("What you backed"), "statement": _sheet(backed, backer=True)})
        downloads.append({"title": gettext("What you backed (CSV)"), "url": "?csv=backed"})
    for key, escrow in escrows.items():
        sheets.append(_campaign_sheet(escrow))
        title = escrow.name(get_language() or "en")
        downloads.append({"title": gettext("%(title)s (CSV)") % {"title": title}, "url": f"?csv={key}"})
    context = {
        "title": gettext("Statements"),
        "text": gettext("Every line stands in the ledger and can't be changed afterwards."),
        "sheets": sheets,
        "downloads": downloads,
    }
    return render(request, "pages/statements.html", {"statements": context})


def _campaign_sheet(escrow: Escrow) -> dict[str, Any]:
    rows = list(escrow_statement(escrow))
    return {
        "title": escrow.name(get_language() or "en"),
        "subtitle": wording.state_label(escrow.state, reached=selectors.result_of(escrow)[0] >= escrow.goal),
        "statement": _sheet(rows, backer=False),
    }


def _sheet(rows: list[StatementRow], *, backer: bool) -> dict[str, Any]:
    shown = rows[-MOST_ROWS:]
    balances = {row.currency: row.balance for row in rows}
    note = gettext("the latest %(n)d lines") % {"n": len(shown)} if len(shown) < len(rows) else ""
    return {
        "caption": note or gettext("All lines"),
        "columns": [gettext("Date"), gettext("What"), gettext("Campaign"), gettext("Amount")]
        if backer
        else [gettext("Date"), gettext("What"), gettext("Held after it"), gettext("Amount")],
        "rows": [_line(row, backer=backer) for row in shown],
        "totals": [
            {
                "label": gettext("Paid on the whole") if backer else gettext("Held now"),
                "amount": format_money(balance, currency, exact=True),
            }
            for currency, balance in balances.items()
        ],
    }


def _line(row: StatementRow, *, backer: bool) -> dict[str, Any]:
    third = row.name if backer else format_money(row.balance, row.currency, exact=True)
    return {
        "cells": [moments.date_text(row.at), label(row), third],
        "amount": format_money(row.incoming - row.outgoing, row.currency, exact=True),
    }


def _download(rows: Iterable[StatementRow], *, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(statement_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="statement-{name}.csv"'
    return response
