"""A prepared queryset answers as the queryset does."""

from typing import Any

import pytest
from django.db.models import F, Value
from django.db.models.functions import JSONObject

from campaigns.models import Category
from cms.core.prepared import Given, Prepared

pytestmark = pytest.mark.django_db


def test_rows_annotations_and_parameters(django_assert_num_queries: Any) -> None:
    for slug in ("lamps", "kilns"):
        Category.objects.create(slug=slug, name_en=slug.title(), name_zh="灯")
    rows = Category.objects.filter(slug=Given("slug")).annotate(told=JSONObject(name=F("name_en"), one=Value(1)))
    prepared: Prepared[Any] = Prepared(rows)
    for slug in ("lamps", "kilns", "lamps"):
        with django_assert_num_queries(1):
            (row,) = prepared.rows(slug=slug)
            assert (row.slug, row.name("zh-hans"), row.told) == (slug, "灯", {"name": slug.title(), "one": 1})
    assert prepared.rows(slug="none' OR true --") == []
