"""Every public page, in both languages, for a campaign in the states that visitors meet."""

import pytest
from django.test import Client

from campaigns.models import Campaign
from campaigns.services import projecting
from funding.models import Escrow, EscrowDecision
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(launched: Campaign) -> Campaign:
    return launched


def test_home_index_and_search_show_the_campaign(client: Client, campaign: Campaign) -> None:
    for path, title in [("/en/", "Salt lamp"), ("/zh-hans/", "盐水灯")]:
        page = client.get(path)
        assert page.status_code == 200
        assert title in page.content.decode()
    index = client.get("/en/campaigns/?category=technology&state=open&order=ending").content.decode()
    assert "Salt lamp" in index
    assert "Salt lamp" not in client.get("/en/campaigns/?state=failed").content.decode()
    assert client.get("/en/campaigns/?category=nowhere").status_code == 404
    assert client.get("/en/campaigns/?cursor=broken").status_code == 404
    assert "Salt lamp" in client.get("/en/search/?q=lamps").content.decode()
    assert "盐水灯" in client.get("/zh-hans/search/", {"q": "一整夜"}).content.decode()
    assert "Nothing found" in client.get("/en/search/?q=zeppelin").content.decode()


def test_campaign_page_before_and_after_launch(client: Client, site: None) -> None:
    draft = scenes.complete()
    assert client.get("/en/campaigns/").status_code == 200
    assert client.get(f"/c/{draft.key}/").status_code == 404
    waiting = scenes.approved()
    page = client.get(f"/c/{waiting.key}/", follow=True)
    assert "Nobody can pay" in page.content.decode()
    launched = scenes.launched()
    page = client.get(f"/c/{launched.key}/", follow=True).content.decode()
    assert "Back this campaign" in page
    assert "One lamp" in page
    assert "salt water" in page
    chinese = client.get(f"/c/{launched.key}/", follow=True, headers={"accept-language": "zh-CN"})
    assert "盐水" in chinese.content.decode()
    assert "一盏灯" in chinese.content.decode()


def test_queries_of_the_campaign_page(client: Client, campaign: Campaign, django_assert_max_num_queries) -> None:
    url = client.get(f"/c/{campaign.key}/")["Location"]
    client.get(url)
    with django_assert_max_num_queries(15):
        client.get(url)


def test_version_page(client: Client, campaign: Campaign) -> None:
    page = client.get(f"/en/history/{campaign.key}/1/")
    assert page.status_code == 200
    assert "Salt lamp" in page.content.decode()
    assert client.get(f"/en/history/{campaign.key}/7/").status_code == 404


def test_a_refunded_campaign_still_shows_how_far_it_came(client: Client, campaign: Campaign) -> None:
    assert campaign.escrow is not None
    Escrow.objects.filter(pk=campaign.escrow.pk).update(captured=19_000, refunded=19_000)
    EscrowDecision.objects.create(escrow=campaign.escrow, outcome="failed", raised=19_000, backers=3)
    projecting.project_money([campaign.key])
    assert "CN¥190" in client.get("/en/campaigns/").content.decode()
    page = client.get(f"/c/{campaign.key}/", follow=True).content.decode()
    assert "CN¥190" in page
    assert "−CN¥190.00" in page


def test_what_was_kept_below_its_goal_never_says_that_it_reached_it(client: Client, site: None) -> None:
    campaign = scenes.launched(mode="keep_it_all")
    escrow = campaign.escrow
    assert escrow is not None
    for state in ("closing", "succeeded"):
        Escrow.objects.filter(pk=escrow.pk).update(state=state)
    EscrowDecision.objects.create(escrow=escrow, outcome="succeeded", raised=escrow.goal - 1, backers=1)
    projecting.project_money([campaign.key])
    page = client.get(f"/c/{campaign.key}/", follow=True).content.decode()
    assert "oal was reached" not in page
    assert "Goal reached" not in page
    assert "The campaign ended." in page
    # The facet alone.
    assert client.get("/en/campaigns/").content.decode().count("Goal reached") == 1
