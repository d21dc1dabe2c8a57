"""Drafts for a headless front end: what a preview token shows, and the team's links."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import policies, selectors
from campaigns.api import reading
from campaigns.api.browsing import LOCALE
from campaigns.api.shapes import LOCALES, CategoryData, RewardData, category_data
from campaigns.api.studio import Studio
from campaigns.blocks import StoryStreamBlock, UpdateStreamBlock
from campaigns.models import Campaign, CampaignPage, CampaignUpdate, PreviewLink
from campaigns.models.campaign import CampaignKind
from campaigns.models.updates import Audience
from campaigns.services import freezing, sharing_drafts
from cms.core.api import (
    ApiView,
    Choice,
    Instant,
    Money,
    Shape,
    Stream,
    Strict,
    Text,
    Throttle,
    WholeNumber,
    instant,
    locale_of,
    money,
    sealed,
    user_of,
)
from cms.core.errors import InvalidInput
from cms.images import streams
from cms.images.shapes import Picture
from funding.models.escrow import Mode

# How long the editor's own preview opens what was being written.
LENT = timedelta(hours=1)
KINDS = ("campaign", "update")


class DraftCampaign(Shape):
    """A campaign's page as it was saved; its terms and rewards as they were planned. Nothing of it is public."""

    key = serializers.CharField(allow_null=True)
    kind = serializers.ChoiceField(CampaignKind.values)
    title = serializers.CharField(allow_blank=True)
    summary = serializers.CharField(allow_blank=True)
    category = CategoryData(allow_null=True)
    locale = serializers.ChoiceField(LOCALES)
    mode = serializers.ChoiceField(Mode.values, allow_null=True)
    goal = Money(allow_null=True)
    hero = Picture(allow_null=True)
    story = Stream(StoryStreamBlock())
    risks = serializers.CharField(allow_blank=True)
    rewards = RewardData(many=True)


class DraftUpdate(Shape):
    """An update as it is being written."""

    key = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    locale = serializers.ChoiceField(LOCALES)
    audience = serializers.ChoiceField(Audience.values)
    body = Stream(UpdateStreamBlock())


class PreviewData(Shape):
    """What a token shows: `kind` says which of the two is there. Show it marked as a draft, and keep it nowhere."""

    kind = serializers.ChoiceField(KINDS)
    expires_at = Instant()
    saved_at = Instant(allow_null=True, help_text="Null for what is being written and not saved yet.")
    campaign = DraftCampaign(allow_null=True)
    update = DraftUpdate(allow_null=True)  # type: ignore[assignment]


TOKEN = OpenApiParameter("token", str, required=True, description="Of a preview link, or of the editor's preview.")


class Preview(ApiView):
    """A draft for whoever has its token."""

    authentication_classes = ()
    throttle_classes = (Throttle.of("previews"),)

    @extend_schema(operation_id="preview", tags=["headless"], parameters=[TOKEN], responses=PreviewData)
    def get(self, request: Request) -> Response:
        """One revision, or what the editor shows. 410 for every token that opens nothing."""
        token = request.GET.get("token", "")
        data = cache.get(_place(token)) if 20 <= len(token) <= 100 else None
        return Response(data or _of_link(sharing_drafts.opened(token)))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Into no cache, no index, no Referer; refusals neither."""
        response = sealed(super().finalize_response(request, response, *args, **kwargs))
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response


def lend(draft: CampaignPage | CampaignUpdate) -> str:
    """A token, good for an hour, that shows exactly this unsaved draft through the API."""
    token = secrets.token_urlsafe(32)
    until = timezone.now() + LENT
    answer: dict[str, Any] = {
        "kind": "campaign", "expires_at": instant(until), "saved_at": None, "campaign": None, "update": None,
    }  # fmt: skip
    if isinstance(draft, CampaignUpdate):
        answer |= {"kind": "update", "update": _update(draft)}
    else:
        campaign = Campaign.objects.filter(pk=draft.campaign_id).first() if draft.campaign_id else None
        answer["campaign"] = _campaign(draft, campaign, freezing.terms_of(campaign) if campaign else None)
    cache.set(_place(token), answer, LENT.total_seconds())
    return token


def _place(token: str) -> str:
    return f"preview:{hashlib.sha256(token.encode(errors='replace')).hexdigest()}"


def _of_link(link: PreviewLink) -> dict[str, Any]:
    assert link.revision is not None
    page = sharing_drafts.shown_page(link)
    return {
        "kind": "campaign", "expires_at": instant(link.expires_at), "saved_at": instant(link.revision.created_at),
        "campaign": _campaign(page, link.campaign, link.terms), "update": None,
    }  # fmt: skip


def _campaign(page: CampaignPage, campaign: Campaign | None, terms: dict[str, Any] | None) -> dict[str, Any]:
    locale = page.locale.language_code
    currency = terms["currency"] if terms else ""
    planned = [reward for reward in terms["rewards"] if not reward.get("secret")] if terms else []
    return {
        "key": campaign.key if campaign else None, "kind": campaign.kind if campaign else page.campaign_kind,
        "title": page.title, "summary": page.summary, "locale": locale,
        "category": category_data(campaign.category, locale) if campaign else None,
        "mode": (terms["mode"] or None) if terms else None,
        "goal": money(terms["goal"], currency) if terms and terms["goal"] else None, **reading.from_page(page),
        "rewards": [reading.planned(reward, currency, locale) for reward in planned],
    }  # fmt: skip


def _update(draft: CampaignUpdate) -> dict[str, Any]:
    body = streams.render([draft.body])[0]
    return {
        "key": draft.key, "title": draft.title, "locale": draft.locale, "audience": draft.audience, "body": body,
    }  # fmt: skip


class PreviewRemark(Shape):
    """What a reader said; `part` names the block by its id, and is empty for the whole."""

    id = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True)
    text = serializers.CharField()
    part = serializers.CharField(allow_blank=True)
    part_label = serializers.CharField(allow_blank=True)
    written_at = Instant()
    resolved_at = Instant(allow_null=True)


class PreviewLinkData(Shape):
    """A link to a draft. `token` and `url` are null once it is closed."""

    id = serializers.IntegerField()
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    locale = serializers.ChoiceField(LOCALES)
    token = serializers.CharField(allow_null=True)
    url = serializers.CharField(allow_null=True)
    created_at = Instant()
    expires_at = Instant()
    revoked_at = Instant(allow_null=True)
    last_used_at = Instant(allow_null=True)
    comments = PreviewRemark(many=True)


class PreviewLinkList(Shape):
    """All links of a campaign, newest first."""

    items = PreviewLinkData(many=True)


class PreviewLinkIn(Strict):
    """A new link: to the draft as saved, in one language."""

    locale = Choice(LOCALES, required=False)
    label = Text(required=False, allow_blank=True, max_length=80)  # type: ignore[assignment]
    days = WholeNumber(required=False, min_value=1, max_value=sharing_drafts.MOST_DAYS)


class PreviewTokens(Studio):
    """Links to drafts; for those who write the story."""

    needs = staticmethod(policies.may_edit_story)

    @extend_schema(operation_id="preview_tokens", tags=["creator"], responses=PreviewLinkList)
    def get(self, request: Request, key: str) -> Response:
        """With what their readers said."""
        rows = PreviewLink.objects.filter(campaign=self.own(request, key)).prefetch_related("comments")
        return Response({"items": [_link(row) for row in rows.select_related("page__locale", "campaign__creator")]})

    @extend_schema(
        operation_id="share_draft", tags=["creator"], parameters=[LOCALE], request=PreviewLinkIn,
        responses={201: PreviewLinkData},
    )  # fmt: skip
    def post(self, request: Request, key: str) -> Response:
        """Make one, to the newest draft in `locale`."""
        row, data = self.own(request, key), self.given(PreviewLinkIn, request)
        wanted = data.pop("locale", "") or locale_of(request)
        pages = selectors.story_pages(row)
        page = next((page for page in pages if page.locale.language_code == wanted), None)
        if page is None:
            raise InvalidInput(_("The story is not written in this language yet."), field="locale")
        made = sharing_drafts.share_draft(page=page, actor=user_of(request), **data)
        return Response(_link(made), status=201)


class PreviewToken(Studio):
    """One of them."""

    needs = staticmethod(policies.may_edit_story)

    @extend_schema(operation_id="revoke_preview", tags=["creator"], responses={204: None})
    def delete(self, request: Request, key: str, link: int) -> Response:
        """Close it, at once; its comments stay."""
        row = PreviewLink.objects.filter(campaign=self.own(request, key), pk=link).first()
        if row is None:
            raise Http404
        sharing_drafts.revoke(link=row, actor=user_of(request))
        return Response(status=204)


def _link(row: PreviewLink) -> dict[str, Any]:
    live = row.is_live()
    return {
        "id": row.pk, "label": row.label, "locale": row.page.locale.language_code,
        "token": (sharing_drafts.token_of(row) or None) if live else None,
        "url": (sharing_drafts.address_of(row) or None) if live else None, "created_at": instant(row.created_at),
        "expires_at": instant(row.expires_at), "revoked_at": instant(row.revoked_at),
        "last_used_at": instant(row.last_used_at), "comments": [
            {
                "id": one.pk, "name": one.name, "text": one.text, "part": one.part, "part_label": one.part_label,
                "written_at": instant(one.written_at), "resolved_at": instant(one.resolved_at),
            }
            for one in row.comments.all()
        ],
    }  # fmt: skip
