"""Running the checks of a submission: as a job, each once, and none of them able to hold up the others."""

import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from campaigns.models import CheckResult, Severity, Submission
from campaigns.services.checks import (
    calculation,
    completeness,
    compliance,
    duplicates,
    feasibility,
    languages,
    money_ties,
    verification,
)
from campaigns.services.checks.findings import Finding, Material
from cms.core import sweeps

logger = logging.getLogger(__name__)

# In the order in which reviewers read them.
CHECKS: dict[str, tuple[Any, Callable[[Material], Iterable[Finding]]]] = {
    "completeness": (_("Completeness"), completeness.check),
    "verification": (_("The creator"), verification.check),
    "compliance": (_("Claims"), compliance.check),
    "languages": (_("Both languages"), languages.check),
    "texts": (_("Copied texts"), duplicates.check_texts),
    "pictures": (_("Copied pictures"), duplicates.check_pictures),
    "accounts": (_("Bank accounts"), money_ties.check_accounts),
    "ring": (_("Where money came from"), money_ties.check_ring),
    "feasibility": (_("Feasibility"), feasibility.check),
    "calculation": (_("Sums"), calculation.check),
}


def run_checks(submission_id: int) -> int:
    """Run what hasn't run yet and store each result; returns how many were stored. Twice is once.

    A check that fails is logged and tried again by the sweep; the submission waits in the queue all the same.
    """
    submission = Submission.objects.select_related("campaign__creator").filter(pk=submission_id).first()
    if submission is None:
        return 0
    done = set(submission.checks.values_list("check_code", flat=True))
    material, stored = Material(submission), 0
    for code, (_name, check) in CHECKS.items():
        if code in done:
            continue
        try:
            with transaction.atomic():
                findings = [finding.as_dict() for finding in check(material)]
                worst = max((finding["severity"] for finding in findings), default=Severity.FINE)
                CheckResult.objects.create(submission=submission, check_code=code, severity=worst, findings=findings)
        except IntegrityError:
            continue  # another worker was faster
        except Exception:
            logger.exception("The check %s of submission %s failed; it runs again.", code, submission_id)
        else:
            stored += 1
    return stored


def run_due() -> int:
    """The checks of open submissions that a lost nudge or a failure left undone."""
    waiting = Submission.objects.open().unchecked(len(CHECKS)).order_by("pk").values_list("pk", flat=True)
    return sweeps.each(waiting[:50], run_checks)
