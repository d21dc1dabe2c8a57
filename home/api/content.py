"""Wagtail's own API v2, tuned: typed, public, bounded, with few queries; and pages by their path in one trip."""

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import path
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from wagtail import fields as wagtail_fields
from wagtail.api.v2.pagination import WagtailPagination
from wagtail.api.v2.serializers import BaseSerializer, PageSerializer
from wagtail.api.v2.serializers import Field as BaseField
from wagtail.api.v2.utils import BadRequestError
from wagtail.api.v2.views import BaseAPIViewSet, PagesAPIViewSet
from wagtail.contrib.redirects.api.v2 import RedirectsAPIViewSet
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.api.v2.views import DocumentsAPIViewSet
from wagtail.images.api.v2.views import ImagesAPIViewSet
from wagtail.models import Page, Site

from campaigns.models import CampaignPage
from campaigns.selectors import COLLECTION
from campaigns.states import PUBLIC
from cms.core.api import locale_of, public
from cms.core.errors import InvalidInput
from cms.images import streams
from cms.images.models import Image
from cms.images.serializers import image_sources

MOST_OFFSET = 1000


class BoundedPagination(WagtailPagination):
    """Wagtail's, with a cursor; far offsets, which read every row before them, are refused."""

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> Any:
        """One more row than asked for tells whether there is a next window."""
        offset = request.GET.get("offset", "0")
        if offset.isdigit() and int(offset[:9]) > MOST_OFFSET:
            raise InvalidInput(
                _("Offsets end at %(most)d. Walk the list by `cursor`: pass `meta.next_cursor` of each answer.")
                % {"most": MOST_OFFSET},
                field="offset",
            )
        self.next_cursor: str | None = None
        self.by_key = not {"offset", "order", "search"} & set(request.GET)
        if "cursor" in request.GET:
            queryset = self._after(queryset, request)
        rows = list(super().paginate_queryset(queryset, request, view))
        limit = int(request.GET.get("limit", 20))
        if self.by_key and rows and len(rows) == limit:
            self.next_cursor = str(rows[-1].pk)
        return rows

    def _after(self, queryset: QuerySet[Any], request: Request) -> QuerySet[Any]:
        cursor = request.GET["cursor"]
        if not self.by_key or not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
            raise InvalidInput(_("A cursor goes with neither offset, order nor search."), field="cursor")
        return queryset.filter(pk__gt=int(cursor))

    def get_paginated_response(self, data: Any) -> Response:
        """Wagtail's shape, with `meta.next_cursor`."""
        meta = {"total_count": self.total_count, "next_cursor": self.next_cursor}
        return Response({"meta": meta, "items": data})


class StreamData(BaseField):
    """A StreamField as the OpenAPI file describes it."""

    def to_representation(self, value: Any) -> Any:
        """All pictures and links in a fixed number of queries."""
        return streams.render([value])[0]


class HtmlUrl(BaseField):
    """A page's address, from what the request has read of the site already."""

    def get_attribute(self, instance: Page) -> Page:
        """The page itself."""
        return instance

    def to_representation(self, page: Page) -> str | None:
        """Whole, with scheme and host."""
        return page.get_full_url(self.context["request"])


class PublicPageSerializer(PageSerializer):
    """Wagtail's, with typed StreamFields and pictures."""

    serializer_field_mapping = PageSerializer.serializer_field_mapping | {wagtail_fields.StreamField: StreamData}
    html_url = HtmlUrl(read_only=True)

    def to_representation(self, instance: Page) -> dict[str, Any]:
        """As Wagtail's; a page's own picture is shown, not only named."""
        data = super().to_representation(instance)
        if "hero_image" in data:
            data["hero_image"] = image_sources(instance.hero_image, instance.hero_alt)
        return data


class ImageDataSerializer(BaseSerializer):
    """An image with its files."""

    def to_representation(self, instance: Image) -> dict[str, Any]:
        """Wagtail's fields and `picture`."""
        return {**super().to_representation(instance), "picture": image_sources(instance)}


class Tuned:
    """JSON only, nobody is asked who they are, problems instead of messages, and every cache may keep it."""

    renderer_classes = (JSONRenderer,)
    authentication_classes = ()
    pagination_class = BoundedPagination

    def handle_exception(self, error: Exception) -> Response:
        """A problem, like everywhere else."""
        if isinstance(error, BadRequestError):
            error = InvalidInput(str(error))
        # Past Wagtail's own handler, which knows another shape.
        return super(BaseAPIViewSet, self).handle_exception(error)  # type: ignore[misc]

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Let caches keep what was found."""
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        return public(response, seconds=10, shared=60) if response.status_code == 200 else response

    def find_view(self, request: Request) -> Response:
        """Not served: `by-path` answers in one trip."""
        raise NotFound(_("Use `/api/v2/pages/by-path/`."))


def known(*more: str) -> frozenset[str]:
    """The query parameters that lists take."""
    return BaseAPIViewSet.known_query_parameters.union({"cursor", *more})


class Pages(Tuned, PagesAPIViewSet):
    """Live public pages; of campaigns the approved ones."""

    base_serializer_class = PublicPageSerializer
    known_query_parameters = PagesAPIViewSet.known_query_parameters.union({"cursor", "path"})
    # Bodies are read one at a time: alone they made lists three times slower.
    detail_only_fields: ClassVar = [*PagesAPIViewSet.detail_only_fields, "body", "story", "hero_image", "alias_of"]

    def get_base_queryset(self) -> QuerySet[Page]:
        """Those that anybody may see."""
        hidden = CampaignPage.objects.exclude(campaign__state__in=PUBLIC).values("pk")
        return super().get_base_queryset().exclude(pk__in=hidden)

    def get_queryset(self) -> QuerySet[Page]:
        """By id, so that a cursor can walk them; with what every row shows."""
        return super().get_queryset().select_related("locale", "content_type").order_by("pk")

    def by_path_view(self, request: Request) -> Response:
        """`{"kind": "page", "page": …}`, `{"kind": "redirect", "location": …, "permanent": …}` or 404."""
        asked, locale = request.GET.get("path", ""), locale_of(request)
        if not asked.startswith("/") or "\x00" in asked or len(asked) > 2000:
            raise InvalidInput(_("Give a path that begins with a slash."), field="path")
        page = self._page_at(asked, locale)
        if page is not None:
            self._cached_object = page.specific
            return Response({"kind": "page", "page": self.get_serializer(self._cached_object).data})
        redirect = get_redirect(request, Redirect.normalise_path(asked, decode_unicode=False))
        if redirect is None or not redirect.link:
            raise Http404
        return Response({"kind": "redirect", "location": redirect.link, "permanent": redirect.is_permanent})

    def _page_at(self, asked: str, locale: str) -> Page | None:
        # A path of the site carries its language; without one `locale` says it.
        parts = [part for part in asked.split("?", maxsplit=1)[0].split("/") if part]
        if parts and parts[0] in ("en", "zh-hans"):
            locale = parts.pop(0)
        site = Site.find_for_request(self.request)
        if site is None:
            return None
        roots = site.root_page.get_translations(inclusive=True).filter(locale__language_code=locale)
        root = roots.values_list("url_path", flat=True).first()
        if root is None:
            return None
        wanted = "".join(f"{part}/" for part in parts)
        return self.get_base_queryset().select_related("locale").filter(url_path=f"{root}{wanted}").first()

    @classmethod
    def get_urlpatterns(cls) -> list[Any]:
        """The list, one by id, one by path."""
        return [
            path("", cls.as_view({"get": "listing_view"}), name="listing"),
            path("by-path/", cls.as_view({"get": "by_path_view"}), name="by-path"),
            path("<int:pk>/", cls.as_view({"get": "detail_view"}), name="detail"),
        ]


class _Plain(Tuned):
    @classmethod
    def get_urlpatterns(cls) -> list[Any]:
        """The list, and one by id."""
        return [
            path("", cls.as_view({"get": "listing_view"}), name="listing"),  # type: ignore[attr-defined]
            path("<int:pk>/", cls.as_view({"get": "detail_view"}), name="detail"),  # type: ignore[attr-defined]
        ]


class Images(_Plain, ImagesAPIViewSet):
    """The platform's own pictures. Creators' stand in their campaigns: some are of drafts that nobody may see."""

    base_serializer_class = ImageDataSerializer
    known_query_parameters = known()
    meta_fields = BaseAPIViewSet.meta_fields
    listing_default_fields: ClassVar = [*BaseAPIViewSet.listing_default_fields, "title", "width", "height"]
    nested_default_fields: ClassVar = [*BaseAPIViewSet.nested_default_fields, "title"]
    # A search index knows no exclusion by collection's name.
    filter_backends = ImagesAPIViewSet.filter_backends[:2]

    def get_queryset(self) -> QuerySet[Image]:
        """Without the creators' collection; files at hand."""
        theirs = Q(collection__name=COLLECTION)
        return super().get_queryset().exclude(theirs).prefetch_related("renditions").order_by("pk")


class Documents(_Plain, DocumentsAPIViewSet):
    """The platform's own documents. Creators' stand in their campaigns, as their pictures do."""

    known_query_parameters = known()
    filter_backends = DocumentsAPIViewSet.filter_backends[:2]

    def get_queryset(self) -> QuerySet[Any]:
        """With their tags at hand."""
        theirs = Q(collection__name=COLLECTION)
        return super().get_queryset().exclude(theirs).prefetch_related("tags").order_by("pk")


class Redirects(_Plain, RedirectsAPIViewSet):
    """Addresses that moved."""

    known_query_parameters = known("html_path")
    filter_backends = RedirectsAPIViewSet.filter_backends[:2]

    def get_queryset(self) -> QuerySet[Redirect]:
        """With the pages that they lead to."""
        return super().get_queryset().select_related("redirect_page").order_by("pk")
