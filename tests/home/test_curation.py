"""Featured campaigns, as an editor enters them in the admin."""

from datetime import timedelta

import pytest
from django.test import Client

from campaigns.models import Campaign
from cms.core.clock import now
from cms.users import roles
from home.models import FeaturedSlot
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(launched: Campaign) -> Campaign:
    return launched


def _enter(client: Client, campaign: Campaign, **fields: str) -> int:
    client.force_login(scenes.person(roles.EDITOR))
    form = {"campaign": str(campaign.pk), "position": "1", "starts_at": "", "ends_at": "", "reason": "Good", **fields}
    return client.post("/cms/featured/new/", form).status_code


def test_without_a_time_it_begins_at_once(client: Client, campaign: Campaign) -> None:
    before = now()
    assert _enter(client, campaign) == 302
    slot = FeaturedSlot.objects.current().get()
    assert slot.starts_at >= before - timedelta(seconds=1)
    assert slot.ends_at is None


def test_it_can_t_end_before_it_begins(client: Client, campaign: Campaign) -> None:
    assert _enter(client, campaign, starts_at="2031-03-02 10:00", ends_at="2031-03-01 10:00") == 200
    assert not FeaturedSlot.objects.exists()


def test_a_place_is_for_one_at_a_time(client: Client, campaign: Campaign) -> None:
    assert _enter(client, campaign) == 302
    assert _enter(client, campaign, starts_at="2031-03-01 10:00") == 200
    assert _enter(client, campaign, position="2") == 302
    assert FeaturedSlot.objects.count() == 2
