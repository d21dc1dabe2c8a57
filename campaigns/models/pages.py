"""The story of a campaign, in one language. No term, price, stock or counter is ever a page field."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField
from wagtail.models import Page

from campaigns.blocks import StoryStreamBlock
from campaigns.models.campaign import Campaign


class CampaignIndexPage(Page):
    """The parent of all campaigns of a language; creators add theirs here."""

    introduction = models.CharField(_("introduction"), max_length=255, blank=True)


class CampaignPage(Page):
    """What all kinds share: promise, picture, story, risks."""

    campaign = models.ForeignKey(Campaign, blank=True, on_delete=models.PROTECT, related_name="pages")
    summary = models.CharField(_("promise in one sentence"), max_length=255, blank=True)
    hero_image = models.ForeignKey("images.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    hero_alt = models.CharField(_("what the picture shows"), max_length=200, blank=True)
    story = StreamField(StoryStreamBlock(), blank=True)
    risks = models.TextField(_("risks and how you meet them"), blank=True)


class RewardCampaignPage(CampaignPage):
    """Backers get rewards."""

    parent_page_types: ClassVar = ["campaigns.CampaignIndexPage"]
    subpage_types: ClassVar = []


class DonationCampaignPage(CampaignPage):
    """Backers give."""

    parent_page_types: ClassVar = ["campaigns.CampaignIndexPage"]
    subpage_types: ClassVar = []


class EquityCampaignPage(CampaignPage):
    """Backers become holders."""

    parent_page_types: ClassVar = ["campaigns.CampaignIndexPage"]
    subpage_types: ClassVar = []
