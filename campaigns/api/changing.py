"""Changing a pledge, and taking one up again whose payment failed."""

import uuid
from typing import Any

from django.utils import translation
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.pledging import KEY, MOST_LINES, LineIn, key_of, spoken
from campaigns.services import delivering
from campaigns.services.changing import change_pledge, quote_change, take_up_again
from cms.core.api import ApiView, Money, Shape, Strict, Text, Throttle, money, sealed
from funding.api.pledges import AmendmentView, PledgeView, actor_of, own_pledge, whole_answer
from funding.api.shapes import MoneyInput, PledgeData, amount_in
from funding.models import Pledge
from funding.services.pledging import LineInput


class ChangeIn(Strict):
    """What the pledge is to be; what is left out stays as it is. `extra: null` takes the extra sum away.

    `{"lines": [{"reward": "k3f9", "quantity": 2}], "country": "CN"}`
    """

    lines = serializers.ListField(child=LineIn(), max_length=MOST_LINES, required=False)
    extra = MoneyInput(required=False, allow_null=True)
    country = Text(required=False, allow_blank=True, max_length=2, help_text="ISO 3166, for what is shipped.")
    version = Text(required=False, allow_blank=True, max_length=64, help_text="Hash of what the backer saw.")
    secret = Text(required=False, allow_blank=True, max_length=64, help_text="Of the link to a secret reward.")


class ChangePreview(Shape):
    """What a change would cost. `difference` is to pay; below zero it comes back."""

    total = Money()
    difference = Money()


class OnePledge(PledgeView):
    """One pledge: see it, change it, cancel it."""

    @extend_schema(
        operation_id="change_pledge", tags=["pledges"], parameters=[KEY], request=ChangeIn,
        responses={200: PledgeData},
        description="Change a paid pledge while its campaign is open. `amendment` in the answer says how far it got: "
        "`applied`, `awaiting_payment` with the checkout of the difference, or `refunding`.",
    )  # fmt: skip
    def patch(self, request: Request, pledge_id: uuid.UUID) -> Response:
        """Charge or refund the difference; the pledge changes when the money has moved."""
        own = own_pledge(request, pledge_id)
        idempotency_key = key_of(request)
        given = ChangeIn(data=request.data)
        given.is_valid(raise_exception=True)
        locale = spoken(request)
        wanted = _wanted(own, given.validated_data)
        with translation.override(locale):
            change_pledge(
                pledge=own, actor=actor_of(request, own), locale=locale, idempotency_key=idempotency_key, **wanted
            )
        return whole_answer(own.pk, locale)


class OpenChange(AmendmentView):
    """What a change would cost, and giving up the one that is open."""

    @extend_schema(operation_id="quote_change", tags=["pledges"], request=ChangeIn, responses={200: ChangePreview})
    def post(self, request: Request, pledge_id: uuid.UUID) -> Response:
        """Only say what it would cost: nothing is written or reserved."""
        own, locale = own_pledge(request, pledge_id), spoken(request)
        given = ChangeIn(data=request.data)
        given.is_valid(raise_exception=True)
        with translation.override(locale):
            quote = quote_change(pledge=own, locale=locale, **_wanted(own, given.validated_data))
        total, difference = money(quote.order.total, own.currency), money(quote.difference, own.currency)
        return sealed(Response({"total": total, "difference": difference}))


class LeftData(Shape):
    """`refunding`: the money goes back. `asked`: it was paid out already, and finance decides."""

    outcome = serializers.ChoiceField(["refunding", "asked"])


class LeaveView(ApiView):
    """The way out where a delivery was moved too far."""

    throttle_classes = (Throttle.of("pledges"),)

    @extend_schema(operation_id="leave_pledge", tags=["pledges"], request=None, responses={200: LeftData})
    def post(self, request: Request, pledge_id: uuid.UUID) -> Response:
        """Leave within the window that the mail named: all of the pledge goes back."""
        own = own_pledge(request, pledge_id)
        with translation.override(spoken(request)):
            back = delivering.leave(pledge=own, actor=actor_of(request, own))
        return sealed(Response({"outcome": "refunding" if back else "asked"}))


class RetryView(ApiView):
    """Where a pledge whose payment failed is taken up again."""

    throttle_classes = (Throttle.of("pledges"),)

    @extend_schema(operation_id="retry_pledge", tags=["pledges"], request=None, responses={200: PledgeData})
    def post(self, request: Request, pledge_id: uuid.UUID) -> Response:
        """Reserve it again and open a checkout, or find the open one. Twice is once."""
        own, locale = own_pledge(request, pledge_id), spoken(request)
        with translation.override(locale):
            take_up_again(pledge=own, actor=actor_of(request, own), locale=locale)
        return whole_answer(own.pk, locale)


def _wanted(own: Pledge, data: dict[str, Any]) -> dict[str, Any]:
    if "lines" in data:
        lines = [LineInput(line["reward"], line["quantity"], line.get("variant")) for line in data["lines"]]
    else:
        lines = [
            LineInput(line.reward.key, line.quantity, line.variant.key if line.variant else None)
            for line in own.lines.all()
        ]
    extra = own.extra_amount
    if "extra" in data:
        asked = data["extra"]
        extra = amount_in(asked, currency=own.currency, field="extra") if asked else 0
    return {
        "lines": lines, "extra": extra, "country": data.get("country", own.country),
        "version": data.get("version", ""), "secret": data.get("secret", ""),
    }  # fmt: skip
