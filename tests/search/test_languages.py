"""Search finds a campaign whatever language its words are in, and shows each once."""

import pytest
from django.test import Client

from campaigns.models import Campaign
from cms.core import events
from cms.users import services
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def bilingual(launched: Campaign) -> Campaign:
    return launched


def _found(client: Client, words: str, locale: str) -> list[tuple[str, str]]:
    answer = client.get("/api/v2/search/", {"q": words, "locale": locale})
    return [(card["title"], card["locale"]) for card in answer.json()["items"]]


def test_the_other_language_s_words_find_the_reader_s_row(client: Client, bilingual: Campaign) -> None:
    assert _found(client, "盐水灯", "en") == [("Salt lamp", "en")]
    assert _found(client, "salt", "zh-hans") == [("盐水灯", "zh-hans")]
    # Words of both languages: still one row.
    assert _found(client, "Lin", "en") == [("Salt lamp", "en")]


def test_a_campaign_in_one_language_is_found_from_the_other_with_its_name(client: Client, bilingual: Campaign) -> None:
    bilingual.listings.filter(locale="zh-hans").update(visible=False)
    only = scenes.launched(scenes.creator(), both=False)
    assert {locale for _title, locale in _found(client, "salt", "zh-hans")} == {"en"}
    assert len(_found(client, "salt", "zh-hans")) == 2
    assert _found(client, "盐水灯", "zh-hans") == []
    text = client.get("/zh-hans/search/", {"q": "salt"}).content.decode()
    assert only.listings.get().title in text
    assert "English" in text[text.index('class="kicker"') :][:200]
    assert "· English" not in client.get("/en/search/", {"q": "salt"}).content.decode()


def test_the_reader_s_language_comes_first(client: Client, bilingual: Campaign) -> None:
    bilingual.listings.filter(locale="zh-hans").update(visible=False)
    scenes.launched(scenes.creator())
    assert [locale for _title, locale in _found(client, "salt", "zh-hans")] == ["zh-hans", "en"]


def test_a_creator_s_new_name_reaches_cards_and_search(client: Client, bilingual: Campaign) -> None:
    creator = bilingual.creator
    kept = {"bio": "", "locale": creator.locale, "timezone": creator.timezone}
    services.edit_profile(user=creator, display_name="Quill Harbour", **kept)
    services.edit_profile(user=creator, display_name="Quill Haven", **kept)
    events.sweep_events()
    assert set(bilingual.listings.values_list("creator_name", flat=True)) == {"Quill Haven"}
    assert _found(client, "haven", "en") == [("Salt lamp", "en")]
    assert _found(client, "Wei", "en") == []
