"""The demo's reviewers: as many as it takes, and in words where the checks found something."""

from campaigns.models import Submission
from campaigns.services.reviewing import approve
from home.demo import casting

REVIEWERS = ("reviewer@example.com", "admin@example.com")
# The local Stripe gives every creator the same bank account, and trial stories show no workshop.
REASON = (
    "We have seen a prototype at the workshop; the shared bank account is the local Stripe's.\n"
    "我们已在工坊看过样品；收款账户相同是因为使用本地 Stripe。"
)


def approve_by_all(submission: Submission) -> None:
    """Yes, from a second reviewer too where the goal asks for one."""
    for address in REVIEWERS:
        if approve(submission=submission, actor=casting.user(address), reason=REASON) is not None:
            return
