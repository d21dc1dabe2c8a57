"""What Stripe and the wallets allow, as data. Amounts are minor units of the currency."""

from datetime import datetime, timedelta

from django.conf import settings

# Eight digits, whatever the currency.
MOST_PER_CHARGE = 99_999_999
LEAST_PER_CHARGE = {"USD": 50, "EUR": 50, "GBP": 30, "HKD": 400, "JPY": 50}
# Three-decimal currencies are charged in steps of ten.
STEP = {"KWD": 10}

# The method's name at the provider, the currencies it charges and for how long it can be refunded.
METHOD_CURRENCIES = {
    "card": frozenset({"CNY", "USD", "EUR", "GBP", "HKD", "JPY", "KWD"}),
    "alipay": frozenset({"CNY", "USD", "EUR", "GBP", "HKD", "JPY"}),
    "wechat_pay": frozenset({"CNY", "USD", "EUR", "GBP", "HKD", "JPY"}),
}
# The method that a direct channel is, and what a mainland merchant charges.
DIRECT_METHODS = {"wechatpay": "wechat_pay", "alipay": "alipay"}
DIRECT_CURRENCIES = frozenset({"CNY"})
REFUND_WINDOW = {"alipay": timedelta(days=90), "wechat_pay": timedelta(days=180)}
# How long money may lie on the platform's balance before it is paid out, by the platform's country.
LONGEST_HOLD = {"US": timedelta(days=730), "TH": timedelta(days=10)}
USUAL_HOLD = timedelta(days=90)
# For retries of a refund run, and for people.
MARGIN = timedelta(days=7)

# A checkout lives from 30 minutes to 24 hours; a quarter of an hour is left for opening it when the provider is slow.
CHECKOUT_LIFE = timedelta(minutes=45)


def refund_window_passed(*, method: str, paid_at: datetime | None, now: datetime) -> bool:
    """Whether the method takes no refund of that payment any more."""
    return paid_at is not None and method in REFUND_WINDOW and now > paid_at + REFUND_WINDOW[method]


def longest_hold() -> timedelta:
    """How long a payment's money may be held, by the rules of the country that the platform's account is in."""
    return LONGEST_HOLD.get(settings.PLATFORM_COUNTRY, USUAL_HOLD)


def methods_for(*, currency: str, paid_at: datetime, refundable_until: datetime) -> list[str]:
    """The methods to offer: those that charge the currency and could still be refunded at the latest moment."""
    return [
        method
        for method, currencies in METHOD_CURRENCIES.items()
        if currency in currencies
        and (method not in REFUND_WINDOW or refundable_until + MARGIN <= paid_at + REFUND_WINDOW[method])
    ]
