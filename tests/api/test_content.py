"""Wagtail's own endpoints, and pages by path."""

import pytest
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, PageViewRestriction

from home.models import ContentPage, HomePage
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(site):
    home = HomePage.objects.get(locale=Locale.objects.get(language_code="en"))
    made = ContentPage(
        title="How it works", slug="how", introduction="In short.", show_in_menus=True,
        body=[
            ("heading", "First"), ("text", "<p>Words</p>"),
            ("image", {"image": scenes.picture(scenes.person()), "alt": "A lamp", "caption": "Ours"}),
            ("faq", {"items": [{"question": "Why?", "answer": "<p>So.</p>"}]}),
            ("quote", {"text": "Well said.", "attribution": ""}),
        ],
    )  # fmt: skip
    return home.add_child(instance=made)


def test_a_page_with_its_typed_body(api, page):
    data = api.get(f"/pages/{page.pk}/").data
    assert data["body"][0] == {"type": "heading", "id": data["body"][0]["id"], "value": "First"}
    assert data["body"][2]["value"]["image"]["alt"] == "A lamp"
    assert data["meta"]["locale"] == "en"


def test_by_path(api, page):
    for query in ("path=/how/", "path=/how", "path=/en/how/", "path=/en/how/&locale=zh-hans"):
        data = api.get(f"/pages/by-path/?{query}").data
        assert (data["kind"], data["page"]["title"]) == ("page", "How it works"), query
    assert api.get("/pages/by-path/?path=/&locale=zh-hans").data["page"]["meta"]["locale"] == "zh-hans"
    for query in ("path=/how/&locale=zh-hans", "path=/nothing/", "path=/en/how/more/"):
        assert api.get(f"/pages/by-path/?{query}").status_code == 404
    for query in ("path=", "path=how", "path=/%00", ""):
        assert api.get(f"/pages/by-path/?{query}").data["field"] == "path"
    Redirect.objects.create(old_path="/en/old", redirect_page=page, is_permanent=True)
    moved = api.get("/pages/by-path/?path=/en/old/").data
    assert (moved["kind"], moved["permanent"]) == ("redirect", True)
    assert moved["location"].endswith("/how/")


def test_campaign_pages_too(api, launched):
    page = launched.pages.get(locale__language_code="zh-hans")
    data = api.get(f"/pages/by-path/?path=/zh-hans/campaigns/{page.slug}/").data["page"]
    assert data["title"] == "盐水灯"
    assert data["key"] == launched.key
    assert api.get(f"/pages/{page.pk}/").data["story"][0]["type"] == "heading"


def test_private_pages_are_not_there(api, page):
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert api.get(f"/pages/{page.pk}/").status_code == 404
    assert api.get("/pages/by-path/?path=/how/").status_code == 404


def test_lists_walk_by_cursor_and_hold_no_bodies(api, page):
    seen, cursor = [], ""
    while cursor is not None:
        data = api.get(f"/pages/?limit=2{f'&cursor={cursor}' if cursor else ''}").data
        seen += [item["id"] for item in data["items"]]
        cursor = data["meta"]["next_cursor"]
    assert len(seen) == len(set(seen)) >= 5
    assert page.pk in seen
    for query in (
        "fields=body&type=home.ContentPage",
        "nonsense=1",
        "order=nothing",
        "limit=1000",
        "offset=-1",
        "cursor=x",
    ):
        assert api.get(f"/pages/?{query}").status_code == 400, query
    assert api.get("/pages/?type=home.ContentPage&fields=*").data["items"][0].get("body") is None


def test_images_documents_redirects(api, page):
    # The picture is a person's upload in the creators' collection: shown in its page, listed nowhere.
    assert api.get("/images/").data["items"] == []
    assert api.get("/documents/").data["items"] == []
    Redirect.objects.create(old_path="/old", redirect_link="https://example.com/")
    assert api.get("/redirects/").data["items"][0]["old_path"] == "/old"


def test_site(api, page):
    data = api.get("/site/?locale=zh-hans").data
    assert [locale["code"] for locale in data["locales"]] == ["en", "zh-hans"]
    assert {"code": "JPY", "exponent": 0, "symbol": "JP¥"} in data["currencies"]
    assert data["categories"][0]["name"] == "科技"
    assert "How it works" in [item["title"] for item in api.get("/site/").data["menu"]]
    assert api.get("/site/?locale=fr").data["field"] == "locale"
