"""Terms and rewards: a plain form while they are drafted, a frozen table with reasons afterwards."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.forms.terms import MODES, TermsForm
from campaigns.models import Campaign
from campaigns.services import addresses, revising
from campaigns.states import CampaignState
from campaigns.views.studio.frame import CampaignView, StudioView
from cms.core.errors import Refusal
from cms.core.moments import time_text
from funding.money import format_money


class TermsView(CampaignView):
    """The terms' form and the list of rewards."""

    template_name = "studio/terms.html"
    page_title = gettext_lazy("Terms and rewards")
    header_icon = "clipboard-list"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save through `revise_terms`; every refusal stands beside its field."""
        form = TermsForm(request.POST, campaign=self.campaign)
        if form.is_valid() and (terms := form.terms()) is not None:
            try:
                revising.revise_terms(
                    campaign=self.campaign, actor=self.me, terms=terms, revision=form.cleaned_data["revision"]
                )
            except Refusal as refusal:
                show(form, refusal, self)
            else:
                self.done(_("The terms are saved."))
                return self.back("studio:terms")
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form where terms may change, else the frozen rows."""
        editable = self.campaign.terms_editable
        if editable and "form" not in kwargs:
            kwargs["form"] = TermsForm(campaign=self.campaign)
        escrow = self.campaign.escrow
        drafts = self.campaign.reward_drafts.select_related("image").prefetch_related("variants")
        live = {reward.key: reward for reward in escrow.rewards.prefetch_related("variants")} if escrow else {}
        return super().get_context_data(
            editable=editable, frozen=[] if editable else frozen_terms(self.campaign), why=why_locked(self.campaign),
            rewards=[
                {
                    "draft": draft, "live": live.get(draft.key),
                    "link": addresses.secret(self.campaign.key, draft.secret_token) if draft.secret else "",
                }
                for draft in drafts
            ],
            amending=self.campaign.state == CampaignState.LAUNCHED, **kwargs,
        )  # fmt: skip


def show(form: Any, refusal: Refusal, view: StudioView) -> None:
    """A refusal beside the field it names, else above the form."""
    if refusal.field in form.fields:
        form.add_error(refusal.field, str(refusal))
    else:
        form.add_error(None, str(refusal))


def why_locked(campaign: Campaign) -> str:
    """One sentence."""
    if campaign.under_review:
        return _("A reviewer is reading these terms. Withdraw the submission if you need to change something.")
    if campaign.state == CampaignState.APPROVED:
        return _("These terms are approved. Reopen them to change something; that takes a new review.")
    if campaign.state == CampaignState.REJECTED:
        return _("This campaign was rejected.")
    return _("The campaign is launched: backers decided on these terms.")


def frozen_terms(campaign: Campaign) -> list[dict[str, str]]:
    """Each term with its value and why it can't change."""
    escrow = campaign.escrow
    deadline = escrow.deadline if escrow else campaign.deadline
    ending = _("%(days)s days after its launch") % {"days": campaign.duration_days}
    if deadline:
        ending = time_text(deadline, zone=campaign.timezone)
    rows = [
        (_("Goal"), format_money(campaign.goal or 0, campaign.currency),
         _("Success or failure is decided by it; backers counted on it.")),
        (_("Currency"), campaign.currency, _("Everything is held and paid out in it.")),
        (_("If the goal is missed"), str(dict(MODES)[campaign.mode]), _("It decides what happens to backers' money.")),
        (_("It ends"), ending, _("Refund times of banks and wallets are counted from it.")),
        (_("Category"), str(campaign.category or "—"), _("Reviewers approved it as part of the terms.")),
    ]  # fmt: skip
    if escrow is not None:
        rate = f"{escrow.platform_fee_bps / 100:g}%"
        rows.append((_("Platform fee"), rate, _("The rate of the day of the launch stays for this campaign.")))
    return [{"name": name, "value": value, "why": why} for name, value, why in rows]
