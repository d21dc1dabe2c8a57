"""Amounts as people read them."""

import pytest

from campaigns.templatetags.money import format_money


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "exact", "expected"),
    [
        (123450, "CNY", "zh-hans", False, "¥1,234.50"),
        (123400, "CNY", "zh-hans", False, "¥1,234"),
        (123400, "CNY", "zh-hans", True, "¥1,234.00"),
        (123400, "CNY", "en", False, "CN¥1,234"),
        (5, "USD", "en", False, "$0.05"),
        (1500, "JPY", "en", True, "¥1,500"),
        (1500, "JPY", "zh-hans", False, "JP¥1,500"),
        (12345, "KWD", "en", False, "KD 12.345"),
        (-99, "USD", "en", False, "−$0.99"),
        (0, "USD", "en", False, "$0"),
    ],
)
def test_format(amount: int, currency: str, locale: str, exact: bool, expected: str) -> None:
    assert format_money(amount, currency, locale=locale, exact=exact) == expected
