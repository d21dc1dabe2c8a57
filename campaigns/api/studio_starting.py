"""What a campaign may begin with, and how far it has come."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import policies, selectors
from campaigns.api.browsing import LOCALE
from campaigns.api.shapes import LOCALES
from campaigns.api.studio import Studio
from campaigns.models import Campaign, CampaignTemplatePage
from campaigns.models.campaign import CampaignKind
from campaigns.models.templates import Motif
from campaigns.services import beginning, progressing
from campaigns.services.progressing import REWARDS, STORY, TEMPLATE, TERMS
from cms.core.api import Shape, SignedIn, Strict, Text, Truth, locale_of, user_of
from cms.images.serializers import image_sources
from cms.images.shapes import Picture


class TemplateData(Shape):
    """A beginning. `kind` null suits both; `sections` and `blocks` are what its story holds, in words."""

    key = serializers.CharField()
    locale = serializers.ChoiceField(LOCALES)
    title = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(CampaignKind.values, allow_null=True)
    category = serializers.CharField(allow_null=True)
    motif = serializers.ChoiceField(Motif.values)
    picture = Picture(allow_null=True)
    sections = serializers.ListField(child=serializers.CharField())
    blocks = serializers.ListField(child=serializers.CharField())
    checklist = serializers.ListField(child=serializers.CharField())


class TemplateList(Shape):
    """All that are offered, in their editors' order."""

    items = TemplateData(many=True)


class TodoData(Shape):
    """One line. `needed` stands in the way of the submission; `url` is where it is mended, in the studio."""

    code = serializers.CharField()
    group = serializers.ChoiceField([STORY, TERMS, REWARDS, TEMPLATE])
    done = serializers.BooleanField()
    needed = serializers.BooleanField()
    words = serializers.CharField()
    url = serializers.CharField()


class ProgressData(Shape):
    """How far a draft has come."""

    done = serializers.IntegerField()
    total = serializers.IntegerField()
    percent = serializers.IntegerField()
    ready = serializers.BooleanField()
    items = TodoData(many=True)


class TickIn(Strict):
    """A line of the group `template`, by its code."""

    code = Text(max_length=40)
    done = Truth()


class Templates(SignedIn):
    """For whoever may write campaigns."""

    @extend_schema(operation_id="campaign_templates", tags=["creator"], parameters=[LOCALE], responses=TemplateList)
    def get(self, request: Request) -> Response:
        """Each in the language of `?locale=` where it is told in it."""
        return Response({"items": [_template(page) for page in selectors.templates(locale_of(request))]})


class Checklist(Studio):
    """What is done and what is missing."""

    needs = staticmethod(policies.may_edit_story)

    @extend_schema(operation_id="campaign_progress", tags=["creator"], responses=ProgressData)
    def get(self, request: Request, key: str) -> Response:
        """Every line, in the reader's language."""
        return Response(_progress(self.own(request, key)))

    @extend_schema(operation_id="tick_checklist", tags=["creator"], request=TickIn, responses=ProgressData)
    def post(self, request: Request, key: str) -> Response:
        """Say that a line of the template's is done, or isn't."""
        row, data = self.own(request, key), self.given(TickIn, request)
        beginning.tick(campaign=row, actor=user_of(request), code=data["code"], done=data["done"])
        return Response(_progress(row))


def _template(page: CampaignTemplatePage) -> dict[str, Any]:
    return {
        "key": page.key,
        "locale": page.locale.language_code,
        "title": page.title,
        "summary": page.summary,
        "kind": page.kind or None,
        "category": page.category.slug if page.category else None,
        "motif": page.motif,
        "picture": image_sources(page.picture),
        "sections": page.sections(),
        "blocks": page.contents(),
        "checklist": [str(item.value) for item in page.checklist],
    }


def _progress(row: Campaign) -> dict[str, Any]:
    come = progressing.progress(row)
    items = [
        {"code": item.code, "group": item.group, "done": item.done, "needed": item.needed, "words": item.words,
         "url": item.url}
        for item in come.items
    ]  # fmt: skip
    return {
        "done": come.done, "total": come.total, "percent": come.percent, "ready": not come.missing, "items": items,
    }  # fmt: skip
