"""Who works on a campaign beside its creator, and what they proposed about its money."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.policies import SCOPES
from cms.core.clock import AppNow

SCOPE_LABELS = {
    "story": _("Story and updates"),
    "fulfilment": _("Backers and fulfilment"),
    "finance": _("Money, to look at"),
}


class CollaboratorQuerySet(models.QuerySet[Any]):
    """Invitations and those who took them."""

    def working(self) -> "CollaboratorQuerySet":
        """Those who accepted and are still there."""
        return self.filter(accepted_at__isnull=False, ended_at=None)

    def current(self) -> "CollaboratorQuerySet":
        """Those and who is still asked."""
        return self.filter(ended_at=None)


class Collaborator(models.Model):
    """One invitation by e-mail and what became of it: accepted, declined, left, removed, revoked.

    The link is signed and ends at `link_until` (real time, as tokens do); ending the row revokes it.
    """

    class End(models.TextChoices):
        """How it ended."""

        DECLINED = "declined", _("Declined")
        LEFT = "left", _("Left")
        REMOVED = "removed", _("Removed")
        REVOKED = "revoked", _("Invitation taken back")

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="collaborators")
    email = models.EmailField(_("e-mail address"))
    scopes = ArrayField(models.CharField(max_length=10), size=3)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="collaborations"
    )
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(db_default=AppNow())
    link_until = models.DateTimeField()
    # Grows with each link: an older one opens nothing any more.
    link_number = models.PositiveIntegerField(default=1)
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=10, choices=End.choices, blank=True)

    objects = CollaboratorQuerySet.as_manager()

    class Meta:
        verbose_name = _("collaborator")
        verbose_name_plural = _("collaborators")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "campaign", Lower("email"), condition=Q(ended_at=None), name="collaborator_one_address"
            ),
            models.UniqueConstraint(
                fields=["campaign", "user"], condition=Q(ended_at=None), name="collaborator_one_person"
            ),
            models.CheckConstraint(
                condition=Q(scopes__len__gt=0, scopes__contained_by=[str(scope) for scope in SCOPES]),
                name="collaborator_scopes_known",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(user__isnull=False), name="collaborator_accepted_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, end="") | Q(ended_at__isnull=False) & ~Q(end=""),
                name="collaborator_end_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.user.public_name if self.user else self.email

    @property
    def scope_labels(self) -> list[str]:
        """What they may do, in words."""
        return [str(SCOPE_LABELS[str(scope)]) for scope in SCOPES if str(scope) in self.scopes]


class PayoutProposal(models.Model):
    """A finance collaborator asks the owner to let another payout account be set up; only the owner's yes does it."""

    class Answer(models.TextChoices):
        """What the owner said."""

        CONFIRMED = "confirmed", _("Confirmed")
        DECLINED = "declined", _("Declined")

    creator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payout_proposals")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="payout_proposals")
    reason = models.TextField()
    proposed_at = models.DateTimeField(db_default=AppNow())
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["creator"], condition=Q(answer=""), name="payout_proposal_one_open"),
            models.CheckConstraint(condition=~Q(proposed_by=models.F("creator")), name="payout_proposal_of_another"),
        ]


class CampaignPicture(models.Model):
    """A picture that a campaign shows or was given: its whole team may use it, whoever brought it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="pictures")
    image = models.ForeignKey("images.Image", on_delete=models.CASCADE, related_name="campaign_pictures")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "image"], name="campaign_picture_once")]
