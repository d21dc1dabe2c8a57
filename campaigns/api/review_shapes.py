"""What reviewers read of a submission, and what its creator reads of the review."""

from typing import Any

from rest_framework import serializers

from campaigns.api.shapes import LOCALES
from campaigns.api.studio_shapes import DecisionData, SubmissionData, submission
from campaigns.models import CheckResult, ReviewClaim, Severity, Submission
from campaigns.services.checks import CHECKS
from cms.core.api import Instant, Shape, instant

SEVERITIES = [severity.name.lower() for severity in Severity]


class FindingData(Shape):
    """One find, in every language, with its evidence: objects told apart by `type`."""

    code = serializers.CharField()
    severity = serializers.ChoiceField(SEVERITIES)
    words = serializers.DictField(child=serializers.CharField(), help_text=f"by locale: {', '.join(LOCALES)}")
    evidence = serializers.ListField(child=serializers.DictField())


class CheckData(Shape):
    """One automatic check. `fine` with no findings: it looked and found nothing."""

    check = serializers.ChoiceField(list(CHECKS))
    severity = serializers.ChoiceField(SEVERITIES)
    checked_at = Instant()
    findings = FindingData(many=True)


class ClaimData(Shape):
    """Who reads a submission, and until when nobody else decides."""

    reviewer = serializers.CharField()
    until = Instant()


class ReviewedSubmission(SubmissionData):
    """A submission with all that a decision needs. `approvals` of `approvals_needed` have been given."""

    due_at = Instant(allow_null=True)
    claim = ClaimData(allow_null=True)
    approvals = serializers.IntegerField()
    approvals_needed = serializers.IntegerField()
    checks = CheckData(many=True)
    checks_pending = serializers.IntegerField()


class AttemptData(Shape):
    """One attempt as its creator sees it; `decision` is null while it waits. Findings are those meant for creators."""

    number = serializers.IntegerField()
    submitted_at = Instant()
    due_at = Instant(allow_null=True)
    change_note = serializers.CharField(allow_blank=True)
    decision = DecisionData(allow_null=True)
    checks = CheckData(many=True)


class AttemptsData(Shape):
    """All attempts at review of a campaign, the newest first."""

    items = AttemptData(many=True)


def claim(row: ReviewClaim) -> dict[str, Any]:
    """What `ClaimData` says."""
    return {"reviewer": row.reviewer.public_name, "until": instant(row.expires_at)}


def check(row: CheckResult, *, for_creator: bool = False) -> dict[str, Any]:
    """What `CheckData` says; for creators without what would tell on others, or tell them what to hide."""
    findings = [finding for finding in row.findings if finding["for_creator"] or not for_creator]
    worst = max((finding["severity"] for finding in findings), default=0)
    return {
        "check": row.check_code,
        "severity": SEVERITIES[worst],
        "checked_at": instant(row.checked_at),
        "findings": [
            {
                **{key: finding[key] for key in ("code", "words", "evidence")},
                "severity": SEVERITIES[finding["severity"]],
            }
            for finding in findings
        ],
    }


def reviewed(row: Submission, *, holder: ReviewClaim | None) -> dict[str, Any]:
    """What `ReviewedSubmission` says."""
    checks = list(row.checks.all())
    return {
        **submission(row),
        "due_at": instant(row.due_at),
        "claim": claim(holder) if holder else None,
        "approvals": row.approvals.count(),
        "approvals_needed": row.reviewers_needed,
        "checks": [check(result) for result in checks],
        "checks_pending": len(CHECKS) - len(checks),
    }


def attempt(row: Submission) -> dict[str, Any]:
    """What `AttemptData` says of a submission with its decision and checks at hand."""
    decision = getattr(row, "decision", None)
    shown = [check(result, for_creator=True) for result in row.checks.all()]
    return {
        "number": row.number,
        "submitted_at": instant(row.submitted_at),
        "due_at": instant(row.due_at),
        "change_note": row.change_note,
        "decision": decision and {
            "outcome": decision.outcome, "reason": decision.reason, "decided_at": instant(decision.decided_at),
        },
        "checks": [each for each in shown if each["findings"]],
    }  # fmt: skip
