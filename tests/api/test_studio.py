"""A campaign written, reviewed, launched and called off by API alone; and never by anybody else."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow

from campaigns.models import Campaign
from tests.api.caller import BASE, check, operation
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db


def picture_file(name="lamp.png"):
    buffer = io.BytesIO()
    Pillow.new("RGB", (1200, 800), (184, 66, 15)).save(buffer, "PNG")
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/png")


def upload(caller, key, file, **fields):
    path = f"/creator/campaigns/{key}/media/"
    response = caller.client.post(f"{BASE}{path}", {"file": file, **fields})
    if response.status_code == 201:
        _, found = operation("POST", f"{BASE}{path}")
        check(found["responses"]["201"]["content"]["application/json"]["schema"], response.json())
    return response


@pytest.fixture
def creator(site):
    return scenes.creator()


def story(image):
    return [
        {"type": "heading", "value": "Why"},
        {"type": "text", "value": f"<p>{scenes.STORY_EN}</p>"},
        {"type": "image", "value": {"image": image, "alt": "A lamp", "caption": ""}},
        {"type": "faq", "value": {"items": [{"question": "When?", "answer": "<p>Soon.</p>"}]}},
        {"type": "video", "value": {"url": "https://www.youtube.com/watch?v=aqz-KE-bpKQ", "caption": ""}},
        {"type": "quote", "value": {"text": "It outlived the storm.", "attribution": "A reader"}},
        {"type": "budget", "value": {"currency": "CNY", "lines": [{"title": "Glass", "amount": "1000"}]}},
        {"type": "ai_use", "value": {"uses": ["none"], "statement": ""}},
    ]


def write(mine):
    """A complete draft: its key, its picture and its reward."""
    key = mine.post("/creator/campaigns/", {"title": "Salt lamp"}).data["key"]
    path = f"/creator/campaigns/{key}"
    missing = mine.post(f"{path}/submit/")
    assert (missing.status_code, missing.data["code"]) == (409, "incomplete_campaign")
    assert {problem["field"] for problem in missing.data["problems"]} >= {"summary", "goal", "rewards"}

    image = upload(mine, key, picture_file(), alt="A lamp").json()["id"]
    edited = mine.patch(
        f"{path}/",
        {
            "summary": "A lamp.", "risks": "Glass may be late.", "hero_image": image, "hero_alt": "A lamp",
            "story": story(image),
        },
    ).data  # fmt: skip
    assert [block["type"] for block in edited["pages"][0]["story"]] == [block["type"] for block in story(image)]

    terms = mine.patch(
        f"{path}/terms/",
        {
            "goal": {"amount": 100_000, "currency": "CNY"}, "category": "hardware", "duration_days": 30,
            "timezone": "Asia/Shanghai",
        },
    ).data  # fmt: skip
    assert (terms["goal"]["amount"], terms["duration_days"], terms["deadline"]) == (100_000, 30, None)
    reward = mine.post(
        f"{path}/terms/rewards/",
        {
            "kind": "physical", "titles": {"en": "One lamp", "zh-hans": "一盏灯"}, "quantity": 50,
            "price": {"amount": 10_000, "currency": "CNY"}, "shipping": {"CN": {"amount": 0, "currency": "CNY"}},
            "delivery_month": "2027-09",
            "variants": [{"names": {"en": "Red", "zh-hans": "红"}}, {"names": {"en": "Blue", "zh-hans": "蓝"}}],
        },
    ).data  # fmt: skip
    changed = mine.patch(f"{path}/terms/rewards/{reward['key']}/", {"per_person_limit": 2}).data
    assert changed == {**reward, "per_person_limit": 2}
    return key, image, reward


def approve(api, mine, path):
    """Through the review, with what is refused on the way."""
    submission = mine.post(f"{path}/submit/").data
    locked = mine.patch(f"{path}/terms/", {"duration_days": 20})
    assert (locked.status_code, locked.data["code"]) == (409, "terms_locked")
    assert mine.patch(f"{path}/", {"title": "Other"}).data["code"] == "already_in_review"
    assert mine.post(f"{path}/launch/").data["code"] == "not_approved"

    reviewer = api.as_(scenes.reviewer())
    queue = reviewer.get("/review/").data["items"]
    assert [item["id"] for item in queue] == [submission["id"]]
    decision = f"/review/{submission['id']}/"
    assert reviewer.post(decision, {"decision": "reject"}).data["field"] == "reason"
    assert reviewer.post(decision, {"decision": "approve"}).data["outcome"] == "approved"
    assert reviewer.post(decision, {"decision": "approve"}).data["code"] == "not_in_review"


def test_the_whole_road(api, creator):
    mine = api.as_(creator)
    key, image, reward = write(mine)
    path = f"/creator/campaigns/{key}"
    approve(api, mine, path)
    assert api.get(f"/campaigns/{key}/").data["state"] == "prelaunch"
    launched = mine.post(f"{path}/launch/").data
    assert (launched["state"], launched["public_state"]) == ("launched", "open")
    shown = api.get(f"/campaigns/{key}/").data
    assert [block["type"] for block in shown["story"]] == [block["type"] for block in story(image)]
    assert shown["story"][2]["value"]["image"]["alt"] == "A lamp"

    more = mine.patch(f"{path}/terms/rewards/{reward['key']}/", {"quantity": 60}).data
    assert more["quantity"] == api.get(f"/campaigns/{key}/rewards/").data["items"][0]["quantity"] == 60
    fewer = mine.patch(f"{path}/terms/rewards/{reward['key']}/", {"quantity": 10})
    assert fewer.status_code in (400, 409)
    assert mine.delete(f"{path}/terms/rewards/{reward['key']}/").data["code"] == "terms_locked"

    news = {"title": "First news", "body": [{"type": "text", "value": "<p>Glass <b>came</b>.</p>"}], "publish": True}
    mine.post(f"{path}/updates/", news)
    assert api.get(f"/campaigns/{key}/updates/").data["items"][0]["body"][0]["value"] == "<p>Glass <b>came</b>.</p>"
    assert mine.post(f"{path}/cancel/", {"reason": "The maker is gone."}).data["public_state"] == "cancelling"


def test_another_creators_campaign_does_not_exist(api, creator):
    theirs = scenes.launched(creator)
    reward = theirs.reward_drafts.get().key
    before = Campaign.objects.values().get(pk=theirs.pk)
    path = f"/creator/campaigns/{theirs.key}"
    calls = [
        ("GET", "/"), ("PATCH", "/"), ("GET", "/terms/"), ("PATCH", "/terms/"), ("GET", "/terms/rewards/"),
        ("POST", "/terms/rewards/"), ("GET", f"/terms/rewards/{reward}/"), ("PATCH", f"/terms/rewards/{reward}/"),
        ("DELETE", f"/terms/rewards/{reward}/"), ("POST", "/submit/"), ("POST", "/launch/"), ("POST", "/cancel/"),
        ("GET", "/backers.csv"), ("GET", "/updates/"), ("POST", "/updates/"),
    ]  # fmt: skip
    other, nobody = api.as_(scenes.creator()), api
    for method, end in calls:
        body = None if method == "GET" else {"reason": "x", "title": "x"}
        assert other.call(method, f"{path}{end}", body).status_code == 404, (method, end)
        assert nobody.call(method, f"{path}{end}", body).status_code in (401, 403), (method, end)
    assert upload(other, theirs.key, picture_file()).status_code == 404
    assert other.get("/creator/campaigns/").data["items"] == []
    assert Campaign.objects.values().get(pk=theirs.pk) == before


def test_only_reviewers_review_and_never_their_own(api, creator):
    submission = scenes.submitted(creator)
    assert api.as_(creator).get("/review/").status_code == 403
    assert api.as_(creator).post(f"/review/{submission.pk}/", {"decision": "approve"}).status_code == 403
    from cms.users import roles

    roles.assign(creator, roles.REVIEWER)
    both = api.as_(type(creator).objects.get(pk=creator.pk))
    assert both.get("/review/").data["items"] == []
    own = both.post(f"/review/{submission.pk}/", {"decision": "approve"})
    assert (own.status_code, own.data["code"]) == (403, "not_allowed")
    assert both.post("/review/999999/", {"decision": "approve"}).status_code == 404
    assert both.post(f"/review/{submission.pk}/", {"decision": "maybe"}).data["field"] == "decision"


def test_local_deadlines(api, creator):
    campaign = scenes.complete(creator)
    mine, path = api.as_(creator), f"/creator/campaigns/{campaign.key}/terms/"
    from cms.core import clock

    year = clock.now().year
    local = f"{clock.now():%Y-%m-%d}T20:00"
    from datetime import timedelta

    local = f"{clock.now() + timedelta(days=20):%Y-%m-%d}T20:00"
    data = mine.patch(path, {"deadline": local, "timezone": "Asia/Shanghai"}).data
    assert (data["deadline"], data["duration_days"]) == (f"{local}:00", None)
    assert data["deadline_utc"] == f"{local[:11]}12:00:00Z"
    moved = mine.patch(path, {"timezone": "Europe/London"}).data
    assert moved["deadline"] == f"{local}:00"
    assert moved["deadline_utc"] != data["deadline_utc"]
    assert mine.patch(path, {"duration_days": 10}).data["deadline"] is None
    for wrong in ("2020-01-01T10:00", f"{year + 3}-01-01T10:00", "soon", f"{local}Z", "2027-01-01"):
        assert mine.patch(path, {"deadline": wrong}).data["field"] == "deadline", wrong
    stale = mine.patch(path, {"mode": "keep_it_all", "revision": 1})
    assert (stale.status_code, stale.data["code"]) == (409, "stale_terms")


@pytest.mark.parametrize(
    ("end", "body", "field"),
    [
        ("terms/", {"goal": {"amount": -1, "currency": "CNY"}}, "goal"),
        ("terms/", {"goal": {"amount": 0, "currency": "CNY"}}, "goal"),
        ("terms/", {"goal": {"amount": 1.5, "currency": "CNY"}}, "goal"),
        ("terms/", {"goal": {"amount": 10**18, "currency": "CNY"}}, "goal"),
        ("terms/", {"goal": {"amount": 100_000, "currency": "USD"}}, "goal"),
        ("terms/", {"goal": 100_000}, "goal"),
        ("terms/", {"mode": "maybe"}, "mode"), ("terms/", {"mode": []}, "mode"),
        ("terms/", {"duration_days": 0}, "duration_days"), ("terms/", {"duration_days": 10_000}, "duration_days"),
        ("terms/", {"category": "nothing"}, "category"), ("terms/", {"timezone": "Mars/Base"}, "timezone"),
        ("terms/", {"state": "approved"}, "state"), ("terms/", {"currency": "XXX"}, "currency"),
        ("", {"title": ""}, "title"), ("", {"title": "x" * 256}, "title"), ("", {"creator": 1}, "creator"),
        ("", {"story": "text"}, "story"), ("", {"story": [{"type": "poem", "value": "x"}]}, "story"),
        ("", {"story": [{"type": "heading", "value": {"x": 1}}]}, "story"),
        ("", {"story": [{"type": "heading", "value": "a\x00"}]}, "story"),
        ("", {"story": [{"type": "quote", "value": {"words": "x"}}]}, "story"),
        ("", {"story": [{"type": "image", "value": {"image": 999_999}}]}, "story"),
        ("", {"story": [{"type": "faq", "value": {"items": "x"}}]}, "story"),
        ("", {"story": [{"type": "video", "value": {"url": "https://example.com/film"}}]}, "story"),
        ("", {"story": [{"type": "video", "value": {"url": "javascript:alert(1)"}}]}, "story"),
        ("", {"hero_image": 999_999}, "hero_image"), ("", {"hero_image": "1"}, "hero_image"),
        ("updates/", {"title": "x"}, "body"), ("updates/", {"title": "", "body": []}, "title"),
        ("updates/", {"title": "x", "body": [], "audience": "friends"}, "audience"),
        ("terms/rewards/", {"kind": "physical", "titles": {"en": "x"}}, "price"),
        ("terms/rewards/", {"kind": "gift"}, "kind"),
        ("launch/", {"at": "2027-01-01T10:00"}, "at"), ("launch/", {"at": 5}, "at"), ("cancel/", {}, "reason"),
    ],
)  # fmt: skip
def test_bad_input_names_its_field(api, creator, end, body, field):
    campaign = scenes.complete(creator, both=False)
    method = "PATCH" if end in ("", "terms/") else "POST"
    answer = api.as_(creator).call(method, f"/creator/campaigns/{campaign.key}/{end}", body)
    assert (answer.status_code, answer.data.get("field")) == (400, field), answer.data
    campaign.refresh_from_db()
    assert campaign.terms_revision == 2


def test_rich_text_is_cleaned_and_pictures_are_ones_own(api, creator):
    campaign = scenes.complete(creator, both=False)
    mine, path = api.as_(creator), f"/creator/campaigns/{campaign.key}/"
    dirty = '<p onclick="x()">Hi<script>alert(1)</script> <a href="javascript:alert(1)">there</a></p>'
    saved = mine.patch(path, {"story": [{"type": "text", "value": dirty}]}).data["pages"][0]["story"][0]["value"]
    assert "script" not in saved
    assert "onclick" not in saved
    theirs = scenes.picture(scenes.creator(), "Not yours")
    refused = mine.patch(path, {"hero_image": theirs.pk})
    assert (refused.status_code, refused.data["field"]) == (400, "hero_image")
    assert mine.patch(path, {"hero_image": None}).data["pages"][0]["hero_image"] is None


def test_a_second_language_is_a_translation(api, creator):
    campaign = scenes.complete(creator, both=False)
    answer = api.as_(creator).patch(f"/creator/campaigns/{campaign.key}/?locale=zh-hans", {"title": "盐水灯"}).data
    assert answer["titles"] == {"en": "Salt lamp", "zh-hans": "盐水灯"}
    assert Campaign.objects.count() == 1


def test_what_is_no_picture_is_refused(api, creator):
    campaign = scenes.complete(creator, both=False)
    mine = api.as_(creator)
    for file in (SimpleUploadedFile("a.png", b"<svg onload=alert(1)>"), SimpleUploadedFile("a.html", b"<html>")):
        answer = upload(mine, campaign.key, file)
        assert (answer.status_code, answer.json()["field"]) == (400, "file")
    assert mine.post(f"/creator/campaigns/{campaign.key}/media/").status_code in (400, 415)


def test_backers_csv_runs_no_formula(api, creator):
    from cms.core import clock
    from funding.models import Pledge

    campaign = scenes.launched(creator)
    Pledge.objects.create(
        escrow=campaign.escrow, email="=cmd@example.com", person="x" * 64, currency="CNY", rewards_amount=0,
        extra_amount=500, total=500, message='=HYPERLINK("http://evil")', reserved_until=clock.now(),
        paid_at=clock.now(), idempotency_scope="s", idempotency_key="k", idempotency_fingerprint="f",
    )  # fmt: skip
    response = api.as_(creator).client.get(f"{BASE}/creator/campaigns/{campaign.key}/backers.csv")
    text = b"".join(response.streaming_content).decode()
    assert response.headers["Content-Type"].startswith("text/csv")
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "'=HYPERLINK" in text
    assert ",=" not in text
    assert "5.00" in text


def test_the_list_costs_the_same_for_more(api, creator, django_assert_max_num_queries):
    mine = api.as_(creator)
    # The first request of a sign-in writes down that it was used.
    mine.get("/creator/campaigns/")
    for count in (1, 3):
        while Campaign.objects.count() < count:
            scenes.launched(creator, both=False)
        with django_assert_max_num_queries(12):
            assert len(mine.get("/creator/campaigns/").data["items"]) == count
