"""People with browsers: what they do on the site, in words. Selectors live here and nowhere else."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tests.journeys.running import Product

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, ViewportSize

PASSWORD = "many-sticks-one-flame-7"
STAFF_PASSWORD = "kindling-demo"
CARD, CARD_3DS, DECLINED_CARD = "4242424242424242", "4000002760003184", "4000000000000002"
_BROWSER_LOCALES = {"en": "en-GB", "zh-hans": "zh-CN"}


class Crowd:
    """Makes people; each has a browser profile of their own."""

    def __init__(self, browser: "Browser", product: Product, folder: Path) -> None:
        self._browser, self.product, self._folder = browser, product, folder

    def person(self, email: str, *, locale: str = "en", phone: bool = False) -> "Person":
        """Somebody who reads a language, at a desk or on a phone. Not signed in."""
        size: ViewportSize = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        context = self._browser.new_context(
            base_url=self.product.url, locale=_BROWSER_LOCALES[locale], viewport=size, timezone_id="Asia/Shanghai"
        )
        context.set_default_timeout(30_000)
        return Person(email, locale, context.new_page(), self.product, self._folder)


class Person:
    """Somebody at a browser. Errors of the console and answers of 500 fail the journey."""

    def __init__(self, email: str, locale: str, page: "Page", product: Product, folder: Path) -> None:
        self.email, self.locale, self.page, self.product, self._folder = email, locale, page, product, folder
        self.troubles: list[str] = []
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("response", self._look_at)

    def _look_at(self, answer: object) -> None:
        if answer.status >= 500:  # type: ignore[attr-defined]
            self.troubles.append(f"{answer.status} {answer.url}")  # type: ignore[attr-defined]

    # Where people go

    def goes_to(self, path: str) -> "Page":
        """An address of the site; under the person's language where it begins with `~/`."""
        self.page.goto(path.replace("~", f"/{self.locale}", 1) if path.startswith("~") else path)
        assert not self.troubles, self.troubles
        return self.page

    def sees(self, text: str | re.Pattern[str]) -> "Locator":
        """The text, visible somewhere on the page."""
        found = self.page.get_by_text(text).locator("visible=true").first
        found.wait_for()
        return found

    def presses(self, name: str) -> None:
        """A button by what it is called."""
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def submits(self, form: str) -> None:
        """The form's own button, whatever it is called in this language."""
        self.page.locator(f"{form} button[type=submit]").last.click()
        self.page.wait_for_load_state()
        assert not self.troubles, self.troubles

    # An account

    def signs_up(self) -> None:
        """By e-mail and password, and proves the address by the link in the mailbox."""
        self.goes_to("/accounts/signup/")
        self.page.fill("[name=email]", self.email)
        for field in ("password1", "password2"):
            if self.page.locator(f"[name={field}]").count():
                self.page.fill(f"[name={field}]", PASSWORD)
        self.submits("form[action*=signup]")
        mail = self.product.mail(self.email, "")
        self.goes_to(link_in(mail["text"], "confirm-email"))
        if self.page.locator("form[action*=confirm-email]").count():
            self.submits("form[action*=confirm-email]")
        if "/login" in self.page.url:
            self.signs_in()

    def signs_in(self, password: str = PASSWORD) -> "Person":
        """With the password."""
        self.goes_to("/accounts/login/")
        self.page.fill("[name=login]", self.email)
        self.page.fill("[name=password]", password)
        self.submits("form[action*=login]")
        assert "/login" not in self.page.url, self.page.inner_text("main")
        return self

    def becomes_a_creator(self, name: str) -> None:
        """Opens the studio."""
        self.goes_to("~/start/")
        self.page.fill("[name=display_name]", name)
        self.page.select_option("[name=country]", "CN")
        self.page.select_option("[name=payee_kind]", "person")
        self.submits("main form[method=post]")

    # Backing

    def opens_the_campaign(self, key: str) -> None:
        """By its short link, in one's own language."""
        self.goes_to(f"/c/{key}/")
        assert f"/{self.locale}/" in self.page.url, self.page.url

    def chooses(
        self, key: str, *, quantities: dict[str, int], variants: dict[str, str] | None = None, extra: str = "",
        country: str = "", message: str = "",
    ) -> None:  # fmt: skip
        """Fills in the form of backing and goes to payment; rewards and variants by their titles."""
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
        self.page.locator("[data-pay]").click()
        self.page.wait_for_load_state()

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
        assert not self.troubles, self.troubles

    def opens_my_pledges(self) -> str:
        """What the list says."""
        return self.goes_to("~/me/pledges/").inner_text("main")

    def cancels_the_pledge(self) -> None:
        """From the pledge's page, with the question in between."""
        self.page.locator("a[href*='/cancel/']").click()
        self.page.locator("main form button.button--danger").click()
        self.page.wait_for_url(lambda address: "/cancel/" not in address)
        assert not self.troubles, self.troubles


def link_in(text: str, part: str) -> str:
    """The address in a mail that contains `part`."""
    for address in re.findall(r"https?://\S+", text):
        if part in address:
            return str(address).rstrip(".,)")
    raise AssertionError(f"no link with {part} in:\n{text}")
