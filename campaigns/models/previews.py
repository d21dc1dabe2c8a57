"""Links that show a draft to people without an account, and what they said about it."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from campaigns.models.campaign import Campaign
from campaigns.models.pages import CampaignPage
from campaigns.states import CampaignState


class PreviewLinkQuerySet(models.QuerySet[Any]):
    """Links."""

    def live(self) -> "PreviewLinkQuerySet":
        """Those that open something now: in time, not revoked, of a campaign that was not turned down for good."""
        return self.filter(
            revoked_at=None, expires_at__gt=timezone.now(), revision__isnull=False, campaign__creator__is_active=True
        ).exclude(campaign__state=CampaignState.REJECTED)


class PreviewLink(models.Model):
    """One revision of one page, for whoever has the link, with the rewards as they were planned on that day.

    Only the token's hash is stored; the token follows from `seed` and the secret key (`services.sharing_drafts`).
    All its times are real time, as those of all tokens.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="preview_links")
    page = models.ForeignKey(CampaignPage, on_delete=models.CASCADE, related_name="preview_links")
    # A purged revision closes its link and leaves what was said about it.
    revision = models.ForeignKey(Revision, null=True, on_delete=models.SET_NULL, related_name="+")
    # Terms as JSON, without secret rewards.
    terms = models.JSONField()
    seed = models.CharField(max_length=40)
    token_hash = models.CharField(max_length=64, unique=True)
    label = models.CharField(_("for whom"), max_length=80, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")), name="preview_link_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return self.label or f"{self.page.draft_title} · {self.created_at:%Y-%m-%d}"

    def is_live(self, now: datetime | None = None) -> bool:
        """Whether it opens something; of a listed row, `campaign` should be at hand."""
        closed = self.revoked_at is not None or self.revision_id is None
        turned_down = self.campaign.state == CampaignState.REJECTED or not self.campaign.creator.is_active
        return not closed and not turned_down and self.expires_at > (now or timezone.now())


class PreviewComment(models.Model):
    """What a reader of a link said: plain text, about the whole or one part of it."""

    link = models.ForeignKey(PreviewLink, on_delete=models.CASCADE, related_name="comments")
    name = models.CharField(_("name"), max_length=60, blank=True)
    text = models.TextField(_("comment"), max_length=2000)
    # The block's id, and its words on that day: the story goes on changing.
    part = models.CharField(max_length=60, blank=True)
    part_label = models.CharField(max_length=120, blank=True)
    written_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("comment on a draft")
        verbose_name_plural = _("comments on drafts")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="preview_comment_resolved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
