"""Moments read as people write them, on the clocks of a place."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from cms.core.moments import date_text, time_text

NOON = datetime(2026, 12, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "zone", "text"),
    [
        ("en", "Asia/Shanghai", "4 December 2026, 20:00 (Shanghai)"),
        ("zh-hans", "Asia/Shanghai", "2026年12月4日 20:00（北京时间）"),
        ("en", "Asia/Tokyo", "4 December 2026, 21:00 (Tokyo)"),
        ("zh-hans", "Asia/Tokyo", "2026年12月4日 21:00（东京时间）"),
        ("en", "America/Argentina/Buenos_Aires", "4 December 2026, 09:00 (Buenos Aires)"),
    ],
)
def test_a_minute_names_its_clock_in_the_reader_s_language(locale: str, zone: str, text: str) -> None:
    with translation.override(locale):
        assert time_text(NOON, zone=zone) == text


def test_a_day_is_the_day_of_the_place() -> None:
    with translation.override("zh-hans"):
        assert date_text(datetime(2026, 12, 4, 20, tzinfo=UTC), zone="Asia/Tokyo") == "2026年12月5日"
    assert date_text(None) == time_text(None) == ""
