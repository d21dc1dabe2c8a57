"""What changed between two versions of a story, word by word. Pure: no database, nothing about blocks but their data.

A story is data: `[{"type", "id", "value"}]`, as revisions and kept versions hold it. Blocks are the same by their id;
where ids were lost (a paste, an import), by their words. Chinese is compared by character, everything else by word.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from campaigns.diffing.passages import Passage, passages
from campaigns.diffing.words import Mark, Word, compare_words, tokens

StoryData = Sequence[dict[str, Any]]

# Above so many pairs, blocks without a common id are paired by their order, not by their likeness.
MOST_PAIRS = 2_500
LIKE = 0.5


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a block: `path` as in the data (`items.2.question`), `name` its last word."""

    path: str
    name: str
    words: tuple[Word, ...]

    @property
    def changed(self) -> bool:
        """Whether any word was added or removed."""
        return any(word.mark != Mark.KEPT for word in self.words)


@dataclass(frozen=True, slots=True)
class BlockChange:
    """One block: `kind` is kept, changed, added or removed; `moved` says that others passed it.

    `before` and `after` are its places from 1, None where it isn't. `fields` tell the words, of kept blocks none;
    `restyled`: its words are the same and only their form changed (bold, a list instead of paragraphs).
    """

    kind: str
    type: str
    id: str
    before: int | None
    after: int | None
    moved: bool = False
    restyled: bool = False
    fields: tuple[FieldChange, ...] = field(default=())

    @property
    def untouched(self) -> bool:
        """Whether there is nothing to read."""
        return self.kind == "kept" and not self.moved


def diff_story(before: StoryData, after: StoryData, locale: str) -> list[BlockChange]:
    """Every block in the order of reading: the new story's, with what was removed at the place where it stood."""
    pairs = _pairs(before, after)
    moved = _moved(pairs)
    old_of = {new: old for old, new in pairs}
    gone = [index for index in range(len(before)) if index not in {old for old, _new in pairs}]
    found: list[BlockChange] = []
    for new, block in enumerate(after):
        old = old_of.get(new)
        if old is None:
            found.append(_added(block, new, locale))
            continue
        if new not in moved:
            while gone and gone[0] < old:
                found.append(_removed(before[gone[0]], gone.pop(0), locale))
        found.append(_kept_or_changed(before[old], block, old, new, new in moved, locale))
    found.extend(_removed(before[index], index, locale) for index in gone)
    return found


def diff_text(before: str, after: str, locale: str) -> tuple[Word, ...]:
    """The words of one plain text, kept, added and removed, in the order of reading."""
    return compare_words(before, after, locale)


def plain_text(story: StoryData) -> str:
    """The words of a story without markup, a line for each passage."""
    return "\n".join(passage.text for block in story for passage in passages(block["value"]) if passage.text)


def _pairs(before: StoryData, after: StoryData) -> list[tuple[int, int]]:
    """(old index, new index) of the blocks that are the same."""
    ids = {block["id"]: index for index, block in reversed(list(enumerate(before))) if block.get("id")}
    found: dict[int, int] = {}
    for new, block in enumerate(after):
        old = ids.get(block.get("id"))
        if old is not None and old not in found and before[old]["type"] == block["type"]:
            found[old] = new
    left_old = [index for index in range(len(before)) if index not in found]
    taken = set(found.values())
    left_new = [index for index in range(len(after)) if index not in taken]
    found.update(_alike(before, after, left_old, left_new))
    return sorted(found.items(), key=lambda pair: pair[1])


def _alike(before: StoryData, after: StoryData, left_old: list[int], left_new: list[int]) -> dict[int, int]:
    """The most alike of those whose ids say nothing: equal ones first, then those that share half of their words."""
    found: dict[int, int] = {}
    equal: dict[str, list[int]] = defaultdict(list)
    for old in left_old:
        equal[_spelled(before[old])].append(old)
    rest: list[int] = []
    for new in left_new:
        same = equal[_spelled(after[new])]
        if same:
            found[same.pop(0)] = new
        else:
            rest.append(new)
    olds = [old for old in left_old if old not in found]
    if len(olds) * len(rest) > MOST_PAIRS:
        return found
    bags = {("old", index): _bag(before[index]) for index in olds} | {
        ("new", index): _bag(after[index]) for index in rest
    }
    scored = sorted(
        (
            (-_likeness(bags["old", old], bags["new", new]), new, old)
            for old in olds for new in rest if before[old]["type"] == after[new]["type"]
        ),
    )  # fmt: skip
    used: set[int] = set()
    for score, new, old in scored:
        if -score >= LIKE and new not in used and old not in found:
            found[old] = new
            used.add(new)
    return found


def _spelled(block: dict[str, Any]) -> str:
    return f"{block['type']}\0{block['value']!r}"


def _bag(block: dict[str, Any]) -> set[str]:
    return {token.key for passage in passages(block["value"]) for token in tokens(passage.text)}


def _likeness(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0


def _moved(pairs: list[tuple[int, int]]) -> set[int]:
    """New indexes outside the longest run that kept its order: the fewest blocks that explain the new order."""
    best: list[int] = []  # length of the longest rising run that ends here
    back: list[int | None] = []
    for place, (old, _new) in enumerate(pairs):
        length, previous = 1, None
        for earlier in range(place):
            if pairs[earlier][0] < old and best[earlier] + 1 > length:
                length, previous = best[earlier] + 1, earlier
        best.append(length)
        back.append(previous)
    still: set[int] = set()
    place_: int | None = max(range(len(pairs)), key=lambda index: best[index], default=None)
    while place_ is not None:
        still.add(pairs[place_][1])
        place_ = back[place_]
    return {new for _old, new in pairs if new not in still}


def _added(block: dict[str, Any], new: int, locale: str) -> BlockChange:
    fields = tuple(_whole(passage, Mark.ADDED) for passage in passages(block["value"]) if passage.text)
    return BlockChange("added", block["type"], str(block.get("id") or ""), None, new + 1, fields=fields)


def _removed(block: dict[str, Any], old: int, locale: str) -> BlockChange:
    fields = tuple(_whole(passage, Mark.REMOVED) for passage in passages(block["value"]) if passage.text)
    return BlockChange("removed", block["type"], str(block.get("id") or ""), old + 1, None, fields=fields)


def _whole(passage: Passage, mark: Mark) -> FieldChange:
    return FieldChange(passage.path, passage.name, (Word(mark, passage.text),))


def _kept_or_changed(
    one: dict[str, Any], other: dict[str, Any], old: int, new: int, moved: bool, locale: str
) -> BlockChange:
    places = {"type": other["type"], "id": str(other.get("id") or ""), "before": old + 1, "after": new + 1}
    if one["value"] == other["value"]:
        return BlockChange("kept", moved=moved, **places)
    fields = tuple(_fields(one["value"], other["value"], locale))
    restyled = not any(each.changed for each in fields)
    return BlockChange("changed", moved=moved, restyled=restyled, fields=fields, **places)


def _fields(one: Any, other: Any, locale: str) -> Iterator[FieldChange]:
    """The new block's fields in their order, then those that are gone. Items of lists are the same by their id."""
    olds = {passage.key: passage for passage in passages(one)}
    for passage in passages(other):
        earlier = olds.pop(passage.key, None)
        words = compare_words(earlier.text if earlier else "", passage.text, locale)
        if words:
            yield FieldChange(passage.path, passage.name, words)
    for passage in olds.values():
        if passage.text:
            yield _whole(passage, Mark.REMOVED)
