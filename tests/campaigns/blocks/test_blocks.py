"""Every block of a story: typed, shown, previewed, checked with words that name the field, read in few queries."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from wagtail import blocks
from wagtail.blocks import StreamValue

from campaigns.blocks import StoryStreamBlock, UpdateStreamBlock
from campaigns.services import checking, versioning
from campaigns.services.keeping import kept_blocks
from cms.core.mistakes import places
from cms.core.shaping import one_of
from cms.images import incoming, streams
from cms.images.blocks.pictures import undescribed
from cms.images.models import Document, Image
from home.demo import hanging, stories
from home.demo.shapes import Picture
from tests.api.caller import check
from tests.campaigns import scenes

STORY = StoryStreamBlock()
BOOK = next(plan for plan in stories.campaigns() if plan.slug == "opera-book")


@pytest.fixture
def everything(db) -> list[dict]:
    """The demo's story that has every block, with its pictures and files in the library."""
    scenes.site()
    owner = scenes.creator()
    shown: list[Picture] = hanging.pictures(BOOK.story)
    hung = hanging.Hung(
        {one: scenes.picture(owner) for one in shown},
        {one: hanging.document(one, owner=owner) for one in hanging.enclosures(BOOK.story)},
        {"book": "book"},
    )
    return hanging.stream(BOOK.story, locale="en", of="test", hung=hung)


def test_the_demo_shows_every_block() -> None:
    told = {getattr(block, "kind", type(block).__name__.removesuffix("Block").lower()) for block in BOOK.story}
    assert told == set(STORY.child_blocks)


def test_all_are_typed_rendered_kept_and_sent_back(everything: list[dict]) -> None:
    schema = one_of(STORY)
    for block in streams.render([StreamValue(STORY, everything, is_lazy=True)])[0]:
        check(schema, block)  # as it was stored, before an editor opened it
    value = STORY.to_python(everything)
    STORY.clean(value)
    with CaptureQueriesContext(connection) as asked:
        told = streams.render([value])[0]
    assert len(asked) <= 4, [query["sql"] for query in asked]
    for block in told:
        check(schema, block)
    html = render_to_string("components/story.html", {"blocks": told})
    for words in ("gallery__strip", "before-after__range", "<video controls", 'kind="captions"', "<audio controls",
                  "timeline__step--now", "log__entry", "team__person", "comparison__own", "ai-use", "spec__facts",
                  'href="#rewards"', "¥48,000", "document__link"):  # fmt: skip
        assert words in html, words
    kept = versioning.story(value)
    for block in kept_blocks({"story": kept}):
        check(schema, block)
    assert "pinned/" in str(next(block for block in kept if block["type"] == "gallery"))
    again = incoming.read(
        STORY, json.loads(json.dumps(value.get_prep_value(), cls=DjangoJSONEncoder)),
        images=Image.objects.all(), files=Document.objects.all(), field="story", whole=True,
    )  # fmt: skip
    assert [item["type"] for item in again] == [item["type"] for item in everything]


@pytest.mark.parametrize("name", sorted(STORY.child_blocks))
def test_the_picker_explains_and_shows_each(name: str) -> None:
    block = STORY.child_blocks[name]
    assert block.is_previewable
    assert block.get_description()
    assert block.meta.group
    assert block.meta.icon != "placeholder"
    html = block.render(block.get_preview_value(), {})
    assert len(html.strip()) > 20


def wrong(name: str, value: object) -> list[str]:
    stream = STORY.to_python([{"type": name, "value": value}])
    with pytest.raises(ValidationError) as refusal:
        STORY.clean(stream)
    return places(STORY, stream, refusal.value)


def step(month: str) -> dict:
    return {"month": month, "title": "T", "text": "", "progress": "done"}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("timeline", {"steps": [step("2027-06"), step("2027-13")]}, "Timeline, Steps, 2, Month: Enter a month"),
        ("timeline", {"steps": [step("2027-06"), step("2027-05")]}, "Steps, 2, Month: This month is before"),
        ("budget", {"currency": "JPY", "lines": [{"title": "T", "amount": "1.5"}]}, "Budget, Lines, 1, Amount: JPY"),
        ("budget", {"currency": "CNY", "lines": []}, "Budget, Lines: "),
        ("comparison", {"caption": "C", "columns": ["A", "B"], "rows": [{"feature": "F", "cells": ["1"]}]},
         "Rows, 1, Cells: There are 2 columns"),
        ("ai_use", {"uses": ["none", "texts"], "statement": "x"}, "Made with generative AI: Either"),
        ("ai_use", {"uses": ["texts"], "statement": ""}, "How, and who checked it: Say how"),
        ("reward", {"reward": "no spaces"}, "Reward: Enter the key"),
        ("film", {"film": None}, "Film of your own, Film: "),
        ("log", {"entries": [{"title": "T", "stage": "design"}]}, "Entries, 1, Day: "),
    ],
)  # fmt: skip
def test_mistakes_name_the_field(name: str, value: object, words: str) -> None:
    assert any(words in told for told in wrong(name, value)), wrong(name, value)


@pytest.mark.django_db
def test_a_file_of_another_kind_is_refused_on_its_field() -> None:
    paper = Document.objects.create(title="T", file=ContentFile(b"a,b\n1,2\n", name="a.csv"))
    assert any("Film: Choose a film: MP4 or WebM." in told for told in wrong("film", {"film": paper.pk}))


@pytest.mark.parametrize("currency", ["CNY", "JPY", "KWD"])
def test_budgets_are_summed_in_minor_units(currency: str) -> None:
    lines = [{"title": "A", "amount": "10"}, {"title": "B", "amount": "20"}, {"title": "C", "amount": "0.10"}]
    told = streams.told(STORY.child_blocks["budget"], STORY.child_blocks["budget"].to_python(
        {"currency": currency, "lines": lines, "note": ""}))  # fmt: skip
    assert told["total"] == {"amount": {"CNY": 3010, "JPY": 30, "KWD": 30_100}[currency], "currency": currency}
    assert sum(line["amount"]["amount"] for line in told["lines"]) == told["total"]["amount"]


def test_what_older_versions_kept_still_shows() -> None:
    old = [
        {"type": "faq", "id": "1", "value": [{"question": "Q", "answer": "<p>A</p>"}]},
        {"type": "image", "id": "2", "value": {"src": "/x", "alt": "A", "caption": "C", "sources": [], "width": 1,
                                              "height": 1, "focal_point": None}},
        {"type": "video", "id": "3", "value": {"url": "https://vimeo.com/76979871", "caption": ""}},
    ]  # fmt: skip
    for block in kept_blocks({"story": old}):
        check(one_of(STORY), block)


@pytest.mark.django_db
def test_a_campaign_is_not_submitted_without_its_sections() -> None:
    scenes.site()
    campaign = scenes.complete()
    assert not checking.problems(campaign)
    page = campaign.pages.get(locale__language_code="en").specific
    image = scenes.picture(campaign.creator)
    bare = {"image": image.pk, "alt": "", "caption": ""}
    page.story = STORY.to_python([
        {"type": "text", "value": f"<p>{scenes.STORY_EN}</p>"},
        {"type": "gallery", "value": {"pictures": [bare, bare]}},
        {"type": "budget", "value": {"currency": "USD", "lines": [{"title": "Glass", "amount": "1"}]}},
    ])  # fmt: skip
    page.save_revision()
    codes = {problem.code for problem in checking.problems(campaign)}
    assert {"faq_missing", "ai_use_missing", "picture_alt_missing", "budget_currency", "numbers_differ"} <= codes


def test_pictures_without_words_are_counted_wherever_they_stand() -> None:
    children = STORY.child_blocks
    assert undescribed(children["before_after"], {"before": 1, "before_alt": "", "after": 2, "after_alt": "x"}) == 1
    assert undescribed(children["log"], {"entries": [{"image": 1, "alt": ""}, {"image": 2, "alt": "x"}]}) == 1
    assert undescribed(children["team"], {"members": [{"image": 1}, {"image": None}]}) == 1
    assert undescribed(children["video"], {"poster": 1}) == 0


def test_updates_share_the_blocks() -> None:
    shared = set(UpdateStreamBlock().child_blocks)
    assert shared < set(STORY.child_blocks)
    assert all(type(UpdateStreamBlock().child_blocks[name]) is type(STORY.child_blocks[name]) for name in shared)
    assert isinstance(STORY.child_blocks["heading"], blocks.CharBlock)
