"""The home page from blocks, the magazine, and figures that nobody types."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Locale

from campaigns.browsing import ORDERS
from campaigns.models import Campaign, Category
from cms.users import roles
from funding.models import Escrow
from home.blocks import ArticleStreamBlock, HomeStreamBlock
from home.blocks.front import ORDER_CHOICES
from home.models import ArticleIndexPage, ArticlePage, HomePage, ReportPage, StoryPage
from home.selectors import magazine
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db
STREAMS = (HomeStreamBlock(), ArticleStreamBlock())


def _home(locale: str = "en") -> HomePage:
    return HomePage.objects.get(locale__language_code=locale)


@pytest.fixture
def index(launched: Campaign) -> ArticleIndexPage:
    return _home().add_child(instance=ArticleIndexPage(title="Magazine", slug="magazine"))


def _write(index: ArticleIndexPage, model: Any, title: str, **fields: Any) -> Any:
    page = model(title=title, slug=title.lower().replace(" ", "-"), live=False, **fields)
    index.add_child(instance=page)
    page.save_revision().publish()
    return model.objects.get(pk=page.pk)


def test_every_block_says_what_it_is_and_previews_itself(launched: Campaign) -> None:
    for stream in STREAMS:
        for name, block in stream.child_blocks.items():
            assert block.meta.description, name
            assert block.meta.group, name
            assert len(block.render(block.get_preview_value(), {}).strip()) > 40, name
    assert {order for order, _label in ORDER_CHOICES} == set(ORDERS)


def test_without_blocks_the_page_is_the_usual_one_with_blocks_the_editors(
    client: Client, index: ArticleIndexPage, launched: Campaign
) -> None:
    Escrow.objects.filter(campaign=launched).update(captured=123_400, backers=7)
    usual = client.get("/en/").content.decode()
    assert "Many thin sticks make one flame." in usual
    assert all(heading in usual for heading in ("Ending soon", "By category", "What happens to your money"))
    assert usual.count("Salt lamp") == 1, "shown once, by the first row that has it"
    _write(index, ArticlePage, "How glass is blown")
    home = _home()
    home.body = [
        ("hero", {"headline": "Lamps, mostly", "text": "", "image": None, "alt": "", "button": "Read", "page": index}),
        ("numbers", {"title": "So far", "measures": ["raised", "backers"], "category": "", "since": None, "until": None,
                     "note": ""}),
        ("campaigns", {"title": "Lit", "order": "newest", "category": "technology", "count": 2}),
        ("articles", {"title": "", "kind": "", "count": 3}),
    ]  # fmt: skip
    home.save_revision().publish()
    mine = client.get("/en/").content.decode()
    assert mine.count("<h1") == 1
    assert all(words in mine for words in ("Lamps, mostly", "¥1,234", "Lit", "How glass is blown"))
    assert "Many thin sticks make one flame.</h1>" not in mine
    assert "By category" not in mine
    told = client.get("/api/v2/pages/by-path/", {"path": "/"}).json()["page"]["body"]
    assert [block["type"] for block in told] == ["hero", "numbers", "campaigns", "articles"]
    assert told[1]["value"]["figures"][0] == {
        "measure": "raised", "money": [{"amount": 123_400, "currency": "CNY"}], "count": None, "percent_bps": None,
    }  # fmt: skip


def test_a_story_has_its_campaign_s_numbers_of_now(client: Client, index: ArticleIndexPage, launched: Campaign) -> None:
    story = _write(index, StoryPage, "The lamp a year on", campaign=launched)
    for captured, shown in ((50_000, "¥500"), (2_500_000, "¥25,000")):
        Escrow.objects.filter(campaign=launched).update(captured=captured, backers=3)
        assert shown in client.get(story.url).content.decode()
    story.campaign = scenes.approved(launched.creator)
    with pytest.raises(Exception, match="launched"):
        story.full_clean()


def test_what_stands_below_is_pinned_or_of_the_category(
    client: Client, index: ArticleIndexPage, launched: Campaign, django_assert_max_num_queries: Any
) -> None:
    technology = Category.objects.get(slug="technology")
    one = _write(index, ArticlePage, "One", category=technology)
    two = _write(index, ReportPage, "Two", category=technology)
    three = _write(index, ArticlePage, "Three")
    below = magazine.below(one)
    assert [page["title"] for page in below["pages"]] == ["Two"]
    assert [card["title"] for card in below["cards"]] == ["Salt lamp"]
    one.related = [("page", three), ("page", launched.pages.get(locale__language_code="en"))]
    one.save_revision().publish()
    pinned = magazine.below(ArticlePage.objects.get(pk=one.pk))
    assert [page["title"] for page in pinned["pages"]] == ["Three"]
    assert [card["title"] for card in pinned["cards"]] == ["Salt lamp"]
    three.unpublish()
    assert magazine.below(ArticlePage.objects.get(pk=one.pk))["pages"] == []
    reports = client.get(f"{index.url}?kind=report").content.decode()
    assert "Two" in reports
    assert ">One<" not in reports
    with django_assert_max_num_queries(40):
        client.get(index.url)
    assert two.url in reports


def test_creators_see_none_of_the_editors_drafts(client: Client, index: ArticleIndexPage, launched: Campaign) -> None:
    draft = ArticlePage(title="Zweifelhaft", slug="zweifelhaft", live=False)
    index.add_child(instance=draft)
    draft.save_revision()
    client.force_login(launched.creator)
    asked = [
        f"/cms/pages/{index.pk}/", f"/cms/pages/{draft.pk}/edit/", "/cms/pages/search/?q=Zweifelhaft",
        f"/cms/choose-page/{index.pk}/", "/cms/choose-page/search/?q=Zweifelhaft",
        f"/cms/api/main/pages/?child_of={index.pk}", f"/cms/api/main/pages/{draft.pk}/",
        f"/cms/pages/{draft.pk}/history/", "/cms/reports/site-history/", "/cms/",
    ]  # fmt: skip
    told = [url for url in asked if "Zweifelhaft" in client.get(url, follow=True).content.decode().replace(url, "")
            .replace("“Zweifelhaft”", "").replace('value="Zweifelhaft"', "")
            .replace("<em>Zweifelhaft</em>", "").replace("?q=Zweifelhaft", "")]  # fmt: skip
    assert told == []
    client.force_login(scenes.person(roles.EDITOR))
    assert "Zweifelhaft" in client.get(f"/cms/pages/{index.pk}/").content.decode()
    assert Locale.objects.count() == 2
