"""Whatever Wagtail does to a page, money and terms stay as they are."""

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import ProtectedError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.actions.copy_page import CopyPageAction
from wagtail.models import Locale, Page, PageLogEntry

from campaigns.models import Campaign, CampaignIndexPage, CampaignPage, CampaignVersion
from campaigns.models.pages import PageKeepsItsCampaign
from campaigns.services import freezing
from funding.models import Escrow, Reward
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db
_slugs = itertools.count(1)


def _page(campaign: Campaign) -> CampaignPage:
    return campaign.pages.filter(alias_of=None).order_by("pk").first().specific


def _revise(campaign: Campaign) -> None:
    page = _page(campaign)
    page.title += "!"
    page.save_revision()


def _publish(campaign: Campaign) -> None:
    page = _page(campaign)
    page.save_revision().publish()


def _revert(campaign: Campaign) -> None:
    page = _page(campaign)
    old = page.revisions.order_by("pk").first().as_object()
    old.save_revision(previous_revision=page.revisions.first()).publish()


def _forged_revision(campaign: Campaign) -> None:
    """A revision that names another campaign, as copied ones do."""
    page = _page(campaign)
    other = Campaign.objects.create(creator=campaign.creator)
    revision = page.save_revision()
    revision.content["campaign"] = other.pk
    revision.save()
    revision.publish()


def _copy(campaign: Campaign) -> None:
    CopyPageAction(
        _page(campaign), copy_revisions=True, keep_live=False, update_attrs={"slug": f"copy-{next(_slugs)}"}
    ).execute()


def _alias(campaign: Campaign) -> None:
    _page(campaign).create_alias(update_slug=f"alias-{next(_slugs)}")


def _translate(campaign: Campaign) -> None:
    page = _page(campaign)
    if not page.get_translations().exists():
        page.copy_for_translation(Locale.objects.get(language_code="zh-hans"))


def _unpublish(campaign: Campaign) -> None:
    _page(campaign).unpublish()


def _move(campaign: Campaign) -> None:
    _page(campaign).move(scenes.index(), pos="first-child")


def _schedule(campaign: Campaign) -> None:
    page = _page(campaign)
    page.go_live_at, page.expire_at = timezone.now() + timedelta(days=1), timezone.now() + timedelta(days=2)
    page.save_revision(approved_go_live_at=page.go_live_at)
    page.save()


def _delete(campaign: Campaign) -> None:
    for attempt in (
        lambda: _page(campaign).delete(),
        lambda: scenes.index().delete(),
        lambda: CampaignPage.objects.filter(campaign=campaign).delete(),
    ):  # fmt: skip
        with pytest.raises(ProtectedError):
            attempt()


STEPS: list[Callable[[Campaign], None]] = [
    _revise, _publish, _revert, _forged_revision, _copy, _alias, _translate, _unpublish, _move, _schedule, _delete,
]  # fmt: skip


def _money(campaign: Campaign) -> tuple[object, ...]:
    escrow = Escrow.objects.filter(pk=campaign.escrow_id).values().get()
    rewards = list(Reward.objects.filter(escrow=campaign.escrow_id).order_by("pk").values())
    terms = freezing.digest(freezing.terms_of(Campaign.objects.get(pk=campaign.pk)))
    row = Campaign.objects.filter(pk=campaign.pk).values().get()
    return escrow, rewards, terms, row


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.sampled_from(STEPS), min_size=1, max_size=5))
def test_no_page_operation_reaches_money_or_terms(launched: Campaign, order: list[Callable[[Campaign], None]]) -> None:
    before, pages = _money(launched), set(launched.pages.filter(alias_of=None).values_list("pk", flat=True))
    for step in order:
        step(launched)
    assert _money(launched) == before
    kept = set(CampaignPage.objects.filter(campaign=launched, alias_of=None).values_list("pk", flat=True))
    assert pages <= kept
    # One page a language: a copy has begun a campaign of its own.
    locales = CampaignPage.objects.filter(campaign=launched, alias_of=None).values_list("locale", flat=True)
    assert len(locales) == len(set(locales))


def test_a_refused_deletion_leaves_the_tree_and_its_log_as_they_were(launched: Campaign) -> None:
    """The tree counts children before the database refuses; outside a transaction that used to stay."""
    home, before = scenes.index().get_parent(), PageLogEntry.objects.count()
    for attempt in (
        lambda: scenes.index().delete(),
        lambda: CampaignIndexPage.objects.all().delete(),
        lambda: CampaignPage.objects.filter(campaign=launched).delete(),
        lambda: home.specific.delete(),
    ):
        with pytest.raises(ProtectedError):
            attempt()
    assert Page.find_problems() == ([], [], [], [], [])
    assert PageLogEntry.objects.count() == before


def test_a_copy_is_a_new_draft_campaign(launched: Campaign) -> None:
    _copy(launched)
    newest = CampaignPage.objects.order_by("-pk").first()
    assert newest.campaign_id != launched.pk
    assert newest.campaign.state == "draft"
    assert newest.campaign.escrow_id is None


def test_a_translation_shares_the_campaign(site: None) -> None:
    page = scenes.page(scenes.creator())
    assert scenes.translated(page).campaign_id == page.campaign_id


def test_an_alias_of_a_campaign_is_never_converted(launched: Campaign) -> None:
    alias = _page(launched).create_alias(update_slug="twin")
    with pytest.raises(PageKeepsItsCampaign):
        ConvertAliasPageAction(alias).execute(skip_permission_checks=True)
    assert CampaignPage.objects.get(pk=alias.pk).alias_of_id is not None


def test_publishing_a_launched_story_writes_a_version(launched: Campaign) -> None:
    before = CampaignVersion.objects.filter(campaign=launched, locale="en").count()
    page = _page(launched)
    page.summary = "A lamp that runs on sea water."
    page.save_revision().publish()
    versions = CampaignVersion.objects.filter(campaign=launched, locale="en")
    assert versions.count() == before + 1
    assert versions.first().content["summary"] == "A lamp that runs on sea water."
    page.save_revision().publish()
    assert versions.count() == before + 1


def test_drafts_of_others_are_nobody_s(site: None) -> None:
    scenes.page(scenes.creator())
    assert not Campaign.objects.editable_by(scenes.creator()).exists()
    assert not Campaign.objects.editable_by(AnonymousUser()).exists()
