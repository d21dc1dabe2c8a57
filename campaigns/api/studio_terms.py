"""Terms and rewards of a creator's campaign: drafted before launch, amended within limits afterwards."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api import terms_shapes as shapes
from campaigns.api.studio import Studio
from campaigns.models import Campaign, Category, RewardDraft
from campaigns.selectors import pictures_of
from campaigns.services import amending, delivering, revising, rewarding
from campaigns.services.revising import TermsInput
from campaigns.services.rewarding import RewardInput
from campaigns.states import CampaignState
from cms.core.api import instant, user_of
from cms.core.errors import InvalidInput
from cms.images.models import Image
from funding.api.shapes import amount_in


class Terms(Studio):
    """The draft terms, rewards included."""

    @extend_schema(operation_id="terms", tags=["creator"], responses=shapes.TermsData)
    def get(self, request: Request, key: str) -> Response:
        """As they are drafted; after launch the escrow's are at `/campaigns/{key}/`."""
        return Response(shapes.terms(self.own(request, key)))

    @extend_schema(operation_id="revise_terms", tags=["creator"], request=shapes.TermsIn, responses=shapes.TermsData)
    def patch(self, request: Request, key: str) -> Response:
        """Change them; what is left out stays."""
        row, data = self.own(request, key), self.given(shapes.TermsIn, request)
        currency = data.get("currency", row.currency)
        goal = data.get("goal", ...)
        terms = TermsInput(
            currency=currency,
            goal=row.goal if goal is ... else goal and amount_in(goal, currency=currency, field="goal", minimum=1),
            mode=data.get("mode", row.mode),
            category=_category(row, data),
            timezone=data.get("timezone", row.timezone),
            **_time(row, data),
        )
        revising.revise_terms(campaign=row, actor=user_of(request), terms=terms, revision=data.get("revision"))
        return Response(shapes.terms(self.own(request, key)))


def _category(row: Campaign, data: dict[str, Any]) -> Category | None:
    if "category" not in data:
        return row.category
    if data["category"] is None:
        return None
    found = Category.objects.filter(slug=data["category"]).first()
    if found is None:
        raise InvalidInput(_("There is no such category."), field="category")
    return found


def _time(row: Campaign, data: dict[str, Any]) -> dict[str, Any]:
    """Duration and deadline: the one given takes the other's place. A wall-clock time stays when its zone moves."""
    timezone = data.get("timezone", row.timezone)
    days, local = data.get("duration_days"), data.get("deadline")
    if days is None and local is None:
        keeps_days = "duration_days" not in data
        days = row.duration_days if keeps_days else None
        if "deadline" not in data and row.deadline is not None:
            local = row.deadline.astimezone(ZoneInfo(row.timezone)).replace(tzinfo=None).isoformat()
    deadline = None if local is None else revising.resolve_local(_wall_clock(local), timezone)
    return {"duration_days": days, "deadline": deadline}


def _wall_clock(text: str) -> datetime:
    try:
        value = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(_("Enter the local time, like 2027-03-01T20:00."), field="deadline") from error
    if value.tzinfo is not None or len(text) < 16:
        raise InvalidInput(_("Enter the local time, like 2027-03-01T20:00."), field="deadline")
    return value


class Rewards(Studio):
    """The rewards of the terms."""

    @extend_schema(operation_id="reward_drafts", tags=["creator"], responses=shapes.RewardDraftList)
    def get(self, request: Request, key: str) -> Response:
        """In the creator's order."""
        return Response({"items": shapes.terms(self.own(request, key))["rewards"]})

    @extend_schema(
        operation_id="add_reward", tags=["creator"], request=shapes.RewardIn, responses={201: shapes.RewardDraftData}
    )
    def post(self, request: Request, key: str) -> Response:
        """Another one: to the draft, or after launch to what is on offer."""
        row, data, user = self.own(request, key), self.given(shapes.RewardIn, request), user_of(request)
        for name in ("kind", "titles", "price"):
            if name not in data:
                raise InvalidInput(_("This field is required."), field=name)
        reward = _reward(row, RewardInput(kind="", title_en="", title_zh="", price=0), data)
        if row.escrow_id is None:
            made = rewarding.add_reward_draft(campaign=row, actor=user, reward=reward, revision=None).key
        else:
            made = amending.add_reward(campaign=row, actor=user, reward=reward, reason=data.get("reason", "")).key
        return Response(shapes.reward(_draft(row, made)), status=201)


class Reward(Studio):
    """One reward of the terms."""

    @extend_schema(operation_id="reward_draft", tags=["creator"], responses=shapes.RewardDraftData)
    def get(self, request: Request, key: str, reward: str) -> Response:
        """As it is drafted."""
        return Response(shapes.reward(_draft(self.own(request, key), reward)))

    @extend_schema(
        operation_id="revise_reward", tags=["creator"], request=shapes.RewardIn, responses=shapes.RewardDraftData
    )
    def patch(self, request: Request, key: str, reward: str) -> Response:
        """Change it; what is left out stays. After launch a claimed one may only gain `quantity`."""
        row, data, user = self.own(request, key), self.given(shapes.RewardIn, request), user_of(request)
        drafted = _draft(row, reward)
        if row.state == CampaignState.LAUNCHED and set(data) - {"reason"} == {"quantity"}:
            amending.raise_quantity(
                campaign=row, actor=user, key=reward, quantity=data["quantity"], reason=data.get("reason", "")
            )
        else:
            changed = _reward(row, shapes.as_input(drafted), data)
            if row.escrow_id is None:
                rewarding.revise_reward(reward=drafted, actor=user, data=changed, revision=None)
            else:
                amending.change_unclaimed(
                    campaign=row, actor=user, key=reward, data=changed, reason=data.get("reason", "")
                )
        return Response(shapes.reward(_draft(row, reward)))

    @extend_schema(operation_id="remove_reward", tags=["creator"], responses={204: None})
    def delete(self, request: Request, key: str, reward: str) -> Response:
        """Take it out of the draft terms."""
        row = self.own(request, key)
        rewarding.remove_reward_draft(reward=_draft(row, reward), actor=user_of(request), revision=None)
        return Response(status=204)


class Delivery(Studio):
    """The month in which a launched reward is expected."""

    @extend_schema(
        operation_id="move_delivery", tags=["creator"], request=shapes.DeliveryIn,
        responses={201: shapes.DeliveryMoved},
    )  # fmt: skip
    def post(self, request: Request, key: str, reward: str) -> Response:
        """Move it: backers are mailed, and may leave where it is much later than promised."""
        row, data = self.own(request, key), self.given(shapes.DeliveryIn, request)
        made = delivering.move_delivery(
            campaign=row, actor=user_of(request), key=_draft(row, reward).key,
            month=shapes.first_of(data["month"]), reason=data["reason"],
        )  # fmt: skip
        body = {
            "reward": made.reward_key, "promised": f"{made.promised:%Y-%m}", "month": f"{made.month:%Y-%m}",
            "reason": made.reason, "leave_until": instant(made.leave_until),
        }  # fmt: skip
        return Response(body, status=201)


class SecretLink(Studio):
    """The link of a secret reward."""

    @extend_schema(operation_id="renew_secret", tags=["creator"], request=None, responses=shapes.RewardDraftData)
    def post(self, request: Request, key: str, reward: str) -> Response:
        """Make another one: the one before opens nothing from now on."""
        row = self.own(request, key)
        rewarding.renew_secret(reward=_draft(row, reward), actor=user_of(request))
        return Response(shapes.reward(_draft(row, reward)))


def _draft(row: Campaign, key: str) -> RewardDraft:
    found = row.reward_drafts.select_related("campaign").prefetch_related("variants").filter(key=key).first()
    if found is None:
        raise Http404
    return found


def _reward(row: Campaign, before: RewardInput, data: dict[str, Any]) -> RewardInput:
    """`before` with what was sent in its place. Raises `InvalidInput` or `BadAmount` with the field named."""
    changes: dict[str, Any] = {
        name: data[name] for name in ("kind", "is_addon", "quantity", "per_person_limit", "secret") if name in data
    }  # fmt: skip
    for name, short in (("titles", "title"), ("descriptions", "description")):
        for locale, suffix in (("en", "en"), ("zh-hans", "zh")):
            if locale in data.get(name, {}):
                changes[f"{short}_{suffix}"] = data[name][locale]
    if "price" in data:
        changes["price"] = amount_in(data["price"], currency=row.currency, field="price", minimum=1)
    if "shipping" in data:
        fees = data["shipping"].items()
        changes["shipping"] = {to: amount_in(fee, currency=row.currency, field="shipping") for to, fee in fees}
    if "delivery_month" in data:
        month = data["delivery_month"]
        changes["delivery_month"] = month and shapes.first_of(month)
    if "window" in data:
        window = data["window"] or {}
        changes["window_start"], changes["window_end"] = window.get("start"), window.get("end")
    if "variants" in data:
        changes["variants"] = [shapes.variant_input(variant) for variant in data["variants"]]
    if "image" in data:
        changes["image"] = _image(row, data["image"])
    return replace(before, **changes)


def _image(row: Campaign, pk: int | None) -> Image | None:
    if pk is None:
        return None
    image = pictures_of(row, row.creator).filter(pk=pk).first() if 0 < pk < 2**31 else None
    if image is None:
        raise InvalidInput(_("There is no such picture of yours."), field="image")
    return image
