"""Links to drafts: one revision for whoever has the token, with comments; the editor's preview on both front ends."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from campaigns import policies
from campaigns.exceptions import PreviewOver
from campaigns.models import CampaignPage, PreviewComment, PreviewLink
from campaigns.services import drafting, inviting, rewarding, sharing_drafts, updating
from campaigns.services.drafting import StoryChanges
from cms.core.errors import InvalidInput, NotAllowed
from funding.money import format_money
from tests.campaigns import scenes
from tests.campaigns.test_collaborating import confirmed

pytestmark = pytest.mark.django_db
FRONT_END = "https://front.example.com"


@pytest.fixture
def page(site: None) -> CampaignPage:
    campaign = scenes.complete(scenes.creator(email="owner@example.com"))
    return CampaignPage.objects.get(campaign=campaign, locale__language_code="en").specific


def shared(page: CampaignPage, **options) -> tuple[PreviewLink, str]:
    link = sharing_drafts.share_draft(page=page, actor=page.owner, **options)
    return link, sharing_drafts.token_of(link)


def signed(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sealed(response) -> bool:
    said = (response["Cache-Control"], response["X-Robots-Tag"], response["Referrer-Policy"])
    return said == ("private, no-store", "noindex, nofollow", "no-referrer")


def test_a_link_shows_one_revision_to_anybody_and_nothing_else(page: CampaignPage, client: Client) -> None:
    link, token = shared(page, label="Aunt Mei")
    address = f"/p/preview/{token}/"
    assert token not in str(PreviewLink.objects.values())
    drafting.edit_story(page=page, actor=page.owner, changes=StoryChanges(title="Pepper lamp"))
    rewarding.add_reward_draft(
        campaign=page.campaign, actor=page.owner, reward=scenes.reward(title_en="Ten lamps"), revision=None
    )
    other, other_token = shared(scenes.page(scenes.creator(), "Bamboo bicycle"))
    shown = client.get(address)
    text = unescape(shown.content.decode())
    assert shown.status_code == 200
    assert sealed(shown)
    assert all(
        words in text
        for words in ("Draft, not public", "Salt lamp", "One lamp", "salt water", format_money(100_000, "CNY"))
    )
    assert not any(
        words in text for words in ("Pepper lamp", "Ten lamps", "Bamboo bicycle", "Aunt Mei", 'rel="alternate"')
    )
    newest, newest_token = shared(page)
    assert "Pepper lamp" in client.get(f"/p/preview/{newest_token}/").content.decode()
    data = client.get("/api/v2/preview/", {"token": token})
    assert sealed(data)
    told = data.json()
    assert (told["kind"], told["campaign"]["title"], told["update"]) == ("campaign", "Salt lamp", None)
    assert [reward["title"] for reward in told["campaign"]["rewards"]] == ["One lamp"]
    assert told["campaign"]["goal"] == {"amount": 100_000, "currency": "CNY"}
    assert {block["type"] for block in told["campaign"]["story"]} >= {"heading", "text", "budget"}
    link.refresh_from_db()
    assert link.last_used_at is not None
    # Nobody else's, and no longer when closed: always the same answer.
    sharing_drafts.revoke(link=newest, actor=page.owner)
    PreviewLink.objects.filter(pk=other.pk).update(
        created_at=timezone.now() - timedelta(days=20), expires_at=timezone.now() - timedelta(seconds=1)
    )
    over = set()
    for dead in (newest_token, other_token, token[:-1], f"{token}x", "x" * 43, "x\x00" * 20):
        for answer in (
            client.get(f"/p/preview/{dead}/"), client.post(f"/p/preview/{dead}/", {"text": "hi"}),
            client.get("/api/v2/preview/", {"token": dead}),
        ):  # fmt: skip
            assert answer.status_code == 410
            assert sealed(answer)
            over.add("preview is closed" in answer.content.decode() or answer.json()["code"] == "preview_over")
    assert over == {True}
    assert PreviewComment.objects.count() == 0
    with pytest.raises(PreviewOver):
        sharing_drafts.opened("")


def test_what_readers_say_reaches_the_team(page: CampaignPage, client: Client, settings) -> None:
    link, token = shared(page)
    address = f"/p/preview/{token}/"
    text = client.get(address).content.decode()
    block = re.search(r'href="\?part=([0-9a-f-]{36})#say"', text)[1]
    picked = client.get(f"{address}?part={block}").content.decode()
    assert re.search(rf'<option value="{block}" selected>Heading: Why', picked)
    strict = Client(enforce_csrf_checks=True, headers={"Origin": "null"})
    said = {"text": "<script>alert(1)</script>", "name": '=HYPERLINK("x")', "part": block}
    assert strict.post(address, said)["Location"] == f"{address}?said=1#say"
    assert "has arrived" in client.get(f"{address}?said=1").content.decode()
    for bad in (
        {"text": ""},
        {"text": "x" * 2001},
        {"text": "hi", "part": "elsewhere"},
        {"text": "x", "name": "n" * 61},
    ):
        assert client.post(address, bad).status_code == 422
    settings.API_RATES = {"remarks": "1/min"}
    cache.clear()
    assert [client.post(address, {"text": "Lovely"}).status_code for _again in range(2)] == [302, 429]
    studio, base = signed(page.owner), f"/cms/studio/campaigns/{page.campaign.key}/previews/"
    desk = studio.get(base).content.decode()
    assert "&lt;script&gt;alert(1)" in desk
    assert "<script>alert(1)" not in desk
    assert address in desk
    assert "Heading: Why" in desk
    body = b"".join(studio.get(f"{base}{link.pk}/comments.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body)))
    assert rows[1][1].startswith("'=")
    assert [row[3] for row in rows[1:]] == ["<script>alert(1)</script>", "Lovely"]
    first = PreviewComment.objects.first()
    studio.post(f"{base}{link.pk}/", {"resolve": first.pk})
    first.refresh_from_db()
    assert first.resolved_by == page.owner
    studio.post(f"{base}{link.pk}/", {"reopen": first.pk})
    first.refresh_from_db()
    assert first.resolved_at is None
    studio.post(f"{base}{link.pk}/", {"revoke": "1"})
    assert client.post(address, {"text": "Too late"}).status_code == 410
    assert address not in studio.get(base).content.decode()
    assert PreviewComment.objects.count() == 2


def test_who_shares(page: CampaignPage) -> None:
    campaign, owner = page.campaign, page.owner
    base, api = (
        f"/cms/studio/campaigns/{campaign.key}/previews/",
        f"/api/v2/creator/campaigns/{campaign.key}/preview-tokens/",
    )
    mei, stranger = confirmed("mei@example.com"), scenes.creator()
    row = inviting.invite(campaign=campaign, actor=owner, email=mei.email, scopes=["finance"])
    inviting.accept(collaborator=row, actor=mei)
    with pytest.raises(NotAllowed):
        sharing_drafts.share_draft(page=page, actor=stranger)
    assert signed(mei).get(base).status_code == 302
    assert signed(mei).post(api, {}, "application/json").status_code == 403
    inviting.change_scopes(collaborator=row, actor=owner, scopes=["story"])
    studio = signed(mei)
    assert policies.may_edit_story(mei, campaign)
    chinese = CampaignPage.objects.get(campaign=campaign, locale__language_code="zh-hans")
    assert studio.post(base, {"page": chinese.pk, "days": 7, "label": "Press"}).status_code == 302
    link = PreviewLink.objects.get()
    assert "草稿，尚未公开" in Client().get(f"/p/preview/{sharing_drafts.token_of(link)}/").content.decode()
    assert (link.created_by, (link.expires_at - link.created_at).days) == (mei, 7)
    elsewhere = scenes.page(stranger)
    for bad in ({"page": elsewhere.pk, "days": 7}, {"page": page.pk, "days": 400}):
        assert studio.post(base, bad).status_code == 422
    foreign, _token = shared(elsewhere)
    for path in (f"{base}{foreign.pk}/comments.csv", f"{base}{foreign.pk}/"):
        assert studio.post(path, {"revoke": "1"}).status_code in (404, 405)
    made = studio.post(api, {"label": "Club", "days": 3}, "application/json")
    assert made.status_code == 201
    assert Client().get("/api/v2/preview/", {"token": made.json()["token"]}).status_code == 200
    assert [one["label"] for one in studio.get(api).json()["items"]] == ["Club", "Press"]
    assert studio.delete(f"{api}{foreign.pk}/").status_code == 404
    assert studio.delete(f"{api}{made.json()['id']}/").status_code == 204
    assert studio.get(api).json()["items"][0]["token"] is None
    with pytest.raises(InvalidInput):
        sharing_drafts.share_draft(page=page, actor=owner, revision=elsewhere.get_latest_revision())


def test_the_editor_previews_on_the_site_and_on_a_front_end(page: CampaignPage, settings) -> None:
    client = signed(page.owner)
    draft = client.get(f"/cms/pages/{page.pk}/view_draft/")
    assert "One lamp" in draft.content.decode()
    # Within the editor's frame, and the page's own script policy.
    assert "frame-ancestors 'self'" in draft["Content-Security-Policy"]
    assert "unsafe-inline" not in draft["Content-Security-Policy"]
    assert [mode for mode, _name in page.preview_modes] == [""]
    settings.HEADLESS_PREVIEW_URL = FRONT_END
    news = updating.create_update(
        campaign=page.campaign, actor=page.owner, locale="en", title="Cast", body=scenes.story("The first."),
        audience="backers",
    )  # fmt: skip
    for draft, kind, title in ((page, "campaign", "Salt lamp"), (news, "update", "Cast")):
        assert [mode for mode, _name in draft.preview_modes] == ["", "headless"]
        framed = draft.make_preview_request(preview_mode="headless")
        token = re.search(rf'src="{FRONT_END}/preview\?token=([\w-]+)"', framed.content.decode())[1]
        assert f"frame-src 'self' {FRONT_END}" in framed["Content-Security-Policy"].replace(
            " https://www.youtube-nocookie.com https://player.vimeo.com https://player.bilibili.com", ""
        )
        told = Client().get("/api/v2/preview/", {"token": token}).json()
        assert (told["kind"], told[kind]["title"], told["saved_at"]) == (kind, title, None)
