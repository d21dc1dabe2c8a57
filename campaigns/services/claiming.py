"""Taking a submission to read it: while one reviewer holds it, nobody else decides. A claim ends by itself."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.exceptions import ClaimedByAnother, NotInReview
from campaigns.models import ReviewClaim, ReviewPolicy, Submission, SubmissionDecision
from campaigns.services import editing
from cms.core.clock import AppNow, now
from cms.core.errors import NotAllowed
from cms.users import audit
from cms.users.models import User


@transaction.atomic
def claim(*, submission: Submission, actor: User) -> ReviewClaim:
    """Hold an open submission for as long as the rules say; again by the same person: from now on anew.

    A claim that ran out is taken over. Raises `ClaimedByAnother`, `NotInReview`, `NotAllowed` (no reviewer, one's own).
    """
    editing.locked(submission.campaign)
    if SubmissionDecision.objects.filter(submission=submission).exists():
        raise NotInReview(_("Somebody has decided this submission already."))
    if not Submission.objects.decidable_by(actor).filter(pk=submission.pk).exists():
        raise NotAllowed(_("Only a reviewer may decide this, and nobody their own."))
    refuse_if_held(submission, actor)
    until = now() + timedelta(minutes=ReviewPolicy.current().claim_minutes)
    held = ReviewClaim.objects.filter(submission=submission, released_at=None)
    mine = held.filter(reviewer=actor, expires_at__gt=AppNow()).first()
    if mine is not None:
        mine.expires_at = until
        mine.save(update_fields=["expires_at"])
        return mine
    # What is still held here has run out.
    held.update(released_at=AppNow())
    made = ReviewClaim.objects.create(submission=submission, reviewer=actor, expires_at=until)
    audit.record(
        actor=actor, action="campaign.review_claimed", subject=f"campaign:{submission.campaign.key}",
        number=submission.number,
    )  # fmt: skip
    return made


@transaction.atomic
def release(*, submission: Submission, actor: User) -> None:
    """Give one's own claim up; nothing where there is none."""
    editing.locked(submission.campaign)
    mine = ReviewClaim.objects.filter(submission=submission, reviewer=actor, released_at=None)
    if mine.update(released_at=AppNow()):
        audit.record(
            actor=actor, action="campaign.review_released", subject=f"campaign:{submission.campaign.key}",
            number=submission.number,
        )  # fmt: skip


def holder(submission: Submission) -> ReviewClaim | None:
    """The claim that holds now, in app time."""
    held = ReviewClaim.objects.filter(submission=submission, released_at=None, expires_at__gt=AppNow())
    return held.select_related("reviewer").first()


def refuse_if_held(submission: Submission, actor: User) -> None:
    """Raises `ClaimedByAnother` while somebody else reads it."""
    held = holder(submission)
    if held is not None and held.reviewer_id != actor.pk:
        raise ClaimedByAnother(
            _("%(name)s is reading this submission.") % {"name": held.reviewer.public_name},
            until=held.expires_at.isoformat(),
        )


def end_claim(submission: Submission) -> None:
    """Nobody reads what is decided."""
    ReviewClaim.objects.filter(submission=submission, released_at=None).update(released_at=AppNow())
