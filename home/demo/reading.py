"""Reads the demo's content from its TOML files; a wrong or missing name stops with the file named."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from home.demo.shapes import (
    Article,
    CampaignPlan,
    Enclosure,
    EndState,
    FaqBlock,
    FreeBlock,
    HeadingBlock,
    HomeContent,
    ImageBlock,
    LinePlan,
    Magazine,
    Person,
    Pick,
    Picture,
    PledgePlan,
    Question,
    QuoteBlock,
    RewardPlan,
    StoryBlock,
    TextBlock,
    UpdatePlan,
    Variant,
    Words,
)

HERE = Path(__file__).parent

Table = dict[str, Any]


class ContentError(ValueError):
    """A content file does not hold what it should."""


def read(name: str) -> Table:
    """One content file beside this module."""
    with (HERE / name).open("rb") as file:
        return tomllib.load(file)


def read_campaign(name: str) -> CampaignPlan:
    """One campaign by its file name."""
    try:
        return _campaign(read(f"campaigns/{name}"))
    except (KeyError, TypeError, ValueError) as error:
        raise ContentError(f"{name}: {error}") from error


def words(table: Table, name: str = "") -> Words:
    """Both languages, either ``{name = {en, zh}}`` or ``{en, zh}``."""
    pair = table[name] if name else table
    return Words(en=pair["en"].strip(), zh=pair["zh"].strip())


def picture(table: Table) -> Picture:
    """An illustration with its alt text."""
    return Picture(subject=table["subject"], seed=table.get("seed", 1), alt=words(table, "alt"))


def story(tables: list[Table]) -> tuple[StoryBlock, ...]:
    """A story's blocks, in order."""
    return tuple(_block(table) for table in tables)


def people(tables: list[Table]) -> tuple[Person, ...]:
    """Creators and backers."""
    return tuple(
        Person(**{**table, "name": words(table, "name"), "bio": words(table, "bio") if "bio" in table else None})
        for table in tables
    )


def article(table: Table) -> Article:
    """A page of text."""
    return Article(
        slug=table["slug"], title=words(table, "title"), intro=words(table, "intro"),
        hero=picture(table["hero"]), story=story(table["story"]), kind=table.get("kind", ""),
        category=table.get("category", ""), campaign=table.get("campaign", ""),
    )  # fmt: skip


def magazine(table: Table) -> Magazine:
    """The magazine."""
    return Magazine(words(table, "title"), words(table, "intro"), tuple(article(page) for page in table["pages"]))


def home_content(table: Table) -> HomeContent:
    """The home page's words and picks."""
    return HomeContent(
        headline=words(table, "headline"),
        intro=words(table, "intro"),
        steps=tuple(_question(step) for step in table["steps"]),
        picks=tuple(Pick(pick["campaign"], words(pick)) for pick in table["picks"]),
    )


def _block(table: Table) -> StoryBlock:
    match table["block"]:
        case "heading":
            return HeadingBlock(words(table))
        case "text":
            return TextBlock(words(table))
        case "image":
            return ImageBlock(picture(table), words(table, "caption") if "caption" in table else None)
        case "quote":
            return QuoteBlock(words(table), words(table, "by"))
        case "faq":
            return FaqBlock(tuple(_question(item) for item in table["items"]))
        case kind:
            return FreeBlock(kind, {name: _free(value) for name, value in table.items() if name != "block"})


def _free(value: Any) -> object:
    """A value of any block: what it is, its keys say."""
    if isinstance(value, list):
        return [_free(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"en", "zh"}:
        return words(value)
    if "subject" in value:
        return picture(value)
    if value.keys() == {"file", "title"} and isinstance(value["file"], str):
        return Enclosure(value["file"], words(value, "title"))
    return {name: _free(inner) for name, inner in value.items()}


def _question(table: Table) -> Question:
    return Question(words(table, "q"), words(table, "a"))


def _campaign(table: Table) -> CampaignPlan:
    return CampaignPlan(**{
        **table,
        "end_state": EndState(table["end_state"]),
        "title": words(table, "title"),
        "summary": words(table, "summary"),
        "place": words(table, "place"),
        "hero": picture(table["hero"]),
        "story": story(table["story"]),
        "risks": words(table, "risks"),
        "reason": words(table, "reason") if "reason" in table else None,
        "rewards": tuple(_reward(reward) for reward in table.get("rewards", [])),
        "suggested_amounts": tuple(table.get("suggested_amounts", [])),
        "pledges": tuple(_pledge(pledge) for pledge in table.get("pledges", [])),
        "updates": tuple(_update(update) for update in table.get("updates", [])),
    })  # fmt: skip


def _reward(table: Table) -> RewardPlan:
    return RewardPlan(**{
        "kind": "physical",
        **table,
        "title": words(table, "title"),
        "description": words(table, "description"),
        "shipping": tuple(table.get("shipping", {}).items()),
        "variants": tuple(
            Variant(variant["key"], words(variant), variant.get("quantity")) for variant in table.get("variants", [])
        ),
    })  # fmt: skip


def _pledge(table: Table) -> PledgePlan:
    return PledgePlan(**{
        "hour": 10,
        "method": "card",
        "country": "",
        **table,
        "lines": tuple(_line(line) for line in table.get("lines", [])),
    })  # fmt: skip


def _line(text: str) -> LinePlan:
    # "bowl x2" or "band:black x2"
    name, _, count = text.partition(" x")
    reward, _, variant = name.partition(":")
    return LinePlan(reward=reward, quantity=int(count or 1), variant=variant or None)


def _update(table: Table) -> UpdatePlan:
    return UpdatePlan(
        day=table["day"], audience=table.get("audience", "public"),
        title=words(table, "title"), story=story(table["story"]),
    )  # fmt: skip
