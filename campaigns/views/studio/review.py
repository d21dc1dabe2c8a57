"""One submission as a reviewer reads it: findings, what changed, story, terms, plan; its claim and the decision."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Revision

from campaigns.forms.reviews import DecisionForm
from campaigns.models import CampaignPage, Category, Submission, SubmissionDecision
from campaigns.models.campaign import CampaignKind
from campaigns.models.feasibility import Stage
from campaigns.services import checking, claiming, comparing_submissions, notifying, reviewing
from campaigns.views.studio import findings
from campaigns.views.studio.frame import StudioView
from campaigns.views.studio.reviews import ReviewsView, owed
from campaigns.views.studio.terms import show
from cms.core.clock import now
from cms.core.errors import Refusal
from cms.core.moments import time_text
from cms.images.models import Image
from funding.money import format_money

_ACTS = {"approve": reviewing.approve, "request_changes": reviewing.request_changes, "reject": reviewing.reject}


class ReviewView(ReviewsView):
    """One submission."""

    template_name = "studio/review.html"

    @cached_property
    def submission(self) -> Submission:
        """The submission of the address."""
        found = Submission.objects.select_related("campaign__creator", "submitted_by", "calculation")
        if (submission := found.filter(pk=self.kwargs["pk"]).first()) is None:
            raise Http404
        return submission

    @cached_property
    def pages(self) -> dict[str, CampaignPage]:
        """The submitted pages by locale, never the draft beside them; the reviewer's own language first."""
        revisions = Revision.objects.in_bulk(self.submission.revisions.values())
        found = {
            locale: revisions[pk].as_object() for locale, pk in self.submission.revisions.items() if pk in revisions
        }
        return dict(sorted(found.items(), key=lambda item: item[0] != get_language()))

    def get_page_title(self) -> str:
        """Whose."""
        return notifying.title_of(self.submission.campaign, self.request.LANGUAGE_CODE)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Home › Review queue › the campaign"""
        home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
        queue = {"url": reverse("studio:reviews"), "label": str(self.page_title)}
        return [home, queue, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All that a decision needs, on one page."""
        submission, moment = self.submission, now()
        stories = [
            {"locale": locale, "name": checking.NAMES.get(locale, locale), "page": page}
            for locale, page in self.pages.items()
        ]
        before = comparing_submissions.last_read(submission)
        changes = comparing_submissions.compare(before, submission, self.pages) if before else None
        claim = claiming.holder(submission)
        decision = SubmissionDecision.objects.filter(submission=submission).select_related("decided_by").first()
        kwargs.setdefault("form", DecisionForm())
        return StudioView.get_context_data(
            self, submission=submission, campaign=submission.campaign, stories=stories, changes=changes,
            checks=findings.shown(submission), terms=terms_rows(submission.terms), rewards=submission.terms["rewards"],
            sheet=sheet_rows(submission), prototype=_prototype(submission), decision=decision,
            decidable=Submission.objects.decidable_by(self.me).filter(pk=submission.pk).exists(),
            claim=claim, mine=claim is not None and claim.reviewer_id == self.me.pk,
            owed=owed(submission.due_at, moment) if decision is None else "",
            overdue=submission.due_at is not None and submission.due_at <= moment,
            approvals=submission.approvals.select_related("reviewer"),
            approved_by_me=submission.approvals.filter(reviewer=self.me).exists(),
            earlier=SubmissionDecision.objects.filter(submission__campaign=submission.campaign)
            .exclude(submission=submission).order_by("-pk"), **kwargs,
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Claim, release, or decide."""
        if request.POST.get("step") in {"claim", "release"}:
            return self._claim(request.POST["step"])
        form = DecisionForm(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            try:
                made = _ACTS[given["decision"]](
                    submission=self.submission, actor=self.me, reason=given["reason"],
                    feasibility=given["feasibility"],
                )  # fmt: skip
            except Refusal as refusal:
                show(form, refusal, self)
            else:
                self.done(
                    _("Your decision is recorded, and the creator gets a mail.") if made
                    else _("Your approval is recorded. It takes another reviewer's to publish the campaign.")
                )  # fmt: skip
                return redirect("studio:reviews")
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _claim(self, step: str) -> HttpResponse:
        try:
            if step == "claim":
                claiming.claim(submission=self.submission, actor=self.me)
            else:
                claiming.release(submission=self.submission, actor=self.me)
        except Refusal as refusal:
            self.refuse(refusal)
        return redirect("studio:review", self.submission.pk)


def _prototype(submission: Submission) -> Image | None:
    picture = (submission.feasibility or {}).get("picture")
    return Image.objects.filter(pk=picture).first() if picture else None


def sheet_rows(submission: Submission) -> list[tuple[str, str]]:
    """The feasibility sheet in words; empty where none was handed in."""
    sheet = submission.feasibility
    if sheet is None:
        return []
    stages = {value: str(label) for value, label in Stage.choices}
    return [
        (_("How far it is"), stages.get(sheet["stage"], "—")),
        (_("What shows it"), sheet["evidence"] or "—"),
        (_("Renderings"), _("Some pictures are renderings") if sheet["uses_renderings"] else _("None")),
        (_("Delivery plan"), sheet["delivery_plan"] or "—"),
        (_("Weeks from the end to shipping"), str(sheet["lead_weeks"] or "—")),
    ]


def terms_rows(terms: dict[str, Any]) -> list[tuple[str, str]]:
    """The submitted terms in words."""
    if terms["deadline"]:
        ending = time_text(datetime.fromisoformat(terms["deadline"]), zone=terms["timezone"])
    else:
        ending = _("%(days)s days after its launch") % {"days": terms["duration_days"]}
    category = Category.objects.filter(slug=terms["category"]).first()
    modes = {"all_or_nothing": _("All or nothing"), "keep_it_all": _("Keep it all")}
    return [
        (_("Goal"), format_money(terms["goal"], terms["currency"])),
        (_("If the goal is missed"), modes[terms["mode"]]),
        (_("It ends"), ending),
        (_("Category"), category.name(get_language() or "en") if category else "—"),
        (_("Kind"), str(CampaignKind(terms["kind"]).label)),
    ]
