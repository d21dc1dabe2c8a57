from typing import Any

import pytest
import stripe

from tests.funding.sandbox.conftest import Shop
from tests.funding.sandbox_server import Sandbox, WebhookSink


def transfer(shop: Shop, account: stripe.Account, amount: int = 5_000, currency: str = "usd") -> stripe.Transfer:
    params: Any = {
        "amount": amount,
        "currency": currency,
        "destination": account.id,
        "transfer_group": "escrow:t",
        "metadata": {"payout": "1"},
    }
    return shop.client.v1.transfers.create(params)


def test_a_new_account_can_do_nothing_yet(shop: Shop, sandbox: Sandbox) -> None:
    sandbox.top_up(10_000, "usd")
    account = shop.creator(onboarded=False)
    assert (account.charges_enabled, account.payouts_enabled, account.details_submitted) == (False, False, False)
    assert account.type == "express"
    assert account.requirements is not None
    assert account.requirements.currently_due
    with pytest.raises(stripe.InvalidRequestError) as caught:
        transfer(shop, account)
    assert caught.value.code == "insufficient_capabilities_for_transfer"


def test_a_transfer_pays_out_by_itself(shop: Shop, sandbox: Sandbox, sink: WebhookSink) -> None:
    sandbox.top_up(10_000, "usd")
    account, before = shop.creator(), shop.balance("usd")
    sent = transfer(shop, account)
    assert (sent.amount, sent.destination, sent.reversed) == (5_000, account.id, False)
    assert shop.balance("usd") == before - 5_000
    as_account: Any = {"stripe_account": account.id}
    payout = shop.client.v1.payouts.list({}, as_account).data[0]
    assert (payout.amount, payout.automatic) == (5_000, True)
    paid = sink.wait_for("payout.paid", payout.id)[0]["event"]
    assert paid["account"] == account.id
    sink.wait_for("payout.created", payout.id)
    assert "account" not in sink.wait_for("transfer.created", sent.id)[0]["event"]
    assert shop.client.v1.payouts.retrieve(payout.id, {}, as_account).status == "paid"
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.payouts.retrieve(payout.id)
    parts = shop.client.v1.balance_transactions.list({"payout": payout.id, "type": "payment"}, as_account).data
    assert [p.source for p in parts] == [sent.destination_payment]
    payment = shop.client.v1.charges.retrieve(str(sent.destination_payment), {}, as_account)
    assert payment.source_transfer == sent.id


def test_a_short_balance_refuses_the_transfer(shop: Shop) -> None:
    account = shop.creator()
    shop.drain("sgd", leaving=4_999)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        transfer(shop, account, currency="sgd")
    assert caught.value.code == "balance_insufficient"
    assert shop.balance("sgd") == 4_999


def test_a_reversal_needs_the_money_to_be_there(shop: Shop, sandbox: Sandbox, sink: WebhookSink) -> None:
    sandbox.top_up(10_000, "usd")
    account = shop.creator()
    sent, as_account = transfer(shop, account), {"stripe_account": account.id}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.transfers.reversals.create(sent.id, {})
    assert caught.value.code == "balance_insufficient"
    payout = shop.client.v1.payouts.list({}, as_account).data[0]  # type: ignore[arg-type]
    sink.wait_for("payout.paid", payout.id)
    returned = sandbox.return_payout(payout)
    assert (returned["status"], returned["failure_code"]) == ("failed", "account_closed")
    assert sink.wait_for("payout.failed", payout.id)[0]["event"]["account"] == account.id
    assert shop.balance("usd", account.id) == 5_000
    before = shop.balance("usd")
    part = shop.client.v1.transfers.reversals.create(sent.id, {"amount": 2_000})
    assert part.id.startswith("trr_")
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.transfers.reversals.create(sent.id, {"amount": 3_001})
    shop.client.v1.transfers.reversals.create(sent.id, {})
    assert shop.balance("usd") == before + 5_000
    after = shop.client.v1.transfers.retrieve(sent.id)
    assert (after.reversed, after.amount_reversed, len(after.reversals.data)) == (True, 5_000, 2)
    sink.wait_for("transfer.reversed", sent.id, count=2)
    assert len(shop.client.v1.transfers.reversals.list(sent.id).data) == 2


def test_transfers_are_listed_by_group(shop: Shop, sandbox: Sandbox) -> None:
    sandbox.top_up(10_000, "usd")
    sent = transfer(shop, shop.creator())
    assert sent.id in [t.id for t in shop.client.v1.transfers.list({"transfer_group": "escrow:t"}).data]
    assert shop.client.v1.transfers.list({"transfer_group": "escrow:other"}).data == []


def test_a_switched_off_account_gets_nothing(shop: Shop, sandbox: Sandbox, sink: WebhookSink) -> None:
    sandbox.top_up(10_000, "usd")
    account = shop.creator()
    sandbox.switch_account(account, transfers_enabled=False)
    sink.wait_for("account.updated", account.id, count=2)
    with pytest.raises(stripe.InvalidRequestError):
        transfer(shop, account)
    sandbox.switch_account(account, transfers_enabled=True)
    assert transfer(shop, account).amount == 5_000


def test_money_waits_while_payouts_are_off(shop: Shop, sandbox: Sandbox) -> None:
    sandbox.top_up(10_000, "usd")
    account = shop.creator()
    sandbox.switch_account(account, payouts_enabled=False)
    transfer(shop, account)
    assert shop.balance("usd", account.id) == 5_000
    sandbox.switch_account(account, payouts_enabled=True)
    assert shop.balance("usd", account.id) == 0


def test_a_manual_schedule_keeps_the_money_on_the_account(shop: Shop, sandbox: Sandbox) -> None:
    sandbox.top_up(10_000, "usd")
    account = shop.creator(settings={"payouts": {"schedule": {"interval": "manual"}}})
    transfer(shop, account)
    assert shop.balance("usd", account.id) == 5_000


def test_accounts_change_by_update(shop: Shop) -> None:
    account = shop.creator()
    changed = shop.client.v1.accounts.update(
        account.id, {"metadata": {"user": "8"}, "business_profile": {"name": "拾柴工坊"}}
    )
    assert changed.metadata is not None
    assert changed.metadata["user"] == "8"
    assert changed.business_profile is not None
    assert changed.business_profile.name == "拾柴工坊"
    assert shop.client.v1.accounts.retrieve_current().type == "standard"


def test_a_dispute_takes_the_money_even_below_zero(shop: Shop, sandbox: Sandbox, sink: WebhookSink) -> None:
    intent = shop.pay(currency="nzd", amount=10_000)
    shop.drain("nzd")
    dispute = sandbox.dispute(intent, reason="product_not_received")
    assert (dispute["status"], dispute["amount"]) == ("needs_response", 10_000)
    assert shop.balance("nzd") == -11_500
    for type in ("created", "funds_withdrawn"):
        sink.wait_for(f"charge.dispute.{type}", dispute["id"])
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.refunds.create({"payment_intent": intent.id})
    assert caught.value.code == "charge_disputed"
    sandbox.close_dispute(dispute, "won")
    assert shop.balance("nzd") == -1_500
    for type in ("funds_reinstated", "closed"):
        sink.wait_for(f"charge.dispute.{type}", dispute["id"])
    found = shop.client.v1.disputes.list({"payment_intent": intent.id}).data[0]
    assert (found.status, [t.net for t in found.balance_transactions]) == ("won", [-11_500, 10_000])


def test_a_conceded_dispute_is_lost(shop: Shop, sandbox: Sandbox, sink: WebhookSink) -> None:
    dispute = sandbox.dispute(shop.pay(), amount=5_000)
    lost = shop.client.v1.disputes.close(dispute["id"])
    assert (lost.status, lost.amount) == ("lost", 5_000)
    sink.wait_for("charge.dispute.closed", lost.id)
    assert not sink.of("charge.dispute.funds_reinstated", lost.id)
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.disputes.close(lost.id)


def test_an_inquiry_moves_nothing(shop: Shop, sandbox: Sandbox) -> None:
    intent = shop.pay()
    before = shop.balance("cny")
    inquiry = sandbox.dispute(intent, warning=True)
    assert (inquiry["status"], shop.balance("cny")) == ("warning_needs_response", before)
    assert sandbox.close_dispute(inquiry, "warning_closed")["status"] == "warning_closed"
