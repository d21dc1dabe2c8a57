"""Currencies, payment methods and fees: the constants of this Stripe account."""

from typing import Final

from funding.sandbox.errors import ApiError

EXPONENTS: Final = {
    "aud": 2, "cad": 2, "chf": 2, "cny": 2, "dkk": 2, "eur": 2, "gbp": 2, "hkd": 2, "inr": 2, "jpy": 0,
    "krw": 0, "kwd": 3, "myr": 2, "nok": 2, "nzd": 2, "sek": 2, "sgd": 2, "thb": 2, "twd": 2, "usd": 2,
}  # fmt: skip
"""Digits after the point of each currency that the account charges and settles in."""

ALIPAY_CURRENCIES: Final = {"aud", "cad", "cny", "eur", "gbp", "hkd", "jpy", "myr", "nzd", "sgd", "usd"}
WECHAT_PAY_CURRENCIES: Final = {
    "aud", "cad", "chf", "cny", "dkk", "eur", "gbp", "hkd", "jpy", "nok", "sek", "sgd", "usd",
}  # fmt: skip

REFUND_WINDOW_DAYS: Final = {"alipay": 90, "wechat_pay": 180}

MINIMUM_CHARGE: Final = {"usd": 50, "eur": 50, "gbp": 30, "hkd": 400, "jpy": 50}
MAXIMUM_AMOUNT: Final = 99_999_999

FEE_BASIS_POINTS: Final = {"card": 290, "alipay": 220, "wechat_pay": 220}
FIXED_FEE: Final = {
    "usd": 30,
    "eur": 25,
    "gbp": 20,
    "hkd": 235,
    "cny": 200,
    "jpy": 40,
    "kwd": 100,
    "krw": 400,
}
"""Added to every charge, in minor units; 30 for a currency that is not named."""

DISPUTE_FEE: Final = {
    "usd": 1500,
    "eur": 2000,
    "gbp": 2000,
    "hkd": 8500,
    "cny": 10000,
    "jpy": 1500,
    "kwd": 4500,
}
"""Taken when a dispute withdraws the funds, never given back; 1500 for a currency that is not named."""


def require_currency(currency: str, *, param: str = "currency") -> str:
    """The currency in lower case; ApiError when the account does not settle it."""
    if currency.lower() not in EXPONENTS:
        names = ", ".join(sorted(EXPONENTS))
        message = f"Invalid currency: {currency}. Stripe currently supports these currencies: {names}"
        raise ApiError(message, param=param, replayable=False)
    return currency.lower()


def require_amount(amount: int, currency: str, *, param: str = "amount", least: int = 1) -> int:
    """A positive amount in minor units; three-decimal currencies must end in 0."""
    if amount < least:
        message = f"Invalid integer: this value must be greater than or equal to {least}."
        raise ApiError(message, param=param, code="parameter_invalid_integer", replayable=False)
    if amount > MAXIMUM_AMOUNT:
        raise ApiError("Amount must be no more than 99999999.", param=param, code="amount_too_large", replayable=False)
    if EXPONENTS[currency] == 3 and amount % 10:
        message = f"Invalid amount: the last digit of an amount in {currency.upper()} must be 0."
        raise ApiError(message, param=param, code="invalid_amount", replayable=False)
    return amount


def eligible_methods(currency: str) -> list[str]:
    """The payment methods that can charge this currency."""
    methods = ["card"]
    if currency in ALIPAY_CURRENCIES:
        methods.append("alipay")
    if currency in WECHAT_PAY_CURRENCIES:
        methods.append("wechat_pay")
    return methods


def charge_fee(amount: int, currency: str, method: str) -> int:
    """Stripe's fee on a charge, in minor units, rounded half up (to ten in three-decimal currencies)."""
    fee = (amount * FEE_BASIS_POINTS[method] + 5_000) // 10_000 + FIXED_FEE.get(currency, 30)
    return (fee + 5) // 10 * 10 if EXPONENTS[currency] == 3 else fee


def dispute_fee(currency: str) -> int:
    """The fee of a dispute, in minor units."""
    return DISPUTE_FEE.get(currency, 1500)


def format_amount(amount: int, currency: str) -> str:
    """`1234, "jpy"` → ``JPY 1,234``; `1230, "kwd"` → ``KWD 1.230``."""
    exponent = EXPONENTS[currency]
    whole, part = divmod(amount, 10**exponent)
    return f"{currency.upper()} {whole:,}" + (f".{part:0{exponent}d}" if exponent else "")
