"""Backers: choosing, paying on the local Stripe's page, and what becomes of a pledge."""

import re
from typing import TYPE_CHECKING

from tests.journeys.people import link_in
from tests.journeys.visitors import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Locator

CARD, CARD_3DS, DECLINED_CARD = "4242424242424242", "4000002760003184", "4000000000000002"


class Backer(Visitor):
    """Somebody who pays, with an account or as a guest."""

    def opens_the_campaign(self, key: str) -> None:
        """By its short link, in one's own language."""
        self.goes_to(f"/c/{key}/")
        assert f"/{self.locale}/" in self.page.url, self.page.url

    def chooses(
        self, key: str, *, quantities: dict[str, int], variants: dict[str, str] | None = None, extra: str = "",
        country: str = "", message: str = "", total: str,
    ) -> None:  # fmt: skip
        """Fills in the form of backing, sees the total and goes to payment; rewards and variants by their titles."""
        self.goes_to(f"~/back/{key}/")
        for title, quantity in quantities.items():
            reward = self._reward(title)
            if variants and title in variants:
                reward.locator("select").select_option(label=variants[title])
            reward.locator("input[data-quantity]").fill(str(quantity))
        values = {"extra": extra, "message": message}
        if self.page.locator("[name=email]").count():
            values["email"] = self.email
        for name, value in values.items():
            if value:
                self.page.fill(f"[name={name}]", value)
        if country:
            self.page.select_option("[name=country]", country)

        shown = self.page.locator("[data-total]")
        assert shown.inner_text() == total, shown.inner_text()
        self.page.locator("[data-pay]").click()
        self.page.get_by_test_id("pay-page").wait_for()

    def pays(self, *, method: str = "card", card: str = CARD) -> None:
        """On the hosted page; authorises where the bank or the wallet asks. Ends back on the site."""
        self._fills_in_the_pay_page(method, card)
        if method != "card" or card == CARD_3DS:
            self.page.get_by_test_id("authorise-button").click()
        self.page.wait_for_url(f"{self.product.url}/**")

    def is_declined(self) -> None:
        """The bank says no, and the page says so; the checkout stays open."""
        self._fills_in_the_pay_page("card", DECLINED_CARD)
        self.page.get_by_test_id("pay-error").wait_for()

    def _fills_in_the_pay_page(self, method: str, card: str) -> None:
        self.page.get_by_test_id("pay-page").wait_for()
        self.page.get_by_test_id(f"method-{method}").check()
        if method == "card":
            self.page.get_by_test_id("card-number").fill(card)
            self.page.get_by_test_id("card-expiry").fill("12/34")
            self.page.get_by_test_id("card-cvc").fill("123")
        self.page.get_by_test_id("pay-button").click()

    def _reward(self, title: str) -> "Locator":
        return self.page.locator(".reward", has=self.page.get_by_role("heading", name=title, exact=True))

    # A pledge

    def sees_the_pledge_become(self, tone: str) -> None:
        """Waits on the pledge's page until it is good (paid), wait (on its way) or bad; it looks again by itself."""
        self.page.locator(f"main .state--{tone}").first.wait_for(timeout=60_000)
        self.is_untroubled()

    def finds_the_pledge(self, title: str, total: str) -> None:
        """Among one's own, by the account's menu; opens it."""
        self.goes_to("~/me/pledges/")
        item = self.page.locator("main .item", has=self.page.get_by_role("link", name=title, exact=True))
        assert total in item.inner_text(), item.inner_text()
        item.get_by_role("link", name=title, exact=True).click()
        self.page.wait_for_url(re.compile(r"/pledges/[0-9a-f-]{36}/"))

    def opens_the_receipt(self) -> None:
        """By the signed links of the mail: the receipt itself, and the pledge's page."""
        text = self.product.mail(self.email, "receipt")["text"]
        paper = self.page.context.request.get(link_in(text, "/receipt.pdf"))
        assert paper.body().startswith(b"%PDF"), paper.status
        self.goes_to(link_in(text, "/?token="))

    def cancels_the_pledge(self) -> None:
        """From the pledge's page, with the question in between."""
        self.page.locator("a[href*='/cancel/']").click()
        self.page.locator("main form button.button--danger").click()
        self.page.wait_for_url(lambda address: "/cancel/" not in address)
        self.is_untroubled()
