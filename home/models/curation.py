"""Curation: which campaigns the editors show, where, when and why."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from campaigns.states import PUBLIC
from cms.core.clock import AppNow


class FeaturedSlotQuerySet(models.QuerySet["FeaturedSlot"]):
    """Slots by time."""

    def current(self) -> "FeaturedSlotQuerySet":
        """Those that are on the page now, in app time."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=AppNow()), starts_at__lte=AppNow())


class FeaturedSlot(models.Model):
    """A campaign in a place on the home page, for a time and with a reason. Position 1 is the lead picture."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="featured_slots", verbose_name=_("campaign")
    )
    position = models.PositiveIntegerField(_("position"), default=2)
    starts_at = models.DateTimeField(_("from"), db_default=AppNow(), blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=255, help_text=_("Kept with the record of what was featured."))

    objects: ClassVar[models.Manager] = FeaturedSlotQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        verbose_name = _("featured campaign")
        verbose_name_plural = _("featured campaigns")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="featured_ends_later"
            )
        ]

    def __str__(self) -> str:
        listing = next(iter(self.campaign.listings.all()), None)
        return f"{self.position}. {listing.title if listing else self.campaign}"

    def clean(self) -> None:
        """Refuse a second campaign in the same place at the same time."""
        super().clean()
        if self.campaign_id and self.campaign.state not in PUBLIC:
            raise ValidationError({"campaign": _("Only an approved campaign can be featured.")})
        if self._overlapping().exists():
            raise ValidationError({"position": _("Another campaign has this place at that time.")})

    def _overlapping(self) -> models.QuerySet[Any]:
        others = type(self).objects.filter(position=self.position).exclude(pk=self.pk)
        starts_at = self.starts_at if hasattr(self.starts_at, "year") else AppNow()
        others = others.filter(Q(ends_at=None) | Q(ends_at__gt=starts_at))
        return others.filter(starts_at__lt=self.ends_at) if self.ends_at else others
