"""Featured campaigns: as an editor enters them, as the database keeps them, and as readers see them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.test import Client

from campaigns.models import Campaign, CampaignListing
from cms.core.clock import now
from cms.core.errors import NotAllowed
from cms.users import roles
from home.models import FeaturedAbsence, FeaturedSlot
from home.selectors.featured import featured_at, featured_now
from home.services import curating
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def campaign(launched: Campaign) -> Campaign:
    return launched


def _enter(client: Client, campaign: Campaign, **fields: str) -> int:
    client.force_login(scenes.person(roles.EDITOR))
    form = {
        "campaign": str(campaign.pk), "position": "1", "starts_at": "", "ends_at": "", "reason": "Good",
        "kind": "staff_pick", "locale": "", **fields,
    }  # fmt: skip
    return client.post("/cms/featured/new/", form).status_code


def test_without_a_time_it_begins_at_once(client: Client, campaign: Campaign) -> None:
    before = now()
    assert _enter(client, campaign) == 302
    slot = FeaturedSlot.objects.current().get()
    assert slot.starts_at >= before - timedelta(seconds=1)
    assert slot.ends_at is None
    assert slot.chosen_by is not None
    assert slot.chosen_by.groups.filter(name=roles.EDITOR).exists()


def test_it_can_t_end_before_it_begins(client: Client, campaign: Campaign) -> None:
    assert _enter(client, campaign, starts_at="2031-03-02 10:00", ends_at="2031-03-01 10:00") == 200
    assert not FeaturedSlot.objects.exists()


def test_a_place_is_for_one_at_a_time_in_each_language(client: Client, campaign: Campaign) -> None:
    assert _enter(client, campaign, locale="en") == 302
    assert _enter(client, campaign, locale="en", starts_at="2031-03-01 10:00") == 200
    assert _enter(client, campaign, starts_at="2031-03-01 10:00") == 200, "every language is that one, too"
    assert _enter(client, campaign, locale="zh-hans") == 302
    assert _enter(client, campaign, position="2") == 302
    assert FeaturedSlot.objects.count() == 3
    # The service and the database refuse the same, whoever asks.
    editor = scenes.person(roles.EDITOR)
    with pytest.raises(curating.PlaceTaken):
        curating.feature(actor=editor, campaign=campaign, position=1, reason="Again")
    with pytest.raises(IntegrityError, match="featured_place_once"), transaction.atomic():
        FeaturedSlot.objects.create(campaign=campaign, position=2, reason="Again", locale="en")
    with pytest.raises(NotAllowed):
        curating.feature(actor=campaign.creator, campaign=campaign, position=9, reason="Mine")


def test_what_has_begun_stays_on_record(client: Client, campaign: Campaign) -> None:
    editor = scenes.person(roles.EDITOR)
    begun = curating.feature(actor=editor, campaign=campaign, position=1, reason="Good", starts_at=now() - DAY)
    planned = curating.feature(actor=editor, campaign=campaign, position=2, reason="Later", starts_at=now() + DAY)
    begun.kind = "paid"
    with pytest.raises(curating.SlotBegun):
        curating.keep_slot(slot=begun, actor=editor)
    for change in (
        lambda: FeaturedSlot.objects.filter(pk=begun.pk).update(reason="Other"),
        lambda: FeaturedSlot.objects.filter(pk=begun.pk).update(ends_at=now() - timedelta(hours=1)),
        lambda: FeaturedSlot.objects.filter(pk=begun.pk).delete(),
    ):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            change()
    client.force_login(editor)
    for slot in (begun, planned):
        assert client.post(f"/cms/featured/delete/{slot.pk}/").status_code == 302
    kept = FeaturedSlot.objects.get()
    assert (kept.pk, kept.ends_at is not None) == (begun.pk, True)
    assert not FeaturedSlot.objects.current().exists()
    record = client.get("/cms/featured/at/", {"at": (now() - DAY / 2).strftime("%Y-%m-%d %H:%M")})
    assert "Salt lamp" in record.content.decode()


def test_suspended_campaigns_fall_out_and_the_record_says_so(client: Client, campaign: Campaign) -> None:
    editor = scenes.person(roles.EDITOR)
    curating.feature(actor=editor, campaign=campaign, position=1, kind="paid", reason="Advertised")
    assert [row.title for row in featured_now("en")] == ["Salt lamp"]
    assert "Paid placement" in client.get("/en/").content.decode()
    told = client.get("/api/v2/featured/").json()["items"]
    assert [(row["campaign"], row["paid"]) for row in told] == [(campaign.key, True)]

    CampaignListing.objects.filter(campaign=campaign).update(state="on_hold")
    assert featured_now("en") == []
    assert (curating.note_absences(), curating.note_absences()) == (1, 0)
    [row] = featured_at(now())
    assert (row.absence and row.absence.why, row.why) == ("on_hold", "On hold")
    assert client.get("/api/v2/featured/?locale=zh-hans").json()["items"] == []

    CampaignListing.objects.filter(campaign=campaign).update(state="open")
    assert curating.note_absences() == 1
    assert FeaturedAbsence.objects.get().until is not None
    assert [row.absence for row in featured_at(now())] == [None]
    assert client.get("/api/v2/featured/", {"at": (now() + DAY).isoformat()}).status_code == 400
