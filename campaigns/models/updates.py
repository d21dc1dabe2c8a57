"""The update log of a campaign."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin
from wagtail.models.audit_log import BaseLogEntry, BaseLogEntryManager

from campaigns.blocks import UpdateStreamBlock
from campaigns.models.campaign import Campaign
from campaigns.previewing import HEADLESS, HEADLESS_TEMPLATE, preview_modes
from campaigns.querysets import UpdateQuerySet
from cms.core.clock import AppNow
from cms.core.keys import new_key


class Audience(models.TextChoices):
    """Who may read an update."""

    PUBLIC = "public", _("Everybody")
    BACKERS = "backers", _("Backers only")


_OF_THE_ROW = (
    "campaign_id", "author_id", "key", "translation_key", "locale", "published_at", "publish_at", "mailed_at",
)  # fmt: skip


class CampaignUpdate(DraftStateMixin, RevisionMixin, PreviewableMixin, models.Model):
    """News from the creator, in one language. Backers-only text is in no public API, search or feed."""

    key = models.CharField(max_length=20, unique=True, default=new_key, editable=False)
    # The same news in another language: a backer gets one of them by mail.
    translation_key = models.UUIDField(default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="updates", verbose_name=_("campaign"))
    locale = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    title = models.CharField(_("title"), max_length=120)
    body = StreamField(UpdateStreamBlock(), blank=True, verbose_name=_("text"))
    audience = models.CharField(
        _("who may read it"), max_length=10, choices=Audience.choices, default=Audience.PUBLIC,
        help_text=_("Backers only: shown to signed-in backers and mailed to them, and nowhere else."),
    )  # fmt: skip
    publish_at = models.DateTimeField(
        _("publish at"), null=True, blank=True, help_text=_("Leave empty to publish it yourself.")
    )
    published_at = models.DateTimeField(null=True, editable=False)
    # Since when nobody waits any more for the mail of it, in this language or another.
    mailed_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(db_default=AppNow(), editable=False)

    objects = UpdateQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-published_at", "-pk"]
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["translation_key", "locale"], name="update_once_per_language")
        ]

    def __str__(self) -> str:
        return self.title

    def with_content_json(self, content: dict[str, Any]) -> "CampaignUpdate":
        """A revision brings text only: whose, which and when stay the row's."""
        update = super().with_content_json(content)
        for field in _OF_THE_ROW:
            setattr(update, field, getattr(self, field))
        return update

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """The site and, where a setting names one, a front end of one's own."""
        return preview_modes()

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        """As readers will see it."""
        return HEADLESS_TEMPLATE if mode_name == HEADLESS else "pages/wagtail/update.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        """What the page needs."""
        return {"draft": self, "request": request, "is_preview": True}


class UpdateLogManager(BaseLogEntryManager):
    """Who may read what was done to updates: Wagtail's own log shows every row of a permitted model."""

    def log_action(self, instance: Any, action: str, **kwargs: Any) -> Any:
        """One entry."""
        return super().log_action(instance, action, **{**kwargs, "update_id": instance.pk})

    def for_instance(self, instance: Any) -> models.QuerySet["UpdateLogEntry"]:
        """The history of one update."""
        return self.filter(update_id=instance.pk)

    def viewable_by_user(self, user: Any) -> models.QuerySet["UpdateLogEntry"]:
        """Entries about updates that the person writes."""
        return self.filter(update_id__in=CampaignUpdate.objects.editable_by(user).values("pk"))


class UpdateLogEntry(BaseLogEntry):
    """What was done to an update in the admin."""

    update_id = models.BigIntegerField(db_index=True)

    objects = UpdateLogManager()

    class Meta(BaseLogEntry.Meta):
        ordering: ClassVar = ["-timestamp", "-id"]

    @property
    def object_id(self) -> int:
        """What Wagtail's reports call it."""
        return self.update_id
