"""What creators do in the studio: the story, the terms, the launch, and what may change after it."""

import re
from datetime import datetime
from pathlib import Path

from tests.journeys.news import Newswriter
from tests.journeys.stories import Story, Tier


class Creator(Newswriter):
    """A person in the studio, in either language."""

    def becomes_a_creator(self, name: str) -> None:
        """Opens the studio."""
        self.goes_to("~/start/")
        self.page.fill("[name=display_name]", name)
        self.page.select_option("[name=country]", "CN")
        self.page.select_option("[name=payee_kind]", "person")
        self.submits("main form[method=post]")

    # The story

    def begins_a_campaign(self) -> None:
        """From "My campaigns", with an empty page, in the language in which it is thought: one's own is chosen."""
        self.goes_to("/cms/studio/")
        self.page.locator("a[href='/cms/studio/new/']").click()
        self.page.locator("[name=template][value='']").check()
        self.page.fill("[name=title]", "?")
        self._presses_in_the_form("Begin")
        self.page.locator("input[name=title][type=text], textarea[name=title]").wait_for()

    def tells(self, story: Story, *, hero: Path | None = None) -> None:
        """Fills in the page and its blocks, each of another kind."""
        self._names(story)
        self.adds("Heading").locator("input[type=text]").first.fill(story.heading)
        self.writes_into(self.adds("Text"), story.text)
        self.adds("Quote").locator("textarea").first.fill(story.quote)
        faq = self.adds("Questions and answers")
        faq.locator("input[type=text]").first.fill(story.question)
        self.writes_into(faq, story.answer)
        budget = self.adds("Budget")
        budget.locator("input[name$='-title']").first.fill("Glass 玻璃")
        budget.locator("input[name$='-amount']").first.fill("1000")
        self.adds("Use of AI").locator("input[type=checkbox][value=none]").check()
        if hero:
            self.chooses_a_new_picture(hero, story.hero_alt)

    def rewrites(self, story: Story) -> None:
        """Puts a translation in the place of what was copied: the same blocks, in other words."""
        self._names(story)
        blocks = self.page.locator("[data-contentpath=story] [data-streamfield-child]")
        blocks.nth(0).locator("input[type=text]").first.fill(story.heading)
        self.writes_into(blocks.nth(1), story.text)
        blocks.nth(2).locator("textarea").first.fill(story.quote)
        blocks.nth(3).locator("input[type=text]").first.fill(story.question)
        self.writes_into(blocks.nth(3), story.answer)

    def translates(self, story: Story) -> None:
        """Makes the page in the other language, from the studio."""
        self.opens_the_studio()
        self.page.locator("a[href*='/translation/submit/']").click()
        self.page.locator("[name=locales]").first.check()
        self.page.locator("main form [type=submit]").last.click()
        self.page.wait_for_url(re.compile(r"/cms/pages/\d+/"))
        if not re.search(r"/cms/pages/\d+/edit/", self.page.url):
            self.opens_the_studio()
            self.page.locator("#panel-story-section a, a[href*='/edit/']").last.click()
        self.page.locator("[name=title]").first.wait_for()
        self.rewrites(story)
        self.saves()

    # The terms

    def sets_the_terms(self, *, goal: str, days: str, mode: str, category: str) -> None:
        """Goal in major units, in CNY."""
        self._opens_the_terms()
        self.page.fill("[name=goal]", goal)
        self.page.select_option("[name=currency]", "CNY")
        self.page.check(f"[name=mode][value={mode}]")
        self.page.check("[name=ending][value=duration]")
        self.page.fill("[name=duration_days]", days)
        self.page.select_option("[name=timezone]", "Asia/Shanghai")
        self.page.select_option("[name=category]", label=category)
        self.presses("Save the terms")
        self.sees(self.word("The terms are saved."))

    def offers(self, tier: Tier) -> None:
        """Adds a reward, from the terms: before the launch to the draft, after it to what is on offer."""
        self._opens_the_terms()
        self.follows("Add a reward")
        self.page.check(f"[name=kind][value={tier.kind}]")
        for name in ("title_en", "title_zh", "price", "quantity", "per_person_limit", "delivery_month"):
            if value := getattr(tier, name):
                self.page.fill(f"[name={name}]", value)
        if tier.is_addon:
            self.page.check("[name=is_addon]")
        for number, (name_en, name_zh) in enumerate(tier.variants):
            self.presses("Add a variant")
            self.page.fill(f"[name$='-{number}-name_en']", name_en)
            self.page.fill(f"[name$='-{number}-name_zh']", name_zh)
        for number, (country, fee) in enumerate(tier.shipping.items()):
            self.presses("Add a destination")
            self.page.select_option(f"[name$='-{number}-country']", country)
            self.page.fill(f"[name$='-{number}-fee']", fee)
        self.presses("Save the reward")
        self.page.wait_for_url(re.compile(r"/terms/$"))
        self.sees(tier.title_en)

    # The way to the launch

    def asks_what_is_missing(self) -> str:
        """What the page before submission says."""
        self.goes_to(f"/cms/studio/campaigns/{self.key}/submit/")
        return self.page.inner_text("main")

    def hands_in(self, note: str = "") -> None:
        """Submits it; after the launch with a word on what changed."""
        self.goes_to(f"/cms/studio/campaigns/{self.key}/submit/")
        if note:
            self.page.fill("[name=change_note]", note)
        self._presses_in_the_form("Submit for review")

    def launches(self, *, at: datetime | None = None) -> None:
        """Now, or by itself at a time on the clocks of Shanghai."""
        self.opens_the_studio()
        self.follows("Launch")
        self.page.check(f"[name=when][value={'later' if at else 'now'}]")
        if at:
            self.page.fill("[name=at]", at.strftime("%Y-%m-%dT%H:%M"))
        self._presses_in_the_form("Launch")
        self.sees(self.word(
            "Your campaign will be launched by itself." if at else "Your campaign is live and takes pledges."
        ))  # fmt: skip

    # After the launch

    def changes_the_summary(self, title: str, summary: str) -> None:
        """Of the live page of that title; what is saved is a draft."""
        self.opens_the_studio()
        self.page.locator(".studio-table").get_by_role("link", name=title, exact=True).click()
        self.page.locator("[name=summary]").fill(summary)
        self.saves()

    def raises(self, tier: Tier, quantity: int) -> None:
        """Offers more of a reward that somebody has chosen."""
        self._opens_the_terms()
        row = self.page.locator("tr", has=self.page.get_by_text(tier.title_zh)).first
        row.locator("[name=quantity]").fill(str(quantity))
        row.get_by_role("button", name=self.word("Raise")).click()
        self.sees(self.word("The quantity is raised."))

    def sets_payouts_up(self, name: str) -> None:
        """On the provider's own pages, from the studio and back."""
        self.goes_to("/cms/studio/payouts/")
        self.presses("Set up payouts")
        self.page.get_by_test_id("full-name").fill(name)
        self.page.get_by_test_id("birthday").fill("1990-12-10")
        self.page.get_by_test_id("bank-account").fill("000123456789")
        self.page.get_by_test_id("terms").check()
        self.page.get_by_test_id("submit-onboarding").click()
        self.sees(self.word("Payouts are set up."))

    def _opens_the_terms(self) -> None:
        self.opens_the_studio()
        self.follows("Open the terms")

    def _presses_in_the_form(self, name: str) -> None:
        self.page.locator("main form").get_by_role("button", name=self.word(name)).click()
        self.page.wait_for_load_state()
        self.is_untroubled()

    def _names(self, story: Story) -> None:
        title = self.page.locator("[name=title]").first
        title.fill("")
        # Typed key by key: the page's address follows the title.
        title.press_sequentially(story.title)
        for name in ("summary", "hero_alt", "risks"):
            self.page.fill(f"[name={name}]", getattr(story, name))
