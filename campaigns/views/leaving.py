"""The way out of a pledge whose delivery was moved too far: one question, then the money goes back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaigns.models import Campaign
from campaigns.services import delivering
from campaigns.views.pledge_access import pledge_access, private
from cms.core import moments
from cms.core.errors import Refusal
from cms.users.models import User
from funding.money import format_money


@never_cache
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, pledge_id: str) -> HttpResponse:
    """Ask, then leave. Outside the window it leads back to the pledge."""
    access = pledge_access(request, pledge_id)
    move = delivering.way_out(access.pledge)
    if move is None:
        return private(redirect(access.url("pledge")))
    error, status = "", 200
    if request.method == "POST":
        try:
            actor = request.user if isinstance(request.user, User) and not access.token else None
            if delivering.leave(pledge=access.pledge, actor=actor):
                return private(redirect(access.url("pledge")))
            error = gettext("The money was paid out already: finance has your request and answers by e-mail.")
        except Refusal as refusal:
            error, status = str(refusal), refusal.status
    campaign: Campaign = access.pledge.escrow.campaign
    words = {
        "promised": moments.month_text(move.promised),
        "month": moments.month_text(move.month),
        "until": moments.time_text(move.leave_until, zone=campaign.timezone),
        "amount": format_money(access.pledge.total, access.pledge.currency, exact=True),
    }
    text = gettext(
        "The delivery was moved from %(promised)s to %(month)s. You may leave until %(until)s: "
        "%(amount)s goes back to where it came from."
    )
    context = {
        "title": gettext("Leave this campaign?"),
        "text": text % words,
        "action": access.url("pledge_leave"),
        "back_url": access.url("pledge"),
        "error": error,
    }
    return private(render(request, "pages/pledge_cancel.html", {"cancel": context}, status=status))
