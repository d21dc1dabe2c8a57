"""Wagtail's overview of all page types, for those who oversee all creators: it names pages whoever wrote them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView

from campaigns.querysets import oversees


class OverseersPageTypes(PageTypesUsageReportView):
    """The stock report, behind the question that the stock one doesn't ask."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse those who may not read every creator's work."""
        if not oversees(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)
