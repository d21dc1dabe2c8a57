"""Lists never cost more queries for more rows, and a campaign's page keeps its budget for everybody."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.models import Campaign
from cms.users import roles
from home.models import FeaturedSlot
from tests.campaigns import scenes
from tests.factories.scripted import paid_pledge

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
def test_lists_of_the_admin(client: Client, address: str, role: str, make: Callable[[], object], site: None) -> None:
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


@pytest.mark.parametrize(("who", "budget"), [("nobody", 12), ("reader", 15), ("backer", 15), ("creator", 15)])
def test_a_campaigns_page(client: Client, who: str, budget: int, launched: Campaign) -> None:
    backer = scenes.person()
    paid_pledge(launched.escrow, rewards={launched.escrow.rewards.get().key: 1}, backer=backer, email=backer.email)
    people = {"reader": scenes.person(), "backer": backer, "creator": launched.creator}
    if who in people:
        client.force_login(people[who])
    page = launched.pages.get(locale__language_code="en")
    for _ in range(2):
        assert client.get(f"/en/campaigns/{page.slug}/").status_code == 200
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/en/campaigns/{page.slug}/")
    assert len(asked) <= budget, "\n".join(query["sql"] for query in asked)
