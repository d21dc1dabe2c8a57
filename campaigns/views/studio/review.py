"""The review queue: story and terms side by side, and the decision."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.models import Revision

from campaigns.forms.steps import DecisionForm
from campaigns.models import Category, Submission, SubmissionDecision
from campaigns.models.campaign import CampaignKind
from campaigns.selectors import recent_decisions, review_queue
from campaigns.services import checking, notifying, reviewing
from campaigns.views.studio.frame import StudioView
from campaigns.views.studio.terms import show
from cms.core.errors import Refusal
from cms.core.moments import time_text
from cms.users import roles
from funding.money import format_money

RECENT = 10


class ReviewsView(StudioView):
    """What waits, oldest first, and what was decided last."""

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
        """Rows."""
        language = self.request.LANGUAGE_CODE
        waiting = [
            {"submission": submission, "title": _title(submission, language)} for submission in review_queue(self.me)
        ]
        recent = [
            {"decision": decision, "title": _title(decision.submission, language)}
            for decision in recent_decisions(RECENT)
        ]
        return super().get_context_data(waiting=waiting, recent=recent, **kwargs)


class ReviewView(ReviewsView):
    """One submission."""

    template_name = "studio/review.html"

    @cached_property
    def submission(self) -> Submission:
        """The submission of the address."""
        found = Submission.objects.select_related("campaign__creator", "submitted_by").filter(pk=self.kwargs["pk"])
        if (submission := found.first()) is None:
            raise Http404
        return submission

    def get_page_title(self) -> str:
        """Whose."""
        return notifying.title_of(self.submission.campaign, self.request.LANGUAGE_CODE)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Home › Review queue › the campaign"""
        home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
        queue = {"url": reverse("studio:reviews"), "label": str(self.page_title)}
        return [home, queue, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The submitted revisions and terms, never the draft beside them."""
        submission = self.submission
        revisions = Revision.objects.in_bulk(submission.revisions.values())
        stories = [
            {"locale": locale, "name": checking.NAMES.get(locale, locale), "page": revisions[pk].as_object()}
            for locale, pk in submission.revisions.items()
            if pk in revisions
        ]
        # What the reviewer reads first is in their own language.
        stories.sort(key=lambda story: story["locale"] != get_language())
        kwargs.setdefault("form", DecisionForm())
        return StudioView.get_context_data(
            self, submission=submission, campaign=submission.campaign, stories=stories,
            terms=terms_rows(submission.terms), rewards=submission.terms["rewards"],
            decision=SubmissionDecision.objects.filter(submission=submission).first(),
            decidable=Submission.objects.decidable_by(self.me).filter(pk=submission.pk).exists(),
            earlier=SubmissionDecision.objects.filter(submission__campaign=submission.campaign)
            .exclude(submission=submission).order_by("-pk"), **kwargs,
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Decide."""
        form = DecisionForm(request.POST)
        if form.is_valid():
            act = {
                "approve": reviewing.approve, "request_changes": reviewing.request_changes, "reject": reviewing.reject,
            }[form.cleaned_data["decision"]]  # fmt: skip
            try:
                act(submission=self.submission, actor=self.me, reason=form.cleaned_data["reason"])
            except Refusal as refusal:
                show(form, refusal, self)
            else:
                self.done(_("Your decision is recorded, and the creator gets a mail."))
                return redirect("studio:reviews")
        return self.render_to_response(self.get_context_data(form=form), status=422)


def _title(submission: Submission, language: str) -> str:
    campaign = submission.campaign
    return notifying.title_of(campaign, language, campaign.pages.all())


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
