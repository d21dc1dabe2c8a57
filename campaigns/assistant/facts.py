"""What the assistant may say: facts that the creator gave, and those that the terms state. Pure.

Whatever is drafted cites facts, and every number in it stands in a fact that it cites.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import comparing

FEWEST, MOST = 5, 10
LONGEST = 300


class FactKind(TextChoices):
    """What a fact is about; each is told in a place of its own."""

    NAME = "name", gettext_lazy("What it is called")
    PROMISE = "promise", gettext_lazy("What it is, in one sentence")
    AUDIENCE = "audience", gettext_lazy("Whom it is for")
    PROBLEM = "problem", gettext_lazy("Why it is needed")
    WORKING = "working", gettext_lazy("How it works")
    MAKING = "making", gettext_lazy("What it is made of, and how")
    PROOF = "proof", gettext_lazy("What exists already")
    TEAM = "team", gettext_lazy("Who makes it")
    MONEY = "money", gettext_lazy("What the money is for")
    DELIVERY = "delivery", gettext_lazy("When and how it is delivered")
    RISK = "risk", gettext_lazy("What could go wrong, and what you do then")


@dataclass(frozen=True)
class Fact:
    """One fact by its key, with its sentence in one language or both."""

    key: str
    kind: str
    texts: dict[str, str]

    def text(self, locale: str) -> str:
        """The sentence in a language; empty where it isn't given."""
        return self.texts.get(locale, "").strip()


@dataclass(frozen=True)
class Promise:
    """A reward of the terms as the assistant knows it: amounts and months already in words, by locale."""

    key: str
    titles: dict[str, str]
    price: dict[str, str]
    month: dict[str, str]
    places: dict[str, str]
    posted: bool = False


@dataclass(frozen=True)
class Terms:
    """The drafted terms in words, by locale; what isn't decided yet is empty."""

    goal: dict[str, str] = field(default_factory=dict)
    ending: dict[str, str] = field(default_factory=dict)
    all_or_nothing: bool = True
    rewards: tuple[Promise, ...] = ()

    def facts(self) -> Iterator[Fact]:
        """The same as facts, so that what is drafted of them can cite them."""
        if self.goal:
            yield Fact("goal", "terms", self.goal)
        if self.ending:
            yield Fact("ending", "terms", self.ending)
        for reward in self.rewards:
            words = {
                locale: comparing.joined(
                    [part.get(locale, "") for part in (reward.titles, reward.price, reward.month, reward.places)]
                )
                for locale in reward.titles
            }
            yield Fact(f"reward:{reward.key}", "terms", words)


@dataclass(frozen=True)
class Contradiction:
    """Two facts, or two languages of one, that can't both be true. `keys` name them; `message` says how."""

    keys: tuple[str, ...]
    message: str


_MEASURE = re.compile(
    r"(\d[\d,，]*(?:\.\d+)?)\s*(hours?|hrs?|minutes?|days?|weeks?|months?|years?|grams?|kg|g|mm|cm|m|km|ml|l|litres?|w|watts?"
    r"|mah|lumens?|people|persons|makers|pages|pieces|colou?rs?"
    r"|个?小时|分钟|天|日|周|个?月|年|克|千克|公斤|毫米|厘米|米|公里|毫升|升|瓦|毫安时|流明|人|位|页|件|种颜色)(?![a-z])",
    re.IGNORECASE,
)
_UNITS = {
    "hour": ("hour", "hr", "小时"), "minute": ("minute", "分钟"), "day": ("day", "天", "日"), "week": ("week", "周"),
    "month": ("month", "月"), "year": ("year", "年"), "g": ("gram", "g", "克"), "kg": ("kg", "千克", "公斤"),
    "mm": ("mm", "毫米"), "cm": ("cm", "厘米"), "m": ("m", "米"), "km": ("km", "公里"), "ml": ("ml", "毫升"),
    "l": ("litre", "l", "升"), "w": ("watt", "w", "瓦"), "mah": ("mah", "毫安时"), "lumen": ("lumen", "流明"),
    "people": ("people", "person", "maker", "人", "位"), "page": ("page", "页"), "piece": ("piece", "件"),
    "colour": ("colour", "color", "种颜色"),
}  # fmt: skip
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words}
_NUMBER = re.compile(r"\d[\d,，]*(?:\.\d+)?")
_SPELLED = {
    word: str(value)
    for value, words in enumerate(
        ("", "", "two 两", "three 三", "four 四", "five 五", "six 六", "seven 七", "eight 八", "nine 九", "ten 十",
         "eleven 十一", "twelve 十二")
    )
    for word in words.split()
}  # fmt: skip
_SPELLED_OUT = re.compile(
    rf"\b({'|'.join(word for word in _SPELLED if word.isascii())})\b"
    r"|(十[一二]|[两三四五六七八九十])(?=[个位天年周月种件页小名户家盏次款册套只人])",
    re.IGNORECASE,
)
# The verb "may" is no month.
_MONTH = re.compile(
    rf"\b({'|'.join(month for month in comparing.MONTHS if month != 'may')})\b"
    r"|(?:\b(?:in|by|until|of|from|to|early|late|mid)[ -]|\d(?:st|nd|rd|th)? )(may)\b|\b(may)(?= \d)",
    re.IGNORECASE,
)


def numbers(text: str) -> set[str]:
    """Every number of a text, in figures or as a small word, in a form that doesn't depend on its language."""
    found = {_plain(match[0]) for match in _NUMBER.finditer(text)}
    found |= {_SPELLED[(match[1] or match[2]).lower()] for match in _SPELLED_OUT.finditer(text)}
    months = ((m[1] or m[2] or m[3]).lower() for m in _MONTH.finditer(text))
    found |= {str(comparing.MONTHS.index(month) + 1) for month in months}
    # 万 and percent, prices and dates mean the same however they are written.
    return found | {fact.rstrip("%") for fact in comparing.facts(text) if "/" not in fact}


def untraced(text: str, cited: Iterable[Fact]) -> set[str]:
    """The numbers of a text that stand in none of the facts that it cites."""
    known: set[str] = set()
    for fact in cited:
        for words in fact.texts.values():
            known |= numbers(words)
    return numbers(text) - known


def measures(text: str) -> dict[str, set[str]]:
    """Numbers by unit: "lasts 10 hours" → {"hour": {"10"}}."""
    found: dict[str, set[str]] = {}
    for match in _MEASURE.finditer(text):
        word = match[2].lower().removeprefix("个")
        unit = _UNIT_OF.get(word) or _UNIT_OF.get(word.removesuffix("s"))
        if unit:
            found.setdefault(unit, set()).add(_plain(match[1]))
    return found


def contradictions(facts: Iterable[Fact]) -> list[Contradiction]:
    """Facts that can't both be true: two languages of one, or two of a kind with other numbers for the same unit."""
    found: list[Contradiction] = []
    rows = list(facts)
    for fact in rows:
        if len([text for text in fact.texts.values() if text.strip()]) > 1 and (odd := _between_languages(fact)):
            message = _("Its two languages name different numbers: %(numbers)s.") % {"numbers": ", ".join(odd)}
            found.append(Contradiction((fact.key,), message))
    for number, one in enumerate(rows):
        for other in rows[number + 1 :]:
            if one.kind == other.kind and (unit := _between(one, other)):
                message = _("Two facts of the same kind name different numbers: %(numbers)s.") % {"numbers": unit}
                found.append(Contradiction((one.key, other.key), message))
    return found


def _between_languages(fact: Fact) -> list[str]:
    sets: list[set[str]] = [numbers(text) for text in fact.texts.values() if text.strip()]
    return sorted(set().union(*sets) - sets[0].intersection(*sets))


def _between(one: Fact, other: Fact) -> str:
    for locale in one.texts:
        first, second = measures(one.text(locale)), measures(other.text(locale))
        for unit in first.keys() & second.keys():
            if first[unit].isdisjoint(second[unit]):
                return f"{'/'.join(sorted(first[unit]))} – {'/'.join(sorted(second[unit]))} {unit}"
    return ""


def _plain(number: str) -> str:
    value = float(re.sub("[,，]", "", number))
    return f"{value:g}" if value != int(value) else str(int(value))
