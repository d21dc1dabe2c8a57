"""What all registers share: columns named by lists, looking only, a CSV that is safe to open."""

from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import re_path
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.options import ModelAdmin

from funding.desk import columns, labels, offers
from funding.desk.filters import by
from funding.desk.permissions import ReadOnly
from funding.desk.views import RegisterIndexView, RegisterInspectView, TitleOnly
from funding.models import TransitionLog

STATE = ("state", by(_("state"), labels.STATES))
CURRENCY = ("currency", by(_("currency")))
CAMPAIGN = columns.campaign(_("Campaign"), path="escrow")


def pledge(path: str) -> columns.Column:
    """The pledge that a row belongs to; `path` is where the row has its key."""
    return columns.link(path, _("Pledge"), route="funding_pledge_modeladmin_inspect", pk=path)


class Register(ModelAdmin):
    """What all registers share: newest first, nothing to edit. Columns are attributes; lists name them.

    `machine` names the row's timeline; rows that have one show their state as `status`.
    """

    singular: Any = ""
    machine = ""
    permission_helper_class: ClassVar = ReadOnly
    button_helper_class = TitleOnly
    index_view_class = RegisterIndexView
    inspect_view_class = RegisterInspectView
    inspect_view_enabled = True
    history_view_enabled = False
    list_per_page = 50
    ordering: Any = ("-pk",)
    status = columns.pill("state", _("State"))
    export_filename = "kindling"
    index_view_extra_css: ClassVar = ["funding/desk.css"]
    inspect_view_extra_css: ClassVar = ["funding/desk.css"]

    def get_list_export(self, request: HttpRequest) -> tuple[str, ...]:
        """Everything that one row shows."""
        return tuple(self.inspect_view_fields)

    def get_admin_urls_for_registration(self) -> tuple[Any, ...]:
        """List and row only: there is no address to add, change or delete at."""
        views = {"index": self.index_view, "inspect": self.inspect_view}
        return tuple(
            re_path(self.url_helper.get_action_url_pattern(name), view, name=self.url_helper.get_action_url_name(name))
            for name, view in views.items()
        )

    def get_extra_class_names_for_field_col(self, obj: Model, field_name: str) -> list[str]:
        """Numbers stand to the right."""
        return ["desk-number"] if getattr(getattr(self, field_name, None), "numeric", False) else []

    def timeline(self, row: Model) -> QuerySet[TransitionLog] | None:
        """The changes of state of a row."""
        return timeline(self.machine, row.pk) if self.machine else None

    def tables(self, row: Model) -> list[dict[str, Any]]:
        """Tables below the fields: title, header, rows."""
        return []

    def actions(self, user: Any, row: Model) -> list[dict[str, Any]]:
        """Buttons this person may press here: label, url, classname."""
        return offers.for_row(user, row)


def timeline(machine: str, key: object) -> QuerySet[TransitionLog]:
    """The changes of state of one object, oldest first."""
    rows = TransitionLog.objects.filter(machine=machine, object_id=str(key))
    return rows.select_related("actor").order_by("sequence")
