"""What creators read of their reviews."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api import review_shapes as shapes
from campaigns.api.studio import Studio


class Attempts(Studio):
    """Attempts at review."""

    @extend_schema(operation_id="own_reviews", tags=["creator"], responses=shapes.AttemptsData)
    def get(self, request: Request, key: str) -> Response:
        """Each with the reviewer's reason and what the automatic checks found for its creator to mend."""
        row = self.own(request, key)
        attempts = row.submissions.select_related("decision").prefetch_related("checks").order_by("-number")
        return Response({"items": [shapes.attempt(each) for each in attempts]})
