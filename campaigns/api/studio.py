"""A creator's own campaigns. The same services as the admin; another creator's campaign doesn't exist."""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, StreamingHttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import policies, selectors
from campaigns.api import studio_shapes as shapes
from campaigns.api.browsing import CURSOR, LIMIT, LOCALE
from campaigns.exceptions import IllegalStep, not_yours
from campaigns.models import Campaign, Category
from campaigns.services import beginning, drafting, launching, submitting
from campaigns.services.drafting import StoryChanges
from cms.core.api import SignedIn, Throttle, instant, keyset, locale_of, user_of
from cms.core.errors import InvalidInput
from cms.images.files import file_data
from cms.images.serializers import image_sources
from funding.documents.statements import csv_lines
from funding.models import Pledge
from funding.money import major
from funding.services import closing

CHUNK = 500


class Studio(SignedIn):
    """For people who write campaigns."""

    needs: Callable[[Any, Any], bool] = staticmethod(policies.may_manage)

    def own(self, request: Request, key: str) -> Campaign:
        """A campaign that the caller takes part in, and may do this with: the owner unless the endpoint says otherwise.

        Raises `Http404` for anybody else's, `NotAllowed` for what is another collaborator's or the owner's to do.
        """
        user = user_of(request)
        row = selectors.my_campaigns(user).filter(key=key).first()
        if row is None:
            raise Http404
        if not type(self).needs(user, row):
            raise not_yours()
        return row

    def detail(self, request: Request, key: str) -> Response:
        """The campaign as it is now."""
        row = self.own(request, key)
        return Response(shapes.own_detail(row, selectors.story_pages(row)))

    def given(self, serializer: Any, request: Request) -> dict[str, Any]:
        """The checked body. Raises DRF's `ValidationError`."""
        checked = serializer(data=request.data)
        checked.is_valid(raise_exception=True)
        return dict(checked.validated_data)


class OwnCampaigns(Studio):
    """All of them."""

    @extend_schema(
        operation_id="own_campaigns", tags=["creator"], parameters=[CURSOR, LIMIT], responses=shapes.OwnCampaignPage
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        window = keyset(selectors.my_campaigns(user_of(request)), by="id", request=request)
        return Response({"items": [shapes.own(row) for row in window.rows], "next_cursor": window.next_cursor})

    @extend_schema(
        operation_id="start_campaign", tags=["creator"], request=shapes.StartIn,
        responses={201: shapes.OwnCampaignDetail},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Begin a draft, blank or with a template's skeleton, checklist and first reward."""
        data = self.given(shapes.StartIn, request)
        category = None
        if slug := data.get("category", ""):
            category = Category.objects.filter(slug=slug).first()
            if category is None:
                raise InvalidInput(_("There is no such category."), field="category")
        page = beginning.begin_campaign(
            actor=user_of(request), title=data["title"], locale=data.get("locale", "en"), kind=data.get("kind", ""),
            category=category, template=data.get("template", ""),
        )  # fmt: skip
        response = self.detail(request, page.campaign.key)
        response.status_code = 201
        return response


class OwnCampaign(Studio):
    """One of them."""

    needs = staticmethod(policies.may_edit_story)

    @extend_schema(operation_id="own_campaign", tags=["creator"], responses=shapes.OwnCampaignDetail)
    def get(self, request: Request, key: str) -> Response:
        """With the newest draft of its story in each language."""
        return self.detail(request, key)

    @extend_schema(
        operation_id="edit_story", tags=["creator"], parameters=[LOCALE], request=shapes.StoryIn,
        responses=shapes.OwnCampaignDetail,
    )  # fmt: skip
    def patch(self, request: Request, key: str) -> Response:
        """Save a draft of the story in one language, made as a translation where there is none."""
        row, data = self.own(request, key), self.given(shapes.StoryIn, request)
        if "hero_image" in data:
            data["hero_image"] = data["hero_image"] or 0
        page = drafting.page_in(campaign=row, actor=user_of(request), locale=locale_of(request))
        drafting.edit_story(page=page, actor=user_of(request), changes=StoryChanges(**data))
        return self.detail(request, key)


class Submit(Studio):
    """Handing in for review."""

    @extend_schema(
        operation_id="submit_campaign", tags=["creator"], request=shapes.SubmitIn,
        responses={201: shapes.SubmissionData},
    )  # fmt: skip
    def post(self, request: Request, key: str) -> Response:
        """Lock what is to be read and start the review; what is missing is listed in `problems`."""
        row, data = self.own(request, key), self.given(shapes.SubmitIn, request)
        made = submitting.submit_campaign(campaign=row, actor=user_of(request), change_note=data.get("change_note", ""))
        return Response(shapes.submission(type(made).objects.get(pk=made.pk)), status=201)


class Launch(Studio):
    """From approved to open."""

    @extend_schema(
        operation_id="launch_campaign", tags=["creator"], request=shapes.LaunchIn, responses=shapes.OwnCampaignDetail
    )
    def post(self, request: Request, key: str) -> Response:
        """Freeze the approved terms and take pledges, now or at a set time."""
        row, data = self.own(request, key), self.given(shapes.LaunchIn, request)
        if (at := data.get("at")) is not None:
            launching.schedule_launch(campaign=row, actor=user_of(request), at=at)
        else:
            launching.launch_campaign(campaign=row, actor=user_of(request))
        return self.detail(request, key)


class Cancel(Studio):
    """Calling off."""

    @extend_schema(
        operation_id="cancel_campaign", tags=["creator"], request=shapes.CancelIn, responses=shapes.OwnCampaignDetail
    )
    def post(self, request: Request, key: str) -> Response:
        """Every backer gets the money back; the reason is public."""
        row, data = self.own(request, key), self.given(shapes.CancelIn, request)
        if row.escrow_id is None:
            raise IllegalStep(_("This campaign has not been launched."), state=row.state)
        closing.cancel_escrow(escrow_id=row.escrow_id, actor=user_of(request), reason=data["reason"])
        return self.detail(request, key)


class Backers(Studio):
    """Who has paid, for fulfilment. What they paid is told to those who may see money."""

    needs = staticmethod(policies.may_fulfil)

    @extend_schema(
        operation_id="backers_csv", tags=["creator"],
        responses={(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, description="One line a pledge.")},
    )  # fmt: skip
    def get(self, request: Request, key: str) -> StreamingHttpResponse:
        """Streamed; harmless to open in a spreadsheet."""
        row = self.own(request, key)
        columns, rows = list(BACKER_COLUMNS), _backers(row, locale_of(request))
        if not policies.may_see_money(user_of(request), row):
            kept = [place for place, column in enumerate(columns) if column not in _AMOUNTS]
            columns, rows = [columns[place] for place in kept], ([line[place] for place in kept] for line in rows)
        lines = csv_lines(columns, rows)
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="backers-{row.key}.csv"'
        response["X-Content-Type-Options"] = "nosniff"
        return response


BACKER_COLUMNS = (
    "pledge", "paid_at", "state", "name", "email", "anonymous", "country", "rewards", "shipping", "extra", "total",
    "refunded", "currency", "message",
)  # fmt: skip

_AMOUNTS = frozenset({"shipping", "extra", "total", "refunded", "currency"})


def _backers(row: Campaign, locale: str) -> Iterator[list[Any]]:
    paid = Pledge.objects.filter(escrow=row.escrow_id, paid_at__isnull=False).order_by("paid_at", "pk")
    rows = paid.select_related("backer").prefetch_related("lines__reward", "lines__variant")
    for pledge in rows.iterator(chunk_size=CHUNK) if row.escrow_id else ():
        amounts = (pledge.shipping_amount, pledge.extra_amount, pledge.total, pledge.refunded_amount)
        chosen = "; ".join(_line(line, locale) for line in pledge.lines.all())
        yield [
            pledge.pk, instant(pledge.paid_at), pledge.state, pledge.backer.display_name if pledge.backer else "",
            pledge.email, pledge.anonymous, pledge.country, chosen,
            *(major(amount, pledge.currency) for amount in amounts), pledge.currency, pledge.message,
        ]  # fmt: skip


def _line(line: Any, locale: str) -> str:
    variant = f" ({line.variant.name(locale)})" if line.variant else ""
    return f"{line.quantity} × {line.reward.title(locale)}{variant}"


class Media(Studio):
    """Pictures of a campaign."""

    needs = staticmethod(policies.may_edit_story)

    parser_classes = (MultiPartParser,)  # type: ignore[assignment]
    throttle_classes = (Throttle.of("uploads"),)

    @extend_schema(
        operation_id="add_media", tags=["creator"], responses={201: shapes.MediaData},
        request={
            "multipart/form-data": {
                "type": "object", "required": ["file"],
                "properties": {
                    "file": {"type": "string", "contentMediaType": "application/octet-stream"},
                    "title": {"type": "string"}, "alt": {"type": "string"},
                },
            }
        },
    )  # fmt: skip
    def post(self, request: Request, key: str) -> Response:
        """Upload one: JPEG, PNG, WebP, AVIF or GIF. Location and camera are taken out of it."""
        row, file = self.own(request, key), request.FILES.get("file")
        if not isinstance(file, UploadedFile):
            raise InvalidInput(_("Send the picture as `file`."), field="file")
        image = drafting.add_picture(
            campaign=row, actor=user_of(request), file=file, title=str(request.data.get("title", "")),
            description=str(request.data.get("alt", "")),
        )  # fmt: skip
        return Response({"id": image.pk, "title": image.title, "picture": image_sources(image)}, status=201)


class Files(Studio):
    """Documents, films, sounds and captions of a campaign."""

    needs = staticmethod(policies.may_edit_story)

    parser_classes = (MultiPartParser,)  # type: ignore[assignment]
    throttle_classes = (Throttle.of("uploads"),)

    @extend_schema(
        operation_id="add_file", tags=["creator"], responses={201: shapes.FileData},
        request={
            "multipart/form-data": {
                "type": "object", "required": ["file"],
                "properties": {
                    "file": {"type": "string", "contentMediaType": "application/octet-stream"},
                    "title": {"type": "string"},
                },
            }
        },
    )  # fmt: skip
    def post(self, request: Request, key: str) -> Response:
        """Upload one, told by its bytes: PDF, Office, text, CSV, MP4, WebM, MP3, M4A, Ogg, WAV or WebVTT."""
        row, file = self.own(request, key), request.FILES.get("file")
        if not isinstance(file, UploadedFile):
            raise InvalidInput(_("Send the file as `file`."), field="file")
        made = drafting.add_file(
            campaign=row, actor=user_of(request), file=file, title=str(request.data.get("title", ""))
        )  # fmt: skip
        return Response({"id": made.pk, "kind": made.kind, "file": file_data(made)}, status=201)
