"""Stock filters and suggestions name everybody who writes, and everybody's tags: creators are offered their own."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from taggit.models import Tag
from wagtail.admin.views import tags
from wagtail.admin.views.pages.listing import PageFilterSet
from wagtail.admin.views.reports.audit_logging import LogEntriesView, SiteHistoryReportFilterSet
from wagtail.admin.views.reports.locked_pages import LockedPagesReportFilterSet
from wagtail.admin.views.reports.workflows import WorkflowReportFilterSet
from wagtail.documents.views.documents import DocumentsFilterSet
from wagtail.documents.views.documents import IndexView as DocumentsIndexView
from wagtail.images.views import chooser
from wagtail.images.views.images import ImagesFilterSet
from wagtail.images.views.images import IndexView as ImagesIndexView

from campaigns.querysets import oversees
from cms.images.models import Document, Image

_PEOPLE = (
    (PageFilterSet, "owner"), (PageFilterSet, "edited_by"), (LockedPagesReportFilterSet, "locked_by"),
    (WorkflowReportFilterSet, "requested_by"),
)  # fmt: skip


def register() -> None:
    """Narrow what Wagtail's own views offer. Once, before its addresses are built."""
    for filters, name in _PEOPLE:
        people = filters.base_filters[name]
        people.queryset = _oneself_of(people.queryset)
    LogEntriesView.filterset_class = OwnHistoryFilterSet
    ImagesIndexView.filterset_class = OwnImagesFilterSet
    DocumentsIndexView.filterset_class = OwnDocumentsFilterSet
    chooser.viewset.choose_view_class = OwnTagsChooseView


def _oneself_of(everybody: Callable[[HttpRequest], QuerySet[Any]]) -> Callable[[HttpRequest], QuerySet[Any]]:
    def people(request: HttpRequest) -> QuerySet[Any]:
        found = everybody(request)
        return found if oversees(request.user) else found.filter(pk=request.user.pk)

    return people


def suggest_tags(request: HttpRequest, **model: str) -> HttpResponse:
    """Tags that begin so: those of one's own pictures, for those who oversee nobody."""
    if oversees(request.user):
        answer: HttpResponse = tags.autocomplete(request, **model)
        return answer
    term = request.GET.get("term", "")
    pictures = Image.objects.filter(uploaded_by_user=request.user)
    files = Document.objects.filter(uploaded_by_user=request.user)
    own = Q(kindling_images__in=pictures) | Q(kindling_documents__in=files)
    found = Tag.objects.filter(own, name__istartswith=term) if term else Tag.objects.none()
    names = found.order_by("name").values_list("name", flat=True).distinct()
    return JsonResponse(list(names[: tags.TAGS_AUTOCOMPLETE_LIMIT]), safe=False)


class _NoOthersTags:
    """No filter by popular tags, which are everybody's, for those who oversee nobody."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)  # type: ignore[call-arg]
        if not oversees(request.user):
            self.filters.pop("tag", None)  # type: ignore[attr-defined]


class OwnImagesFilterSet(_NoOthersTags, ImagesFilterSet):
    """Pictures."""


class OwnDocumentsFilterSet(_NoOthersTags, DocumentsFilterSet):
    """Documents."""


class OwnHistoryFilterSet(SiteHistoryReportFilterSet):
    """The history of the site: who did something is offered to those who see everybody's doings."""

    def get_users_queryset(self) -> QuerySet[Any]:
        """Oneself, else everybody who wrote something."""
        found: QuerySet[Any] = super().get_users_queryset()
        return found if oversees(self.request.user) else found.filter(pk=self.request.user.pk)


class OwnTagsChooseView(chooser.ImageChooseView):
    """The chooser of pictures, by the same rule."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Popular tags only for those who see everybody's pictures."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context if oversees(self.request.user) else {**context, "popular_tags": []}
