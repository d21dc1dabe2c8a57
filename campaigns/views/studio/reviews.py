"""The review queue: what waits, since when, who reads it, and until when a decision is owed; and its rules."""

from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.forms.reviews import RulesForm
from campaigns.models import ReviewPolicy, Severity, Submission
from campaigns.selectors import queue_rows, recent_decisions
from campaigns.services import notifying, watching
from campaigns.services.checks import CHECKS
from campaigns.views.studio.findings import STATUS
from campaigns.views.studio.frame import StudioView
from campaigns.views.studio.terms import show
from cms.core.clock import now
from cms.core.errors import Refusal
from cms.users import roles

RECENT, PAGE = 10, 30
SHOW = (
    ("", gettext_lazy("All")), ("free", gettext_lazy("Free")), ("mine", gettext_lazy("Mine")),
    ("overdue", gettext_lazy("Overdue")), ("second", gettext_lazy("Second reviewer")),
    ("serious", gettext_lazy("Serious findings")),
)  # fmt: skip
WHAT = (
    ("", gettext_lazy("Everything")), ("new", gettext_lazy("New campaigns")), ("again", gettext_lazy("Again")),
    ("story", gettext_lazy("Changed stories")),
)  # fmt: skip


class ReviewsView(StudioView):
    """What waits, what is owed first first, and what was decided last."""

    template_name = "studio/reviews.html"
    page_title = gettext_lazy("Review queue")
    header_icon = "view"

    def allowed(self) -> bool:
        """Reviewers."""
        return roles.has_role(self.me, roles.REVIEWER)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Home › Review queue"""
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")}, {"url": "", "label": str(self.page_title)},
        ]  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Rows of one page: never more queries for more of them."""
        asked, language, moment = self.request.GET, self.request.LANGUAGE_CODE, now()
        show_, what = asked.get("show", ""), asked.get("what", "")
        page = Paginator(queue_rows(self.me, show=show_, what=what), PAGE).get_page(asked.get("p"))
        recent = [
            {"decision": decision, "title": _title(decision.submission, language)}
            for decision in recent_decisions(RECENT)
        ]
        return super().get_context_data(
            page=page, waiting=[self._row(row, language, moment) for row in page], recent=recent,
            filters=[
                (_("Show"), _links("show", SHOW, show_, {"what": what})),
                (_("What"), _links("what", WHAT, what, {"show": show_})),
            ],
            query=f"&show={show_}&what={what}", leads=self.me.has_perm(watching.LEAD), **kwargs,
        )  # fmt: skip

    def _row(self, row: Any, language: str, moment: datetime) -> dict[str, Any]:
        claim = next(iter(row.live_claims), None)
        severity = Severity(row.worst or 0)
        return {
            "submission": row,
            "title": _title(row, language),
            "age": duration(moment - row.submitted_at),
            "owed": owed(row.due_at, moment),
            "overdue": row.due_at is not None and row.due_at <= moment,
            "claim": claim,
            "mine": claim is not None and claim.reviewer_id == self.me.pk,
            "checked": row.checks_done >= len(CHECKS),
            "severity": severity,
            "label": severity.label,
            "status": STATUS[severity],
        }


class ReviewRulesView(ReviewsView):
    """How long a decision may take, how long a claim holds, and from which goal on two people decide."""

    template_name = "studio/review_rules.html"
    page_title = gettext_lazy("Rules of review")
    header_icon = "cog"

    def allowed(self) -> bool:
        """Who leads the reviews."""
        return self.me.has_perm(watching.LEAD)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Home › Review queue › Rules"""
        home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
        queue = {"url": reverse("studio:reviews"), "label": _("Review queue")}
        return [home, queue, {"url": "", "label": str(self.page_title)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rules in force, as a form, and those before."""
        kwargs.setdefault("form", RulesForm.of(ReviewPolicy.current()))
        earlier = ReviewPolicy.objects.select_related("made_by")[:RECENT]
        return StudioView.get_context_data(self, earlier=earlier, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """New rules from now on."""
        form = RulesForm(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            try:
                watching.set_rules(
                    actor=self.me, sla_hours=given["sla_hours"], claim_minutes=given["claim_minutes"],
                    limits=form.limits, reason=given["reason"],
                )  # fmt: skip
            except Refusal as refusal:
                show(form, refusal, self)
            else:
                self.done(_("The new rules are in force."))
                return redirect("studio:review_rules")
        return self.render_to_response(self.get_context_data(form=form), status=422)


def _links(name: str, choices: Any, chosen: str, others: dict[str, str]) -> list[dict[str, Any]]:
    more = "".join(f"&{key}={value}" for key, value in others.items() if value)
    return [
        {"label": label, "url": f"?{name}={value}{more}", "current": value == chosen} for value, label in choices
    ]  # fmt: skip


def duration(span: timedelta) -> str:
    """How long, in days from two days on, else in hours or minutes."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 120:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        hours = minutes // 60
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    days = minutes // (24 * 60)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def owed(due: datetime | None, moment: datetime) -> str:
    """How much time is left until the decision is owed, or for how long it has been."""
    if due is None:
        return "—"
    if due <= moment:
        return _("overdue for %(time)s") % {"time": duration(moment - due)}
    return _("%(time)s left") % {"time": duration(due - moment)}


def _title(submission: Submission, language: str) -> str:
    campaign = submission.campaign
    return notifying.title_of(campaign, language, campaign.pages.all())
