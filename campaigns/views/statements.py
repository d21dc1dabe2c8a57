"""Statements on screen: what a backer paid and got back, and what became of a creator's campaigns."""

from math import ceil
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache

from campaigns import selectors
from campaigns.views import wording
from cms.core import moments
from cms.core.errors import InvalidInput
from cms.users.models import User
from funding.documents.files import FORMS, statement_file
from funding.documents.filtering import filters_of
from funding.documents.finding import years_of
from funding.documents.statements import KINDS, label
from funding.models import Escrow
from funding.money import format_money
from funding.statements import Statement, StatementFilters, StatementRow, backer_statement, escrow_statement

PAGE_SIZE = 50
MOST_CAMPAIGNS = 100
BACKED = "backed"
# Kinds of lines that a backer's statement has.
BACKERS_KINDS = ("capture", "refund_succeeded", "refund_by_bank", "refund_returned")


@never_cache
@login_required
def my_statements(request: HttpRequest) -> HttpResponseBase:
    """One statement at a time: what one backed (`?of=backed`) or a campaign of one's own (`?of=<key>`).

    Filters and `page` choose lines; `?csv=` and `?xlsx=`, with the same words as `of`, download all that they leave.
    """
    assert isinstance(request.user, User)
    user = request.user
    escrows = {escrow.key: escrow for escrow in selectors.escrows_of(user)}
    form = next((form for form in FORMS if form in request.GET), "")
    chosen = request.GET.get(form or "of", "") or _first(user, escrows)
    if chosen != BACKED and chosen not in escrows:
        raise Http404
    filters, error = _filters(request)
    escrow = escrows.get(chosen)
    statement = escrow_statement(escrow, filters=filters) if escrow else backer_statement(user, filters=filters)
    if form and not error:
        return statement_file(statement, form=form, name=f"statement-{chosen}", language=get_language() or "en")
    context = {
        "title": gettext("Statements"),
        "text": gettext("Every line stands in the ledger and can't be changed afterwards."),
        "choices": _choices(escrows, chosen),
        "of": chosen,
        "filters": _fields(request, user, backer=escrow is None),
        "since": request.GET.get("from", ""),
        "until": request.GET.get("to", ""),
        "error": error,
        **_shown(request, statement, escrow),
        "downloads": [*_files(request, chosen), *(_years(user) if escrow is None else [])],
    }
    return render(request, "pages/statements.html", {"statements": context}, status=400 if error else 200)


def _first(user: User, escrows: dict[str, Escrow]) -> str:
    return next(iter(escrows), BACKED) if not user.pledges.exists() else BACKED


def _filters(request: HttpRequest) -> tuple[StatementFilters, str]:
    try:
        return filters_of(request.GET), ""
    except InvalidInput as error:
        return StatementFilters(), str(error)


def _choices(escrows: dict[str, Escrow], chosen: str) -> list[dict[str, Any]]:
    names = {BACKED: gettext("What you backed")} | {key: escrow.name() for key, escrow in escrows.items()}
    if len(names) == 1:
        return []
    return [{"label": name, "url": f"?of={key}", "current": key == chosen} for key, name in names.items()]


def _fields(request: HttpRequest, user: User, *, backer: bool) -> list[dict[str, Any]]:
    """The choices of the filter form; a campaign's statement has one campaign and one currency."""
    kinds = {kind: str(name) for kind, name in KINDS.items() if kind in BACKERS_KINDS or not backer}
    fields = [("kind", gettext("What"), kinds)]
    if backer:
        backed = Escrow.objects.filter(pledges__backer=user).distinct().order_by("-launched_at")[:MOST_CAMPAIGNS]
        fields.append(("campaign", gettext("Campaign"), {escrow.key: escrow.name() for escrow in backed}))
        fields.append(("currency", gettext("Currency"), {escrow.currency: escrow.currency for escrow in backed}))
    return [
        {
            "name": name, "label": title,
            "options": [
                {"value": value, "label": text, "selected": request.GET.get(name, "") == value}
                for value, text in {"": gettext("Everything"), **options}.items()
            ],
        }
        for name, title, options in fields
        if len(options) > 1
    ]  # fmt: skip


def _shown(request: HttpRequest, statement: Statement, escrow: Escrow | None) -> dict[str, Any]:
    """The lines of a page as a sheet, with the balances after the last line of all pages."""
    typed = request.GET.get("page", "1")
    number = int(typed) if typed.isascii() and typed.isdigit() and 0 < len(typed) < 7 else 1
    page = statement.page(number, PAGE_SIZE)
    if not page.rows:
        return {"sheets": [], "pager": {}}
    pages = ceil(page.count / PAGE_SIZE)
    return {
        "sheets": [
            {
                "title": escrow.name() if escrow else gettext("What you backed"),
                "subtitle": _state(escrow) if escrow else "",
                "statement": _sheet(statement, page.rows, backer=escrow is None, place=_place(number, pages)),
            }
        ],
        "pager": {
            "previous_url": _address(request, page=number - 1) if number > 1 else "",
            "next_url": _address(request, page=number + 1) if number < pages else "",
        },
    }


def _place(number: int, pages: int) -> str:
    return gettext("Page %(n)d of %(pages)d") % {"n": number, "pages": pages} if pages > 1 else gettext("All lines")


def _state(escrow: Escrow) -> str:
    return wording.state_label(escrow.state, reached=selectors.result_of(escrow)[0] >= escrow.goal)


def _sheet(statement: Statement, rows: list[StatementRow], *, backer: bool, place: str) -> dict[str, Any]:
    columns = [gettext("Date"), gettext("What"), *([gettext("Campaign")] if backer else []), gettext("Amount")]
    return {
        "caption": place,
        "ledger": True,
        "columns": [*columns, gettext("Balance") if backer else gettext("Held after it")],
        "rows": [_line(row, backer=backer) for row in rows],
        "totals": [
            {
                "label": gettext("Paid on the whole") if backer else gettext("Held now"),
                "amount": format_money(balance, currency, exact=True),
            }
            for currency, balance in statement.balances().items()
        ],
    }


def _line(row: StatementRow, *, backer: bool) -> dict[str, Any]:
    return {
        "cells": [moments.date_text(row.at), label(row), *([row.name] if backer else [])],
        "amount": format_money(row.incoming - row.outgoing, row.currency, exact=True),
        "after": format_money(row.balance, row.currency, exact=True),
    }


def _files(request: HttpRequest, chosen: str) -> list[dict[str, str]]:
    names = {"csv": gettext("All lines (CSV)"), "xlsx": gettext("All lines (XLSX)")}
    return [{"title": names[form], "url": _address(request, of="", page="", **{form: chosen})} for form in FORMS]


def _years(user: User) -> list[dict[str, str]]:
    return [
        {
            "title": gettext("Annual statement %(year)s, %(currency)s (PDF)")
            % {"year": one.year, "currency": one.currency},
            "url": reverse("annual_statement", kwargs={"year": one.year, "currency": one.currency}),
        }
        for one in years_of(user)
    ]


def _address(request: HttpRequest, **changes: object) -> str:
    kept = {name: request.GET[name] for name in ("of", "campaign", "kind", "currency", "from", "to")
            if name in request.GET}  # fmt: skip
    return "?" + urlencode({name: value for name, value in {**kept, **changes}.items() if value != ""})
