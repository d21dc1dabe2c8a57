"""Lists never cost more queries for more rows."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.models import Campaign
from cms.users import roles
from home.models import FeaturedSlot
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db


def _feature() -> Campaign:
    campaign = scenes.approved()
    FeaturedSlot.objects.create(campaign=campaign, position=FeaturedSlot.objects.count() + 1, reason="Good")
    return campaign


@pytest.mark.parametrize(
    ("address", "role", "make"),
    [
        ("/cms/studio/", roles.ADMIN, scenes.complete),
        ("/cms/studio/reviews/", roles.REVIEWER, scenes.submitted),
        ("/cms/featured/", roles.ADMIN, _feature),
        ("/cms/featured/new/", roles.ADMIN, _feature),
        ("/cms/snippets/campaigns/campaignupdate/add/", roles.ADMIN, scenes.complete),
    ],
)
def test_lists_of_the_admin(client: Client, address: str, role: str, make: Callable[[], object]) -> None:
    scenes.site()
    client.force_login(scenes.person(role))
    make()
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    make()
    make()
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) <= len(few)
