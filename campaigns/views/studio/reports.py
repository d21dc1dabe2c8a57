"""The queue of reports: what readers say about campaigns, and one case on somebody's table."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.forms.reports import CaseDecisionForm
from campaigns.models import CampaignListing, CaseState, ReportCase
from campaigns.services import notifying, reporting
from campaigns.views.studio.frame import StudioView
from cms.core.errors import Refusal

PER_PAGE = 25
RECENT = 10


class ReportsView(StudioView):
    """What waits, the oldest first, and what was decided last."""

    template_name = "studio/reports.html"
    page_title = gettext_lazy("Reports of campaigns")
    header_icon = "warning"

    def allowed(self) -> bool:
        """Editors, reviewers, support, admins."""
        return reporting.may_handle(self.me)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Home › Reports of campaigns"""
        home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
        return [home, {"url": "", "label": str(self.page_title)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Rows with their campaigns' titles; their count doesn't change the number of queries."""
        page = Paginator(reporting.queue(), PER_PAGE).get_page(self.request.GET.get("p"))
        decided = ReportCase.objects.exclude(state=CaseState.OPEN).select_related("campaign", "decided_by")
        recent = list(decided.order_by("-decided_at")[:RECENT])
        rows = list(page.object_list)
        titles = self._titles({row.campaign_id for row in [*rows, *recent]})
        for row in [*rows, *recent]:
            row.title = titles.get(row.campaign_id, row.campaign.key)
        return super().get_context_data(page=page, rows=rows, recent=recent, real_now=timezone.now(), **kwargs)

    def _titles(self, campaigns: set[int]) -> dict[int, str]:
        best = CampaignListing.objects.filter(campaign__in=campaigns).order_by("locale")
        found = {row.campaign_id: row.title for row in best}
        here = best.filter(locale=self.request.LANGUAGE_CODE)
        return found | {row.campaign_id: row.title for row in here}


class ReportView(ReportsView):
    """One case with everybody's words."""

    template_name = "studio/report.html"

    @cached_property
    def case(self) -> ReportCase:
        """The case of the address."""
        found = ReportCase.objects.select_related("campaign__creator", "campaign__escrow", "claimed_by", "decided_by")
        case = found.filter(pk=self.kwargs["pk"]).first()
        if case is None:
            raise Http404
        return case

    def get_page_title(self) -> str:
        """The campaign's."""
        return notifying.title_of(self.case.campaign, self.request.LANGUAGE_CODE)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Home › Reports of campaigns › the campaign"""
        home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
        queue = {"url": reverse("studio:reports"), "label": str(self.page_title)}
        return [home, queue, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who said what, whose table it is on, and what was decided about this campaign before."""
        case = self.case
        held = case.claimed_until is not None and case.claimed_until > timezone.now()
        before = case.campaign.report_cases.exclude(pk=case.pk).exclude(state=CaseState.OPEN)
        return StudioView.get_context_data(
            self, case=case, reports=case.reports.select_related("reporter"), before=before.order_by("-decided_at"),
            mine=reporting.has_claim(case, self.me), impartial=reporting.impartial(self.me, case),
            other=case.claimed_by if held and case.claimed_by_id != self.me.pk else None, **kwargs,
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take it, clear the table, or decide."""
        try:
            if "claim" in request.POST:
                reporting.claim_case(case=self.case, actor=self.me)
            elif "release" in request.POST:
                reporting.release_case(case=self.case, actor=self.me)
                return redirect("studio:reports")
            else:
                self._decide(request)
        except Refusal as refusal:
            self.refuse(refusal)
        return redirect("studio:report", self.case.pk)

    def _decide(self, request: HttpRequest) -> None:
        form = CaseDecisionForm(request.POST)
        if not form.is_valid():
            raise Refusal(_("Choose what you decide, and say why."))
        data = form.cleaned_data
        upheld = data["decision"] == CaseState.UPHELD
        reporting.decide_case(case=self.case, actor=self.me, upheld=upheld, reason=data["reason"])
        self.done(_("Your decision is recorded, and everybody who left an address gets a mail."))
