"""Backing a campaign."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.models import Campaign
from campaigns.services import addresses
from campaigns.services.backing import back_campaign
from campaigns.states import PUBLIC
from cms.core.api import (
    ApiView,
    Instant,
    Money,
    Shape,
    Strict,
    Text,
    Throttle,
    Truth,
    WholeNumber,
    instant,
    money,
    sealed,
    user_of,
)
from cms.core.errors import InvalidInput
from funding.api.shapes import MoneyInput, amount_in
from funding.exceptions import CampaignNotOpen
from funding.services.pledging import LineInput
from funding.states import PledgeState

MOST_LINES = 20
KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, required=True,
    description="Yours, at most 255 visible ASCII characters. The same key and body give the same answer.",
)  # fmt: skip


class LineIn(Strict):
    """So many of a reward; `variant` where it has variants."""

    reward = Text(max_length=20)
    variant = Text(max_length=20, required=False, allow_null=True)
    quantity = WholeNumber()


class PledgeIn(Strict):
    """What a backer asks for.

    `{"email": "you@example.com", "lines": [{"reward": "k3f9", "quantity": 1}], "country": "CN",
    "extra": {"amount": 500, "currency": "CNY"}}`
    """

    email = serializers.EmailField(required=False, max_length=254, help_text="Guests only.")
    lines = serializers.ListField(child=LineIn(), max_length=MOST_LINES, required=False)
    extra = MoneyInput(required=False, allow_null=True)
    country = Text(required=False, allow_blank=True, max_length=2, help_text="ISO 3166, for what is shipped.")
    anonymous = Truth(required=False)
    message = Text(required=False, allow_blank=True, max_length=280)
    version = Text(required=False, allow_blank=True, max_length=64, help_text="Hash of what the backer saw.")
    provider = Text(
        required=False, allow_blank=True, max_length=20,
        help_text="stripe, wechatpay or alipay, where the site offers them (CNY only); the usual one unless given.",
    )  # fmt: skip
    secret = Text(required=False, allow_blank=True, max_length=64, help_text="Of the link to a secret reward.")
    handset = Truth(required=False, help_text="The backer pays on the phone that they browse with.")


class PledgePlaced(Shape):
    """Go to `checkout_url` before `expires_at`. Guests keep `access_token`: it opens the pledge."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField([str(state) for state in PledgeState])
    total = Money()
    checkout_url = serializers.CharField(allow_null=True)
    expires_at = Instant()
    access_token = serializers.CharField()


class Pledges(ApiView):
    """Where pledges are placed."""

    throttle_classes = (Throttle.of("pledges"),)

    @extend_schema(
        operation_id="place_pledge", tags=["pledges"], parameters=[KEY], request=PledgeIn, responses={201: PledgePlaced}
    )
    def post(self, request: Request, key: str) -> Response:
        """Reserve what is asked for and open a checkout. Nothing is charged before the backer pays there."""
        idempotency_key = key_of(request)
        given = PledgeIn(data=request.data)
        given.is_valid(raise_exception=True)
        locale = spoken(request)
        with translation.override(locale):
            result = back_campaign(
                campaign_key=key, user=user_of(request), locale=locale, idempotency_key=idempotency_key,
                success_url=_page(locale), cancel_url=_page(locale), **_arguments(request, key, given.validated_data),
            )  # fmt: skip
        row = result.pledge
        waiting = row.state == PledgeState.RESERVED
        body = {
            "id": str(row.pk),
            "state": row.state,
            "total": money(row.total, row.currency),
            "checkout_url": result.payment.checkout_url or None if waiting else None,
            "expires_at": instant(row.reserved_until),
            "access_token": result.access_token,
        }
        return sealed(Response(body, status=201))


def key_of(request: Request) -> str:
    """The caller's idempotency key. Raises `InvalidInput`."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        raise InvalidInput(_("Send an Idempotency-Key header."), field="Idempotency-Key")
    # Some servers hand on as empty what is not ASCII.
    if not 1 <= len(key) <= 255 or not all("!" <= character <= "~" for character in key):
        raise InvalidInput(_("An Idempotency-Key has 1 to 255 visible ASCII characters."), field="Idempotency-Key")
    return key


def spoken(request: Request) -> str:
    """The language of receipt and checkout. Nobody caches a POST, so the header may speak."""
    known = dict(settings.LANGUAGES)
    if asked := request.GET.get("locale", ""):
        if asked not in known:
            raise InvalidInput(_("There is no such language here."), field="locale")
        return asked
    user = user_of(request)
    if user is not None and user.locale in known:
        return str(user.locale)
    return translation.get_language_from_request(request)


def _arguments(request: Request, key: str, data: dict[str, Any]) -> dict[str, Any]:
    if user_of(request) is None and not data.get("email"):
        raise InvalidInput(_("Sign in, or give an e-mail address."), field="email")
    currency = _currency(key)
    extra, lines = data.get("extra"), data.get("lines") or []
    return {
        "email": data.get("email", ""),
        "lines": [LineInput(line["reward"], line["quantity"], line.get("variant")) for line in lines],
        "extra": amount_in(extra, currency=currency, field="extra", minimum=1) if extra else 0,
        "country": data.get("country", ""),
        "anonymous": data.get("anonymous", False),
        "message": data.get("message", ""),
        "version": data.get("version", ""),
        "provider": data.get("provider", ""),
        "handset": data.get("handset", False),
        "secret": data.get("secret", ""),
        "client_ip": get_adapter().get_client_ip(request),
    }


def _currency(key: str) -> str:
    """Of a campaign that the public knows. Raises `Http404` for others, `CampaignNotOpen` before launch."""
    found = Campaign.objects.filter(key=key, state__in=PUBLIC).values_list("escrow__currency", flat=True).first()
    if found is not None:
        return str(found)
    if Campaign.objects.filter(key=key, state__in=PUBLIC).exists():
        raise CampaignNotOpen(_("This campaign takes no pledges."))
    raise Http404


def _page(locale: str) -> str:
    """Where the checkout returns to: the pledge's own page, whose token opens it for guests too."""
    return addresses.absolute(f"/{locale}/pledges/{{pledge}}/?token={{token}}")
