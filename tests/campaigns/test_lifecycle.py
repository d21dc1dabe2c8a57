"""Draft → review → launch through the services."""

import pytest

from campaigns.models import Campaign, CampaignListing, CampaignVersion
from campaigns.services import launching, reviewing
from campaigns.states import CampaignState
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site(site: None) -> None:
    pass


def test_a_complete_campaign_is_submitted_approved_and_launched() -> None:
    submission = scenes.submitted()
    assert set(submission.revisions) == {"en", "zh-hans"}
    assert Campaign.objects.get(pk=submission.campaign_id).state == CampaignState.SUBMITTED
    reviewing.approve(submission=submission, actor=scenes.reviewer(), reason=scenes.SEEN)
    campaign = Campaign.objects.get(pk=submission.campaign_id)
    assert campaign.state == CampaignState.APPROVED
    assert campaign.pages.live().count() == 2
    assert set(CampaignListing.objects.visible("en").values_list("state", flat=True)) == {"prelaunch"}
    launching.launch_campaign(campaign=campaign, actor=campaign.creator)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.LAUNCHED
    assert campaign.escrow.goal == 100_000
    assert CampaignVersion.objects.filter(campaign=campaign).count() == 2
    assert CampaignListing.objects.get(campaign=campaign, locale="zh-hans").state == "open"
