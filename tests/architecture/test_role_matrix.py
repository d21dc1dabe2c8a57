"""Who may open what: the table beside this file, held against real requests.

A view that no row names fails, and so does a row that names no view.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.contrib.messages import get_messages
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.cast import COLUMNS, Cast
from tests.routes import Route, routes

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
TABLE = Path(__file__).with_name("role_matrix.txt")
OUR_PACKAGES = ("cms.", "campaigns.", "funding.", "home.", "search.")
# Stock view classes that show rows of ours.
OUR_SPACES = ("studio:", "funding", "categories:", "featured:", "audit_log:", "wagtailusers_users:", "wagtailsnippet")
SIGN_IN = ("/cms/login/", "/accounts/login/")
OPEN = {"ok", "go", "4xx"}
# What a browser sends of an untouched form, as far as Wagtail's stream fields and comments insist on it.
UNTOUCHED = urlencode({
    "title": "Untitled", "new_parent_page": "", "story-count": 0, "body-count": 0, "comments-TOTAL_FORMS": 0,
    "comments-INITIAL_FORMS": 0,
})  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One line of the table: a method, a view (or all below a prefix), and what each column gets."""

    method: str
    view: str
    cells: tuple[str, ...]

    def names(self, route: Route) -> bool:
        """Whether the line is about this view."""
        return fnmatchcase(route.name, self.view)


@cache
def table() -> list[Row]:
    """The lines without their comments."""
    lines = (line.split() for line in TABLE.read_text().splitlines() if line.strip() and not line.startswith("#"))
    return [Row(method, view, tuple(cells)) for method, view, *cells in lines]


def exact(row: Row) -> bool:
    """Whether a line names a single view."""
    return not row.view.endswith("*")


def ours(route: Route) -> bool:
    """Whether a view is the product's own, or shows its rows: such a view has lines of its own."""
    return route.origin.startswith(OUR_PACKAGES) or route.name.startswith(OUR_SPACES)


def rows_of(route: Route) -> list[Row]:
    """The lines about a view: its own, else those of the narrowest group."""
    found = [row for row in table() if row.names(route)]
    groups = sorted({row.view for row in found if not exact(row)}, key=len)
    return [row for row in found if exact(row)] or [row for row in found if row.view in groups[-1:]]


@cache
def views_of() -> dict[Row, list[Route]]:
    """The views of each line."""
    found: dict[Row, list[Route]] = {row: [] for row in table()}
    for route in routes():
        for row in rows_of(route):
            found[row].append(route)
    return found


def test_no_view_is_missing() -> None:
    missing = [route.name for route in routes() if not rows_of(route)]
    assert not missing, missing
    grouped = [route.name for route in routes() if ours(route) and not any(exact(row) for row in rows_of(route))]
    assert grouped == [], "views of our own need lines of their own"


def test_every_line_names_a_view() -> None:
    assert [row.view for row, views in views_of().items() if not views] == []
    assert [row.view for row in table() if len(row.cells) != len(COLUMNS)] == []
    keys = [(row.method, row.view) for row in table()]
    assert len(keys) == len(set(keys))


def test_getting_is_asked_of_every_view() -> None:
    """No view is tried by POST alone, unless it refuses GET."""
    tried = {row.view for row in table() if row.method in ("GET", "ANY")}
    assert [row.view for row in table() if row.view not in tried] == []


def outcome(response: HttpResponse) -> str:
    """What an answer means: ok · go (elsewhere) · in (sign in first) · no (refused) · -- (not there) · 405 · 4xx."""
    status = response.status_code
    if status in (301, 302):
        location = response["Location"]
        if location.startswith(SIGN_IN):
            return "in"
        refused = location == "/cms/" and any(m.level_tag == "error" for m in get_messages(response.wsgi_request))
        return "no" if refused else "go"
    named = {401: "in", 403: "no", 404: "--", 405: "405"}
    if status in named:
        return named[status]
    return "ok" if status < 300 else "4xx" if status < 500 else str(status)


class Visitor:
    """One column's browser. What a request changes is undone, so that the order of lines doesn't matter."""

    def __init__(self, cast: Cast, column: str) -> None:
        self.cast = cast
        self.client = Client(raise_request_exception=False)
        if (person := cast.people[column]) is not None:
            self.client.force_login(person)
            # Where the account is signed in is noted once here, instead of by each request, to be undone with it.
            self.client.get("/cms/")
        self.cookies = self.client.cookies.copy()

    def ask(self, method: str, route: Route) -> str:
        """The outcome of one request; a POST is an untouched form."""
        self.client.cookies = self.cookies.copy()
        with transaction.atomic():
            sent = () if method == "GET" else ("{}", JSON) if route.route.startswith("api/") else (UNTOUCHED, FORM)
            response = self.client.generic(method, self.cast.url(route), *sent)
            found = outcome(response)
            transaction.set_rollback(True)
        return found

    def answers(self, row: Row) -> Iterator[str]:
        """What the views of a line answer."""
        for route in views_of()[row]:
            for method in ("GET", "POST") if row.method == "ANY" else (row.method,):
                yield self.ask(method, route)


def summary(answers: list[str]) -> str:
    """Of a group: `ok` if anything opens, else the strictest word that covers all."""
    if not OPEN.isdisjoint(answers):
        return "ok"
    return "in" if set(answers) == {"in"} else "no"


@pytest.mark.django_db
@pytest.mark.parametrize("column", COLUMNS)
def test_the_table(cast: Cast, column: str) -> None:
    visitor, place = Visitor(cast, column), COLUMNS.index(column)
    wrong = []
    for row in table():
        answers = list(visitor.answers(row))
        found = summary(answers) if row.method == "ANY" else answers[0]
        failing = row.method == "ANY" and any(answer.startswith("5") for answer in answers)
        if found != row.cells[place] or failing:
            wrong.append(f"{row.method} {row.view}: {found} instead of {row.cells[place]} ({' '.join(answers)})")
    assert not wrong, "\n" + "\n".join(wrong)
