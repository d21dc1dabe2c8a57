"""Pay after all: where the mail about a failed payment leads, signed in or not."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaigns.services.changing import take_up_again
from campaigns.views.pledge_access import PledgeAccess, pledge_access, private
from campaigns.views.pledge_sheets import lines_sheet
from campaigns.views.pledge_words import retry_refusal
from cms.core.errors import Refusal
from cms.users.models import User
from funding import selectors as funding_selectors
from funding.exceptions import PledgeNotPayable, ProviderUnavailable
from funding.states import EscrowState, PledgeState


@never_cache
@require_http_methods(["GET", "POST"])
def retry(request: HttpRequest, pledge_id: str) -> HttpResponse:
    """To the open checkout if there is one; else one button that takes the pledge up again, or why that can't be.

    A GET reserves nothing: mail programs open links by themselves.
    """
    access = pledge_access(request, pledge_id)
    pledge = access.pledge
    payment = pledge.payments.filter(amendment=None).order_by("-pk").first()
    if request.method == "GET" and pledge.state == PledgeState.RESERVED and payment and payment.checkout_url:
        return private(redirect(payment.checkout_url))
    if pledge.state not in (PledgeState.RESERVED, PledgeState.EXPIRED, PledgeState.CANCELLED):
        return private(redirect(access.url("pledge")))
    if code := funding_selectors.why_not(pledge).get("pay"):
        return _render(request, access, error=retry_refusal(code), possible=False, status=409)
    return _pay(request, access) if request.method == "POST" else _render(request, access)


def _pay(request: HttpRequest, access: PledgeAccess) -> HttpResponse:
    actor = request.user if isinstance(request.user, User) and not access.token else None
    try:
        again = take_up_again(pledge=access.pledge, actor=actor, locale=get_language() or "en")
    except ProviderUnavailable as refusal:
        return _render(request, access, error=str(refusal), status=refusal.status)
    except PledgeNotPayable as refusal:
        text = retry_refusal(refusal.extra["reason"])
        return _render(request, access, error=text, possible=False, status=refusal.status)
    except Refusal as refusal:
        return _render(request, access, error=str(refusal), possible=False, status=refusal.status)
    return private(redirect(again.payment.checkout_url or access.url("pledge")))


def _render(
    request: HttpRequest, access: PledgeAccess, *, error: str = "", possible: bool = True, status: int = 200
) -> HttpResponse:
    escrow, language = access.pledge.escrow, get_language() or "en"
    context = {
        "title": gettext("Pay for your pledge"),
        "campaign_title": escrow.name(language),
        "statement": lines_sheet(access.pledge, language),
        "action": access.url("pledge_retry"),
        "pledge_url": access.url("pledge"),
        "again_url": reverse("back", kwargs={"key": escrow.key}) if escrow.state == EscrowState.OPEN else "",
        "error": error,
        "possible": possible,
    }
    return private(render(request, "pages/pledge_retry.html", {"retry": context}, status=status))
