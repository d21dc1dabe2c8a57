"""The clock of reviews: who is told when a decision is owed."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.models import ReviewPolicy, Submission
from campaigns.services import notifying
from cms.core.errors import InvalidInput, NotAllowed
from cms.users import audit
from cms.users.models import User
from funding.money import EXPONENTS

LEAD = "campaigns.lead_reviews"
MOST = 200


@transaction.atomic
def tell_overdue() -> int:
    """Mail the head reviewers, once each, of what is overdue in app time; returns how many mails were planned."""
    return notifying.review_overdue(Submission.objects.overdue().select_related("campaign").order_by("due_at")[:MOST])


@transaction.atomic
def set_rules(*, actor: User, sla_hours: int, claim_minutes: int, limits: dict[str, int], reason: str) -> ReviewPolicy:
    """Put new rules in force from now on; what is in review keeps those under which it was submitted.

    `limits`: goals in minor units by currency above which two people decide; a currency without one always takes two.
    Raises `NotAllowed` for who doesn't lead the reviews, `InvalidInput`.
    """
    if not actor.has_perm(LEAD):
        raise NotAllowed(_("Only those who lead the reviews set their rules."))
    if not reason.strip():
        raise InvalidInput(_("Say why."), field="reason")
    if sla_hours < 1 or claim_minutes < 1:
        raise InvalidInput(_("Give at least one."), field="sla_hours" if sla_hours < 1 else "claim_minutes")
    if any(currency not in EXPONENTS or limit < 0 for currency, limit in limits.items()):
        raise InvalidInput(_("A limit belongs to a currency of the platform and is not negative."), field="limits")
    made = ReviewPolicy.objects.create(
        sla_hours=sla_hours, claim_minutes=claim_minutes, second_reviewer_limits=limits, reason=reason.strip(),
        made_by=actor,
    )  # fmt: skip
    audit.record(
        actor=actor, action="reviews.rules_set", subject=f"review_policy:{made.pk}", reason=made.reason,
        sla_hours=sla_hours, claim_minutes=claim_minutes, limits=limits,
    )  # fmt: skip
    return made
