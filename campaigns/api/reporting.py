"""Reporting a campaign."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api import reading
from campaigns.models import ReportKind
from campaigns.services.reporting import report_campaign
from cms.core.api import ApiView, Choice, Shape, Strict, Text, Throttle, locale_of, sealed, user_of


class ReportIn(Strict):
    """What is wrong. `work` and `email` are needed for a claim of rights; who is signed in needs no `email`."""

    kind = Choice(ReportKind.values)
    text = Text(max_length=2000)
    work = Text(max_length=2000, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True, max_length=254)


class ReportTaken(Shape):
    """`merged`: it was added to what the same person had reported of the same matter."""

    received = serializers.BooleanField()
    merged = serializers.BooleanField()


class Reports(ApiView):
    """Reports of one campaign; staff read them in the admin."""

    throttle_classes = (Throttle.of("reports"),)

    @extend_schema(operation_id="report_campaign", tags=["campaigns"], request=ReportIn, responses={202: ReportTaken})
    def post(self, request: Request, key: str) -> Response:
        """Take it; a person reads it. 429 with `too_many_reports` after five within an hour."""
        given = ReportIn(data=request.data)
        given.is_valid(raise_exception=True)
        locale = locale_of(request)
        report = report_campaign(
            campaign=reading.shown(key, locale).campaign, user=user_of(request), locale=locale,
            network=Throttle().get_ident(request), **given.validated_data,
        )  # fmt: skip
        return sealed(Response({"received": True, "merged": report.times > 1}, status=202))
