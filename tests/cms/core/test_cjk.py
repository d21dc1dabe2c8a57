"""CJK runs as bigrams, on PostgreSQL itself."""

import pytest
from django.db import connection

from cms.core import cjk


def found(text: str, query: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_tsvector('english', %s) @@ to_tsquery('english', %s)",
            [cjk.index_text(text), cjk.tsquery(query)],
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("这款智能手环续航七天", "手环", True),
        ("这款智能手环续航七天", "智能手环", True),
        ("这款智能手环续航七天", "续航", True),
        ("这款智能手环续航七天", "天", True),
        ("这款智能手环续航七天", "环", True),
        ("这款智能手环续航七天", "手续", False),
        ("这款智能手环续航七天", "智能手表", False),
        ("智能，手环", "能手", False),
        ("He runs every morning", "running", True),
        ("He runs every morning", "walk", False),
        ("智能watch发布", "智能watch", True),
        ("智能watch发布", "watches", True),
        ("ＡＢＣ手帐", "abc 手帐", True),
        ("摩点手办", "手办", True),
        ("it's 'quoted' \\ text", "quoted", True),
    ],
)
def test_what_is_found(text: str, query: str, expected: bool) -> None:
    assert found(text, query) is expected


@pytest.mark.parametrize("query", ["", "  ", "，。！", "'\\&|!()"])
def test_punctuation_asks_for_nothing(query: str) -> None:
    assert cjk.query_terms(query) == []


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["a' & b", "foo:*", "!!x", "手'环", "%s %d", "<->"])
def test_no_query_is_an_error(query: str) -> None:
    found("anything", query)
