"""What the automatic checks found, append-only; and the fingerprints by which copies are recognised."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.models.review import Submission
from cms.core.clock import AppNow


class Severity(models.IntegerChoices):
    """How much a finding weighs. None of them decides: a person does."""

    FINE = 0, _("Nothing found")
    NOTE = 1, _("Worth knowing")
    WARNING = 2, _("Look at it")
    SERIOUS = 3, _("Serious")


class CheckResult(models.Model):
    """One check of one submission. `findings`: `[{code, severity, words: {locale: text}, evidence, for_creator}]`."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="checks")
    check_code = models.CharField(max_length=30)
    severity = models.PositiveSmallIntegerField(choices=Severity.choices)
    findings = models.JSONField(default=list)
    version = models.PositiveSmallIntegerField(default=1, help_text="of the check's rules")
    checked_at = models.DateTimeField(db_default=AppNow())

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["submission", "check_code"], name="check_result_once")]

    def __str__(self) -> str:
        return f"{self.submission} {self.check_code}"


class StoryFingerprint(models.Model):
    """Hashes of passages of one submission; `locale` is `numbers` for those that outlive a translation.

    One row a submission, not a campaign: who told it first can be said only of what was told when.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    locale = models.CharField(max_length=10)
    hashes = ArrayField(models.BigIntegerField())
    first_seen = models.DateTimeField(db_default=AppNow())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submission", "locale"], name="story_fingerprint_unique")
        ]
        indexes: ClassVar = [GinIndex(fields=["hashes"], name="story_fingerprint_hashes")]

    def __str__(self) -> str:
        return f"{self.submission} {self.locale}"


class PictureFingerprint(models.Model):
    """What a submitted picture looks like, whole and in cuttings: the first hash is the whole picture's."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    image = models.ForeignKey("images.Image", on_delete=models.CASCADE, related_name="+")
    hashes = ArrayField(models.BigIntegerField())
    first_seen = models.DateTimeField(db_default=AppNow())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "image"], name="picture_fingerprint_unique")
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.image_id}"
