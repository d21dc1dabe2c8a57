"""What people edit with Wagtail's own views: updates (creators, their own) and categories (editors)."""

from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn, LiveStatusTagColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.permissions import policy_registry
from wagtail.snippets.views import chooser, snippets
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


class NoCreateView(chooser.SnippetCreateView):
    """Updates are written in their own form, never in a chooser's."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Nothing here."""
        raise Http404


class UpdateChooserViewSet(chooser.SnippetChooserViewSet):
    """A chooser of one's own updates."""

    choose_view_class = _own(chooser.ChooseView)
    choose_results_view_class = _own(chooser.ChooseResultsView)
    chosen_view_class = _own(chooser.SnippetChosenView)
    chosen_multiple_view_class = _own(chooser.SnippetChosenMultipleView)
    create_view_class = NoCreateView


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


class CategoryDeleteView(generic.DeleteView):
    """Only what nothing hangs on is deleted."""

    def form_valid(self, form: Form) -> HttpResponse:
        """Delete it, or say why not."""
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except ProtectedError:
            messages.error(self.request, gettext("Campaigns or other categories still belong to it."))
            return redirect(self.get_success_url())


class CategoryViewSet(ModelViewSet):
    """The tree of categories, in both languages."""

    model = Category
    icon = "folder-open-inverse"
    menu_label = _("Categories")
    menu_name = "categories"
    menu_order = 300
    add_to_admin_menu = True
    delete_view_class = CategoryDeleteView
    list_display = ("name_en", "name_zh", "parent", "position")
    search_fields = ("name_en", "name_zh")
    search_backend_name = None
    panels = (
        FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_zh")]),
        FieldPanel("slug"),
        FieldRowPanel([FieldPanel("parent"), FieldPanel("position")]),
    )


class _PermittedOnly:
    """Wagtail's admin API lists every picture and document; here, what the reader's chooser would show."""

    request: HttpRequest
    model: Any

    def get_queryset(self) -> QuerySet[Any]:
        """By the permission policy, like the listings."""
        policy = policy_registry.get_by_type(self.model)
        permitted = policy.instances_user_has_any_permission_for(self.request.user, ["add", "change", "choose"])
        return super().get_queryset().filter(pk__in=permitted.values("pk"))  # type: ignore[misc]


class PermittedImages(_PermittedOnly, ImagesAdminAPIViewSet):
    """Pictures."""


class PermittedDocuments(_PermittedOnly, DocumentsAdminAPIViewSet):
    """Documents."""
