"""The shapes of the demo's content: plain facts, in both languages, with times relative to now."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Words:
    """The same thing said in English and in Chinese."""

    en: str
    zh: str

    def in_(self, locale: str) -> str:
        """The text for a locale code such as ``en`` or ``zh-hans``."""
        return self.zh if locale.startswith("zh") else self.en


class EndState(StrEnum):
    """Where a campaign stands when the demo's clock reaches now."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    PRELAUNCH = "prelaunch"  # approved and visible, not launched
    OPEN = "open"
    ON_HOLD = "on_hold"
    HOLDING = "holding"  # succeeded; the money waits out its hold days
    RELEASED = "released"  # succeeded and paid out
    REFUNDED = "refunded"  # missed its goal; everybody has their money back
    CANCELLED = "cancelled"  # stopped by its creator; everybody has their money back

    @property
    def launched(self) -> bool:
        """Whether an escrow exists."""
        return self not in (self.DRAFT, self.SUBMITTED, self.CHANGES_REQUESTED, self.PRELAUNCH)


@dataclass(frozen=True, slots=True)
class Picture:
    """An illustration by subject and seed, with what a reader who can't see it is told."""

    subject: str
    seed: int
    alt: Words


@dataclass(frozen=True, slots=True)
class HeadingBlock:
    """A section's title."""

    text: Words


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Rich text: p, b, i, ul, ol, li only."""

    html: Words


@dataclass(frozen=True, slots=True)
class ImageBlock:
    """A picture within the story."""

    picture: Picture
    caption: Words | None = None


@dataclass(frozen=True, slots=True)
class QuoteBlock:
    """Somebody's words."""

    text: Words
    by: Words


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its answer, as plain text."""

    question: Words
    answer: Words


@dataclass(frozen=True, slots=True)
class FaqBlock:
    """Questions that people ask before they back."""

    items: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file of the demo by its name: a film, a sound, captions, a document."""

    name: str
    title: Words


@dataclass(frozen=True)
class FreeBlock:
    """Any other block, field by field: texts as `Words`, pictures and enclosures as such, lists and plain values."""

    kind: str
    fields: dict[str, object]


StoryBlock = HeadingBlock | TextBlock | ImageBlock | QuoteBlock | FaqBlock | FreeBlock


@dataclass(frozen=True, slots=True)
class Variant:
    """A size or colour; ``quantity`` None is unlimited."""

    key: str
    name: Words
    quantity: int | None = None


@dataclass(frozen=True, slots=True)
class RewardPlan:
    """A reward. ``price`` and shipping fees (per unit) in minor units; days count from the launch.

    ``delivery_months`` counts from the deadline's month; ``early_bird`` marks a cheaper, limited first tier.
    """

    key: str
    kind: str
    title: Words
    description: Words
    price: int
    delivery_months: int
    quantity: int | None = None
    per_person_limit: int | None = None
    is_addon: bool = False
    early_bird: bool = False
    window_start_days: int | None = None
    window_end_days: int | None = None
    shipping: tuple[tuple[str, int], ...] = ()
    variants: tuple[Variant, ...] = ()

    def shipping_to(self, country: str) -> int | None:
        """The fee per unit to a country, None where it isn't sent; 0 for what isn't sent at all."""
        if self.kind != "physical":
            return 0
        fees = dict(self.shipping)
        return fees.get(country, fees.get("*"))


@dataclass(frozen=True, slots=True)
class LinePlan:
    """So many of a reward."""

    reward: str
    quantity: int
    variant: str | None = None


@dataclass(frozen=True, slots=True)
class PledgePlan:
    """One pledge, at ``day`` days (negative) and ``hour`` hours from now; ``method`` and ``outcome`` are
    what the pay page is told; ``cancel_day`` is when the backer takes it back while the campaign is open."""

    backer: str
    day: int
    hour: int
    lines: tuple[LinePlan, ...]
    country: str
    method: str
    extra: int = 0
    outcome: str = "succeed"
    anonymous: bool = False
    message: str = ""
    cancel_day: int | None = None

    @property
    def at_hours(self) -> int:
        """Hours from now, negative."""
        return self.day * 24 + self.hour

    @property
    def kept(self) -> bool:
        """Whether it is paid and not taken back while the campaign runs."""
        return self.outcome == "succeed" and self.cancel_day is None


@dataclass(frozen=True, slots=True)
class UpdatePlan:
    """News from the creator; ``audience`` is ``public`` or ``backers``."""

    day: int
    audience: str
    title: Words
    story: tuple[StoryBlock, ...]


@dataclass(frozen=True, slots=True)
class CampaignPlan:
    """A campaign of the demo. ``goal`` in minor units; ``launch_day`` counts from now and is negative once
    launched; the deadline is ``launch_day`` + ``duration_days`` + ``duration_hours``."""

    slug: str
    kind: str
    category: str
    creator: str
    currency: str
    goal: int
    mode: str
    launch_day: int
    duration_days: int
    end_state: EndState
    title: Words
    summary: Words
    place: Words
    hero: Picture
    story: tuple[StoryBlock, ...]
    risks: Words
    duration_hours: int = 0
    reason: Words | None = None
    reason_day: int | None = None
    rewards: tuple[RewardPlan, ...] = ()
    suggested_amounts: tuple[int, ...] = ()
    pledges: tuple[PledgePlan, ...] = ()
    updates: tuple[UpdatePlan, ...] = ()

    @property
    def deadline_hours(self) -> int:
        """Hours from now until the deadline; negative when it has passed."""
        return (self.launch_day + self.duration_days) * 24 + self.duration_hours

    def reward(self, key: str) -> RewardPlan:
        """The reward of that key; KeyError when there is none."""
        for reward in self.rewards:
            if reward.key == key:
                return reward
        raise KeyError(key)

    def total_of(self, pledge: PledgePlan) -> int:
        """What a pledge comes to, shipping included, in minor units."""
        total = pledge.extra
        for line in pledge.lines:
            reward = self.reward(line.reward)
            total += line.quantity * (reward.price + (reward.shipping_to(pledge.country) or 0))
        return total

    @property
    def raised(self) -> int:
        """What stands at the deadline, or now: paid and not taken back."""
        return sum(self.total_of(pledge) for pledge in self.pledges if pledge.kept)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demo; guests have no account and pledge by e-mail."""

    email: str
    name: Words
    locale: str
    country: str
    creator: bool = False
    guest: bool = False
    payee_kind: str = "person"
    bio: Words | None = None
    portrait_seed: int = 0


@dataclass(frozen=True, slots=True)
class Pick:
    """An editor's choice for the home page, with the reason."""

    campaign: str
    reason: Words


@dataclass(frozen=True, slots=True)
class Article:
    """A page of text: how it works, fees, trust, or an editor's essay; of the magazine, if it has a kind."""

    slug: str
    title: Words
    intro: Words
    hero: Picture
    story: tuple[StoryBlock, ...]
    kind: str = ""
    category: str = ""
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class Magazine:
    """The magazine and its pages, the oldest first."""

    title: Words
    intro: Words
    pages: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class HomeContent:
    """What the home page says."""

    headline: Words
    intro: Words
    steps: tuple[Question, ...]
    picks: tuple[Pick, ...]
