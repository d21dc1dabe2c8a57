"""What people edit with Wagtail's own views: updates (creators, their own) and categories (editors)."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn, LiveStatusTagColumn
from wagtail.admin.views.generic.chooser import (
    BaseChooseView,
    ChooseResultsViewMixin,
    ChooseViewMixin,
    ChosenMultipleView,
    ChosenView,
)
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.snippets.views import snippets
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from campaigns.forms.updates import UpdateForm
from campaigns.models import CampaignUpdate, Category


class OwnRowsMixin:
    """Every view of the studio starts from the rows that its reader may edit; anything else is 404.

    Checked before the view's own code runs, so that no way of fetching an object can be forgotten.
    """

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Refuse a row of somebody else's."""
        if "pk" in kwargs and not self.own_rows(request).filter(pk=_number(kwargs["pk"])).exists():
            raise Http404
        super().setup(request, *args, **kwargs)  # type: ignore[misc]

    def get_base_queryset(self) -> QuerySet[Any]:
        """Listings."""
        return super().get_base_queryset().filter(pk__in=self.own_rows(self.request).values("pk"))  # type: ignore[misc, attr-defined]

    def get_object_list(self) -> QuerySet[Any]:
        """Choosers."""
        return self.own_rows(self.request)  # type: ignore[attr-defined]

    def get_objects(self, pks: list[Any]) -> QuerySet[Any]:
        """What a chooser hands over."""
        return self.own_rows(self.request).filter(pk__in=pks)  # type: ignore[attr-defined]

    @staticmethod
    def own_rows(request: HttpRequest) -> QuerySet[Any]:
        """The rows."""
        return CampaignUpdate.objects.editable_by(request.user).select_related("campaign")


def _number(pk: Any) -> int:
    return int(pk) if str(pk).isdigit() else 0


def _own(view: type) -> type:
    """A stock view with the mixin in front."""
    return type(f"Own{view.__name__}", (OwnRowsMixin, view), {})


class ChooseUpdateView(OwnRowsMixin, ChooseViewMixin, BaseChooseView):
    """Choose one's own update."""


class ChooseUpdateResultsView(OwnRowsMixin, ChooseResultsViewMixin, BaseChooseView):
    """Choose one's own update, searched."""


class UpdateChooserViewSet(SnippetChooserViewSet):
    """A chooser of one's own updates."""

    choose_view_class = ChooseUpdateView
    choose_results_view_class = ChooseUpdateResultsView
    chosen_view_class = _own(ChosenView)
    chosen_multiple_view_class = _own(ChosenMultipleView)


class UpdateViewSet(SnippetViewSet):
    """The update log: drafts, preview, history; published by creators themselves."""

    model = CampaignUpdate
    icon = "comment"
    menu_label = _("Updates")
    menu_name = "updates"
    menu_order = 120
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = (
        "title", Column("campaign"), Column("get_locale_display", label=_("Language")),
        Column("get_audience_display", label=_("Who may read it")), DateColumn("published_at", label=_("Published")),
        LiveStatusTagColumn(),
    )  # fmt: skip
    list_filter = ("locale", "audience")
    search_fields = ("title",)
    search_backend_name = None
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("campaign"), FieldPanel("locale")]),
            FieldPanel("title"),
            FieldPanel("body"),
            MultiFieldPanel([FieldPanel("audience"), FieldPanel("publish_at")], heading=_("Readers and time")),
        ],
        base_form_class=UpdateForm,
    )
    chooser_viewset_class = UpdateChooserViewSet
    index_view_class = _own(snippets.IndexView)
    add_view_class = _own(snippets.CreateView)
    copy_view_class = _own(snippets.CopyView)
    edit_view_class = _own(snippets.EditView)
    delete_view_class = _own(snippets.DeleteView)
    usage_view_class = _own(snippets.UsageView)
    history_view_class = _own(snippets.HistoryView)
    inspect_view_class = _own(snippets.InspectView)
    reorder_view_class = _own(snippets.ReorderView)
    revisions_view_class = _own(snippets.PreviewRevisionView)
    revisions_compare_view_class = _own(snippets.RevisionsCompareView)
    revisions_unschedule_view_class = _own(snippets.RevisionsUnscheduleView)
    unpublish_view_class = _own(snippets.UnpublishView)
    preview_on_add_view_class = _own(snippets.PreviewOnCreateView)
    preview_on_edit_view_class = _own(snippets.PreviewOnEditView)
    lock_view_class = _own(snippets.LockView)
    unlock_view_class = _own(snippets.UnlockView)
    workflow_action_view_class = _own(snippets.WorkflowActionView)
    collect_workflow_action_data_view_class = _own(snippets.CollectWorkflowActionDataView)
    confirm_workflow_cancellation_view_class = _own(snippets.ConfirmWorkflowCancellationView)
    workflow_preview_view_class = _own(snippets.WorkflowPreviewView)
    workflow_history_view_class = _own(snippets.WorkflowHistoryView)
    workflow_history_detail_view_class = _own(snippets.WorkflowHistoryDetailView)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The listing, its filters and its export."""
        return OwnRowsMixin.own_rows(request)


class CategoryViewSet(ModelViewSet):
    """The tree of categories, in both languages."""

    model = Category
    icon = "folder-open-inverse"
    menu_label = _("Categories")
    menu_name = "categories"
    menu_order = 300
    add_to_admin_menu = True
    list_display = ("name_en", "name_zh", "parent", "position")
    search_fields = ("name_en", "name_zh")
    search_backend_name = None
    panels = (
        FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_zh")]),
        FieldPanel("slug"),
        FieldRowPanel([FieldPanel("parent"), FieldPanel("position")]),
    )
