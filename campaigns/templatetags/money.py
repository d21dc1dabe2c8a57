"""Amounts for people: the symbol of the currency, separators, no empty decimals."""

from django import template

from funding.money import EXPONENTS, format_money

register = template.Library()


@register.filter
def money(amount: int | None, currency: str) -> str:
    """`{{ amount|money:currency }}`; an empty string for no amount."""
    return "" if amount is None or currency not in EXPONENTS else format_money(amount, currency)


@register.filter
def money_exact(amount: int | None, currency: str) -> str:
    """Like `money`, with all decimals: for statements and receipts."""
    return "" if amount is None or currency not in EXPONENTS else format_money(amount, currency, exact=True)
