"""What creators and reviewers do in the Wagtail admin, in words."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from tests.journeys.people import Person

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


@dataclass(frozen=True)
class Story:
    """A campaign's page in one language."""

    title: str
    summary: str
    hero_alt: str
    risks: str
    heading: str
    text: str
    quote: str
    question: str
    answer: str


@dataclass(frozen=True)
class Tier:
    """A reward as it is typed into the form; amounts in major units."""

    title_en: str
    title_zh: str
    price: str
    kind: str = "physical"
    quantity: str = ""
    per_person_limit: str = ""
    is_addon: bool = False
    delivery_month: str = ""
    shipping: dict[str, str] = field(default_factory=dict)
    variants: tuple[tuple[str, str], ...] = ()


class Creator:
    """A person in the studio. The admin is in English for all: its selectors are what Wagtail calls things."""

    def __init__(self, person: Person) -> None:
        self.person = person

    @property
    def page(self) -> "Page":
        """The browser."""
        return self.person.page

    # The story

    def begins_a_campaign(self, language: str) -> None:
        """From "My campaigns", in the language in which it is thought."""
        self.person.goes_to("/cms/studio/")
        self.page.get_by_role("link", name=f"New campaign in {language}").first.click()
        self.page.wait_for_load_state()
        kinds = self.page.locator("a[href*=rewardcampaignpage]")
        if "/rewardcampaignpage/" not in self.page.url:
            kinds.first.click()
        self.page.locator("input[name=title][type=text], textarea[name=title]").wait_for()

    def tells(self, story: Story, *, hero: Path | None = None) -> None:
        """Fills in the page and its blocks, each of another kind."""
        self._names(story)
        self._adds("Heading").locator("input[type=text]").first.fill(story.heading)
        self._writes_into(self._adds("Text"), story.text)
        self._adds("Quote").locator("textarea").first.fill(story.quote)
        faq = self._adds("Questions and answers")
        faq.locator("input[type=text]").first.fill(story.question)
        self._writes_into(faq, story.answer)
        if hero:
            self._chooses_a_new_picture(hero, story.hero_alt)

    def rewrites(self, story: Story) -> None:
        """Puts a translation in the place of what was copied: the same blocks, in other words."""
        self._names(story)
        blocks = self.page.locator("[data-contentpath=story] [data-streamfield-child]")
        blocks.nth(0).locator("input[type=text]").first.fill(story.heading)
        self._writes_into(blocks.nth(1), story.text)
        blocks.nth(2).locator("textarea").first.fill(story.quote)
        blocks.nth(3).locator("input[type=text]").first.fill(story.question)
        self._writes_into(blocks.nth(3), story.answer)

    def saves_the_draft(self) -> str:
        """Saves the page, once autosave has caught up; returns the id that Wagtail gave it."""
        self._lets_autosave_catch_up()
        self.page.locator("button.action-save, button[name='action-save'], .w-tabs ~ footer button").first.click()
        self.page.wait_for_url(re.compile(r"/cms/pages/\d+/edit/"))
        found = re.search(r"/cms/pages/(\d+)/edit/", self.page.url)
        assert found
        return found[1]

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
        self.saves_the_draft()

    # The terms

    def opens_the_studio(self) -> None:
        """The overview of the newest campaign."""
        self.person.goes_to("/cms/studio/")
        self.page.locator("a[href*='/cms/studio/campaigns/']").first.click()
        self.page.wait_for_url(re.compile("/cms/studio/campaigns/"))
        found = re.search(r"/campaigns/([a-z0-9]+)/", self.page.url)
        assert found
        self.key = found[1]

    def sets_the_terms(self, *, goal: str, days: str, mode: str, category: str) -> None:
        """Goal in major units, in CNY."""
        self.person.goes_to(f"/cms/studio/campaigns/{self.key}/terms/")
        self.page.fill("[name=goal]", goal)
        self.page.select_option("[name=currency]", "CNY")
        self.page.check(f"[name=mode][value={mode}]")
        self.page.check("[name=ending][value=duration]")
        self.page.fill("[name=duration_days]", days)
        self.page.select_option("[name=timezone]", "Asia/Shanghai")
        self.page.select_option("[name=category]", label=category)
        self.person.presses("Save the terms")
        self.person.sees("The terms are saved.")

    def offers(self, tier: Tier) -> None:
        """Adds a reward."""
        self.person.goes_to(f"/cms/studio/campaigns/{self.key}/rewards/add/")
        self.page.check(f"[name=kind][value={tier.kind}]")
        for name in ("title_en", "title_zh", "price", "quantity", "per_person_limit", "delivery_month"):
            if value := getattr(tier, name):
                self.page.fill(f"[name={name}]", value)
        if tier.is_addon:
            self.page.check("[name=is_addon]")
        for number, (name_en, name_zh) in enumerate(tier.variants):
            self.person.presses("Add a variant")
            self.page.fill(f"[name$='-{number}-name_en']", name_en)
            self.page.fill(f"[name$='-{number}-name_zh']", name_zh)
        for number, (country, fee) in enumerate(tier.shipping.items()):
            self.person.presses("Add a destination")
            self.page.select_option(f"[name$='-{number}-country']", country)
            self.page.fill(f"[name$='-{number}-fee']", fee)
        self.person.presses("Save the reward")
        self.page.wait_for_url(re.compile(r"/terms/$"))
        self.person.sees(tier.title_en)

    # The way to the launch

    def asks_what_is_missing(self) -> str:
        """What the page before submission says."""
        self.person.goes_to(f"/cms/studio/campaigns/{self.key}/submit/")
        return self.page.inner_text("main")

    def submits(self) -> None:
        """Hands it in."""
        self.person.goes_to(f"/cms/studio/campaigns/{self.key}/submit/")
        self.page.locator("main form").get_by_role("button", name="Submit for review").click()
        self.page.wait_for_load_state()
        assert not self.person.troubles, self.person.troubles

    def launches(self) -> None:
        """Now."""
        self.person.goes_to(f"/cms/studio/campaigns/{self.key}/launch/")
        self.page.check("[name=when][value=now]")
        self.page.locator("main form").get_by_role("button", name="Launch").click()
        self.page.wait_for_load_state()
        assert not self.person.troubles, self.person.troubles

    def sets_payouts_up(self, name: str) -> None:
        """On the provider's own pages, from the studio and back."""
        self.person.goes_to("/cms/studio/payouts/")
        self.person.presses("Set up payouts")
        self.page.get_by_test_id("full-name").fill(name)
        self.page.get_by_test_id("birthday").fill("1990-12-10")
        self.page.get_by_test_id("bank-account").fill("000123456789")
        self.page.get_by_test_id("terms").check()
        self.page.get_by_test_id("submit-onboarding").click()
        self.person.sees("Payouts are set up.")

    def tells_backers(self, *, title: str, text: str, audience: str) -> None:
        """Writes an update and publishes it."""
        self.person.goes_to(f"/cms/studio/campaigns/{self.key}/updates/add/")
        self.person.presses("Begin")
        self.page.locator("[name=title]").first.fill(title)
        self.page.select_option("[name=audience]", audience)
        self._writes_into(self._adds("Text", field="body"), text)
        self._lets_autosave_catch_up()
        self.page.locator("[name=action-publish]").first.evaluate("button => button.click()")
        self.page.locator(".messages .success").first.wait_for()
        assert not self.person.troubles, self.person.troubles

    # Wagtail's widgets

    def _lets_autosave_catch_up(self) -> None:
        # It saves half a second after the last key; a second request beside it would be refused.
        self.page.wait_for_timeout(1500)
        self.page.wait_for_load_state("networkidle")

    def _names(self, story: Story) -> None:
        title = self.page.locator("[name=title]").first
        title.fill("")
        # Typed key by key: the page's address follows the title.
        title.press_sequentially(story.title)
        for name in ("summary", "hero_alt", "risks"):
            self.page.fill(f"[name={name}]", getattr(story, name))

    def _adds(self, kind: str, *, field: str = "story") -> "Locator":
        stream = self.page.locator(f"[data-contentpath={field}]")
        children = stream.locator("[data-streamfield-child]")
        before = children.count()
        stream.locator("button[title='Insert a block']").last.click()
        self.page.get_by_role("option", name=kind, exact=True).click()
        children.nth(before).wait_for()
        return children.nth(before)

    def _writes_into(self, block: "Locator", text: str) -> None:
        editor = block.locator("[contenteditable=true]").first
        editor.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def _chooses_a_new_picture(self, picture: Path, description: str) -> None:
        self.page.locator("[data-contentpath=hero_image] button", has_text="Choose").first.click()
        window = self.page.locator(".modal")
        window.get_by_role("tab", name="Upload").click()
        window.locator("[name$='upload-title']").fill(picture.stem)
        window.locator("[name$='upload-file']").set_input_files(picture)
        window.locator("[name$='upload-description']").fill(description)
        window.locator("form button[type=submit]:visible, form input[type=submit]:visible").last.click()
        window.wait_for(state="hidden")


class Reviewer:
    """A person who decides."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def decides(self, title: str, decision: str, *, reason: str = "") -> str:
        """Reads the submission of a campaign and decides; returns what was shown."""
        page = self.person.goes_to("/cms/studio/reviews/")
        page.get_by_role("link", name=title).first.click()
        page.locator("[name=decision]").first.wait_for()
        shown = page.inner_text("main")
        page.check(f"[name=decision][value={decision}]")
        page.fill("[name=reason]", reason)
        self.person.presses("Decide")
        page.wait_for_load_state()
        assert not self.person.troubles, self.person.troubles
        return shown


def a_picture(folder: Path) -> Path:
    """Something to upload."""
    path = folder / "the-lamp.jpg"
    Image.linear_gradient("L").resize((1500, 1000)).convert("RGB").save(path, quality=80)
    return path
