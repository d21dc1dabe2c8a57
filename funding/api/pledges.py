"""A pledge by its owner: signed in, or a guest with the pledge's own token."""

import uuid

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cms.core.api import ApiView, SignedIn, keyset, locale_of, sealed, user_of
from funding.api.shapes import PledgeData, PledgePage, pledge
from funding.models import Pledge
from funding.selectors import pledge_by_token
from funding.services.pledging import cancel_pledge


def whole(pledges: QuerySet[Pledge]) -> QuerySet[Pledge]:
    """Pledges with everything that an answer tells; four queries however many there are."""
    return pledges.select_related("escrow").prefetch_related("lines__reward", "lines__variant", "payments")


class PledgeView(ApiView):
    """One pledge. Whose it isn't, for them it doesn't exist."""

    @extend_schema(operation_id="pledge", tags=["pledges"], responses=PledgeData)
    def get(self, request: Request, pledge_id: uuid.UUID) -> Response:
        """Its true state."""
        return sealed(Response(pledge(_own(request, pledge_id), locale=locale_of(request))))

    @extend_schema(operation_id="cancel_pledge", tags=["pledges"], responses={200: PledgeData})
    def delete(self, request: Request, pledge_id: uuid.UUID) -> Response:
        """Cancel it: what was paid goes back, what was reserved is free again."""
        own, locale = _own(request, pledge_id), locale_of(request)
        # A token is the pledge's own, whoever carries it.
        user = user_of(request) if own.backer_id is not None and not _bearer(request) else None
        cancel_pledge(pledge_id=own.pk, actor=user, reason="")
        return sealed(Response(pledge(whole(Pledge.objects.all()).get(pk=own.pk), locale=locale)))


class MyPledges(SignedIn):
    """Everything that a person has backed, newest first."""

    @extend_schema(operation_id="my_pledges", tags=["me"], responses=PledgePage)
    def get(self, request: Request) -> Response:
        """A window on the list."""
        locale = locale_of(request)
        window = keyset(whole(Pledge.objects.filter(backer=user_of(request))), by="created_at", request=request)
        items = [pledge(row, locale=locale) for row in window.rows]
        return Response({"items": items, "next_cursor": window.next_cursor})


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _own(request: Request, pledge_id: uuid.UUID) -> Pledge:
    if token := _bearer(request):
        found = pledge_by_token(pledge_id, token)
    else:
        user = user_of(request)
        found = Pledge.objects.filter(pk=pledge_id, backer=user).first() if user else None
    if found is None:
        raise Http404
    return whole(Pledge.objects.all()).get(pk=found.pk)
