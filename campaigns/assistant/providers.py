"""Drafts by a language model behind an OpenAI-compatible address, where a setting names one.

Only facts and terms are sent, without the team and without anything that looks like a person's data; only what cites
its facts, brings no number of its own and makes no banned claim comes back.
"""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from campaigns.assistant import vocabulary
from campaigns.assistant.drafts import LONGEST_SUMMARY, LONGEST_TITLE, Draft
from campaigns.assistant.facts import Fact, FactKind, Terms, untraced
from campaigns.assistant.phrases import NETWORKS, PHRASES

LONGEST = {"title": None, "summary": LONGEST_SUMMARY, "risks": 3000, "section": 1500, "reward": 1000}
LARGEST_ANSWER = 200_000
# People's names stand in the team's facts; what else could tell of a person is taken out wherever it stands.
NEVER_SENT = {FactKind.TEAM}
_PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.]+|https?://\S+|(?:wechat|weixin|qq|微信|手机|电话|tel|phone)\s*[:：号]?\s*[\w+ -]{5,}"
    r"|\+?\d[\d -]{8,}\d|\d{17}[\dXx]",
    re.IGNORECASE,
)


class ProviderFailed(Exception):
    """The model gave no usable answer; drafts by rules are still there."""


@dataclass(frozen=True)
class Checked:
    """Drafts that passed, and how many didn't."""

    drafts: list[Draft]
    refused: int


@dataclass(frozen=True)
class OpenAIProvider:
    """`POST {base_url}/chat/completions`. `timeout` in seconds."""

    base_url: str
    key: str
    model: str
    timeout: float = 30

    def draft(self, facts: Iterable[Fact], terms: Terms, locale: str) -> Checked:
        """Drafts in a language, each checked. Raises `ProviderFailed`."""
        sent = sendable(facts, terms, locale)
        return checked(_read(self._ask(prompt(sent, locale))), sent, locale)

    def _ask(self, messages: list[dict[str, str]]) -> str:
        body = json.dumps({"model": self.model, "messages": messages, "temperature": 0.4}).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.key}"}
        address = f"{self.base_url.rstrip('/')}/chat/completions"
        if urlsplit(address).scheme not in {"http", "https"}:
            raise ProviderFailed("the assistant's address is no http address")
        request = urllib.request.Request(address, body, headers)  # noqa: S310  checked above
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as response:  # noqa: S310
                answer = json.loads(response.read(LARGEST_ANSWER))
            text: str = answer["choices"][0]["message"]["content"]
        except (urllib.error.URLError, OSError, ValueError, LookupError, TypeError) as error:
            raise ProviderFailed(type(error).__name__) from error
        return text


def sendable(facts: Iterable[Fact], terms: Terms, locale: str) -> list[Fact]:
    """What may leave the house: no team, no addresses, no numbers of phones or papers."""
    sent = [fact for fact in facts if fact.kind not in NEVER_SENT]
    cleaned = [Fact(fact.key, fact.kind, {locale: _PERSONAL.sub("…", fact.text(locale))}) for fact in sent]
    return [*(fact for fact in cleaned if fact.text(locale)), *terms.facts()]


def prompt(facts: list[Fact], locale: str) -> list[dict[str, str]]:
    """What the model is told."""
    sections = [f"section:{name}" for name in PHRASES[locale].headings if name != "faq"]
    targets = ["title", "summary", "risks", "faq", *sections]
    targets += [fact.key for fact in facts if fact.key.startswith("reward:")]
    targets += [f"share:{network}" for network in NETWORKS[locale]]
    language = "Simplified Chinese" if locale == "zh-hans" else "English"
    rules = (
        f"You help to write a crowdfunding campaign in {language}. Use only the facts given; each has a key. Never add "
        "a number, date, name, place or claim that no fact states; no superlatives, no promises without risk. Answer "
        'with JSON alone: a list of {"target", "text", "cites", "heading"?, "pairs"?}, where `cites` lists the keys of '
        "all facts used, `pairs` (for faq) is a list of [question, answer], and `target` is one of: "
        f"{', '.join(targets)}."
    )
    given = [{"key": fact.key, "about": fact.kind, "fact": fact.text(locale)} for fact in facts]
    return [
        {"role": "system", "content": rules}, {"role": "user", "content": json.dumps(given, ensure_ascii=False)}
    ]  # fmt: skip


def checked(found: list[Any], facts: list[Fact], locale: str) -> Checked:
    """The drafts that keep the rules, one a target: known places, cited facts, no number or claim of their own."""
    known = {fact.key: fact for fact in facts}
    kept: dict[str, Draft] = {}
    refused = 0
    for item in found:
        draft = _one(item, known, locale)
        if draft is None or draft.target in kept:
            refused += 1
        else:
            kept[draft.target] = draft
    return Checked(list(kept.values()), refused)


def _one(item: Any, known: dict[str, Fact], locale: str) -> Draft | None:
    try:
        target, text, heading = str(item["target"]), str(item.get("text") or ""), str(item.get("heading") or "")
        cites = tuple(str(key) for key in item["cites"])
        pairs = tuple((str(question), str(answer)) for question, answer in item.get("pairs") or ())
    except (AttributeError, LookupError, TypeError, ValueError):
        return None
    draft = Draft(target, locale, text.strip(), cites, _heading(target, heading, locale), pairs)
    cited = [known[key] for key in cites if key in known]
    fits = _fits(draft, known, locale) and cites and len(cited) == len(cites)
    honest = not untraced(draft.words, cited) and not any(vocabulary.claims(draft.words, locale))
    return draft if fits and honest else None


def _heading(target: str, given: str, locale: str) -> str:
    headings = PHRASES[locale].headings
    return given.strip()[:120] or headings.get(target.removeprefix("section:"), "")


def _fits(draft: Draft, known: dict[str, Fact], locale: str) -> bool:
    kind, _colon, rest = draft.target.partition(":")
    if kind == "faq":
        return bool(draft.pairs) and all(question and answer for question, answer in draft.pairs)
    if kind == "share":
        return rest in NETWORKS[locale] and 0 < len(draft.text) <= NETWORKS[locale][rest]
    if kind not in LONGEST or (kind == "section" and rest not in PHRASES[locale].headings):
        return False
    if kind == "reward" and draft.target not in known:
        return False
    return 0 < len(draft.text) <= (LONGEST[kind] or LONGEST_TITLE[locale])


def _read(text: str) -> list[Any]:
    # Models like to wrap their JSON in a fence.
    start, end = text.find("["), text.rfind("]")
    try:
        found = json.loads(text[start : end + 1])
    except ValueError as error:
        raise ProviderFailed("no JSON") from error
    return found if isinstance(found, list) else []
