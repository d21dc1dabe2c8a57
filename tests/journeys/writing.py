"""Steps 1 and 2, the same for every campaign: written in two languages, sent back once, approved."""

from pathlib import Path

from tests.journeys.creators import Creator
from tests.journeys.staff import Reviewer
from tests.journeys.stories import Story, Tier
from tests.journeys.studio_forms import a_picture


def write_and_have_it_approved(
    creator: Creator, reviewer: Reviewer, *, first: Story, second: Story, goal: str, category: str,
    tiers: list[Tier], folder: Path,
) -> str:  # fmt: skip
    """A campaign of ten days, all or nothing, that may be launched; returns its key."""
    creator.begins_a_campaign()
    creator.tells(first, hero=a_picture(folder))
    creator.saves()
    creator.opens_the_studio()
    missing = creator.asks_what_is_missing()
    assert creator.word("Set the goal.") in missing
    creator.translates(second)
    creator.sets_the_terms(goal=goal, days="10", mode="all_or_nothing", category=category)
    for tier in tiers:
        creator.offers(tier)
    creator.hands_in()
    # The reviewer reads English.
    title = first.title if creator.locale == "en" else second.title
    reviewer.decides(title, "request_changes", reason="Say how heavy it is.")
    assert "Say how heavy it is." in creator.product.mail(creator.email, "review")["text"]
    creator.hands_in()
    shown = reviewer.decides(title, "approve")
    assert first.summary in shown
    assert second.summary in shown
    return creator.key
