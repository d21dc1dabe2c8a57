"""What campaigns refuse, each named for the fact, with a code that API clients may rely on."""

from typing import Any

from cms.core.errors import InvalidInput, NotAllowed, Refusal


class TermsLocked(Refusal):
    """The draft terms may not change: they are in review, approved or frozen."""

    code = "terms_locked"


class StaleTerms(Refusal):
    """Somebody else saved the terms in the meantime; `extra["revision"]` is the newest."""

    code = "stale_terms"


class InvalidTerms(InvalidInput):
    """A term that can't be right; `field` names it."""

    code = "invalid_terms"


class IncompleteCampaign(Refusal):
    """Something is missing for review; `extra["problems"]` lists code, field and message of each."""

    code = "incomplete_campaign"


class ContradictingFacts(InvalidInput):
    """Facts that can't both be true; `extra["contradictions"]` lists the facts and how they differ."""

    code = "contradicting_facts"


class SuggestionDecided(Refusal):
    """Somebody has accepted or rejected it, or a newer one took its place."""

    code = "suggestion_decided"


class AlreadyInReview(Refusal):
    """A submission waits for its decision."""

    code = "already_in_review"


class NotInReview(Refusal):
    """The submission is decided, or there is none."""

    code = "not_in_review"


class ClaimedByAnother(Refusal):
    """Another reviewer is reading it; `extra["until"]` says how long the claim holds."""

    code = "claimed_by_another"


class SecondReviewerNeeded(NotAllowed):
    """Above the limit of the currency two different people approve."""

    code = "second_reviewer_needed"


class NothingChanged(Refusal):
    """What would be submitted is what is published."""

    code = "nothing_changed"


class SubmissionChanged(NotAllowed):
    """Terms or a page are no longer what was submitted."""

    code = "submission_changed"
    status = 409


class NotApproved(Refusal):
    """Only an approved campaign can be launched."""

    code = "not_approved"


class DeadlinePassed(Refusal):
    """The fixed deadline is over or too near; reopen the terms and choose another."""

    code = "deadline_passed"


class IllegalStep(Refusal):
    """The campaign's state doesn't allow the step; `extra["state"]` says which it is in."""

    code = "illegal_step"


class IncompleteUpdate(Refusal):
    """An update without a title or text."""

    code = "incomplete_update"


class StaleVersion(Refusal):
    """The campaign changed since the backer opened the form; `extra["changes"]` says what, `extra["version"]` which is
    the newest."""

    code = "stale_version"


class BackerBlocked(NotAllowed):
    """This person may not back campaigns."""

    code = "backer_blocked"


def not_yours(**extra: Any) -> NotAllowed:
    """The same answer for every campaign of another creator."""
    from django.utils.translation import gettext as _

    return NotAllowed(_("Only the campaign's creator may do this."), **extra)


class AlreadyCollaborating(Refusal):
    """The person is invited or works on the campaign."""

    code = "already_collaborating"


class InvitationOver(Refusal):
    """The link was taken back, replaced, answered, or is too old."""

    code = "invitation_over"
    status = 410


class ProposalAnswered(Refusal):
    """The proposal about payouts has its answer, or another waits."""

    code = "proposal_answered"


class PreviewOver(Refusal):
    """The link to a draft was revoked, is too old, or never was one."""

    code = "preview_over"
    status = 410
