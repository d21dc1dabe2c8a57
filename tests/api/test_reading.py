"""What everybody may read: shapes, languages, caching, queries that don't grow."""

import time

import pytest
from django.http import HttpResponse

from campaigns.models import CampaignPage
from campaigns.services import updating
from cms.core.api import anonymous
from cms.core.api.anonymous import FRESH, recent
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db


def test_one_campaign_in_each_language(api, launched):
    english = api.get(f"/campaigns/{launched.key}/").data
    chinese = api.get(f"/campaigns/{launched.key}/?locale=zh-hans").data
    assert (english["title"], chinese["title"]) == ("Salt lamp", "盐水灯")
    assert english["goal"] == {"amount": 100_000, "currency": "CNY"}
    assert english["state"] == "open"
    assert english["deadline"].endswith("Z")
    assert english["fee_bps"] == launched.escrow.platform_fee_bps
    assert {item["locale"] for item in english["translations"]} == {"en", "zh-hans"}
    assert english["story"][1]["value"].startswith("<p>We build a lamp")
    assert len(english["version"]) == 64
    assert english["creator"] == {
        "name": "Lin Wei", "photo": None, "bio": "", "key": launched.creator.creator_profile.key, "verified": False,
        "badges": [],
    }  # fmt: skip
    assert launched.creator.email not in str(english)


def test_before_launch_it_is_told_from_the_approved_terms(api, site):
    campaign = scenes.approved()
    data = api.get(f"/campaigns/{campaign.key}/").data
    assert (data["state"], data["version"], data["deadline"]) == ("prelaunch", None, None)
    assert data["goal"]["amount"] == 100_000
    assert data["story"][0] == {"type": "heading", "id": data["story"][0]["id"], "value": "Why"}
    reward = api.get(f"/campaigns/{campaign.key}/rewards/?locale=zh-hans").data["items"][0]
    assert reward["title"] == "一盏灯"
    assert api.get(f"/campaigns/{campaign.key}/funding/").status_code == 404


def test_what_is_taken_off_the_site_is_off_the_api(api, launched):
    assert api.get(f"/campaigns/{launched.key}/funding/").status_code == 200
    for page in launched.pages.all():
        page.unpublish()
    for part in ("", "rewards/", "updates/", "funding/", "history/", "ledger/"):
        assert api.get(f"/campaigns/{launched.key}/{part}").status_code == 404, part


def test_a_story_that_was_published_without_a_revision_is_not_kept(api, site):
    campaign = scenes.approved()
    pages = CampaignPage.objects.filter(campaign=campaign)
    pages.update(live_revision=None)
    assert api.get(f"/campaigns/{campaign.key}/").data["risks"].startswith("Glass")
    pages.update(risks="Something else.")
    assert api.get(f"/campaigns/{campaign.key}/").data["risks"] == "Something else."


def test_remembered_validators_take_no_more_than_they_may(monkeypatch):
    monkeypatch.setattr(anonymous, "MOST_BYTES", 10_000)
    kept = anonymous.Recent()
    answer = HttpResponse(headers={"ETag": '"x"'})
    for _ in range(100):
        kept.remember("/one/", answer)
    assert kept.headers("/one/") == {"ETag": '"x"'}
    for number in range(100):
        kept.remember(f"/{number}/{'x' * 900}", answer)
    assert kept.headers("/one/") is None
    assert kept.headers(f"/99/{'x' * 900}")
    kept.remember("/" + "x" * 5_000, answer)
    assert kept.headers("/" + "x" * 5_000) is None


def test_a_plain_answer_gets_its_etag(rf):
    class Plain(anonymous.Anonymous):
        def get(self, request):
            return HttpResponse("as it is")

    assert Plain.as_view()(rf.get("/plain/")).headers["ETag"] == anonymous.tag(b"as it is")


@pytest.mark.parametrize("scene", ["complete", "submitted"])
def test_drafts_are_nowhere(api, site, scene):
    made = getattr(scenes, scene)()
    campaign = getattr(made, "campaign", made)
    for part in ("", "rewards/", "updates/", "funding/", "history/"):
        assert api.get(f"/campaigns/{campaign.key}/{part}").status_code == 404
    assert api.get("/campaigns/").data["items"] == []
    pages = api.get("/pages/?limit=100").data["items"]
    assert "Salt lamp" not in [page["title"] for page in pages]
    page = campaign.pages.first()
    assert api.get(f"/pages/{page.pk}/").status_code == 404
    assert api.get("/images/").data["items"] == []


def test_rewards(api, launched):
    reward = api.get(f"/campaigns/{launched.key}/rewards/").data["items"][0]
    assert reward["price"] == {"amount": 10_000, "currency": "CNY"}
    assert reward["shipping"] == {
        "CN": {"amount": 0, "currency": "CNY"}, "*": {"amount": 5_000, "currency": "CNY"},
    }  # fmt: skip
    assert (reward["remaining"], reward["sold_out"], reward["delivery_month"]) == (None, False, "2027-09")


def test_live_numbers_answer_304_without_work(api, launched, django_assert_num_queries):
    address = f"/campaigns/{launched.key}/funding/"
    first = api.get(address)
    assert first.data["raised"] == {"amount": 0, "currency": "CNY"}
    assert "max-age=1" in first.headers["Cache-Control"]
    assert not first.headers["ETag"].startswith("W/")
    known = {"If-None-Match": first.headers["ETag"]}
    with django_assert_num_queries(0):
        second = api.get(address, **known)
    assert (second.status_code, second.content) == (304, b"")
    assert {name: second.headers[name] for name in ("ETag", "Cache-Control")} == {
        name: first.headers[name] for name in ("ETag", "Cache-Control")
    }
    recent.forget()
    with django_assert_num_queries(1):
        assert api.get(address, **known).status_code == 304
    launched.escrow.captured = 100
    launched.escrow.save()
    recent.forget()
    third = api.get(address, **known)
    assert third.data["raised"]["amount"] == 100


def test_a_validator_is_trusted_for_a_second(api, launched, monkeypatch):
    address = f"/campaigns/{launched.key}/funding/"
    known = {"If-None-Match": api.get(address).headers["ETag"]}
    launched.escrow.captured = 100
    launched.escrow.save()
    later = time.monotonic() + FRESH
    monkeypatch.setattr("cms.core.api.anonymous.time.monotonic", lambda: later)
    assert api.get(address, **known).data["raised"]["amount"] == 100


def test_each_public_answer_has_a_strong_tag_of_its_own(api, launched):
    own = f"/campaigns/{launched.key}/"
    for path in ("/campaigns/", own, f"{own}rewards/", f"{own}history/", f"{own}funding/"):
        tags = set()
        for locale in ("en", "zh-hans"):
            recent.forget()
            first = api.get(f"{path}?locale={locale}")
            tag = first.headers["ETag"]
            assert tag.startswith('"')
            tags.add(tag)
            recent.forget()
            assert api.get(f"{path}?locale={locale}", **{"If-None-Match": f'"other", {tag}'}).status_code == 304
            other = api.get(f"{path}?locale={locale}", **{"If-None-Match": '"other"'})
            assert (other.status_code, other.headers["ETag"]) == (200, tag)
        # The numbers read the same in each language.
        assert len(tags) == (1 if path.endswith("funding/") else 2), path


def test_what_is_not_there_is_never_304(api, launched):
    address = f"/campaigns/{launched.key}x/"
    assert api.get(address, **{"If-None-Match": "*"}).status_code == 404
    assert "ETag" not in api.get(address).headers


def test_public_answers_vary_by_nothing(api, launched):
    own = f"/campaigns/{launched.key}/"
    for path in ("/campaigns/", own, f"{own}funding/", f"{own}rewards/", f"{own}history/", "/site/", "/pages/"):
        response = api.get(path)
        assert "Vary" not in response.headers, (path, response.headers["Vary"])
        assert response.headers["Cache-Control"].startswith("public")


def test_lists_cost_the_same_for_more_rows(api, site, django_assert_max_num_queries):
    owner = scenes.creator()
    for _ in range(3):
        scenes.launched(owner)
    with django_assert_max_num_queries(2):
        assert len(api.get("/campaigns/").data["items"]) == 3
    with django_assert_max_num_queries(12):
        api.get("/pages/?limit=100")
    for _ in range(3):
        scenes.launched(owner)
    with django_assert_max_num_queries(2):
        assert len(api.get("/campaigns/").data["items"]) == 6
    with django_assert_max_num_queries(12):
        assert len(api.get("/pages/?limit=100").data["items"]) > 12
    with django_assert_max_num_queries(2):
        assert len(api.get("/search/?q=lamp").data["items"]) == 6


def test_details_are_few_queries(api, launched, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        api.get(f"/campaigns/{launched.key}/")
    with django_assert_max_num_queries(4):
        api.get(f"/campaigns/{launched.key}/rewards/")
    with django_assert_max_num_queries(15):
        api.get(f"/pages/{launched.pages.first().pk}/")


def test_the_list_walks_by_cursor_and_refuses_offsets(api, site):
    owner = scenes.creator()
    keys = {scenes.launched(owner, both=False).key for _ in range(3)}
    for order in ("trending", "newest", "ending", "most_funded"):
        seen, cursor = set(), ""
        while cursor is not None:
            answer = api.get(f"/campaigns/?limit=1&order={order}&cursor={cursor}").data
            assert len(answer["items"]) <= 1
            seen |= {item["key"] for item in answer["items"]}
            cursor = answer["next_cursor"]
        assert seen == keys
    assert api.get("/campaigns/?offset=20").data["field"] == "offset"
    refused = api.get("/pages/?offset=5000")
    assert (refused.status_code, refused.data["field"]) == (400, "offset")
    assert "cursor" in refused.data["title"]


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("locale=fr", 400, "locale"), ("state=nowhere", 400, "state"), ("order=best", 400, "order"),
        ("kind=loan", 400, "kind"), ("cursor=zz", 400, "cursor"), ("limit=0", 400, "limit"), ("limit=-1", 400, "limit"),
        ("limit=1000", 400, "limit"), ("limit=ten", 400, "limit"), ("category=nothing", 404, None),
        ("q=%00", 400, "q"), (f"q={'a' * 300}", 400, "q"), ("q=lamp&cursor=x", 400, "cursor"),
    ],
)  # fmt: skip
def test_bad_queries_name_their_field(api, site, query, status, field):
    answer = api.get(f"/campaigns/?{query}")
    assert (answer.status_code, answer.data.get("field")) == (status, field)


def test_filters_and_words_in_both_languages(api, launched):
    def keys(path):
        return [item["key"] for item in api.get(path).data["items"]]

    for path in (
        "/campaigns/?category=hardware", "/campaigns/?category=technology", "/campaigns/?state=open&kind=reward",
        "/campaigns/?q=lamps", "/search/?q=lasting", "/search/?q=盐水&locale=zh-hans",
    ):  # fmt: skip
        assert keys(path) == [launched.key], path
    for path in ("/campaigns/?category=design", "/campaigns/?kind=donation", "/search/?q=bicycle", "/search/?q=!!!"):
        assert keys(path) == [], path
    assert api.get("/search/").data["field"] == "q"


def test_updates_show_each_reader_theirs(api, launched):
    def publish(title, audience):
        update = updating.create_update(
            campaign=launched, actor=launched.creator, locale="en", title=title, audience=audience,
            body=[{"type": "text", "value": "<p>News</p>"}],
        )  # fmt: skip
        updating.publish_update(update=update, actor=launched.creator)

    publish("For all", "public")
    publish("For backers", "backers")
    everybody = api.get(f"/campaigns/{launched.key}/updates/")
    assert [item["title"] for item in everybody.data["items"]] == ["For all"]
    assert everybody.headers["Cache-Control"].startswith("public")
    assert "Cookie" in everybody.headers["Vary"]
    writer = api.as_(launched.creator).get(f"/campaigns/{launched.key}/updates/")
    assert [item["title"] for item in writer.data["items"]] == ["For backers", "For all"]
    assert writer.headers["Cache-Control"] == "private, no-store"
    stranger = api.as_(scenes.person()).get(f"/campaigns/{launched.key}/updates/?locale=zh-hans")
    assert [item["title"] for item in stranger.data["items"]] == ["For all"]


def test_history(api, launched):
    items = api.get(f"/campaigns/{launched.key}/history/?locale=zh-hans").data["items"]
    assert [(item["number"], item["title"]) for item in items] == [(1, "盐水灯")]


def test_unknown_addresses_are_problems(api, db):
    for path in ("/campaigns/nothing/", "/nothing/", "/campaigns/a/b/c/", "/pledges/nonsense/"):
        answer = api.get(path)
        assert (answer.status_code, answer.data["code"]) == (404, "not_found")
    assert api.post("/campaigns/").status_code == 405


def test_the_schema_is_served(api, db):
    answer = api.get("/openapi.json", checked=False)
    assert answer.data["openapi"].startswith("3.1")
