"""The steps of a campaign: submit, withdraw, reopen, launch."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import panels
from campaigns.exceptions import IncompleteCampaign
from campaigns.forms.steps import LaunchForm, SubmitForm
from campaigns.selectors import story_pages
from campaigns.services import launching, progressing, revising, submitting
from campaigns.states import CampaignState
from campaigns.views.studio.frame import CampaignView
from campaigns.views.studio.terms import frozen_terms, show
from cms.core.errors import Refusal


class SubmitView(CampaignView):
    """The checklist, and the button once it is empty."""

    template_name = "studio/submit.html"
    page_title = gettext_lazy("Submit for review")
    header_icon = "resubmit"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is missing, and what is handed in."""
        later = self.campaign.state in submitting.LATER
        kwargs.setdefault("form", SubmitForm())
        context = {**panels.overview(self.campaign), "later": later}
        if later:
            context["missing"] = progressing.places(self.campaign, submitting.blocking(self.campaign))
        return super().get_context_data(**context, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Submit."""
        form = SubmitForm(request.POST)
        if form.is_valid():
            try:
                submitting.submit_campaign(
                    campaign=self.campaign, actor=self.me, change_note=form.cleaned_data["change_note"]
                )
            except IncompleteCampaign:
                self.refuse(IncompleteCampaign(_("Some things are still missing; nothing was submitted.")))
            except Refusal as refusal:
                show(form, refusal, self)
            else:
                self.done(_("Your campaign is in review. You will get a mail."))
                return self.back()
        return self.render_to_response(self.get_context_data(form=form), status=422)


class WithdrawView(CampaignView):
    """Ask, then take it back."""

    template_name = "studio/confirm.html"
    page_title = gettext_lazy("Withdraw from review")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The question."""
        return super().get_context_data(
            question=_("You can edit again at once, and submit again when you are ready."),
            label=_("Withdraw it"), back="studio:campaign", **kwargs,
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Withdraw."""
        try:
            submitting.withdraw(campaign=self.campaign, actor=self.me)
        except Refusal as refusal:
            self.refuse(refusal)
        else:
            self.done(_("The submission is withdrawn."))
        return self.back()


class ReopenView(CampaignView):
    """Ask, then reopen the approved terms."""

    template_name = "studio/confirm.html"
    page_title = gettext_lazy("Reopen the terms")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The question."""
        return super().get_context_data(
            question=_("The campaign leaves the site and is a draft again; to be launched it needs a new review."),
            label=_("Reopen the terms"), serious=True, back="studio:terms", **kwargs,
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Reopen."""
        try:
            submitting.reopen_terms(campaign=self.campaign, actor=self.me)
        except Refusal as refusal:
            self.refuse(refusal)
        else:
            self.done(_("The terms are open again."))
        return self.back("studio:terms")


class LaunchView(CampaignView):
    """The frozen terms once more, then now or later."""

    template_name = "studio/launch.html"
    page_title = gettext_lazy("Launch")
    header_icon = "upload"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is about to be frozen."""
        kwargs.setdefault("form", LaunchForm())
        return super().get_context_data(
            terms=frozen_terms(self.campaign), rewards=self.campaign.reward_drafts.all(),
            pages=[page for page in story_pages(self.campaign) if page.live],
            ready=self.campaign.state == CampaignState.APPROVED, **kwargs,
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Launch, schedule, or forget the time."""
        form = LaunchForm(request.POST)
        forget = "unschedule" in request.POST
        if forget or form.is_valid():
            try:
                self._act(form, forget=forget)
            except Refusal as refusal:
                refusal.field = "at" if refusal.field in ("launch_at", "deadline") else None
                show(form, refusal, self)
            else:
                return self.back()
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _act(self, form: LaunchForm, *, forget: bool) -> None:
        campaign, user = self.campaign, self.me
        if forget:
            launching.unschedule_launch(campaign=campaign, actor=user)
            self.done(_("The set time is forgotten."))
        elif form.cleaned_data["when"] == "now":
            launching.launch_campaign(campaign=campaign, actor=user)
            self.done(_("Your campaign is live and takes pledges."))
        else:
            at = revising.resolve_local(form.cleaned_data["at"], campaign.timezone)
            launching.schedule_launch(campaign=campaign, actor=user, at=at)
            self.done(_("Your campaign will be launched by itself."))
