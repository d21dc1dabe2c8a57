"""Hints on a text as it stands: what readers will miss, trip over or not believe. Pure; a hint blocks nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from campaigns.assistant import vocabulary

TITLE = {"en": (12, 60), "zh-hans": (6, 30)}
SHORTEST_SUMMARY = {"en": 40, "zh-hans": 18}
# What a story speaks of when it speaks of it at all: English words, then Chinese ones.
_SPEAKS_OF = {
    "team": (r"team|who we are|about us|founders?|makers?|i am|we are", "团队|我们是|关于我们|创始人|匠人"),
    "money": (
        r"budget|money (?:is|goes|will)|funds? (?:go|will|are)|costs?|pays? for|spend", "预算|资金|用途|费用|成本|花在"
    ),
    "delivery": (
        r"deliver\w*|ship\w*|timeline|schedule|posted|arrives?", "发货|交付|寄出|进度|时间表|送达"
    ),
    "proof": (
        r"prototypes?|samples?|tested|tests?|already|working model|sketch\w*|demo", "样机|样品|原型|打样|测试|已经|试制"
    ),
}  # fmt: skip
_SECTIONS = {
    name: re.compile(rf"\b(?:{english})\b|{chinese}", re.IGNORECASE) for name, (english, chinese) in _SPEAKS_OF.items()
}
_VAGUE = re.compile(
    r"\b(?:soon|shortly|as soon as possible|asap|in the near future|later (?:this|next) year|sometime|eventually"
    r"|in due course|(?:a )?few (?:weeks|months))\b"
    r"|尽快|不久|很快|近期|适时|陆续发|年内|稍后|过段时间|若干(?:周|月)|几个月后",
    re.IGNORECASE,
)
_DELIVERING = re.compile(r"deliver|ship|post|send|arriv|ready|发货|交付|寄|送达|上市|完成|发出", re.IGNORECASE)
_SENTENCES = re.compile(r"[^.!?。！？;；\n]+[.!?。！？;；]?")


@dataclass(frozen=True)
class Hint:
    """What would make a text better: a stable code, the field, words, and the language it is about."""

    code: str
    field: str
    message: str
    locale: str = ""
    around: str = ""


def hints(*, locale: str, title: str, summary: str, story: str, risks: str) -> Iterator[Hint]:
    """Everything about one language's text, in the order of the page."""
    yield from _title(title, locale)
    if 0 < len(summary.strip()) < SHORTEST_SUMMARY.get(locale, 0):
        yield Hint(
            "summary_short", "summary", _("The summary is very short: say what will exist, and for whom."), locale
        )
    yield from _sections(story, locale)
    for field, text in (("summary", summary), ("story", story), ("risks", risks)):
        yield from vague_times(text, field, locale)
    for field, text in (("title", title), ("summary", summary), ("story", story), ("risks", risks)):
        yield from claims(text, field, locale)


def vague_times(text: str, field: str, locale: str) -> Iterator[Hint]:
    """Sentences that promise a delivery without a time."""
    for sentence in _SENTENCES.findall(text):
        found = _VAGUE.search(sentence)
        if found and _DELIVERING.search(sentence):
            yield Hint(
                "vague_delivery", field, _("“%(words)s” is no date: name the month.") % {"words": found[0]}, locale,
                sentence.strip()[:120],
            )  # fmt: skip


def claims(text: str, field: str, locale: str) -> Iterator[Hint]:
    """Absolute or banned claims, with what to write instead."""
    for claim in vocabulary.claims(text, locale):
        message = _("“%(words)s”: %(why)s") % {"words": claim.words, "why": claim.kind.why.get(locale, "")}
        yield Hint(f"claim_{claim.kind.code}", field, message, locale, claim.around)


def _title(title: str, locale: str) -> Iterator[Hint]:
    shortest, longest = TITLE.get(locale, (0, 255))
    length = len(title.strip())
    if 0 < length < shortest:
        message = _("The title is short: name the thing and what is special about it.")
        yield Hint("title_short", "title", message, locale)
    if length > longest:
        message = _("The title has %(count)d characters; beyond %(longest)d cards cut it off.")
        yield Hint("title_long", "title", message % {"count": length, "longest": longest}, locale)


def _sections(story: str, locale: str) -> Iterator[Hint]:
    if not story.strip():
        return
    missing = {
        "team": _("Nothing says who is behind it: backers want to know who you are."),
        "money": _("Nothing says what the money is for."),
        "delivery": _("Nothing says when it will be delivered."),
        "proof": _("Nothing says what exists already: a prototype, samples, a test."),
    }
    for name, pattern in _SECTIONS.items():
        if not pattern.search(story):
            yield Hint(f"section_{name}_missing", "story", missing[name], locale)
