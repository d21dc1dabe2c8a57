"""The platform's own people: a reviewer who decides, an editor who curates."""

import re

from tests.journeys.people import Person


class Reviewer(Person):
    """Somebody who decides."""

    def decides(self, title: str, decision: str, *, reason: str = "") -> str:
        """Reads the submission of a campaign and decides; returns what was shown."""
        page = self.goes_to("/cms/studio/reviews/")
        page.get_by_role("link", name=title).first.click()
        page.locator("[name=decision]").first.wait_for()
        shown = page.inner_text("main")
        page.check(f"[name=decision][value={decision}]")
        # Approving over a serious finding takes a word, and a draft of a journey has no prototype.
        page.fill("[name=reason]", reason or "We held it in our hands.")
        self.presses("Decide")
        page.wait_for_load_state()
        self.is_untroubled()
        return shown


class Curator(Person):
    """An editor: the home page's featured campaigns, and the admin's search."""

    def features(self, title: str, *, reason: str) -> None:
        """Puts a campaign on the home page's first place, from now on."""
        self.goes_to("/cms/featured/")
        self.page.locator("a[href$='/featured/new/']").first.click()
        option = self.page.locator("[name=campaign] option", has_text=title)
        self.page.select_option("[name=campaign]", option.first.get_attribute("value"))
        self.page.fill("[name=position]", "1")
        self.page.fill("[name=reason]", reason)
        self.page.locator("main form [type=submit]").last.click()
        self.page.locator(".messages .success").first.wait_for()
        self.is_untroubled()

    def finds_in_the_admin(self, words: str, title: str) -> None:
        """By the search box of the admin, among all pages."""
        self.goes_to("/cms/pages/search/")
        self.page.locator("main [name=q]").first.fill(words)
        self.page.keyboard.press("Enter")
        self.page.get_by_role("link", name=re.compile(re.escape(title))).first.wait_for()
