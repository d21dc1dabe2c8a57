"""The copy assistant: traced numbers, refused contradictions, decisions by people alone."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.test import Client
from wagtail.models import PageLogEntry

from campaigns.assistant.drafts import draft
from campaigns.assistant.facts import Fact, Terms, contradictions, numbers, untraced
from campaigns.assistant.rules import hints
from campaigns.exceptions import ContradictingFacts, SuggestionDecided
from campaigns.models import Campaign, FactSheet, Suggestion
from campaigns.selectors import story_pages
from campaigns.services import suggesting
from cms.core.errors import NotAllowed
from tests.campaigns import scenes

FACTS = [
    Fact("f1", "name", {"en": "Tidelight", "zh-hans": "潮汐灯"}),
    Fact("f2", "promise", {"en": "A lamp that burns ten hours on salt water", "zh-hans": "一杯盐水点亮 10 个小时的灯"}),
    Fact("f3", "problem", {"en": "One family in five has no power at night", "zh-hans": "五户人家中有一户夜里没有电"}),
    Fact("f4", "team", {"en": "We are Ada and Bo, 3 years in Dali; write to ada@example.org"}),
    Fact("f5", "delivery", {"en": "We post every lamp in May 2027", "zh-hans": "所有灯在 2027 年 5 月寄出"}),
    Fact("f6", "risk", {"en": "Glass may be late; we have two makers", "zh-hans": "玻璃可能晚到；我们有两位供应商"}),
]


@pytest.mark.parametrize(("one", "same"), [
    ("lasts 10 hours", "续航十个小时"), ("¥12,000", "1.2万元"), ("in May 2027", "2027年5月"),
    ("two makers", "两位匠人"),
])  # fmt: skip
def test_numbers_are_the_same_in_both_languages(one: str, same: str) -> None:
    assert numbers(one) & numbers(same)
    assert numbers("It may be late") == set()


@pytest.mark.parametrize(("facts", "keys"), [
    ([Fact("a", "working", {"en": "It lasts 10 hours", "zh-hans": "续航 8 小时"})], {("a",)}),
    ([Fact("a", "working", {"en": "It lasts 10 hours"}), Fact("b", "working", {"en": "burns 12 hours"})], {("a", "b")}),
    ([Fact("a", "working", {"en": "It lasts 10 hours"}), Fact("b", "making", {"en": "12 hours of work"})], set()),
    (FACTS, set()),
])  # fmt: skip
def test_facts_that_cannot_both_be_true_are_found(facts: list[Fact], keys: set[tuple[str, ...]]) -> None:
    assert {found.keys for found in contradictions(facts)} == keys


@pytest.mark.parametrize("locale", ["en", "zh-hans"])
def test_every_number_of_a_draft_stands_in_a_fact_that_it_cites(locale: str) -> None:
    terms = Terms(goal={"en": "CN¥50,000", "zh-hans": "¥50,000"})
    known = {fact.key: fact for fact in (*FACTS, *terms.facts())}
    drafts = draft(FACTS, terms, locale)
    assert {"title", "summary", "risks", "faq", "section:what", "section:money"} <= {found.target for found in drafts}
    for found in drafts:
        assert found.cites
        assert untraced(found.words, [known[key] for key in found.cites]) == set(), found.target
    assert untraced("It lasts 11 hours", [FACTS[1]]) == {"11"}


def test_hints_name_what_readers_miss() -> None:
    def codes(**texts: str) -> set[str]:
        page = {"locale": "en", "title": "A lamp that runs on salt water", "summary": "", "story": "", "risks": ""}
        return {hint.code for hint in hints(**{**page, **texts})}

    assert codes() == set()
    assert codes(title="Lamp") == {"title_short"}
    assert codes(title="x" * 70) == {"title_long"}
    assert codes(risks="We will ship soon.") == {"vague_delivery"}
    assert codes(risks="Soon it is winter.") == set()
    assert "claim_guarantee" in codes(risks="There is zero risk.")
    told = "Our team of three built a prototype; the budget pays for glass; delivery is in May."
    assert codes(story=told) == set()
    assert codes(story="Hello.") == {f"section_{name}_missing" for name in ("team", "money", "delivery", "proof")}
    assert "vague_delivery" in {
        hint.code
        for hint in hints(locale="zh-hans", title="盐水灯点亮夜晚", summary="", story="", risks="我们会尽快发货。")
    }


class _Model(BaseHTTPRequestHandler):
    """A model that is told what to say and keeps what it was asked."""

    says: Any
    heard: list[str]

    def do_POST(self) -> None:
        self.heard.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        text = "```json\n" + json.dumps(self.says) + "\n```"
        body = json.dumps({"choices": [{"message": {"content": text}}]}).encode()
        self.send_response(200 if self.says is not None else 500)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def model(settings: Any) -> Iterator[type[_Model]]:
    _Model.heard, _Model.says = [], []
    server = HTTPServer(("127.0.0.1", 0), _Model)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.ASSISTANT_URL = f"http://127.0.0.1:{server.server_port}/v1"
    settings.ASSISTANT_MODEL = "some-model"
    yield _Model
    server.shutdown()
    server.server_close()


@pytest.fixture
def campaign() -> Campaign:
    scenes.site()
    found = scenes.complete()
    suggesting.save_facts(campaign=found, actor=found.creator, facts=FACTS)
    return found


def _suggest(campaign: Campaign, **more: Any) -> dict[str, Suggestion]:
    made = suggesting.suggest(campaign=campaign, actor=campaign.creator, locale="en", **more)
    return {found.target: found for found in made}


@pytest.mark.django_db
def test_accepted_drafts_reach_the_draft_alone_and_are_labelled(campaign: Campaign) -> None:
    made = _suggest(campaign)
    reward = campaign.reward_drafts.get()
    page = story_pages(campaign)[0]
    before = len(page.get_latest_revision_as_object().story)
    for target in ("title", "section:team", "faq", f"reward:{reward.key}"):
        suggesting.accept(suggestion=made[target], actor=campaign.creator)
    suggesting.reject(suggestion=made["summary"], actor=campaign.creator)
    newest = story_pages(campaign)[0].get_latest_revision_as_object()
    assert newest.title == made["title"].text
    assert [block.block_type for block in newest.story][before:] == ["heading", "text", "faq"]
    assert not page.live
    reward.refresh_from_db()
    assert reward.description_en == made[f"reward:{reward.key}"].text
    logged = PageLogEntry.objects.filter(page=page.pk, action=suggesting.LOG_ACTION)
    assert {entry.data["target"] for entry in logged} == {"title", "section:team", "faq"}
    assert "assistant" in str(logged[0].message)
    with pytest.raises(SuggestionDecided):
        suggesting.accept(suggestion=made["summary"], actor=campaign.creator)
    with pytest.raises(NotAllowed):
        suggesting.accept(suggestion=made["risks"], actor=scenes.creator())


@pytest.mark.django_db
def test_drafting_anew_replaces_what_waits(campaign: Campaign) -> None:
    first = _suggest(campaign)["title"]
    _suggest(campaign)
    first.refresh_from_db()
    assert first.state == "outdated"
    assert Suggestion.objects.filter(campaign=campaign, target="title", state="open").count() == 1


@pytest.mark.django_db
def test_contradicting_facts_are_refused_whole(campaign: Campaign) -> None:
    wrong = [Fact("f1", "working", {"en": "It lasts 10 hours", "zh-hans": "续航 8 小时"})]
    with pytest.raises(ContradictingFacts) as caught:
        suggesting.save_facts(campaign=campaign, actor=campaign.creator, facts=wrong)
    assert caught.value.extra["contradictions"][0]["facts"] == ["f1"]
    assert len(FactSheet.objects.get(campaign=campaign).facts) == len(FACTS)


@pytest.mark.django_db
def test_a_model_is_sent_nobody_s_data_and_believed_only_what_it_can_cite(
    campaign: Campaign, model: type[_Model]
) -> None:
    model.says = [
        {"target": "title", "text": "Tidelight: ten hours of light", "cites": ["f1", "f2"]},
        {"target": "summary", "text": "Lasts 99 hours on salt water, for every home.", "cites": ["f2"]},
        {"target": "risks", "text": "There is zero risk: two makers.", "cites": ["f6"]},
        {"target": "section:what", "text": "A lamp.", "cites": ["f99"]},
        {"target": "somewhere", "text": "A lamp.", "cites": ["f2"]},
        "nonsense",
    ]
    made = _suggest(campaign, by_model=True)
    assert (made["title"].source, made["title"].text) == ("some-model", "Tidelight: ten hours of light")
    # What invents a number, promises without risk or cites nothing gives way to the rules.
    assert {made[target].source for target in ("summary", "risks", "section:what")} == {"rules"}
    assert "somewhere" not in made
    (asked,) = model.heard
    for private in ("Ada", "ada@example.org", campaign.creator.email):
        assert private not in asked
    model.says = None
    assert {found.source for found in _suggest(campaign, by_model=True).values()} == {"rules"}


@pytest.mark.django_db
def test_the_page_from_facts_to_a_draft(client: Client, campaign: Campaign) -> None:
    client.force_login(campaign.creator)
    url = f"/cms/studio/campaigns/{campaign.key}/assistant/"
    counts = {"facts-TOTAL_FORMS": "2", "facts-INITIAL_FORMS": "0"}
    rows = {"facts-0-kind": "working", "facts-0-text_en": "It lasts 10 hours", "facts-0-text_zh": "续航 8 小时",
            "facts-1-kind": "name", "facts-1-text_en": "<b>Tidelight</b>"}  # fmt: skip
    refused = client.post(f"{url}facts/", {**counts, **rows})
    assert refused.status_code == 422
    assert "different numbers" in refused.content.decode()
    assert client.post(f"{url}facts/", {**counts, **rows, "facts-0-text_zh": "续航 10 小时"}).status_code == 302
    assert client.post(url, {"locale": "en"}).status_code == 302
    text = client.get(url).content.decode()
    assert "&lt;b&gt;Tidelight" in text
    assert "<b>Tidelight" not in text
    waiting = Suggestion.objects.get(campaign=campaign, target="title", state="open")
    client.post(f"{url}{waiting.pk}/", {"accept": "1"})
    assert Suggestion.objects.get(pk=waiting.pk).state == "accepted"
    api = f"/api/v2/creator/campaigns/{campaign.key}/assistant/"
    assert client.post(api, {"locale": "en"}, content_type="application/json").status_code == 201
    found = client.get(api).json()
    assert {"facts", "hints", "suggestions"} == set(found)
    one = found["suggestions"][0]
    assert client.post(f"{api}{one['id']}/reject/").json()["state"] == "rejected"
    assert client.post(f"{api}{one['id']}/accept/").status_code == 409
