"""A crawl of every admin URL as creator A, GET and POST, for the titles and keys of creator B."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.models import Revision

from campaigns.models import CampaignPage, CampaignUpdate, UpdateLogEntry
from campaigns.services import updating
from cms.images.models import Image
from cms.users import roles
from cms.users.models import User
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db

SECRET = "Zanzibarquux"
# Answers without looking at anybody's rows, or that would end the crawler's own session.
PASSED_OVER = re.compile(r"logout|sprite|jsi18n|password|account/|sessions/|icons/")


@dataclass
class Others:
    """What B has."""

    owner: User
    secrets: list[str]
    pks: dict[str, list[str]]


def walk(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """Every route below, as one string."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, route)
        else:
            yield route


def admin_routes() -> list[str]:
    """The routes of /cms/, without the dead ends."""
    return [route for route in walk(get_resolver().url_patterns) if route.startswith("cms/")
            and not PASSED_OVER.search(route)]  # fmt: skip


_CONVERTER = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>((?:[^()]|\([^()]*\))*)\)")


def _kinds(route: str) -> tuple[str, ...]:
    """Whose ids could stand in a route."""
    for part, kinds in (("pages/", ("page",)), ("images/", ("image",)), ("snippets/", ("update",)),
                        ("choose-page/", ("page",)), ("studio/", ("update",))):  # fmt: skip
        if part in route:
            return kinds
    return "page", "image", "update", "revision"


def filled(route: str, others: Others) -> Iterator[str]:
    """The route with B's ids in it, for each kind of id that could stand there."""
    for kind in _kinds(route):
        pks = others.pks[kind]

        def value(match: re.Match[str], pks: list[str] = pks, kind: str = kind) -> str:
            name = match[2] or match[3] or ""
            return _value(name, pks, others, kind)

        url = _CONVERTER.sub(value, route).replace("^", "").replace("$", "").replace("\\.", ".").replace("\\Z", "")
        yield "/" + url
        if not _CONVERTER.search(route):
            return


def _value(name: str, pks: list[str], others: Others, kind: str) -> str:
    fixed = {
        "app_label": "campaigns" if kind != "image" else "images", "key": others.secrets[-1], "reward": "x",
        "model_name": {"page": "rewardcampaignpage", "image": "image"}.get(kind, "campaignupdate"),
        "revision_id": others.pks["revision"][0], "revision_id_a": "earliest", "revision_id_b": "latest",
        "content_type_app_name": "campaigns", "content_type_model_name": "rewardcampaignpage",
        "action": "delete", "action_name": "approve", "locale_code": "en", "filter_spec": "max-100x100",
        "parent_page_id": str(scenes.index().pk), "slug": "x", "output": "html",
    }  # fmt: skip
    return fixed.get(name, pks[0])


@pytest.fixture
def others() -> Others:
    scenes.site()
    owner = scenes.creator(email="bianca@example.com", display_name="Bianca B")
    image = scenes.picture(owner, f"{SECRET} picture")
    page = scenes.page(owner, f"{SECRET} lamp", image=image)
    live = scenes.launched(owner)
    CampaignPage.objects.filter(campaign=live).update(title=f"{SECRET} live", draft_title=f"{SECRET} live")
    update = updating.create_update(
        campaign=live, actor=owner, locale="en", title=f"{SECRET} news", body=[], audience="backers"
    )
    from wagtail.log_actions import log

    log(instance=update, action="wagtail.edit", user=owner)
    log(instance=page, action="wagtail.edit", user=owner)
    log(instance=image, action="wagtail.edit", user=owner)
    assert UpdateLogEntry.objects.count() >= 1
    pages = [str(pk) for pk in CampaignPage.objects.filter(owner=owner).values_list("pk", flat=True)]
    return Others(
        owner=owner,
        secrets=[SECRET, update.key, page.campaign.key, live.key],
        pks={
            "page": pages, "image": [str(Image.objects.filter(uploaded_by_user=owner).first().pk)],
            "update": [str(update.pk)],
            "revision": [str(pk) for pk in Revision.objects.values_list("pk", flat=True)],
        },
    )  # fmt: skip


def leaks(client: Client, url: str, others: Others, method: str) -> list[str]:
    """Which of B's secrets the answer holds; what was asked for is no secret."""
    ask = client.get if method == "GET" else client.post
    data = {"q": SECRET, "search": SECRET, "id": others.pks["page"][0]} if method == "GET" else {}
    response = ask(url, data, follow=True)
    text = b"".join(response.streaming_content) if response.streaming else response.content
    # Search forms repeat what was searched for.
    asked_for = r'value="Zanzibarquux"|(q|search)=Zanzibarquux|Zanzibarquux”?</em>'
    seen = re.sub(asked_for, "", text.decode("utf8", "replace"))
    found = [secret for secret in others.secrets if f"{secret} " in seen or (secret != SECRET and secret in seen)]
    return [secret for secret in found if secret not in url]


@pytest.mark.timeout(900)
def test_a_creator_finds_nothing_of_another(client: Client, others: Others) -> None:
    nosy = scenes.creator(email="adam@example.com", display_name="Adam A")
    scenes.page(nosy, "My own lamp")
    # What was written last is B's: lists of the latest would show it.
    CampaignPage.objects.get(pk=others.pks["page"][0]).specific.save_revision(user=others.owner)
    client.force_login(nosy)
    client.raise_request_exception = False
    visited, found = 0, []
    for route in admin_routes():
        for url in filled(route, others):
            for method in ("GET", "POST"):
                visited += 1
                if leaked := leaks(client, url, others, method):
                    found.append((method, url, leaked))
    assert not found
    assert visited >= 500
    # Nothing was changed on the way either.
    assert CampaignUpdate.objects.get(pk=others.pks["update"][0]).title == f"{SECRET} news"
    assert Image.objects.filter(pk=others.pks["image"][0]).exists()
    assert CampaignPage.objects.filter(owner=others.owner).count() == len(others.pks["page"])


def test_listings_and_choosers_are_one_s_own(client: Client, others: Others) -> None:
    nosy = scenes.creator(email="adam@example.com", display_name="Adam A")
    mine = scenes.page(nosy, "My own lamp")
    client.force_login(nosy)
    index = scenes.index()
    for url in (
        f"/cms/pages/{index.pk}/", f"/cms/choose-page/{index.pk}/", "/cms/pages/search/?q=lamp",
        f"/cms/api/main/pages/?child_of={index.pk}", "/cms/studio/",
    ):  # fmt: skip
        text = client.get(url).content.decode()
        assert "My own lamp" in text, url
        assert SECRET not in text, url
    bulk = client.get(f"/cms/bulk/wagtailcore/page/delete/?id={others.pks['page'][0]}&id={mine.pk}")
    assert SECRET not in bulk.content.decode()


@pytest.mark.timeout(600)
def test_the_crawl_would_notice(client: Client, others: Others) -> None:
    """As B, the same walk finds plenty: the crawl is no blind one."""
    client.force_login(others.owner)
    client.raise_request_exception = False
    found = [
        url for route in admin_routes() if "studio" in route or "snippets/campaigns" in route
        for url in filled(route, others) if leaks(client, url, others, "GET")
    ]  # fmt: skip
    assert len(found) >= 5


def test_the_overview_of_page_types_is_for_those_who_oversee_all(client: Client, others: Others) -> None:
    page = CampaignPage.objects.get(pk=others.pks["page"][0]).specific
    page.save_revision(user=others.owner)
    client.force_login(scenes.creator(email="adam@example.com"))
    for end in ("", "results/"):
        answer = client.get(f"/cms/reports/page-types-usage/{end}", follow=True)
        assert SECRET not in answer.content.decode()
    assert "page-types-usage" not in client.get("/cms/").content.decode()
    client.force_login(scenes.person(roles.ADMIN))
    assert SECRET in client.get("/cms/reports/page-types-usage/").content.decode()
