import html
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

import pytest
import stripe

from tests.funding.sandbox.conftest import Shop
from tests.funding.sandbox_server import Sandbox, WebhookSink

GOOD = "4242 4242 4242 4242"


@dataclass
class Page:
    status: int
    text: str
    location: str | None

    def __contains__(self, testid: str) -> bool:
        return f'data-testid="{testid}"' in self.text

    def href(self, testid: str) -> str:
        match = re.search(rf'data-testid="{testid}" href="([^"]*)"', self.text)
        assert match
        return html.unescape(match[1])


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


def visit(url: str, form: dict[str, str] | None = None, lang: str = "en") -> Page:
    data = urllib.parse.urlencode(form).encode() if form is not None else None
    request = urllib.request.Request(url, data=data, headers={"Accept-Language": lang})
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=10) as response:
            return Page(response.status, response.read().decode(), None)
    except urllib.error.HTTPError as error:
        return Page(error.code, error.read().decode(), error.headers.get("Location"))


def card(number: str = GOOD, **more: str) -> dict[str, str]:
    return {"method": "card", "card_number": number, "card_expiry": "12 / 34", "card_cvc": "123", **more}


def url_of(session: stripe.checkout.Session) -> str:
    assert session.url
    return session.url


def status(shop: Shop, session: stripe.checkout.Session) -> tuple[str | None, str]:
    now = shop.client.v1.checkout.sessions.retrieve(session.id)
    return now.status, now.payment_status


def test_the_pay_page_shows_what_is_paid(shop: Shop) -> None:
    page = visit(url_of(shop.open(currency="cny", amount=12_000)))
    for testid in ("pay-page", "test-banner", "amount", "line-item", "method-card", "method-alipay", "card-number"):
        assert testid in page
    assert "CNY 120.00" in page.text
    assert "智能手环" in page.text
    assert "<script" not in page.text
    assert page.href("cancel-link") == "http://localhost:8000/back"


@pytest.mark.parametrize(
    ("currency", "amount", "shown"),
    [("jpy", 1_234, "JPY 1,234"), ("kwd", 12_340, "KWD 12.340"), ("usd", 5_005, "USD 50.05")],
)
def test_amounts_are_written_by_their_currency(shop: Shop, currency: str, amount: int, shown: str) -> None:
    assert shown in visit(url_of(shop.open(currency=currency, amount=amount))).text


def test_only_allowed_methods_are_offered(shop: Shop) -> None:
    page = visit(url_of(shop.open(allowed_payment_method_types=["alipay"])))
    assert "method-alipay" in page
    assert "method-card" not in page
    assert "card-number" not in page


def test_text_is_escaped(shop: Shop) -> None:
    product = {"name": "<script>alert(1)</script>"}
    lines = [{"quantity": 2, "price_data": {"currency": "usd", "unit_amount": 500, "product_data": product}}]
    page = visit(url_of(shop.open(line_items=lines, cancel_url='http://localhost/"><b>')))
    assert "<script>" not in page.text
    assert '"><b>' not in page.text


def test_the_language_follows_the_session(shop: Shop) -> None:
    assert "收银台" in visit(url_of(shop.open(locale="zh"))).text
    assert "Checkout" in visit(url_of(shop.open(locale="en")), lang="zh-CN").text
    assert "收银台" in visit(url_of(shop.open(locale="auto")), lang="zh-CN,en").text


def test_a_card_pays_and_returns_to_the_site(shop: Shop) -> None:
    session = shop.open()
    page = visit(url_of(session), card())
    assert (page.status, page.location) == (303, f"http://localhost:8000/thanks?session={session.id}")
    assert status(shop, session) == ("complete", "paid")
    after = visit(url_of(session))
    assert "closed-page" in after
    assert after.href("return-link").endswith(session.id)
    visit(url_of(session), card())
    charges = shop.client.v1.charges.list({"transfer_group": "escrow:test", "limit": 100}).data
    intent = shop.client.v1.checkout.sessions.retrieve(session.id).payment_intent
    assert len([c for c in charges if c.payment_intent == intent]) == 1


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("4000000000000002", "Your card was declined"),
        ("4000000000009995", "insufficient funds"),
        ("4000000000000069", "has expired"),
        ("4000000000000127", "security code is incorrect"),
        ("4111111111111111", "test mode"),
    ],
)
def test_a_decline_is_shown_and_may_be_tried_again(shop: Shop, number: str, text: str) -> None:
    session = shop.open()
    assert visit(url_of(session), card(number)).location == f"/pay/{session.id}"
    page = visit(url_of(session))
    assert "pay-error" in page
    assert text in page.text
    assert status(shop, session) == ("open", "unpaid")
    visit(url_of(session), card())
    assert status(shop, session) == ("complete", "paid")


@pytest.mark.parametrize(
    "form",
    [
        card("4242424242424241"),
        card(card_expiry="13/30"),
        card(card_expiry="01/20"),
        card(card_cvc="x"),
        {"method": "gold"},
        {},
    ],
)
def test_a_wrong_form_never_reaches_the_bank(shop: Shop, form: dict[str, str]) -> None:
    session = shop.open()
    page = visit(url_of(session), form)
    assert page.status == 400
    assert "pay-error" in page
    assert shop.client.v1.checkout.sessions.retrieve(session.id).payment_intent is None


def test_card_numbers_are_not_kept(shop: Shop, sandbox: Sandbox) -> None:
    visit(url_of(shop.open()), card())
    for path in sandbox.store.parent.glob(sandbox.store.name + "*"):
        assert b"4242424242424242" not in path.read_bytes()


@pytest.mark.parametrize("number", ["4000002500003155", "4000000000003220"])
@pytest.mark.parametrize("outcome", ["succeed", "fail"])
def test_three_d_secure(shop: Shop, number: str, outcome: str) -> None:
    session = shop.open()
    there = visit(url_of(session), card(number)).location
    assert there == f"/pay/{session.id}/authorise"
    page = visit(f"{url_of(session)}/authorise")
    for testid in ("authorise-page", "authorise-button", "fail-button"):
        assert testid in page
    back = visit(f"{url_of(session)}/authorise", {"outcome": outcome})
    if outcome == "succeed":
        assert back.location == f"http://localhost:8000/thanks?session={session.id}"
        assert status(shop, session) == ("complete", "paid")
    else:
        assert "could not confirm" in visit(url_of(session)).text
        assert status(shop, session) == ("open", "unpaid")


@pytest.mark.parametrize("method", ["alipay", "wechat_pay"])
@pytest.mark.parametrize("outcome", ["succeed", "fail"])
def test_wallets_authorise(shop: Shop, sink: WebhookSink, method: str, outcome: str) -> None:
    session = shop.open(locale="zh")
    visit(url_of(session), {"method": method})
    page = visit(f"{url_of(session)}/authorise")
    assert ("wechat-code" in page) == (method == "wechat_pay")
    assert "授权测试付款" in page.text
    visit(f"{url_of(session)}/authorise", {"outcome": outcome})
    assert status(shop, session)[1] == ("paid" if outcome == "succeed" else "unpaid")
    if outcome == "succeed":
        sink.wait_for("checkout.session.completed", session.id)


def test_the_page_asks_for_an_email_when_the_session_has_none(shop: Shop) -> None:
    params: Any = shop.params()
    del params["customer_email"]
    session = shop.client.v1.checkout.sessions.create(params)
    assert "email" in visit(url_of(session))
    assert visit(url_of(session), card()).status == 400
    visit(url_of(session), card(email="guest@example.com"))
    details = shop.client.v1.checkout.sessions.retrieve(session.id).customer_details
    assert details is not None
    assert details.email == "guest@example.com"


def test_expired_and_unknown_sessions_say_so(shop: Shop, sandbox: Sandbox) -> None:
    session = shop.open()
    shop.client.v1.checkout.sessions.expire(session.id)
    page = visit(f"{sandbox.url}/pay/{session.id}")
    assert "has expired" in page.text
    assert page.href("return-link") == "http://localhost:8000/back"
    assert "has expired" in visit(f"{sandbox.url}/pay/{session.id}", card()).text
    assert visit(f"{sandbox.url}/pay/cs_test_none").status == 404
    assert visit(f"{sandbox.url}/nowhere").status == 404


def link(shop: Shop, account: stripe.Account) -> str:
    return shop.client.v1.account_links.create(
        {
            "account": account.id,
            "type": "account_onboarding",
            "return_url": "http://localhost:8000/done",
            "refresh_url": "http://localhost:8000/again",
        }
    ).url


def test_onboarding_completes_the_account(shop: Shop, sink: WebhookSink) -> None:
    account = shop.creator(onboarded=False)
    url = link(shop, account)
    page = visit(url)
    for testid in ("onboarding-page", "full-name", "birthday", "bank-account", "terms", "submit-onboarding"):
        assert testid in page
    assert page.href("later-link") == "http://localhost:8000/done"
    assert visit(url, {"full_name": "Lin"}).status == 400
    form = {"full_name": "Lin", "birthday": "1990-01-02", "bank_account": "000123456789", "terms": "yes"}
    assert visit(url, form).location == "http://localhost:8000/done"
    done = shop.client.v1.accounts.retrieve(account.id)
    assert (done.details_submitted, done.charges_enabled, done.payouts_enabled) == (True, True, True)
    assert done.capabilities is not None
    assert done.capabilities.transfers == "active"
    assert sink.wait_for("account.updated", account.id)[0]["event"]["account"] == account.id
    assert visit(url).location == "http://localhost:8000/again"


def test_an_old_onboarding_link_asks_for_a_fresh_one(shop: Shop, sandbox: Sandbox) -> None:
    url = link(shop, shop.creator(onboarded=False))
    sandbox.advance(301)
    assert visit(url).location == "http://localhost:8000/again"


def test_the_control_page_plays_and_orders(shop: Shop, sandbox: Sandbox) -> None:
    session = shop.open()
    page = visit(f"{sandbox.url}/")
    assert "control-page" in page
    assert session.id in page.text
    played = visit(f"{sandbox.url}/_control/checkout/{session.id}/", {"method": "card", "outcome": "succeed"})
    assert (played.status, status(shop, session)) == (303, ("complete", "paid"))
    visit(f"{sandbox.url}/_control/faults/", {"fault": "drop", "event_type": "*", "count": "3", "seconds": ""})
    assert sandbox.faults()[0]["count"] == 3
    assert visit(f"{sandbox.url}/").status == 200
