"""Amounts for people: the symbol of the currency, separators, no empty decimals."""

from django import template
from django.utils.translation import get_language

from funding.money import EXPONENTS, major

register = template.Library()

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


@register.filter
def money(amount: int | None, currency: str) -> str:
    """`{{ amount|money:currency }}`; an empty string for no amount."""
    return "" if amount is None or currency not in EXPONENTS else format_money(amount, currency)


@register.filter
def money_exact(amount: int | None, currency: str) -> str:
    """Like `money`, with all decimals: for statements and receipts."""
    return "" if amount is None or currency not in EXPONENTS else format_money(amount, currency, exact=True)
