"""People with browsers: going, seeing, pressing, accounts. Selectors live in the classes of people, nowhere else."""

import re
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.utils import translation

from tests.journeys.running import Product

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, ViewportSize

PASSWORD = "many-sticks-one-flame-7"
STAFF_PASSWORD = "kindling-demo"
STAFF = ("reviewer@example.com", "finance@example.com", "editor@example.com")
AnyPerson = TypeVar("AnyPerson", bound="Person")
_BROWSER_LOCALES = {"en": "en-GB", "zh-hans": "zh-CN"}


class Crowd:
    """Makes people; each has a browser profile of their own."""

    def __init__(self, browser: "Browser", product: Product) -> None:
        self._browser, self.product = browser, product

    def meets(self, kind: type[AnyPerson], email: str, *, locale: str = "en", phone: bool = False) -> AnyPerson:
        """Somebody who reads a language, at a desk or on a phone. Not signed in."""
        size: ViewportSize = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        context = self._browser.new_context(
            base_url=self.product.url, locale=_BROWSER_LOCALES[locale], viewport=size, timezone_id="Asia/Shanghai"
        )
        context.set_default_timeout(30_000)
        return kind(email, locale, context.new_page(), self.product)


class Person:
    """Somebody at a browser. Errors of the console and answers of 500 fail the journey."""

    def __init__(self, email: str, locale: str, page: "Page", product: Product) -> None:
        self.email, self.locale, self.page, self.product = email, locale, page, product
        self.troubles: list[str] = []
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("response", self._look_at)

    def _look_at(self, answer: Any) -> None:
        if answer.status >= 500:
            self.troubles.append(f"{answer.status} {answer.url}")

    # Where people go

    def goes_to(self, path: str) -> "Page":
        """An address of the site; under the person's language where it begins with `~/`."""
        from playwright.sync_api import Error

        address = path.replace("~", f"/{self.locale}", 1) if path.startswith("~") else path
        try:
            self.page.goto(address)
        except Error as error:
            # The page that was open reloaded itself for a new state in that very moment.
            if "ERR_ABORTED" not in str(error):
                raise
            self.page.goto(address)
        self.is_untroubled()
        return self.page

    def sees(self, text: str | re.Pattern[str]) -> "Locator":
        """The text, visible somewhere on the page."""
        found = self.page.get_by_text(text).locator("visible=true").first
        found.wait_for()
        return found

    def word(self, english: str) -> str:
        """What the product calls it in the person's language."""
        with translation.override(self.locale):
            return translation.gettext(english)

    def does_not_see(self, text: str) -> None:
        """Nowhere in the page, shown or hidden."""
        assert text not in self.page.content(), f"{text!r} at {self.page.url}"

    def presses(self, name: str) -> None:
        """A button by what it is called, named here in English."""
        self.page.get_by_role("button", name=self.word(name), exact=True).first.click()

    def follows(self, name: str) -> None:
        """A link by what it is called, named here in English."""
        self.page.get_by_role("link", name=self.word(name), exact=True).first.click()
        self.page.wait_for_load_state()
        self.is_untroubled()

    def is_untroubled(self) -> None:
        """No script has failed, and no answer was the server's fault."""
        assert not self.troubles, "\n".join([*self.troubles, *self.product.said()])

    def submits(self, form: str) -> None:
        """The form's own button, whatever it is called in this language."""
        self.page.locator(f"{form} button[type=submit]").last.click()
        self.page.wait_for_load_state()
        self.is_untroubled()

    # An account

    def signs_up(self) -> Self:
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
        return self

    def signs_in(self) -> Self:
        """With the password."""
        password = STAFF_PASSWORD if self.email in STAFF else PASSWORD
        self.goes_to("/accounts/login/")
        self.page.fill("[name=login]", self.email)
        self.page.fill("[name=password]", password)
        self.submits("form[action*=login]")
        assert "/login" not in self.page.url, self.page.inner_text("main")
        return self

    # Statements

    def reads_the_statement(self, title: str) -> list[list[str]]:
        """The sheet of that name on one's own statements: its lines and totals, each as its last two cells."""
        self.goes_to("~/me/statements/")
        sheet = self.page.locator(".sheet", has=self.page.get_by_role("heading", name=title, exact=True))
        rows = sheet.locator("tbody tr, tfoot tr").all()
        return [[cell.strip() for cell in row.locator("th, td").all_inner_texts()][-2:] for row in rows]


def link_in(text: str, part: str) -> str:
    """The address in a mail that contains `part`."""
    for address in re.findall(r"https?://\S+", text):
        if part in address:
            return str(address).rstrip(".,)")
    raise AssertionError(f"no link with {part} in:\n{text}")
