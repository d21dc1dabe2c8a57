"""Where a creator's money will go: how far it is set up, and the way to the provider's own pages."""

from collections.abc import Iterable
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.forms.payouts import BankAccountForm
from campaigns.models import PayoutProposal
from campaigns.services import proposing
from campaigns.views.studio.frame import StudioView
from campaigns.views.studio.terms import show
from cms.core.errors import Refusal
from cms.users import roles
from cms.users.selectors import payout_blockers
from funding.documents.finding import releases_of
from funding.models import Payout, PayoutAccount
from funding.models.payees import BANK
from funding.money import format_money
from funding.services import banking
from funding.services.channels import payout_rail
from funding.services.onboarding import refresh_account, start_onboarding
from funding.services.owing import owed_by
from funding.services.paying_out import account_blockers
from funding.services.replacing import replace_account

_BLOCKERS = {
    "not_a_creator": gettext_lazy("Your account is not a creator's any more."),
    "account_disabled": gettext_lazy("Your account is disabled."),
    "email_unverified": gettext_lazy("Your e-mail address has not been confirmed."),
    "payouts_held": gettext_lazy("Our finance team is holding your payouts; they have written to you."),
    "document_expired": gettext_lazy(
        "A verified document of yours has expired. Hand in a newer one under “Creator page”: when it is approved, "
        "payouts go on by themselves."
    ),
    "document_revoked": gettext_lazy(
        "A reviewer took back the approval of one of your documents. Look under “Creator page” and hand in another "
        "one: when it is approved, payouts go on by themselves."
    ),
    "ledger_drift": gettext_lazy("Payouts rest while our finance team checks the books. You need not do anything."),
    "no_payout_account": gettext_lazy("You have not set up payouts yet: press the button below."),
    "transfers_disabled": gettext_lazy(
        "The payment provider has switched your account off, or needs more from you: go on to its pages below."
    ),
    "account_changed": gettext_lazy(
        "Your payout account was changed a short time ago. To protect you, payouts wait for 72 hours and then go out "
        "by themselves. If it was not you, change your password and write to us at once."
    ),
    "bank_returned": gettext_lazy("Your bank sent the last payout back. Give another bank account below."),
    "bank_unchecked": gettext_lazy("Our finance team has yet to check your bank account. You need not do anything."),
    "bank_short": gettext_lazy(
        "The money is on its way from the payment provider to our bank account. You need not do anything."
    ),
}


def blocker_words(codes: Iterable[str]) -> list[str]:
    """What stands between a creator and their money, each once, in sentences."""
    unknown = _("Something about your account stands in the way: %s.")
    return [str(_BLOCKERS.get(code, unknown % code)) for code in dict.fromkeys(codes)]


# On the page; a creator with more finds the rest on the statements.
MOST_RELEASES = 50


class PayoutsView(StudioView):
    """The account at the provider."""

    template_name = "studio/payouts.html"
    page_title = gettext_lazy("Payout account")
    header_icon = "download"

    def allowed(self) -> bool:
        """Those who are paid: creators, about themselves."""
        return roles.has_role(self.me, roles.CREATOR)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look again at the provider when somebody comes back from its pages."""
        account = self._account()
        if "back" in request.GET and account is not None and account.external_id:
            try:
                refresh_account(account_id=account.pk)
            except Refusal as refusal:
                self.refuse(refusal)
            return redirect("studio:payouts")
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """On to the provider's pages; what is set up already is changed only after signing in once more."""
        if "decline" in request.POST or "confirm" in request.POST:
            return self._answer(request)
        account = self._account()
        if account is not None and (account.details_submitted or "replace" in request.POST):
            return self._change(request)
        return self._enter(request) if self._by_bank(account) else self._onward()

    def _enter(self, request: HttpRequest) -> HttpResponse:
        form = BankAccountForm(request.POST)
        if form.is_valid():
            try:
                banking.enter(creator=self.me, given=form.account(), kind=self._kind, country=self._country)
            except Refusal as refusal:
                show(form, refusal, self)
            else:
                self.done(_("Handed in. Our finance team checks it before the first payout."))
                return redirect("studio:payouts")
        return self.render_to_response(self.get_context_data(form=form), status=422)

    @method_decorator(reauthentication_required)
    def _change(self, request: HttpRequest) -> HttpResponse:
        if "replace" in request.POST:
            replace_account(creator=self.me, kind=self._kind, country=self._country)
        return self._onward()

    def _answer(self, request: HttpRequest) -> HttpResponse:
        asked = request.POST.get("decline") or request.POST.get("confirm") or ""
        proposal = PayoutProposal.objects.filter(creator=self.me, pk=asked if asked.isdigit() else 0).first()
        if proposal is None:
            raise Http404
        if "confirm" in request.POST:
            return self._confirm(request, proposal)
        try:
            proposing.decline(proposal=proposal, actor=self.me)
        except Refusal as refusal:
            self.refuse(refusal)
        else:
            self.done(_("Declined. Nothing has changed."))
        return redirect("studio:payouts")

    @method_decorator(reauthentication_required)
    def _confirm(self, request: HttpRequest, proposal: PayoutProposal) -> HttpResponse:
        try:
            proposing.confirm(proposal=proposal, actor=self.me)
        except Refusal as refusal:
            self.refuse(refusal)
        else:
            self.done(_("Confirmed. The new details may be entered within seven days."))
        return redirect("studio:payouts")

    @property
    def _kind(self) -> str:
        return self.me.payee_kind or "person"

    @property
    def _country(self) -> str:
        return self.me.country or "CN"

    @staticmethod
    def _by_bank(account: PayoutAccount | None) -> bool:
        rail = account.provider if account is not None and account.external_id else payout_rail()
        return rail == BANK

    def _onward(self) -> HttpResponse:
        if self._by_bank(self._account()):
            # Entered right here: there is nowhere to go on to.
            return redirect("studio:payouts")
        here = f"{settings.PUBLIC_URL}{reverse('studio:payouts')}"
        try:
            address = start_onboarding(
                creator=self.me, kind=self._kind, country=self._country,
                return_url=f"{here}?back=1", refresh_url=here,
            )  # fmt: skip
        except Refusal as refusal:
            self.refuse(refusal)
            return redirect("studio:payouts")
        return redirect(address)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """State, and what stands in the way."""
        account = self._account()
        codes = payout_blockers(self.me)
        if account is not None and account.details_submitted:
            codes += account_blockers(account)
        waiting = Payout.objects.filter(creator=self.me).exclude(state="paid")
        codes += [code for payout in waiting for code in payout.blockers]
        blockers = blocker_words(codes)
        debts = [format_money(amount, currency, exact=True) for currency, amount in owed_by(self.me).items()]
        releases = list(releases_of(self.me)[:MOST_RELEASES])
        proposals = PayoutProposal.objects.filter(creator=self.me, answer="").select_related("proposed_by")
        by_bank = self._by_bank(account)
        if by_bank and (account is None or not account.details_submitted):
            kwargs.setdefault("form", BankAccountForm(initial={"holder": self.me.get_full_name()}))
        return super().get_context_data(
            by_bank=by_bank, account=account, blockers=blockers, debts=debts, releases=releases, proposals=proposals,
            **kwargs,
        )  # fmt: skip

    def _account(self) -> PayoutAccount | None:
        return PayoutAccount.current(self.me.pk)
