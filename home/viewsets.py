"""What editors edit outside the page tree."""

from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from home.forms import FeaturedSlotForm
from home.models import FeaturedSlot


class FeaturedIndexView(IndexView):
    """Slots with their campaigns' titles at hand."""

    def get_base_queryset(self) -> QuerySet[FeaturedSlot]:
        """Three queries for the whole list."""
        return FeaturedSlot.objects.select_related("campaign").prefetch_related("campaign__listings")


class FeaturedSlotViewSet(ModelViewSet):
    """Featured campaigns: which, where, when and why."""

    model = FeaturedSlot
    icon = "pick"
    menu_label = _("Featured")
    menu_order = 320
    add_to_admin_menu = True
    list_display: ClassVar = ["__str__", "position", "starts_at", "ends_at", "reason"]
    list_filter: ClassVar = ["position"]
    search_fields: ClassVar = ["reason"]
    inspect_view_enabled = True
    index_view_class = FeaturedIndexView

    def get_form_class(self, for_update: bool = False) -> type[FeaturedSlotForm]:
        """The same form for new and known slots."""
        return FeaturedSlotForm
