"""What waits for a reviewer, and their word."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import selectors
from campaigns.api import studio_shapes as shapes
from campaigns.api.browsing import CURSOR, LIMIT
from campaigns.models import Submission
from campaigns.services import reviewing
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

    @extend_schema(
        operation_id="decide_submission", tags=["review"], request=shapes.DecisionIn, responses=shapes.DecisionData
    )
    def post(self, request: Request, submission_id: int) -> Response:
        """Approve it (which publishes the story), ask for changes, or reject it for good."""
        given = shapes.DecisionIn(data=request.data)
        given.is_valid(raise_exception=True)
        row = Submission.objects.select_related("campaign").filter(pk=submission_id).first()
        if row is None:
            raise Http404
        decide = getattr(reviewing, given.validated_data["decision"])
        made = decide(submission=row, actor=user_of(request), reason=given.validated_data.get("reason", ""))
        return Response({"outcome": made.outcome, "reason": made.reason, "decided_at": instant(made.decided_at)})
