"""modeladmin's two views, narrowed to what a register needs: a list with a safe CSV, and one row laid open."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from wagtail_modeladmin.helpers import ButtonHelper
from wagtail_modeladmin.views import IndexView, InspectView

from cms.core import clock
from funding.desk.columns import Column
from funding.desk.steps import steps_of
from funding.documents.statements import csv_lines


def csv_response(lines: Iterable[str], name: str) -> StreamingHttpResponse:
    """A streamed CSV file."""
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{clock.now():%Y%m%d}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


class TitleOnly(ButtonHelper):
    """A row's first column leads to it; buttons beside it would only say so again."""

    def get_buttons_for_obj(self, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        """None."""
        return []


class RegisterIndexView(IndexView):
    """Exports CSV only, every cell made safe: openpyxl would evaluate nothing, but spreadsheets would."""

    FORMATS = ("csv",)
    export_buttons_template_name = "funding/desk/export_button.html"

    def __init__(self, model_admin: Any) -> None:
        super().__init__(model_admin)
        # The models speak no Chinese; the desk does.
        self.verbose_name, self.verbose_name_plural = str(model_admin.singular), str(model_admin.menu_label)

    def get_page_title(self) -> str:
        """The register's name."""
        return str(self.model_admin.menu_label)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page, with its rows counted in the desk's words."""
        context = super().get_context_data(**kwargs)
        context["paginator"].items_count_label = f"{context['paginator'].count} · {self.verbose_name_plural}"
        return context

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> HttpResponse:
        """The rows of the present filters and search."""
        columns = [getattr(self.model_admin, name) for name in self.list_export]
        rows = ([column.plain(row) for column in columns] for row in queryset.iterator(chunk_size=2000))
        header = [column.short_description for column in columns]
        return csv_response(csv_lines(header, rows), self.model_admin.export_filename)  # type: ignore[return-value]


class RegisterInspectView(InspectView):
    """One row with the register's own columns, its timeline, and what may be done with it."""

    def get_page_title(self) -> str:
        """What kind of row it is."""
        return str(self.model_admin.singular)

    def get_page_subtitle(self) -> str:
        """Which one: what its first column says."""
        return str(self._columns()[0].plain(self.instance))

    def get_meta_title(self) -> str:
        """The window's title."""
        return f"{self.model_admin.singular} · {self.get_page_subtitle()}"

    def _columns(self) -> list[Column]:
        return [getattr(self.model_admin, name) for name in self.model_admin.get_inspect_view_fields()]

    def get_fields_dict(self) -> list[dict[str, Any]]:
        """Label and value of each column."""
        return [{"label": column.short_description, "value": column(self.instance)} for column in self._columns()]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the timeline and the actions this person may take on this row."""
        request: HttpRequest = self.request
        return super().get_context_data(
            timeline=self.model_admin.timeline(self.instance),
            tables=self.model_admin.tables(self.instance),
            actions=self.model_admin.actions(request.user, self.instance),
            steps=steps_of(self.model_admin.machine, getattr(self.instance, "state", "")),
            **kwargs,
        )
