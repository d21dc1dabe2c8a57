"""A pledge's own page, its cancelling, and everybody's list of their own."""

from contextlib import suppress
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from campaigns import selectors
from campaigns.models import Campaign
from campaigns.services import delivering
from campaigns.views.campaign import creator_context
from campaigns.views.documents import document_links
from campaigns.views.money_path import money_path
from campaigns.views.places import api, index_url
from campaigns.views.pledge_access import PledgeAccess, pledge_access, private
from campaigns.views.pledge_sheets import changes_sheet, lines_sheet, lines_text, open_change, refunds_sheet
from campaigns.views.pledge_words import pledge_words
from cms.core import clock, moments
from cms.core.countries import country_name
from cms.core.errors import Refusal
from cms.users.models import User
from funding import selectors as funding_selectors
from funding.models import Payment, Pledge
from funding.money import format_money
from funding.services import paying, pledging
from funding.states import OPEN_PAYMENT, EscrowState, PledgeState

PAGE_SIZE = 20


@never_cache
@require_GET
def pledge(request: HttpRequest, pledge_id: str) -> HttpResponse:
    """The true state of a pledge. Coming back from the checkout asks the provider rather than wait for its word."""
    access = pledge_access(request, pledge_id)
    waiting = access.pledge.payments.filter(state__in=OPEN_PAYMENT).exclude(session_id="").order_by("-pk").first()
    if waiting:
        # The page says what is known; webhook and poller go on without us.
        with suppress(Refusal):
            paying.refresh_payment(payment_id=waiting.pk)
            access = pledge_access(request, pledge_id)
    payment = access.pledge.payments.filter(amendment=None).order_by("-pk").first()
    return private(render(request, "pages/pledge.html", {"pledge": _context(access, payment)}))


@never_cache
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pledge_id: str) -> HttpResponse:
    """One question, then the money goes back."""
    access = pledge_access(request, pledge_id)
    error, status = "", 200
    if request.method == "POST":
        try:
            # The token is the pledge's own, whoever carries it: a guest may have signed in since.
            actor = request.user if isinstance(request.user, User) and not access.token else None
            pledging.cancel_pledge(pledge_id=access.pledge.pk, actor=actor, reason="cancelled by the backer")
            return redirect(access.url("pledge"))
        except Refusal as refusal:
            error, status = str(refusal), refusal.status
    amount = format_money(access.pledge.total, access.pledge.currency, exact=True)
    paid = access.pledge.state == PledgeState.PAID
    context = {
        "title": gettext("Cancel this pledge?"),
        "text": gettext("%(amount)s goes back to where it came from, usually within a few days.") % {"amount": amount}
        if paid
        else gettext("Nothing was charged. Your rewards become free for others."),
        "action": access.url("pledge_cancel"),
        "back_url": access.url("pledge"),
        "error": error,
    }
    return private(render(request, "pages/pledge_cancel.html", {"cancel": context}, status=status))


@never_cache
@login_required
def my_pledges(request: HttpRequest) -> HttpResponse:
    """Everything a person has backed, newest first."""
    assert isinstance(request.user, User)
    found = selectors.pledges_of(request.user)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "pledges": [_item(row) for row in page],
        "pager": {
            "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
            "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
        },
        "explore_url": index_url(),
    }
    return render(request, "pages/pledges.html", context)


def _context(access: PledgeAccess, payment: Payment | None) -> dict[str, Any]:
    row = access.pledge
    campaign: Campaign = row.escrow.campaign
    zone, language = campaign.timezone, get_language() or "en"
    why_not = funding_selectors.why_not(row)
    words = pledge_words(row, payment)
    page = selectors.campaign_page(campaign.key, language)
    waiting = row.state == PledgeState.RESERVED
    newest = max(row.amendments.all(), key=lambda amendment: amendment.pk, default=None)
    moving = waiting or (newest is not None and newest.is_open)
    payable = waiting and payment and payment.checkout_url and payment.expires_at > clock.now()
    return {
        "reference": str(row.pk),
        **words,
        "campaign": {
            "title": row.escrow.name(language),
            "url": page.url if page else "",
            "creator_name": creator_context(campaign)["name"],
        },
        "backer_text": row.email,
        "placed_text": moments.time_text(row.created_at, zone=zone),
        "paid_text": moments.time_text(row.paid_at, zone=zone) if row.paid_at else "",
        "method_text": _method(payment),
        "country_text": country_name(row.country) if row.country else "",
        "anonymous": row.anonymous,
        "message": row.message,
        "statement": lines_sheet(row, language),
        "refunds": refunds_sheet(row, zone=zone),
        "documents": document_links(access),
        "path": money_path(row.escrow, zone=zone) if row.state in (PledgeState.RESERVED, PledgeState.PAID) else [],
        "pay_url": payment.checkout_url if payable and payment else "",
        "retry_url": _retry_url(access, why_not),
        "change_url": "" if why_not.get("change") else access.url("pledge_change"),
        "change": open_change(row, zone=zone, drop_url=access.url("pledge_change_drop")),
        "changes": changes_sheet(row, zone=zone),
        "cancel_url": "" if why_not.get("cancel") else access.url("pledge_cancel"),
        # Of what went back or ran out, the headline says all.
        "why_not": _why_not_text(why_not.get("cancel", "")) if row.state in selectors.BACKING_STATES else "",
        "version_url": access.url("pledge_version") if row.version else "",
        "leave": _way_out(access, zone),
        "poll_url": api(f"pledges/{row.pk}/") if moving else "",
        "poll_state": f"{row.state}:{newest.state if newest else ''}",
        "token": access.token if moving else "",
        "check_url": access.url("pledge"),
        "issuer_text": gettext("Issued by Kindling on behalf of the campaign's creator."),
    }


def _way_out(access: PledgeAccess, zone: str) -> dict[str, str] | None:
    """Where a delivery was moved so far that the backer may leave: the fact, the reason, until when."""
    move = delivering.way_out(access.pledge)
    if move is None:
        return None
    text = gettext("The delivery was moved from %(promised)s to %(month)s. You may leave until %(until)s.") % {
        "promised": moments.month_text(move.promised),
        "month": moments.month_text(move.month),
        "until": moments.time_text(move.leave_until, zone=zone),
    }
    return {"text": text, "reason": move.reason, "url": access.url("pledge_leave")}


def _retry_url(access: PledgeAccess, why_not: dict[str, str]) -> str:
    """A pledge that ran out is taken up again; one that was cancelled is chosen anew."""
    row = access.pledge
    if row.state == PledgeState.EXPIRED and not why_not.get("pay"):
        return access.url("pledge_retry")
    chosen_anew = row.state == PledgeState.CANCELLED and row.escrow.state == EscrowState.OPEN
    return reverse("back", kwargs={"key": row.escrow.key}) if chosen_anew else ""


def _item(row: Pledge) -> dict[str, Any]:
    campaign: Campaign = row.escrow.campaign
    language = get_language() or "en"
    listing = next(
        (listing for listing in campaign.listings.all() if listing.locale == language),
        next(iter(campaign.listings.all()), None),
    )
    words = pledge_words(row, None)
    return {
        "title": row.escrow.name(language),
        "url": reverse("pledge", kwargs={"pledge_id": row.pk}),
        "campaign_url": listing.url_path if listing and listing.visible else "",
        "image": listing.image if listing else {},
        "total": format_money(row.total, row.currency, exact=True),
        "state": words["state"],
        "state_label": words["state_label"],
        "placed_text": moments.date_text(row.created_at, zone=campaign.timezone),
        "lines_text": lines_text(row, language),
    }


def _method(payment: Payment | None) -> str:
    if payment is None or not payment.method:
        return ""
    names = {"card": gettext("Card"), "alipay": gettext("Alipay"), "wechat_pay": gettext("WeChat Pay")}
    return names.get(payment.method, payment.method)


def _why_not_text(code: str) -> str:
    if not code:
        return ""
    return gettext("This pledge can't be cancelled any more: its campaign is decided or the money is already moving.")
