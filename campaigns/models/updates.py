"""The update log of a campaign."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin

from campaigns.blocks import UpdateStreamBlock
from campaigns.models.campaign import Campaign
from cms.core.clock import AppNow


class Audience(models.TextChoices):
    """Who may read an update."""

    PUBLIC = "public", _("Everybody")
    BACKERS = "backers", _("Backers only")


class CampaignUpdate(DraftStateMixin, RevisionMixin, PreviewableMixin, models.Model):
    """News from the creator, in one language. Backers-only text is in no public API, search or feed."""

    key = models.CharField(max_length=20, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="updates")
    locale = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=120)
    body = StreamField(UpdateStreamBlock())
    audience = models.CharField(_("audience"), max_length=10, choices=Audience.choices, default=Audience.PUBLIC)
    publish_at = models.DateTimeField(_("publish at"), null=True, blank=True, help_text="app time")
    published_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(db_default=AppNow(), editable=False)

    class Meta:
        ordering: ClassVar = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return self.title
