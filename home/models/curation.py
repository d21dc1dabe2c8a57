"""Curation: which campaigns the editors show, where, to whom, when, why and for whose money."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField, IntegerRangeField
from django.contrib.postgres.fields.ranges import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from campaigns.states import PUBLIC
from cms.core.clock import AppNow

EVERY_LANGUAGE = ""
# States of a campaign in which nobody should be led to it: suspended, called off, given back.
NOT_FEATURED = ("on_hold", "cancelling", "failed", "refunding", "refunded", "refund_blocked")


class SlotKind(models.TextChoices):
    """Why a campaign is shown; readers are told when it is for money."""

    STAFF_PICK = "staff_pick", _("Staff pick")
    PAID = "paid", _("Paid placement")


class FeaturedSlotQuerySet(models.QuerySet["FeaturedSlot"]):
    """Slots by time and language."""

    def at(self, moment: Any) -> "FeaturedSlotQuerySet":
        """Those planned for that instant: from their beginning until just before their end."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=moment), starts_at__lte=moment)

    def current(self) -> "FeaturedSlotQuerySet":
        """Those that are on the page now, in app time."""
        return self.at(AppNow())

    def seen_in(self, locale: str) -> "FeaturedSlotQuerySet":
        """Those of one language, and those of every."""
        return self.filter(locale__in=[EVERY_LANGUAGE, locale])


def _range(function: str, *bounds: Any, field: models.Field) -> Func:
    return Func(*bounds, function=function, output_field=field)


def _language() -> Case:
    # Every language is the whole line, one language a point on it: they overlap exactly when a reader sees both.
    point = Func(F("locale"), Value(0), function="hashtextextended", output_field=models.BigIntegerField())
    return Case(
        When(locale=EVERY_LANGUAGE, then=_range("int8range", Value(None), Value(None), field=BigIntegerRangeField())),
        default=_range("int8range", point, point, Value("[]"), field=BigIntegerRangeField()),
        output_field=BigIntegerRangeField(),
    )


class FeaturedSlot(models.Model):
    """A campaign in a place on the home page, for a time and with a reason. Position 1 is the lead picture.

    Once it has begun it is part of the record: only its end may still move, and never into the past.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="featured_slots", verbose_name=_("campaign")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=2)
    locale = models.CharField(
        _("language"), max_length=10, blank=True, default=EVERY_LANGUAGE,
        choices=[(EVERY_LANGUAGE, _("Every language")), *settings.WAGTAIL_CONTENT_LANGUAGES],
    )  # fmt: skip
    kind = models.CharField(
        _("why"), max_length=10, choices=SlotKind.choices, default=SlotKind.STAFF_PICK,
        help_text=_("A paid placement is labelled as one for readers."),
    )  # fmt: skip
    starts_at = models.DateTimeField(_("from"), db_default=AppNow(), blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=255, help_text=_("Kept with the record of what was featured."))
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("chosen by"),
    )  # fmt: skip

    objects: ClassVar[models.Manager] = FeaturedSlotQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        verbose_name = _("featured campaign")
        verbose_name_plural = _("featured campaigns")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="featured_ends_later"
            ),
            models.CheckConstraint(condition=Q(kind__in=SlotKind.values), name="featured_kind_known"),
            ExclusionConstraint(
                name="featured_place_once",
                expressions=[
                    (
                        _range("int4range", F("position"), F("position"), Value("[]"), field=IntegerRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                    (_language(), RangeOperators.OVERLAPS),
                    (
                        _range("tstzrange", F("starts_at"), F("ends_at"), field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Another campaign has this place at that time."),
                violation_error_code="place_taken",
            ),
        ]

    def __str__(self) -> str:
        listing = next(iter(self.campaign.listings.all()), None)
        return f"{self.position}. {listing.title if listing else self.campaign}"

    def clean(self) -> None:
        """Only what readers may see is featured."""
        super().clean()
        if self.campaign_id and self.campaign.state not in PUBLIC:
            raise ValidationError({"campaign": _("Only an approved campaign can be featured.")})


class FeaturedAbsence(models.Model):
    """A time within a slot in which its campaign was not shown: on hold, cancelled, unpublished. To the minute."""

    slot = models.ForeignKey(FeaturedSlot, on_delete=models.CASCADE, related_name="absences")
    since = models.DateTimeField(db_default=AppNow())
    until = models.DateTimeField(null=True)
    why = models.CharField(max_length=20, help_text="the campaign's state, or `hidden`")

    class Meta:
        ordering: ClassVar = ["since"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slot"], condition=Q(until=None), name="featured_absence_open_once"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="featured_absence_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot_id}: {self.why}"
