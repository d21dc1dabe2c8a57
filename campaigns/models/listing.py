"""The narrow rows that every card, facet, sort and search reads."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from campaigns.models.campaign import Campaign
from campaigns.querysets import ListingQuerySet
from cms.core.clock import AppNow


class CampaignListing(models.Model):
    """One row per campaign and locale. Editorial columns are written with the edit, money columns by a projector."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="listings")
    locale = models.CharField(max_length=10)
    page_id = models.PositiveBigIntegerField()
    url_path = models.CharField(max_length=300)
    title = models.CharField(max_length=255)
    summary = models.CharField(max_length=255, blank=True)
    creator_name = models.CharField(max_length=80)
    creator_key = models.CharField(max_length=20, blank=True)
    # Whether everything asked of this kind of creator is checked and valid; follows each decision and expiry.
    creator_verified = models.BooleanField(default=False)
    kind = models.CharField(max_length=10)
    category_slug = models.SlugField(blank=True)
    # The parent's slug too, so that one indexed equality finds a whole branch.
    category_root = models.SlugField(blank=True)
    image = models.JSONField(default=dict, help_text="{alt, width, height, focal_point, sources}")
    visible = models.BooleanField(default=True)

    state = models.CharField(max_length=20, help_text="prelaunch or the escrow's")
    currency = models.CharField(max_length=3)
    goal = models.BigIntegerField()
    raised = models.BigIntegerField(default=0)
    backers = models.PositiveIntegerField(default=0)
    percent_bps = models.BigIntegerField(default=0, help_text="raised of goal in basis points")
    trend = models.FloatField(default=0)
    # Since when it shows: approval, then launch.
    listed_at = models.DateTimeField(db_default=AppNow())
    launched_at = models.DateTimeField(null=True)
    deadline = models.DateTimeField(null=True)

    objects = ListingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "locale"], name="listing_unique")]
        indexes: ClassVar = [
            models.Index(fields=["locale", "-listed_at", "-id"], name="listing_newest", condition=Q(visible=True)),
            models.Index(
                fields=["locale", "-percent_bps", "-id"], name="listing_most_funded", condition=Q(visible=True)
            ),
            models.Index(fields=["locale", "-trend", "-id"], name="listing_trending", condition=Q(visible=True)),
            models.Index(fields=["locale", "deadline", "id"], name="listing_ending", condition=Q(visible=True)),
            models.Index(
                fields=["locale", "category_root", "-percent_bps", "-id"], name="listing_by_category",
                condition=Q(visible=True),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class ListingText(models.Model):
    """The searchable text of a listing, in a row of its own so that money never rewrites a GIN index."""

    listing = models.OneToOneField(CampaignListing, on_delete=models.CASCADE, related_name="text")
    vector = SearchVectorField()

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["vector"], name="listing_text_gin")]
