"""Splitting: the parts sum to the whole, and the last odd unit is the creator's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.money import BASIS, BadAmount, parse_major, shares, split

bps = st.integers(0, 3_000)


@given(st.integers(0, 10**12), bps, bps, bps, st.sampled_from([1, 10]))
def test_the_parts_sum_to_the_whole_to_the_unit(gross: int, fee: int, fund: int, tax: int, step: int) -> None:
    parts = shares(gross, platform_fee_bps=fee, compensation_fund_bps=fund, tax_bps=tax, step=step)
    assert parts.platform_fee + parts.compensation_fund + parts.tax + parts.creator_amount == gross
    assert abs(parts.platform_fee * BASIS - gross * fee) <= 2 * step * BASIS
    assert parts.creator_amount % step == 0
    creators = parts.tax + parts.creator_amount
    assert parts.tax * BASIS <= creators * tax
    assert creators * BASIS >= (gross - gross % step) * (BASIS - fee - fund)


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (100, [1, 1, 1], [33, 33, 34]), (101, [1, 1, 1], [34, 33, 34]), (10_199, [500, 100, 9_400], [509, 102, 9_588]),
        (0, [1, 2], [0, 0]), (1, [500, 9_500], [0, 1]),
    ],
)  # fmt: skip
def test_the_last_unit_goes_to_the_last_part(amount: int, weights: list[int], parts: list[int]) -> None:
    assert split(amount, weights) == parts


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("1,234.50", "CNY", 123_450), ("1，234", "CNY", 123_400), ("12.5", "KWD", 12_500), (" 7 ", "JPY", 7),
        ("1,234,567", "JPY", 1_234_567), ("1." + "0" * 40, "CNY", 100), ("0" * 40 + "1", "JPY", 1),
    ],
)  # fmt: skip
def test_reading_a_typed_amount(typed: str, currency: str, minor: int) -> None:
    assert parse_major(typed, currency) == minor


@pytest.mark.parametrize(
    ("typed", "currency", "says"),
    [
        ("1." + "0" * 28 + "1", "CNY", "2 digits"), ("1." + "0" * 40 + "1", "JPY", "no digits"),
        ("1" * 29, "CNY", "too large"), ("9" * 5000, "CNY", "too large"),
        ("99999999999999999999999999.999", "KWD", "too large"),
    ],
)  # fmt: skip
def test_no_digit_is_rounded_away(typed: str, currency: str, says: str) -> None:
    with pytest.raises(BadAmount, match=says):
        parse_major(typed, currency)


@pytest.mark.parametrize("typed", ["12,50", "1,2345", ",5", "1,,000", "1.2.3", "1e5", "+1", "１２", "Infinity", ""])
def test_a_comma_only_parts_thousands_and_nothing_else_is_read(typed: str) -> None:
    with pytest.raises(BadAmount):
        parse_major(typed, "EUR")
