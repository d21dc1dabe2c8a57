"""Is everything there that a reader needs? What is missing for certain stopped the submission; the rest is told."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from campaigns.models import Severity
from campaigns.services import checking
from campaigns.services.checks.findings import Finding, Material, in_both


def check(material: Material) -> Iterator[Finding]:
    """Problems that arose since, and a story in one language only."""
    for problem in checking.problems(material.campaign):
        # Their sentences are made in the reader's language: asked for once more in each.
        words = in_both(lambda code=problem.code, field=problem.field: _again(material, code, field))  # type: ignore[misc]
        yield Finding(problem.code, Severity.WARNING, words, for_creator=True)
    if len(material.pages) == 1:
        yield Finding(
            "one_language", Severity.NOTE,
            in_both(lambda: _("The story is told in one language only; readers of the other see this one.")),
            for_creator=True,
        )  # fmt: skip


def _again(material: Material, code: str, field: str) -> str:
    found = checking.problems(material.campaign)
    return next((problem.message for problem in found if (problem.code, problem.field) == (code, field)), code)
