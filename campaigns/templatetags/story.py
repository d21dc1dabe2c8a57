"""What the templates of a story's blocks say in words."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.functional import SimpleLazyObject
from wagtail import blocks

from campaigns.blocks import StoryStreamBlock
from campaigns.blocks.facts import AI_USES
from campaigns.blocks.making import PROGRESS, STAGES

register = template.Library()

_STORY: Any = SimpleLazyObject(StoryStreamBlock)
_YES, _NO = {"yes", "是", "有", "✓", "✔"}, {"no", "否", "无", "没有", "✗", "✘", "–", "-"}


@dataclass(frozen=True)
class Fact:
    """A property in words."""

    name: str
    value: str


@register.filter
def month_of(month: str) -> str:
    """2027-06 as a month of the reader's language; anything else as it is."""
    try:
        return date_format(date.fromisoformat(f"{month}-01"), "YEAR_MONTH_FORMAT")
    except ValueError:
        return month


@register.filter
def day_of(day: str | None) -> str:
    """2027-06-01 as a date of the reader's language."""
    return date_format(date.fromisoformat(day), "DATE_FORMAT") if day else ""


@register.filter
def progress_name(progress: str) -> str:
    """How far a step is."""
    return str(dict(PROGRESS).get(progress, progress))


@register.filter
def stage_name(stage: str) -> str:
    """A stage of the making."""
    return str(dict(STAGES).get(stage, stage))


@register.filter
def ai_use_name(use: str) -> str:
    """What was made by machine."""
    return str(dict(AI_USES).get(use, use))


@register.filter
def percent_of(bps: int) -> str:
    """Basis points as whole per cent; less than one is said so."""
    return "< 1%" if 0 < bps < 100 else f"{round(bps / 100)}%"


@register.filter
def yes_or_no(cell: str) -> str:
    """Which of the two a cell says; nothing where it says something else."""
    word = cell.strip().lower()
    return "yes" if word in _YES else "no" if word in _NO else ""


@register.simple_tag
def facts_of(kind: str, value: dict[str, Any]) -> list[Fact]:
    """The filled-in properties of a specification, with the names and choices of its fields."""
    block = _STORY.child_blocks.get(kind)
    found: list[Fact] = []
    for name, child in (block.child_blocks if block is not None else {}).items():
        told = value.get(name)
        if isinstance(child, blocks.ListBlock):
            found += [Fact(item["name"], item["value"]) for item in told or []]
        elif told not in (None, "") and name != "title":
            found.append(Fact(str(child.label), _chosen(child, told)))
    return found


def _chosen(child: blocks.Block, told: Any) -> str:
    if isinstance(child, blocks.ChoiceBlock):
        return str(dict(child.field.choices).get(told, told))
    return f"{told:,}" if isinstance(told, int) else str(told)
