"""Target 18: what a hundred thousand pages in the tree cost those who pledge and publish."""

import statistics
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from wagtail.models import Page

from campaigns.models import RewardCampaignPage
from tests import databases
from tests.bench.lines import Line
from tests.bench.meter import seconds
from tests.bench.pledges import Town, no_provider
from tests.bench.sizes import sizes
from tests.campaigns import scenes

ROUNDS = 20
FIRST = 40_000  # steps of the path below are left to what is made by hand

# Pages beside the campaigns', each with its text in the index of the admin's search.
_PAGES = """
WITH made AS (
  INSERT INTO wagtailcore_page ({columns})
  SELECT {values} FROM generate_series(%(first)s, %(last)s) AS n, wagtailcore_page AS p WHERE p.id = %(like)s
  RETURNING id, title
)
INSERT INTO wagtailsearch_indexentry (content_type_id, object_id, title_norm, autocomplete, title, body, title_text,
    body_text)
SELECT %(type)s, id::text, 1, to_tsvector('simple', title), to_tsvector('simple', title), to_tsvector('simple', title),
       title, title FROM made
"""
_DIGIT = "substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', (n / {place}) %% 36 + 1, 1)"
_STEP = " || ".join(_DIGIT.format(place=36**power) for power in (3, 2, 1, 0))
_CHANGED = {
    "path": f"left(p.path, -4) || {_STEP}", "title": "'Page ' || n", "draft_title": "'Page ' || n",
    "slug": "'page-' || n", "url_path": "p.url_path || n || '/'", "translation_key": "gen_random_uuid()",
    "numchild": "0",
}  # fmt: skip


def grow(like: Page, count: int) -> None:
    """So many pages more beside one, written by SQL; as plain pages, since nothing but the tree looks at them."""
    columns = [field.column for field in Page._meta.concrete_fields if not field.primary_key]
    values = [_CHANGED.get(column, f"p.{column}") for column in columns]
    kind = ContentType.objects.get_for_model(Page)
    Page.objects.filter(pk=like.get_parent().pk).update(numchild=like.get_parent().numchild + count)
    with connection.cursor() as cursor:
        cursor.execute(
            _PAGES.format(columns=", ".join(columns), values=", ".join(values)),
            {"first": FIRST, "last": FIRST + count - 1, "like": like.pk, "type": kind.pk},
        )
        cursor.execute("UPDATE wagtailcore_page SET content_type_id = %s WHERE slug LIKE 'page-%%'", [kind.pk])
        cursor.execute("ANALYZE")


def measure() -> Iterator[Line]:
    """The same town with a thousand pages and with a hundred thousand."""
    few, many = _costs(sizes.of(1_000)), _costs(sizes.of(100_000))
    yield Line("18", "pledge with 100,000 pages in the tree / 1,000, time", many[0] / few[0], 1.2, 1.05)
    yield Line("18", "publishing a story likewise", many[1] / few[1], 3, 1.5)


def _costs(pages: int) -> tuple[float, float]:
    with databases.cloned(), no_provider():
        town = Town(2)
        page = RewardCampaignPage.objects.filter(locale__language_code="en").first()
        draft = scenes.page(scenes.creator())
        grow(page.page_ptr, pages)

        def publish() -> None:
            draft.save_revision().publish()

        return _median(lambda: town.pledge(0)), _median(publish)


def _median(act: Callable[[], Any]) -> float:
    act()
    return statistics.median(seconds(act) for _ in range(ROUNDS))
