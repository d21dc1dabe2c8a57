"""Another creator's drafts, terms, media and updates show nowhere: every address is asked, with that creator's ids."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.test import Client

from campaigns import permitting
from campaigns.models import CampaignPage, CampaignUpdate
from campaigns.services import inviting
from tests import shared
from tests.architecture.test_role_matrix import FORM, UNTOUCHED
from tests.campaigns import scenes
from tests.cast import SECRET, Cast
from tests.routes import Route, routes

pytestmark = pytest.mark.django_db

# Would end the crawler's own session, or fails by design.
PASSED_OVER = re.compile(r"logout|password|failwhale")
# The other creator's name and tag, which filters and suggestions might tell.
NAME, TAG = "Quillberta Vex", "quillwork"
WORDS = [SECRET, NAME, TAG, "Wickplan", "Salt lamp", "盐水灯", "salt water", "One lamp", "A lamp", "For backers",
         "For everybody", "Not yet", "owner@example.com"]  # fmt: skip
# The crawl of the admin, in parts that run side by side, visits at least so many addresses.
PARTS, AT_LEAST = 4, 800
# What searches and filters are asked for; a page that repeats the question tells nothing.
SEARCHES = {SECRET: f'value="{SECRET}"|“?{SECRET}”?', "lamp": 'value="lamp"', TAG[:5]: f'value="{TAG[:5]}"'}


@shared.scene
def pair(cast: Cast) -> Cast:
    """B is the cast's owner; A has a page that must not be called as any of B's."""
    cast.owner.display_name = NAME
    cast.owner.save()
    cast.image.tags.add(TAG)
    stranger = cast.people["stranger"]
    assert stranger is not None
    stranger.display_name = "Adam"
    stranger.save()
    picture = scenes.picture(stranger, "Paper")
    scenes.page(stranger, "Paper boat", image=picture, summary="Of paper.", hero_alt="", story=[], risks="")
    cast.name_secretly(cast.draft)
    return cast


class Crawler:
    """Asks for addresses and keeps what they told."""

    def __init__(self, cast: Cast, column: str, secrets: list[str]) -> None:
        self.cast, self.secrets = cast, secrets
        self.client = Client(raise_request_exception=False)
        if (person := cast.people[column]) is not None:
            self.client.force_login(person)
            # Notes once where the account is signed in, which each request would undo.
            self.client.get("/cms/")
        self.cookies = self.client.cookies.copy()
        self.visited = 0
        self.told: list[tuple[str, str, list[str]]] = []

    def ask(self, method: str, url: str, *, query: dict[str, str] | None = None) -> None:
        """One request and where it leads; what it changes is undone."""
        self.client.cookies = self.cookies.copy()
        address = f"{url}?{urlencode(query)}" if query else url
        with transaction.atomic():
            if method == "GET":
                response = self.client.get(address, follow=True)
            else:
                response = self.client.generic(method, address, UNTOUCHED, FORM, follow=True)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            transaction.set_rollback(True)
        self.visited += 1
        text = body.decode("utf8", "replace")
        for asked in (query or {}).values():
            text = re.sub(SEARCHES.get(asked, re.escape(asked)), "", text)
        if found := [secret for secret in self.secrets if secret in text and secret not in url]:
            self.told.append((method, address, found))

    def crawl(self, route: Route) -> None:
        """GET and POST, and GET for each page of B's; listings are searched, too."""
        self.ask("POST", self.cast.url(route))
        for others in self._variants(route):
            self.ask("GET", self.cast.url(route, **others))
        if not route.gaps:
            for word in SEARCHES:
                self.ask("GET", self.cast.url(route), query={"q": word, "search": word, "term": word})
            self.ask("GET", self.cast.url(route), query={"id": str(self._pages()[0])})

    def _variants(self, route: Route) -> Iterator[dict[str, Any]]:
        yield {}
        for gap in ("page_id", "page_to_move_id"):
            if gap in route.gaps:
                yield from ({gap: pk} for pk in self._pages()[1:])
        if route.name.startswith("studio:") and "key" in route.gaps:
            yield {"key": self.cast.submission.campaign.key}

    def _pages(self) -> list[int]:
        campaigns = (self.cast.draft, self.cast.submission.campaign, self.cast.launched)
        return [campaign.pages.filter(locale__language_code="en").get().pk for campaign in campaigns]


def keys(cast: Cast) -> list[str]:
    """Of B's campaigns, rewards and updates."""
    campaigns = (cast.draft, cast.submission.campaign, cast.approved, cast.launched)
    rewards = [draft.key for campaign in campaigns for draft in campaign.reward_drafts.all()]
    updates = [update.key for update in (cast.news, cast.secret, cast.unsaid)]
    return [*(campaign.key for campaign in campaigns), *rewards, *updates]


def admin_routes() -> list[Route]:
    """Every address of the admin, without the dead ends."""
    return [route for route in routes("cms/") if not PASSED_OVER.search(route.route)]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(PARTS))
def test_a_creator_finds_nothing_of_another_in_the_admin(pair: Cast, part: int) -> None:
    crawler = Crawler(pair, "stranger", [*WORDS, *keys(pair)])
    before = CampaignPage.objects.count(), CampaignUpdate.objects.count()
    for route in admin_routes()[part::PARTS]:
        crawler.crawl(route)
    assert not crawler.told
    assert crawler.visited >= AT_LEAST / PARTS
    assert (CampaignPage.objects.count(), CampaignUpdate.objects.count()) == before


@pytest.mark.parametrize("scopes", [["story"], pytest.param(["fulfilment", "finance"], marks=pytest.mark.slow)])
def test_a_collaborator_finds_one_campaign_and_nothing_beside_it(cast: Cast, scopes: list[str]) -> None:
    """The same addresses, by somebody who works on another of B's campaigns: the draft stays as hidden as it was."""
    stranger = cast.people["stranger"]
    assert stranger is not None
    EmailAddress.objects.create(user=stranger, email=stranger.email, verified=True, primary=True)
    row = inviting.invite(campaign=cast.launched, actor=cast.owner, email=stranger.email, scopes=scopes)
    inviting.accept(collaborator=row, actor=stranger)
    crawler = Crawler(cast, "stranger", [SECRET, cast.draft.key, cast.submission.campaign.key, cast.approved.key])
    places = ("cms/studio/", "cms/pages/<", "cms/images/", "cms/choose-page/", "cms/api/", "api/v2/creator/")
    for route in routes():
        address = re.sub(r"[\^$]", "", route.route)
        if address.startswith(places):
            crawler.crawl(route)
            if "key" in route.gaps:
                crawler.ask("GET", cast.url(route, key=cast.draft.key))
    assert not crawler.told
    assert crawler.visited >= 100
    mine = Crawler(cast, "stranger", [cast.launched.key])
    mine.ask("GET", "/cms/studio/")
    assert mine.told


@pytest.mark.parametrize("column", ["anonymous", "stranger"])
def test_drafts_are_in_no_public_place(pair: Cast, column: str) -> None:
    """The API, the site and its search: nothing of what isn't published, nor updates for backers."""
    hidden = [pair.draft.key, pair.submission.campaign.key, pair.secret.key, pair.unsaid.key]
    crawler = Crawler(pair, column, [SECRET, "For backers", "Not yet", *hidden])
    for route in [*routes("api/v2/"), *routes("en/"), *routes("c/")]:
        if not PASSED_OVER.search(route.route):
            crawler.crawl(route)
            crawler.ask("GET", pair.url(route, key=pair.draft.key, pk=pair.draft.pages.first().pk))
    for path in ("/en/", "/zh-hans/", "/en/campaigns/", "/zh-hans/campaigns/"):
        crawler.ask("GET", path)
    assert not crawler.told
    assert crawler.visited >= 160


@pytest.mark.parametrize("name", ["api-campaign", "api-campaign-rewards", "api-campaign-funding", "short", "back"])
def test_an_unpublished_campaign_does_not_exist(client: Client, pair: Cast, name: str) -> None:
    route = next(route for route in routes() if route.name == name)
    for campaign in (pair.draft, pair.submission.campaign):
        assert client.get(pair.url(route, key=campaign.key)).status_code == 404


@pytest.mark.parametrize("place", ["pages/", "api/main/pages/", "images/", "api/main/images/", "studio/"])
def test_the_crawl_sees_what_is_there(pair: Cast, place: str) -> None:
    """As B, the same listings tell plenty: the crawl is no blind one."""
    crawler = Crawler(pair, "owner", [*WORDS, *keys(pair)])
    for route in routes("cms/"):
        if re.sub(r"[\^$]", "", route.route) == f"cms/{place}":
            crawler.crawl(route)
    index = scenes.index().pk
    crawler.ask("GET", f"/cms/pages/{index}/")
    assert crawler.told


def test_the_crawl_notices_a_missing_guard(pair: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permitting, "oversees", lambda _user: True)
    crawler = Crawler(pair, "stranger", [*WORDS, *keys(pair)])
    for route in admin_routes():
        if route.name in ("wagtailadmin_explore", "wagtailadmin_pages:search_results", "wagtailimages:index"):
            crawler.crawl(route)
    assert len(crawler.told) >= 3


def test_filters_and_suggestions_name_oneself_only(client: Client, pair: Cast) -> None:
    stranger, editor = pair.people["stranger"], pair.people["editor"]
    assert stranger is not None
    assert editor is not None
    scenes.picture(stranger, "Paper again").tags.add("quilling")
    told = {}
    for person in (stranger, editor):
        client.force_login(person)
        tags = client.get("/cms/tag-autocomplete/", {"term": "quil"}).json()
        again = client.get("/cms/tag-autocomplete/taggit/tag/", {"term": "quil"}).json()
        pages = client.get(f"/cms/pages/{scenes.index().pk}/").content.decode()
        told[person] = (tags, again, NAME in pages, "Adam" in pages)
    assert told[stranger] == (["quilling"], ["quilling"], False, True)
    assert told[editor] == (["quilling", TAG], ["quilling", TAG], True, True)


def test_the_overview_of_page_types_is_for_those_who_oversee_all(client: Client, pair: Cast) -> None:
    stranger, admin = pair.people["stranger"], pair.people["admin"]
    assert stranger is not None
    assert admin is not None
    client.force_login(stranger)
    for end in ("", "results/"):
        assert SECRET not in client.get(f"/cms/reports/page-types-usage/{end}", follow=True).content.decode()
    assert "page-types-usage" not in client.get("/cms/").content.decode()
    client.force_login(admin)
    assert SECRET in client.get("/cms/reports/page-types-usage/").content.decode()
