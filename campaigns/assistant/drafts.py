"""Drafts composed of facts, by rules alone: the creator's own sentences in an order that reads well. Pure.

Nothing is invented: between the sentences stand words that carry no claim, and every draft cites what it is made of.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from campaigns.assistant.facts import Fact, FactKind, Promise, Terms
from campaigns.assistant.phrases import NETWORKS, PHRASES, Phrases

LONGEST_TITLE = {"en": 60, "zh-hans": 30}
LONGEST_SUMMARY = 255


@dataclass(frozen=True)
class Draft:
    """A suggestion for one place, its `target`.

    That is `title`, `summary`, `risks`, `section:<name>`, `faq`, `reward:<key>` or `share:<network>`. `heading`
    belongs to a section; `pairs` are a FAQ's questions and answers. `cites` are keys of facts.
    """

    target: str
    locale: str
    text: str
    cites: tuple[str, ...]
    heading: str = ""
    pairs: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> str:
        """All that it says."""
        return "\n".join([self.heading, self.text, *(f"{question} {answer}" for question, answer in self.pairs)])


class Known:
    """Facts by kind in one language."""

    def __init__(self, facts: Iterable[Fact], locale: str) -> None:
        self.locale = locale
        self.facts = [fact for fact in facts if fact.text(locale)]

    def of(self, *kinds: str) -> list[Fact]:
        """In the order of the kinds, then as given."""
        return [fact for kind in kinds for fact in self.facts if fact.kind == kind]

    def first(self, kind: str) -> Fact | None:
        """The first of a kind."""
        return next(iter(self.of(kind)), None)


def draft(facts: Iterable[Fact], terms: Terms, locale: str) -> list[Draft]:
    """All that can be said in a language; what no fact carries is left out."""
    known, phrases = Known(facts, locale), PHRASES[locale]
    stated = {fact.key: fact for fact in terms.facts()}
    makers: tuple[Callable[[], Iterator[Draft]], ...] = (
        lambda: _title(known), lambda: _summary(known), lambda: _sections(known, stated, terms, phrases),
        lambda: _risks(known), lambda: _faq(known, stated, terms, phrases), lambda: _rewards(known, terms, phrases),
        lambda: _shares(known, stated, phrases),
    )  # fmt: skip
    return [found for make in makers for found in make()]


def _title(known: Known) -> Iterator[Draft]:
    name, promise = known.first(FactKind.NAME), known.first(FactKind.PROMISE)
    if name is None and promise is None:
        return
    longest = LONGEST_TITLE[known.locale]
    if name and promise:
        text = PHRASES[known.locale].titled.format(name=_bare(name, known), promise=_bare(promise, known))
        if len(text) <= longest:
            yield Draft("title", known.locale, text, (name.key, promise.key))
            return
    only = name or promise
    if only and len(text := _bare(only, known)) <= longest:
        yield Draft("title", known.locale, text, (only.key,))


def _summary(known: Known) -> Iterator[Draft]:
    parts = [fact for fact in (known.first(FactKind.PROMISE), known.first(FactKind.AUDIENCE)) if fact]
    text = _joined(parts, known)
    if len(text) > LONGEST_SUMMARY:
        parts = parts[:1]
        text = _joined(parts, known)
    if text and len(text) <= LONGEST_SUMMARY:
        yield Draft("summary", known.locale, text, _keys(parts))


def _sections(known: Known, stated: dict[str, Fact], terms: Terms, phrases: Phrases) -> Iterator[Draft]:
    for name, kinds in (
        ("what", (FactKind.PROMISE, FactKind.WORKING)), ("why", (FactKind.PROBLEM, FactKind.AUDIENCE)),
        ("made", (FactKind.MAKING, FactKind.PROOF)), ("team", (FactKind.TEAM,)),
    ):  # fmt: skip
        if parts := known.of(*kinds):
            yield Draft(f"section:{name}", known.locale, _joined(parts, known), _keys(parts), phrases.headings[name])
    money = known.of(FactKind.MONEY)
    if goal := stated.get("goal"):
        ends = phrases.all_or_nothing if terms.all_or_nothing else phrases.keep_it_all
        said = phrases.goal.format(goal=goal.text(known.locale))
        text = phrases.space.join(filter(None, [_joined(money, known), said, ends]))
        yield Draft("section:money", known.locale, text, (*_keys(money), "goal"), phrases.headings["money"])
    elif money:
        yield Draft("section:money", known.locale, _joined(money, known), _keys(money), phrases.headings["money"])
    if delivery := known.of(FactKind.DELIVERY):
        yield Draft(
            "section:delivery", known.locale, _joined(delivery, known), _keys(delivery), phrases.headings["delivery"]
        )


def _risks(known: Known) -> Iterator[Draft]:
    if parts := known.of(FactKind.RISK):
        yield Draft("risks", known.locale, _joined(parts, known), _keys(parts))


def _faq(known: Known, stated: dict[str, Fact], terms: Terms, phrases: Phrases) -> Iterator[Draft]:
    pairs: list[tuple[str, str]] = []
    cites: list[str] = []

    def asked(question: str, answer: str, keys: Iterable[str]) -> None:
        pairs.append((phrases.questions[question], answer))
        cites.extend(keys)

    if delivery := known.of(FactKind.DELIVERY):
        asked("when", _joined(delivery, known), _keys(delivery))
    posted = [reward for reward in terms.rewards if reward.posted and reward.places.get(known.locale)]
    if posted:
        asked("where", _said(posted[0].places[known.locale], phrases), [f"reward:{posted[0].key}"])
    if goal := stated.get("goal"):
        ends = phrases.all_or_nothing if terms.all_or_nothing else phrases.keep_it_all
        asked("missed", ends, [goal.key])
    for question, kind in (("who", FactKind.TEAM), ("wrong", FactKind.RISK), ("ready", FactKind.PROOF)):
        if parts := known.of(kind):
            asked(question, _joined(parts, known), _keys(parts))
    if pairs:
        yield Draft("faq", known.locale, "", tuple(dict.fromkeys(cites)), phrases.headings["faq"], tuple(pairs))


def _rewards(known: Known, terms: Terms, phrases: Phrases) -> Iterator[Draft]:
    for reward in terms.rewards:
        title = reward.titles.get(known.locale)
        if not title:
            continue
        said = [phrases.reward.format(title=title, price=reward.price[known.locale])]
        if month := reward.month.get(known.locale):
            said.append(phrases.reward_month.format(month=month))
        if reward.posted and (places := reward.places.get(known.locale)):
            said.append(_said(places, phrases))
        cites = [f"reward:{reward.key}"]
        if making := _making_of(reward, known):
            said.insert(1, _sentence(making.text(known.locale), phrases))
            cites.append(making.key)
        yield Draft(f"reward:{reward.key}", known.locale, phrases.space.join(said), tuple(cites))


def _making_of(reward: Promise, known: Known) -> Fact | None:
    """What the thing is made of, where the reward is the thing: its title has the name in it."""
    name, making = known.first(FactKind.NAME), known.first(FactKind.MAKING)
    if name is None or making is None:
        return None
    called = _bare(name, known).lower()
    return making if reward.posted and called in reward.titles.get(known.locale, "").lower() else None


def _shares(known: Known, stated: dict[str, Fact], phrases: Phrases) -> Iterator[Draft]:
    name, promise = known.first(FactKind.NAME), known.first(FactKind.PROMISE)
    if promise is None:
        return
    problem, goal = known.first(FactKind.PROBLEM), stated.get("goal")
    for network, longest in NETWORKS[known.locale].items():
        lead = [fact for fact in (problem, promise) if fact]
        calls = [phrases.call_goal.format(goal=goal.text(known.locale)) if goal else "", phrases.call]
        for parts, call in ((lead, calls), ([promise], calls), ([promise], calls[1:])):
            opened = phrases.opened.format(name=_bare(name, known)) if name else ""
            text = phrases.space.join(filter(None, [opened, _joined(parts, known), *call]))
            if len(text) <= longest:
                keys = [*_keys([*([name] if name else []), *parts]), *(["goal"] if goal and len(call) > 1 else [])]
                yield Draft(f"share:{network}", known.locale, text, tuple(keys))
                break


_ENDS = re.compile(r"[.。!！?？…]$")


def _joined(parts: Iterable[Fact], known: Known) -> str:
    phrases = PHRASES[known.locale]
    return phrases.space.join(_sentence(fact.text(known.locale), phrases) for fact in parts)


def _sentence(text: str, phrases: Phrases) -> str:
    said = text if _ENDS.search(text) else f"{text}{phrases.stop}"
    return said[:1].upper() + said[1:]


def _said(places: str, phrases: Phrases) -> str:
    return _sentence(places, phrases)


def _bare(fact: Fact, known: Known) -> str:
    return fact.text(known.locale).rstrip(".。!！ ")


def _keys(parts: Iterable[Fact]) -> tuple[str, ...]:
    return tuple(fact.key for fact in parts)
