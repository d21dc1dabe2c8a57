"""Money: integers in minor units beside an ISO 4217 currency. The only place that does arithmetic on amounts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cms.core.errors import InvalidInput

# Digits after the point (ISO 4217). A currency that isn't here is not offered.
EXPONENTS = {"CNY": 2, "USD": 2, "EUR": 2, "GBP": 2, "HKD": 2, "JPY": 0, "KWD": 3}
SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JP¥", "KWD": "KD "}
BASIS = 10_000
# Digits, with commas only where they part thousands: "12,50" is no 1250.
_TYPED = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:[,，][0-9]{3})+)(?:\.[0-9]+)?", flags=re.ASCII)
# Far above any pledge, far below what a bigint sum could overflow.
MAX_AMOUNT = 1_000_000_000_00
# What a ledger's line may sum up: the pledges of a whole campaign.
MAX_SUM = 10**17


class BadAmount(InvalidInput):
    """An amount that is no positive, whole number of minor units of a known currency."""

    code = "bad_amount"


@dataclass(frozen=True, order=True)
class Money:
    """`amount` minor units of `currency`."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in EXPONENTS:
            raise BadAmount(_("Unknown currency: %(code)s") % {"code": self.currency}, field="currency")

    def __str__(self) -> str:
        return f"{major(self.amount, self.currency)} {self.currency}"


def major(amount: int, currency: str) -> str:
    """The plain decimal string of minor units: (12345, "CNY") → "123.45"; no separators, no symbol."""
    exponent = EXPONENTS[currency]
    sign, digits = ("-" if amount < 0 else ""), str(abs(amount)).rjust(exponent + 1, "0")
    return f"{sign}{digits}" if exponent == 0 else f"{sign}{digits[:-exponent]}.{digits[-exponent:]}"


def parse_major(text: str, currency: str, *, field: str = "amount") -> int:
    """Minor units of what a person typed ("1,234.50"). Refuses signs, exponents, NaN, too many digits."""
    if currency not in EXPONENTS:
        raise BadAmount(_("Unknown currency: %(code)s") % {"code": currency}, field="currency")
    typed = text.strip()
    if not _TYPED.fullmatch(typed):
        raise BadAmount(_("Enter an amount as a plain number."), field=field)
    # Digits are counted, never computed with: a Decimal would round what has more than 28 of them.
    whole, _point, decimals = typed.replace(",", "").replace("，", "").partition(".")
    decimals = decimals.rstrip("0")
    if len(decimals) > EXPONENTS[currency]:
        raise BadAmount(_too_fine(currency), field=field)
    digits = (whole + decimals.ljust(EXPONENTS[currency], "0")).lstrip("0") or "0"
    if len(digits) > len(str(MAX_AMOUNT)):
        raise BadAmount(_("The amount is too large."), field=field)
    return check_amount(int(digits), field=field)


def _too_fine(currency: str) -> str:
    digits = EXPONENTS[currency]
    if digits == 0:
        return _("%(currency)s has no digits after the point.") % {"currency": currency}
    return ngettext(
        "%(currency)s has at most %(n)d digit after the point.",
        "%(currency)s has at most %(n)d digits after the point.",
        digits,
    ) % {"currency": currency, "n": digits}


def check_amount(
    amount: object, *, field: str = "amount", minimum: int = 0, maximum: int = MAX_AMOUNT, currency: str = ""
) -> int:
    """Promise an int within bounds; booleans, floats and strings are refused. With a currency it is named in words."""
    if type(amount) is not int:
        raise BadAmount(_("An amount is a whole number of minor units."), field=field)
    if amount < minimum and currency:
        least = Money(minimum, currency)
        raise BadAmount(_("The amount must be at least %(amount)s.") % {"amount": least}, field=field)
    if amount < minimum:
        raise BadAmount(_("The amount must be at least %(n)d.") % {"n": minimum}, field=field)
    if amount > maximum:
        raise BadAmount(_("The amount is too large."), field=field)
    return amount


def share(amount: int, bps: int) -> int:
    """`bps` basis points of an amount, rounded down: the odd unit stays with the rest."""
    return amount * bps // BASIS


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """Parts in proportion to the weights by largest remainder; they always sum to the whole.

    Of the units that rounding down leaves over, the last goes to the last part: by convention the creator's.
    """
    total = sum(weights)
    if total <= 0:
        raise ValueError("weights must sum to more than zero")
    parts = [amount * weight // total for weight in weights]
    left = amount - sum(parts)
    if left:
        parts[-1] += 1
    by_remainder = sorted(range(len(weights) - 1), key=lambda i: (-(amount * weights[i] % total), i))
    for index in by_remainder[: max(left - 1, 0)]:
        parts[index] += 1
    return parts


@dataclass(frozen=True)
class Shares:
    """What becomes of an escrow's money; the four parts sum to `gross` exactly. Minor units."""

    gross: int
    platform_fee: int
    compensation_fund: int
    tax: int
    creator_amount: int


def shares(gross: int, *, platform_fee_bps: int, compensation_fund_bps: int, tax_bps: int, step: int = 1) -> Shares:
    """Split by frozen rates: fee and fund of the gross, then tax of what is the creator's.

    Each is a `split` with the creator's part last, so the last odd unit is always the creator's. Example: 101.99 CNY
    at 5% fee, 1% fund, 20% tax → 5.09, 1.02, and 95.88 of which 19.17 is withheld and 76.71 paid out. Where only
    multiples of a `step` can be paid, the split is in steps; less than a step of the whole goes to the fund.
    """
    whole, crumbs = divmod(gross, step)
    rest = BASIS - platform_fee_bps - compensation_fund_bps
    fee, fund, creators = split(whole, [platform_fee_bps, compensation_fund_bps, rest])
    tax, creator_amount = split(creators, [tax_bps, BASIS - tax_bps])
    return Shares(gross, fee * step, fund * step + crumbs, tax * step, creator_amount * step)


_SIGNS = {
    "en": {"CNY": "CN¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "¥", "KWD": "KD "},
    "zh": {"CNY": "¥", "USD": "US$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JP¥", "KWD": "KD "},
}


def format_money(amount: int, currency: str, *, locale: str | None = None, exact: bool = False) -> str:
    """Minor units as people write them: (123450, "CNY", "zh-hans") → "¥1,234.50".

    Decimals that are all zero are left out unless `exact`, which statements and receipts use.
    """
    language = (locale or get_language() or "en")[:2]
    sign = _SIGNS.get(language, _SIGNS["en"])[currency]
    whole, _, decimals = major(abs(amount), currency).partition(".")
    grouped = f"{int(whole):,}"
    if decimals and (exact or int(decimals)):
        grouped = f"{grouped}.{decimals}"
    return f"{'−' if amount < 0 else ''}{sign}{grouped}"
