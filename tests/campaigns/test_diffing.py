"""Word-level differences of stories: what a reviewer reads must be what changed, and nothing else."""

import time
from typing import Any

from campaigns.diffing import BlockChange, Mark, diff_story, diff_text


def block(id_: str, value: Any, type_: str = "text") -> dict[str, Any]:
    return {"type": type_, "id": id_, "value": value}


def shown(words: Any) -> str:
    signs = {Mark.KEPT: "{}", Mark.ADDED: "[+{}]", Mark.REMOVED: "[-{}]"}
    return "".join(signs[word.mark].format(word.text) for word in words)


def kinds(changes: list[BlockChange]) -> list[str]:
    return [f"{change.id}:{change.kind}{'~' if change.moved else ''}" for change in changes]


def test_words_and_characters() -> None:
    english = diff_text("It ships in May to China.", "It ships in June to China and Japan.", "en")
    assert shown(english) == "It ships in [-May ][+June ]to China [+and Japan]."
    chinese = diff_text("我们做一盏用盐水点亮的灯。", "我们做一盏用海水点亮的小灯。", "zh-hans")
    assert shown(chinese) == "我们做一盏用[-盐][+海]水点亮的[+小]灯。"
    # Nothing is lost: what was kept and added is the new text, what was kept and removed the old.
    new = "".join(word.text for word in chinese if word.mark != Mark.REMOVED)
    old = "".join(word.text for word in chinese if word.mark != Mark.ADDED)
    assert (old, new) == ("我们做一盏用盐水点亮的灯。", "我们做一盏用海水点亮的小灯。")
    assert diff_text("", "", "en") == ()
    assert shown(diff_text("price 10,000", "price 10,500", "en")) == "price [-10,000][+10,500]"


def test_texts_that_share_nothing_are_not_woven_together() -> None:
    before, after = "one two three four five six seven eight nine", "eins zwei drei vier fuenf sechs sieben acht neun"
    assert [word.mark for word in diff_text(before, after, "en")] == [Mark.REMOVED, Mark.ADDED]


def test_blocks_added_removed_moved_changed() -> None:
    before = [
        block("a", "Why", "heading"), block("b", "<p>One</p>"), block("c", "<p>Two</p>"), block("x", "<p>Still</p>"),
        block("d", "<p>Three</p>"),
    ]  # fmt: skip
    after = [
        block("a", "Why", "heading"), block("d", "<p>Three</p>"), block("b", "<p>One more</p>"),
        block("x", "<p>Still</p>"), block("e", "<p>New</p>"),
    ]  # fmt: skip
    changes = diff_story(before, after, "en")
    assert kinds(changes) == ["a:kept", "d:kept~", "b:changed", "c:removed", "x:kept", "e:added"]
    assert shown(changes[2].fields[0].words) == "One [+more]"
    assert (changes[1].before, changes[1].after) == (5, 2)
    assert diff_story([], [], "en") == []


def test_lost_ids_form_links_pictures_and_items() -> None:
    text = "<p>We build a lamp that runs on salt water and lasts a night.</p>"
    longer = text.replace("a night", "a whole night")
    assert kinds(diff_story([block("a", text)], [block("x", longer)], "en")) == ["x:changed"]
    restyled = diff_story([block("a", "<p>A lamp</p>")], [block("a", "<p>A <b>lamp</b></p>")], "en")[0]
    assert (restyled.kind, restyled.restyled) == ("changed", True)
    link = '<p>See <a href="https://{}">us</a></p>'
    moved = diff_story([block("a", link.format("good.example"))], [block("a", link.format("bad.example"))], "en")[0]
    assert not moved.restyled, "where a link leads is read too"
    picture = diff_story(
        [block("p", {"image": 1, "caption": "Lamp"}, "image")],
        [block("p", {"image": 2, "caption": "Lamp"}, "image")],
        "en",
    )[0]
    assert [each.name for each in picture.fields if each.changed] == ["image"]

    def item(id_: str, question: str) -> dict[str, Any]:
        return {"type": "item", "id": id_, "value": {"question": question}}

    faq = diff_story(
        [block("f", {"items": [item("1", "How?"), item("2", "When?")]}, "faq")],
        [block("f", {"items": [item("3", "Who?"), item("1", "How?"), item("2", "When?")]}, "faq")], "en",
    )[0]  # fmt: skip
    assert [shown(each.words) for each in faq.fields] == ["[+Who?]", "How?", "When?"]


def test_a_story_of_two_hundred_blocks_is_quick() -> None:
    text = "we build lamps of salt and water that last a whole night for people by the sea who mend nets"
    words = text.split(" ")
    before = [
        block(str(n), "<p>" + " ".join(words[(n * 7 + i * i) % 19] for i in range(120)) + f" {n} lamps</p>")
        for n in range(200)
    ]
    after = [
        {**one, "value": one["value"].replace("lamps", "lanterns", 2) if n % 5 == 0 else one["value"]}
        for n, one in enumerate(before)
    ]
    after.insert(3, after.pop(150))
    begun = time.process_time()
    changes = diff_story(before, after, "en")
    spent = time.process_time() - begun
    assert sum(change.moved for change in changes) == 1
    assert sum(change.kind == "changed" for change in changes) == 40
    # 300 ms is promised; a slow machine may take its time, a quadratic algorithm takes minutes.
    assert spent < 3
