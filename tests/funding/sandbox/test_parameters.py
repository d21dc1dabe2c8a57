from typing import Any

import pytest
import stripe

from tests.funding.sandbox.conftest import Shop


def refused(shop: Shop, **more: Any) -> stripe.InvalidRequestError:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.open(**more)
    assert caught.value.http_status == 400
    return caught.value


def test_payment_method_types_is_no_longer_writable(shop: Shop) -> None:
    error = refused(shop, payment_method_types=["card"])
    assert (error.code, error.param) == ("parameter_unknown", "payment_method_types")


def test_an_unknown_nested_parameter_is_named(shop: Shop) -> None:
    error = refused(shop, payment_intent_data={"transfer_groop": "x"})
    assert (error.code, error.param) == ("parameter_unknown", "payment_intent_data[transfer_groop]")


def test_a_missing_parameter_is_named(client: stripe.StripeClient) -> None:
    params: Any = {"amount": 100, "currency": "usd"}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.transfers.create(params)
    assert (caught.value.code, caught.value.param) == ("parameter_missing", "destination")


@pytest.mark.parametrize("amount", ["NaN", "1e3", "10.5", "ten", "Infinity", "9" * 30, " 5"])
def test_amounts_are_integers(shop: Shop, amount: str) -> None:
    params: Any = {"payment_intent": "pi_1", "amount": amount}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.refunds.create(params)
    assert (caught.value.code, caught.value.param) == ("parameter_invalid_integer", "amount")


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"adaptive_pricing": {"enabled": "maybe"}}, "adaptive_pricing[enabled]"),
        ({"adaptive_pricing": "no"}, "adaptive_pricing"),
        ({"mode": "gift"}, "mode"),
        ({"locale": "klingon"}, "locale"),
        ({"line_items": "many"}, "line_items"),
        ({"metadata": {"long": "x" * 501}}, "metadata[long]"),
        ({"metadata": {str(i): "x" for i in range(51)}}, "metadata"),
        ({"success_url": "javascript:alert(1)"}, "success_url"),
        ({"customer_email": "nobody"}, "customer_email"),
        ({"line_items": []}, "line_items"),
        ({"allowed_payment_method_types": ["magic"]}, "allowed_payment_method_types[0]"),
    ],
)
def test_wrong_values_are_refused_by_name(shop: Shop, more: dict[str, Any], param: str) -> None:
    assert refused(shop, **more).param == param


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        (-5, "usd", "parameter_invalid_integer"),
        (0, "usd", "parameter_invalid_integer"),
        (10, "usd", "amount_too_small"),
        (100_000_000, "usd", "amount_too_large"),
        (1_005, "kwd", "invalid_amount"),
        (100, "xyz", None),
    ],
)
def test_amounts_are_held_to_their_currency(shop: Shop, amount: int, currency: str, code: str | None) -> None:
    assert refused(shop, amount=amount, currency=currency).code == code


def test_mixed_currencies_are_refused(shop: Shop) -> None:
    lines = [
        {"quantity": 1, "price_data": {"currency": c, "unit_amount": 500, "product_data": {"name": "x"}}}
        for c in ("usd", "eur")
    ]
    assert refused(shop, line_items=lines).param == "line_items"


def test_an_unknown_object_is_404_in_the_path_and_400_in_a_parameter(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.retrieve("re_none")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"payment_intent": "pi_none"})
    assert (caught.value.http_status, caught.value.param) == (400, "payment_intent")


def test_expansion_of_what_cannot_expand_is_refused(shop: Shop) -> None:
    session = shop.open()
    for path in ("amount_total", "nonsense", "a.b.c.d.e"):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            shop.client.v1.checkout.sessions.retrieve(session.id, {"expand": [path]})
        assert caught.value.param == "expand"
