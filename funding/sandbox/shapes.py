"""Answers in Stripe's exact shape, derived from the annotations of the stripe resource classes."""

from functools import cache
from inspect import get_annotations
from typing import Any, ClassVar, get_args, get_origin

import stripe
from stripe.checkout import Session

Json = dict[str, Any]

CLASSES: dict[str, type[Any]] = {
    "account": stripe.Account,
    "account_link": stripe.AccountLink,
    "balance": stripe.Balance,
    "balance_transaction": stripe.BalanceTransaction,
    "bank_account": stripe.BankAccount,
    "capability": stripe.Capability,
    "charge": stripe.Charge,
    "checkout.session": Session,
    "dispute": stripe.Dispute,
    "event": stripe.Event,
    "item": stripe.LineItem,
    "payment_intent": stripe.PaymentIntent,
    "payout": stripe.Payout,
    "price": stripe.Price,
    "refund": stripe.Refund,
    "topup": stripe.Topup,
    "transfer": stripe.Transfer,
    "transfer_reversal": stripe.TransferReversal,
    "webhook_endpoint": stripe.WebhookEndpoint,
}

_SHOWN_ONLY_WHEN_SET = {
    "account": {"deleted", "groups", "individual", "company"},
    "bank_account": {"deleted", "customer"},
    "charge": {"refunds", "transfer", "level3"},
    "checkout.session": {"line_items", "optional_items"},
    "event": {"account", "context", "reason"},
    "price": {"deleted", "currency_options", "tiers"},
    "webhook_endpoint": {"deleted", "secret"},
}


@cache
def fields_of(kind: str) -> dict[str, bool]:
    """Every field that the class annotates, and whether it may be null."""
    annotations: dict[str, Any] = {}
    for base in reversed(CLASSES[kind].__mro__):
        if base.__module__.startswith("stripe.") and base.__name__ == CLASSES[kind].__name__:
            annotations.update(get_annotations(base))
    return {
        name: type(None) in get_args(hint)
        for name, hint in annotations.items()
        if get_origin(hint) is not ClassVar and not name.startswith("_")
    }


def shape(kind: str, **values: Any) -> Json:
    """An object of this kind: the given values, null for the rest, no field that Stripe does not have.

    Raises TypeError for an unknown field and for one that Stripe never leaves null: a mistake of ours.
    """
    fields = fields_of(kind)
    defaults: Json = {"object": kind, "livemode": False}
    values = {**{name: value for name, value in defaults.items() if name in fields}, **values}
    hidden = _SHOWN_ONLY_WHEN_SET.get(kind, set())
    unknown = values.keys() - fields.keys()
    absent = {name for name, nullable in fields.items() if not nullable and name not in hidden} - values.keys()
    if unknown or absent:
        raise TypeError(f"{kind}: unknown {sorted(unknown)}, absent {sorted(absent)}")
    body = {name: None for name in fields if name not in values and name not in hidden}
    return dict(sorted({**body, **values}.items(), key=lambda pair: (pair[0] != "id", pair[0] != "object", pair[0])))


def list_of(data: list[Json], *, url: str, has_more: bool = False) -> Json:
    """A Stripe list object."""
    return {"object": "list", "data": data, "has_more": has_more, "url": url}
