"""A new page in the editor: one form makes one page, and titles may be the same."""

import uuid
from typing import Any

import pytest
from django.test import Client

from campaigns.models import CampaignPage, RewardCampaignPage
from cms.users.models import User
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db
FORM = {
    "title": "Salt lamp", "slug": "salt-lamp", "summary": "", "hero_image": "", "hero_alt": "", "story-count": "0",
    "risks": "", "seo_title": "", "search_description": "",
    "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
}  # fmt: skip


@pytest.fixture
def creator(site: None) -> User:
    return scenes.creator()


def _send(client: Client, locale: str = "en", **fields: Any) -> Any:
    url = f"/cms/pages/add/campaigns/rewardcampaignpage/{scenes.index(locale).pk}/"
    accept = fields.pop("accept", "text/html")
    return client.post(url, {**FORM, **fields}, headers={"accept": accept})


def _edit(page: CampaignPage) -> str:
    return f"/cms/pages/{page.pk}/edit/"


def test_the_editor_gives_each_form_its_own_key(client: Client, creator: User) -> None:
    client.force_login(creator)
    url = f"/cms/pages/add/campaigns/rewardcampaignpage/{scenes.index().pk}/"
    first, second = (client.get(url).context["form"]["creation"].value() for _again in range(2))
    assert f'name="creation" value="{uuid.UUID(str(first))}"'.split()[0] in client.get(url).content.decode()
    assert first != second


def test_autosave_and_a_quick_click_save_one_page(client: Client, creator: User) -> None:
    client.force_login(creator)
    form = str(uuid.uuid4())
    saved = _send(client, creation=form, accept="application/json").json()
    assert saved["success"]
    page = CampaignPage.objects.get(pk=saved["pk"])
    answer = _send(client, creation=form, title="Salt lamp, mended")
    assert answer.status_code == 302
    assert answer["Location"].startswith(_edit(page))
    assert RewardCampaignPage.objects.filter(owner=creator).count() == 1
    page.refresh_from_db()
    assert (page.slug, page.get_latest_revision_as_object().title) == ("salt-lamp", "Salt lamp, mended")


def test_two_campaigns_may_have_the_same_title(client: Client, creator: User) -> None:
    client.force_login(creator)
    for _again in range(3):
        assert _send(client, creation=str(uuid.uuid4())).status_code == 302
    slugs = CampaignPage.objects.filter(owner=creator).order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["salt-lamp", "salt-lamp-2", "salt-lamp-3"]
    assert len({page.campaign_id for page in CampaignPage.objects.filter(owner=creator)}) == 3


def test_a_draft_that_autosave_began_goes_on_under_its_own_address(client: Client, creator: User) -> None:
    """The form that is open still asks for the address that another page has; autosave and preview send it again."""
    other = RewardCampaignPage(title="Salt lamp", slug="salt-lamp", owner=creator, live=False)
    scenes.index().add_child(instance=other)
    client.force_login(creator)
    saved = _send(client, creation=str(uuid.uuid4()), accept="application/json").json()
    page = CampaignPage.objects.get(pk=saved["pk"])
    preview = client.post(f"{_edit(page)}preview/", FORM).json()
    assert preview == {"is_valid": True, "is_available": True}
    for accept, status in (("application/json", 200), ("text/html", 302)):
        assert client.post(_edit(page), FORM, headers={"accept": accept}).status_code == status
    page.refresh_from_db()
    assert page.slug == "salt-lamp-2"


def test_a_slug_taken_between_the_form_and_the_tree_gets_a_number(creator: User) -> None:
    """What the form found free may be gone by the time the tree's row is locked."""
    for _again in range(2):
        scenes.index().add_child(instance=RewardCampaignPage(title="Lamp", slug="lamp", owner=creator, live=False))
    assert CampaignPage.objects.filter(slug__in=["lamp", "lamp-2"]).count() == 2


def test_a_form_s_key_reaches_nothing_of_others(client: Client, creator: User) -> None:
    client.force_login(creator)
    form = str(uuid.uuid4())
    _send(client, creation=form)
    mine = CampaignPage.objects.get(owner=creator)
    other = scenes.creator()
    client.force_login(other)
    for key in (form, str(mine.translation_key)):
        for locale in ("en", "zh-hans"):
            assert _send(client, locale, creation=key).status_code == 302
    assert CampaignPage.objects.filter(owner=other).count() == 4
    assert CampaignPage.objects.filter(campaign=mine.campaign).count() == 1
    # A slug of an existing page is still refused: an address that is in use never changes by itself.
    CampaignPage.objects.filter(pk=mine.pk).update(live=True)
    client.force_login(creator)
    taken = CampaignPage.objects.filter(owner=other).first().slug
    assert client.post(_edit(mine), {**FORM, "slug": taken}).status_code == 200
    mine.refresh_from_db()
    assert mine.slug == "salt-lamp"
