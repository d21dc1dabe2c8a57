"""What visitors may see of a campaign's page, whoever published it."""

import pytest
from django.test import Client

from campaigns.models import RewardCampaignPage
from campaigns.services import submitting
from cms.users import roles
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db


def test_a_page_published_without_a_review_is_seen_by_nobody(client: Client, site: None) -> None:
    page = scenes.page(scenes.creator())
    page.get_latest_revision().publish()
    page.refresh_from_db()
    assert page.live
    assert client.get(page.get_url()).status_code == 404
    assert client.get(f"/c/{page.campaign.key}/").status_code == 404


def test_its_writer_previews_a_draft(client: Client, site: None) -> None:
    page = scenes.page(scenes.creator())
    client.force_login(page.owner)
    shown = client.get(f"/cms/pages/{page.pk}/view_draft/")
    assert shown.status_code == 200
    assert "salt water" in shown.content.decode()


def test_reopened_terms_take_the_page_off_the_site(client: Client, site: None) -> None:
    campaign = scenes.approved()
    address = RewardCampaignPage.objects.filter(campaign=campaign).first().get_url()
    assert client.get(address).status_code == 200
    submitting.reopen_terms(campaign=campaign, actor=campaign.creator)
    assert client.get(address).status_code == 404


def test_an_editor_publishes_others_stories_but_never_their_own(site: None) -> None:
    """Nobody approves their own, by no road: a creator who is also an editor hands it in like everybody."""
    own = scenes.person(roles.CREATOR, roles.EDITOR, display_name="Lin Wei", country="CN", payee_kind="person")
    theirs, others = (RewardCampaignPage.objects.get(campaign=c, locale__language_code="en")
                      for c in (scenes.approved(own), scenes.approved()))  # fmt: skip
    assert not theirs.permissions_for_user(own).can_publish()
    assert others.permissions_for_user(own).can_publish()
