"""A pledge by its owner: signed in, or a guest with the pledge's own token."""

import uuid

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cms.core.api import ApiView, SignedIn, keyset, locale_of, sealed, user_of
from cms.users.models import User
from funding.api.shapes import PledgeData, PledgePage, pledge
from funding.models import Pledge
from funding.selectors import pledge_by_token
from funding.services.amending import drop_amendment
from funding.services.pledging import cancel_pledge


def whole(pledges: QuerySet[Pledge]) -> QuerySet[Pledge]:
    """Pledges with everything that an answer tells; four queries however many there are."""
    return pledges.select_related("escrow").prefetch_related(
        "lines__reward", "lines__variant", "payments", "amendments"
    )


def actor_of(request: Request, pledge: Pledge) -> User | None:
    """Who acts; None for whoever carries the pledge's own token."""
    return user_of(request) if pledge.backer_id is not None and not bearer(request) else None


def whole_answer(pledge_id: uuid.UUID, locale: str) -> Response:
    """The pledge as it is now."""
    return sealed(Response(pledge(whole(Pledge.objects.all()).get(pk=pledge_id), locale=locale)))


class PledgeView(ApiView):
    """One pledge. Whose it isn't, for them it doesn't exist."""

    @extend_schema(operation_id="pledge", tags=["pledges"], responses=PledgeData)
    def get(self, request: Request, pledge_id: uuid.UUID) -> Response:
        """Its true state."""
        return sealed(Response(pledge(own_pledge(request, pledge_id), locale=locale_of(request))))

    @extend_schema(operation_id="cancel_pledge", tags=["pledges"], responses={200: PledgeData})
    def delete(self, request: Request, pledge_id: uuid.UUID) -> Response:
        """Cancel it: what was paid goes back, what was reserved is free again."""
        own, locale = own_pledge(request, pledge_id), locale_of(request)
        cancel_pledge(pledge_id=own.pk, actor=actor_of(request, own), reason="")
        return whole_answer(own.pk, locale)


class AmendmentView(ApiView):
    """The open change of a pledge."""

    @extend_schema(operation_id="drop_amendment", tags=["pledges"], responses={200: PledgeData})
    def delete(self, request: Request, pledge_id: uuid.UUID) -> Response:
        """Give the change up: the pledge stays as it is. What is paid for it all the same goes back by itself."""
        own, locale = own_pledge(request, pledge_id), locale_of(request)
        drop_amendment(pledge_id=own.pk, actor=actor_of(request, own))
        return whole_answer(own.pk, locale)


class MyPledges(SignedIn):
    """Everything that a person has backed, newest first."""

    @extend_schema(operation_id="my_pledges", tags=["me"], responses=PledgePage)
    def get(self, request: Request) -> Response:
        """A window on the list."""
        locale = locale_of(request)
        window = keyset(whole(Pledge.objects.filter(backer=user_of(request))), by="created_at", request=request)
        items = [pledge(row, locale=locale) for row in window.rows]
        return Response({"items": items, "next_cursor": window.next_cursor})


def bearer(request: Request) -> str:
    """The guest's token, or ""."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def own_pledge(request: Request, pledge_id: uuid.UUID) -> Pledge:
    """The pledge of whoever asks, with its token or signed in. Raises `Http404`."""
    if token := bearer(request):
        found = pledge_by_token(pledge_id, token)
    else:
        user = user_of(request)
        found = Pledge.objects.filter(pk=pledge_id, backer=user).first() if user else None
    if found is None:
        raise Http404
    return whole(Pledge.objects.all()).get(pk=found.pk)
