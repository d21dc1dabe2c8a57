"""How campaigns are found: the home page, the index with its filters, the search."""

from typing import TYPE_CHECKING

from tests.journeys.people import Person

if TYPE_CHECKING:
    from playwright.sync_api import Locator


class Visitor(Person):
    """Somebody who looks around."""

    def sees_featured(self, title: str) -> None:
        """As the home page's one strong picture."""
        self.goes_to("~/")
        assert title in self.page.locator("article.lead").inner_text()

    def browses(self, *, category: str = "", state: str = "") -> None:
        """The index, from the header's link, through its filters; each choice sends the form by itself."""
        self.goes_to("~/campaigns/")
        for name, value in (("category", category), ("state", state)):
            if value:
                with self.page.expect_navigation():
                    self.page.select_option(f".facets [name={name}]", value)
        self.is_untroubled()

    def looks_for(self, words: str) -> None:
        """By the search form of the header's page."""
        self.goes_to("~/search/")
        self.page.locator("main [name=q]").fill(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.is_untroubled()

    def finds(self, title: str) -> None:
        """A card of that title."""
        self._cards(title).first.wait_for()

    def does_not_find(self, title: str) -> None:
        """No card of that title, on a page that has answered."""
        self.page.locator("main h1").first.wait_for()
        assert self._cards(title).count() == 0, f"{title} at {self.page.url}"

    def _cards(self, title: str) -> "Locator":
        return self.page.locator("main .card", has=self.page.get_by_role("link", name=title, exact=True))
