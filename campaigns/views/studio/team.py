"""The people of a campaign, and its money for those who look after it."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import policies
from campaigns.forms.creators import InviteForm, ProposeForm
from campaigns.models import Collaborator, PayoutProposal
from campaigns.models.collaborators import SCOPE_LABELS
from campaigns.policies import SCOPES
from campaigns.services import inviting, proposing
from campaigns.views.studio.frame import CampaignView
from campaigns.views.studio.payouts import blocker_words
from campaigns.views.studio.terms import show
from cms.core.errors import Refusal
from cms.users.selectors import payout_blockers
from funding.models import Payout, PayoutAccount, Release
from funding.services.onboarding import start_onboarding


class TeamView(CampaignView):
    """Who works on it, who is asked, and an invitation."""

    template_name = "studio/team.html"
    page_title = gettext_lazy("Team")
    header_icon = "group"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Rows and the form."""
        kwargs.setdefault("form", InviteForm())
        rows = Collaborator.objects.filter(campaign=self.campaign).select_related("user")
        return super().get_context_data(
            current=[row for row in rows if row.ended_at is None], past=[row for row in rows if row.ended_at],
            scopes=[(str(scope), SCOPE_LABELS[str(scope)]) for scope in SCOPES], real_now=timezone.now(), **kwargs,
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Invite."""
        form = InviteForm(request.POST)
        if form.is_valid():
            try:
                inviting.invite(campaign=self.campaign, actor=self.me, **form.cleaned_data)
            except Refusal as refusal:
                show(form, refusal, self)
            else:
                self.done(_("The invitation is on its way."))
                return self.back("studio:team")
        return self.render_to_response(self.get_context_data(form=form), status=422)


class CollaboratorView(CampaignView):
    """Change, remind, remove one of them; or leave."""

    http_method_names = ["post"]  # noqa: RUF012
    needs = staticmethod(policies.takes_part)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One deed, named by the button; the services ask who may."""
        row = Collaborator.objects.filter(campaign=self.campaign, pk=self.kwargs["pk"]).first()
        if row is None:
            raise Http404
        try:
            if "leave" in request.POST:
                inviting.leave(collaborator=row, actor=self.me)
                self.done(_("You don't work on this campaign any more."))
                return redirect("studio:campaigns")
            self._change(request, row)
        except Refusal as refusal:
            self.refuse(refusal)
        return self.back("studio:team" if policies.may_manage(self.me, self.campaign) else "studio:campaign")

    def _change(self, request: HttpRequest, row: Collaborator) -> None:
        if "remove" in request.POST:
            inviting.remove(collaborator=row, actor=self.me)
            self.done(_("Done: the link and the rights are gone."))
        elif "again" in request.POST:
            inviting.invite_again(collaborator=row, actor=self.me)
            self.done(_("The invitation is on its way."))
        else:
            inviting.change_scopes(collaborator=row, actor=self.me, scopes=request.POST.getlist("scopes"))
            self.done(_("Saved."))


class MoneyView(CampaignView):
    """What was raised, released and paid out; a collaborator proposes, the owner decides."""

    template_name = "studio/money.html"
    page_title = gettext_lazy("Money")
    header_icon = "download"
    needs = staticmethod(policies.may_see_money)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Escrow, releases, payouts with what they wait for, and the account's state without its details."""
        campaign, owner = self.campaign, self.campaign.creator
        releases = Release.objects.filter(escrow=campaign.escrow_id).select_related("payout").order_by("-pk")
        waiting = Payout.objects.filter(release__escrow=campaign.escrow_id).exclude(state="paid")
        codes = payout_blockers(owner) + [code for payout in waiting for code in payout.blockers]
        kwargs.setdefault("form", ProposeForm())
        return super().get_context_data(
            releases=releases if campaign.escrow_id else [], blockers=blocker_words(codes),
            account=PayoutAccount.current(owner.pk), mine=policies.is_owner(self.me, campaign),
            proposal=PayoutProposal.objects.filter(creator=owner, answer="").select_related("proposed_by").first(),
            entering=proposing.may_enter_details(campaign=campaign, user=self.me), **kwargs,
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Propose another account, or go on to the provider once the owner has said yes."""
        if "enter" in request.POST:
            return self._enter()
        form = ProposeForm(request.POST)
        if form.is_valid():
            try:
                proposing.propose(campaign=self.campaign, actor=self.me, reason=form.cleaned_data["reason"])
            except Refusal as refusal:
                show(form, refusal, self)
            else:
                self.done(_("The owner gets a mail and decides."))
                return self.back("studio:money")
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _enter(self) -> HttpResponse:
        owner = self.campaign.creator
        here = f"{settings.PUBLIC_URL}{reverse('studio:money', args=[self.campaign.key])}"
        if not proposing.may_enter_details(campaign=self.campaign, user=self.me):
            self.refuse(Refusal(_("The owner has to say yes first.")))
            return self.back("studio:money")
        try:
            return redirect(start_onboarding(
                creator=owner, kind=owner.payee_kind or "person", country=owner.country or "CN", return_url=here,
                refresh_url=here,
            ))  # fmt: skip
        except Refusal as refusal:
            self.refuse(refusal)
            return self.back("studio:money")
