import pytest
import stripe

from tests.funding.sandbox.conftest import Shop
from tests.funding.sandbox_server import Sandbox


def test_cursors_walk_a_list_without_gaps(shop: Shop, sandbox: Sandbox) -> None:
    for _ in range(5):
        sandbox.top_up(100, "hkd")
    transactions = shop.client.v1.balance_transactions
    everything = [t.id for t in transactions.list({"currency": "hkd", "limit": 100}).data]
    assert len(everything) == 5
    first = transactions.list({"currency": "hkd", "limit": 2})
    assert ([t.id for t in first.data], first.has_more) == (everything[:2], True)
    second = transactions.list({"currency": "hkd", "limit": 3, "starting_after": everything[1]})
    assert ([t.id for t in second.data], second.has_more) == (everything[2:], False)
    back = transactions.list({"currency": "hkd", "limit": 2, "ending_before": everything[3]})
    assert ([t.id for t in back.data], back.has_more) == (everything[1:3], True)
    walked = transactions.list({"currency": "hkd", "limit": 2}).auto_paging_iter()
    assert [t.id for t in walked] == everything


def test_created_is_the_sandboxs_time(shop: Shop, sandbox: Sandbox) -> None:
    sandbox.top_up(100, "thb")
    sandbox.advance(5_000)
    sandbox.top_up(200, "thb")
    now = int(sandbox.clock()["now"])
    transactions = shop.client.v1.balance_transactions
    recent = transactions.list({"currency": "thb", "created": {"gte": now - 100, "lte": now}})
    assert [t.amount for t in recent.data] == [200]
    older = transactions.list({"currency": "thb", "created": {"lt": now - 100}})
    assert [t.amount for t in older.data] == [100]


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": 101}, {"starting_after": "txn_none"}])
def test_wrong_pages_are_refused(
    client: stripe.StripeClient, params: stripe.params.BalanceTransactionListParams
) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.balance_transactions.list(params)


def test_expansion_reaches_into_lists(shop: Shop) -> None:
    intent = shop.pay()
    found = shop.client.v1.checkout.sessions.list(
        {"payment_intent": intent.id, "expand": ["data.payment_intent.latest_charge.balance_transaction"]}
    )
    expanded = found.data[0].payment_intent
    assert isinstance(expanded, stripe.PaymentIntent)
    assert isinstance(expanded.latest_charge, stripe.Charge)
    assert isinstance(expanded.latest_charge.balance_transaction, stripe.BalanceTransaction)


def test_the_balance_is_the_sum_of_its_transactions(shop: Shop, sandbox: Sandbox) -> None:
    sandbox.top_up(50_000, "chf")
    intent = shop.pay(currency="chf", amount=9_900)
    shop.client.v1.refunds.create({"payment_intent": intent.id, "amount": 900})
    sandbox.dispute(intent, amount=1_000)
    transactions = shop.client.v1.balance_transactions.list({"currency": "chf", "limit": 100}).data
    assert shop.balance("chf") == sum(t.net for t in transactions)
    assert {t.type for t in transactions} == {"topup", "charge", "refund", "adjustment"}
    assert all(t.amount - t.fee == t.net for t in transactions)
    assert all(t.fee == sum(d.amount for d in t.fee_details) for t in transactions)
