"""Two texts, word by word: what stayed, what came, what went."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# Han, kana and hangul are written without spaces: each character is a word here.
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_TOKEN = re.compile(rf"(\d[\d,.]*\d|\d|[{_CJK}]|[^\W\d_{_CJK}]+(?:['’-][^\W_{_CJK}]+)*|[^\w\s]|_|\S)(\s*)")
_SENTENCE = re.compile(r".*?(?:[.!?;](?=\s)|[。！？；]|\n|$)\s*", re.DOTALL)
# Above so many comparisons, sentences are matched before their words; above the second, they are taken as rewritten.
MANY_COMPARISONS = 40_000
MOST_COMPARISONS = 250_000
# Texts that share fewer of their words are two texts: nobody could read them woven into one.
SHARED = 0.25


class Mark(StrEnum):
    """What became of a run of words."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Word:
    """A run of words with one fate; its text has the white space that follows."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, sign or character; `key` is compared, `text` is shown."""

    key: str
    text: str


def tokens(text: str) -> list[Token]:
    """The words of a text; joined, their texts are the text without white space in front."""
    return [Token(match[1], match[0]) for match in _TOKEN.finditer(text)]


def compare_words(before: str, after: str, locale: str = "") -> tuple[Word, ...]:
    """Runs in the order of reading; of a replaced run, what went stands before what came. Empty texts have none."""
    if before == after:
        return (Word(Mark.KEPT, after),) if after else ()
    one, other = tokens(before), tokens(after)
    if len(one) * len(other) > MANY_COMPARISONS:
        marked = list(_by_sentence(before, after))
    else:
        marked = list(_by_token(one, other))
    return tuple(_joined(_without_islands(marked)))


Run = tuple[Mark, list[Token]]


def _by_sentence(before: str, after: str) -> Iterator[Run]:
    one, other = _sentences(before), _sentences(after)
    for tag, a, b, c, d in _opcodes([text.strip() for text in one], [text.strip() for text in other]):
        old, new = tokens("".join(one[a:b])), tokens("".join(other[c:d]))
        if tag == "equal":
            yield Mark.KEPT, new
        elif len(old) * len(new) > MOST_COMPARISONS:
            yield Mark.REMOVED, old
            yield Mark.ADDED, new
        else:
            yield from _by_token(old, new)


def _by_token(one: list[Token], other: list[Token]) -> Iterator[Run]:
    if _strangers(one, other):
        yield Mark.REMOVED, one
        yield Mark.ADDED, other
        return
    for tag, a, b, c, d in _opcodes([token.key for token in one], [token.key for token in other]):
        if tag == "equal":
            yield Mark.KEPT, other[c:d]
        else:
            yield Mark.REMOVED, one[a:b]
            yield Mark.ADDED, other[c:d]


def _strangers(one: list[Token], other: list[Token]) -> bool:
    if min(len(one), len(other)) < 8:
        return False
    shared = Counter(token.key for token in one) & Counter(token.key for token in other)
    return shared.total() < SHARED * max(len(one), len(other))


def _opcodes(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """As difflib's, without what both begin and end with: edits are small and texts are long."""
    most = min(len(one), len(other))
    start = next((index for index in range(most) if one[index] != other[index]), most)
    end = next((index for index in range(most - start) if one[-1 - index] != other[-1 - index]), most - start)
    if start:
        yield "equal", 0, start, 0, start
    middle = SequenceMatcher(None, one[start : len(one) - end], other[start : len(other) - end], autojunk=False)
    for tag, a, b, c, d in middle.get_opcodes():
        yield tag, a + start, b + start, c + start, d + start
    if end:
        yield "equal", len(one) - end, len(one), len(other) - end, len(other)


def _sentences(text: str) -> list[str]:
    return [found for found in _SENTENCE.findall(text) if found]


def _without_islands(runs: list[Run]) -> list[Run]:
    """A single kept word in the midst of changes tells nothing and makes both unreadable: it counts as changed."""
    found: list[Run] = []
    for place, (mark, words) in enumerate(runs):
        inside = 0 < place < len(runs) - 1
        if mark == Mark.KEPT and inside and len(words) == 1 and not _ends_line(words):
            found += [(Mark.REMOVED, words), (Mark.ADDED, words)]
        else:
            found.append((mark, words))
    return found


def _ends_line(words: list[Token]) -> bool:
    return "\n" in words[-1].text


def _joined(runs: list[Run]) -> Iterator[Word]:
    """Neighbouring changes as one removal and one addition."""
    gone: list[Token] = []
    come: list[Token] = []
    for mark, words in [*runs, (Mark.KEPT, [])]:
        if mark == Mark.REMOVED:
            gone += words
        elif mark == Mark.ADDED:
            come += words
        else:
            if gone:
                yield Word(Mark.REMOVED, _text(gone))
            if come:
                yield Word(Mark.ADDED, _text(come))
            if words:
                yield Word(Mark.KEPT, _text(words))
            gone, come = [], []


def _text(words: list[Token]) -> str:
    return "".join(word.text for word in words)
