"""What waits for a reviewer, and their word."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import selectors
from campaigns.api import review_shapes
from campaigns.api import studio_shapes as shapes
from campaigns.api.browsing import CURSOR, LIMIT
from campaigns.models import Submission
from campaigns.services import claiming, reviewing
from cms.core.api import SignedIn, instant, keyset, user_of
from cms.users import roles


class IsReviewer(BasePermission):
    """People with the role Reviewer."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Ask for the role."""
        return roles.has_role(request.user, roles.REVIEWER)


class Queue(SignedIn):
    """The queue."""

    permission_classes = (IsAuthenticated, IsReviewer)

    @extend_schema(
        operation_id="review_queue", tags=["review"], parameters=[CURSOR, LIMIT], responses=shapes.SubmissionPage
    )
    def get(self, request: Request) -> Response:
        """What the caller may decide, the newest first; never their own."""
        rows = selectors.review_queue(user_of(request))
        window = keyset(rows, by="id", request=request)
        return Response({"items": [shapes.submission(row) for row in window.rows], "next_cursor": window.next_cursor})


class Decision(SignedIn):
    """One submission."""

    permission_classes = (IsAuthenticated, IsReviewer)

    @extend_schema(operation_id="read_submission", tags=["review"], responses=review_shapes.ReviewedSubmission)
    def get(self, request: Request, submission_id: int) -> Response:
        """What was submitted, what the checks found with their evidence, who reads it and who has approved."""
        row = _submission(submission_id)
        return Response(review_shapes.reviewed(row, holder=claiming.holder(row)))

    @extend_schema(
        operation_id="decide_submission", tags=["review"], request=shapes.DecisionIn,
        responses={200: shapes.DecisionData, 202: review_shapes.ReviewedSubmission},
    )  # fmt: skip
    def post(self, request: Request, submission_id: int) -> Response:
        """Approve it (which publishes the story), ask for changes, or reject it for good.

        202 with the submission where the approval needs another reviewer's.
        """
        given = shapes.DecisionIn(data=request.data)
        given.is_valid(raise_exception=True)
        row = _submission(submission_id)
        decide = getattr(reviewing, given.validated_data["decision"])
        made = decide(
            submission=row, actor=user_of(request), reason=given.validated_data.get("reason", ""),
            feasibility=given.validated_data.get("feasibility"),
        )  # fmt: skip
        if made is None:
            return Response(review_shapes.reviewed(row, holder=None), status=202)
        return Response({"outcome": made.outcome, "reason": made.reason, "decided_at": instant(made.decided_at)})


class Claim(SignedIn):
    """Who reads it."""

    permission_classes = (IsAuthenticated, IsReviewer)

    @extend_schema(operation_id="claim_submission", tags=["review"], request=None, responses=review_shapes.ClaimData)
    def post(self, request: Request, submission_id: int) -> Response:
        """Hold it for a while, or for longer: nobody else decides meanwhile. 409 while another reviewer has it."""
        made = claiming.claim(submission=_submission(submission_id), actor=user_of(request))
        return Response(review_shapes.claim(made))

    @extend_schema(operation_id="release_submission", tags=["review"], responses={204: None})
    def delete(self, request: Request, submission_id: int) -> Response:
        """Give one's own claim up."""
        claiming.release(submission=_submission(submission_id), actor=user_of(request))
        return Response(status=204)


def _submission(submission_id: int) -> Submission:
    row = Submission.objects.select_related("campaign", "submitted_by").filter(pk=submission_id).first()
    if row is None:
        raise Http404
    return row
