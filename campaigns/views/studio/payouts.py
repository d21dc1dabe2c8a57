"""Where a creator's money will go: how far it is set up, and the way to the provider's own pages."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.views.studio.frame import StudioView
from cms.core.errors import Refusal
from cms.users import roles
from cms.users.selectors import payout_blockers
from funding.models import PayoutAccount
from funding.services.onboarding import refresh_account, start_onboarding

_BLOCKERS = {
    "not_a_creator": gettext_lazy("Your account is not a creator's any more."),
    "account_disabled": gettext_lazy("Your account is disabled."),
    "email_unverified": gettext_lazy("Your e-mail address has not been confirmed."),
    "payouts_held": gettext_lazy("Our finance team is holding your payouts; they have written to you."),
}


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
        """On to the provider's pages."""
        here = f"{settings.PUBLIC_URL}{reverse('studio:payouts')}"
        try:
            address = start_onboarding(
                creator=self.me, kind=self.me.payee_kind or "person", country=self.me.country or "CN",
                return_url=f"{here}?back=1", refresh_url=here,
            )  # fmt: skip
        except Refusal as refusal:
            self.refuse(refusal)
            return redirect("studio:payouts")
        return redirect(address)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """State, and what stands in the way."""
        blockers = [str(_BLOCKERS.get(code, _("Something about your account stands in the way: %s.") % code))
                    for code in payout_blockers(self.me)]  # fmt: skip
        return super().get_context_data(account=self._account(), blockers=blockers, **kwargs)

    def _account(self) -> PayoutAccount | None:
        return PayoutAccount.current(self.me.pk)
