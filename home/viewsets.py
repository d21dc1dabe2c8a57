"""What editors edit outside the page tree."""

from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import CreateView, DeleteView, EditView, IndexView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import HeaderButton
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from cms.core import clock
from cms.core.errors import Refusal
from home.forms import FeaturedSlotForm, MomentForm
from home.models import FeaturedSlot
from home.selectors.featured import featured_at
from home.services import curating


class _ThroughService:
    """Stores by `curating`, which knows who may and what is on record; a refusal is shown at its field."""

    request: Any
    log_action = ""

    def save_instance(self) -> FeaturedSlot:
        """The slot, kept and logged."""
        slot = curating.keep_slot(slot=self.form.instance, actor=self.request.user)  # type: ignore[attr-defined]
        log(instance=slot, action=self.log_action, content_changed=True)
        return slot

    def form_valid(self, form: ModelForm) -> HttpResponse:
        """Stored, or the form again with the reason."""
        try:
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            response = self.form_invalid(form)  # type: ignore[attr-defined]
        return response


class FeaturedAddView(_ThroughService, CreateView):
    """A new slot."""

    log_action = "wagtail.create"


class FeaturedEditView(_ThroughService, EditView):
    """A slot that has not begun; of others the end."""

    log_action = "wagtail.edit"


class FeaturedDeleteView(DeleteView):
    """Forgets what has not begun, ends what has."""

    @property
    def confirmation_message(self) -> str:
        """What will happen."""
        if curating.begun(self.object):
            return _now("It has begun, so it stays in the record. Shall it end now?")
        return _now("It has not begun. Shall it be removed?")

    def get_success_message(self) -> str:
        """What happened."""
        return _now("It isn't featured any more.")

    def get_usage_url(self) -> None:
        """What was noted of it goes with it: nothing else keeps it."""

    def delete_action(self) -> None:
        """By the service."""
        curating.withdraw_slot(slot=self.object, actor=self.request.user)


class FeaturedIndexView(IndexView):
    """Slots with their campaigns' titles at hand."""

    def get_base_queryset(self) -> QuerySet[FeaturedSlot]:
        """Three queries for the whole list."""
        return FeaturedSlot.objects.select_related("campaign").prefetch_related("campaign__listings")

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        """With the way to the record."""
        record = HeaderButton(_now("What was featured when"), url="at/", icon_name="history")
        return [*super().header_more_buttons, record]


class FeaturedAtView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """What readers of a language saw at a time, and why."""

    template_name = "home/featured_at.html"
    page_title = _("What was featured when")
    header_icon = "history"
    permission_policy = ModelPermissionPolicy(FeaturedSlot)
    any_permission_required: ClassVar = ["view", "change"]
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Featured › What was featured when"""
        return [{"url": "../", "label": _now("Featured")}, {"url": "", "label": str(self.page_title)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The slots of that time; now unless asked."""
        form = MomentForm(self.request.GET or None)
        data: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
        moment: datetime = data.get("at") or clock.now()
        rows = featured_at(moment, locale=data.get("locale") or None)
        return super().get_context_data(form=form, moment=moment, rows=rows, **kwargs)


class FeaturedSlotViewSet(ModelViewSet):
    """Featured campaigns: which, where, when and why."""

    model = FeaturedSlot
    icon = "pick"
    menu_label = _("Featured")
    menu_order = 320
    add_to_admin_menu = True
    list_display: ClassVar = [
        TitleColumn("__str__", label=_("Campaign"), url_name="featured:edit"),
        Column("get_kind_display", label=_("Why"), sort_key="kind"),
        Column("get_locale_display", label=_("Language"), sort_key="locale"),
        DateColumn("starts_at", label=_("From"), sort_key="starts_at"),
        DateColumn("ends_at", label=_("Until"), sort_key="ends_at"),
        Column("reason", label=_("Reason")),
    ]
    list_filter: ClassVar = ["position", "kind", "locale"]
    search_fields: ClassVar = ["reason"]
    inspect_view_enabled = True
    copy_view_enabled = False
    index_view_class = FeaturedIndexView
    add_view_class = FeaturedAddView
    edit_view_class = FeaturedEditView
    delete_view_class = FeaturedDeleteView

    def get_form_class(self, for_update: bool = False) -> type[FeaturedSlotForm]:
        """The same form for new and known slots."""
        return FeaturedSlotForm

    def get_urlpatterns(self) -> list[URLPattern]:
        """Wagtail's, and the record."""
        return [*super().get_urlpatterns(), path("at/", FeaturedAtView.as_view(), name="at")]
