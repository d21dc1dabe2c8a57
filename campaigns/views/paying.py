"""The way to a direct channel: our own page with a code for the phone's camera or a link on the phone, or the
provider's page."""

from typing import Any
from urllib.parse import quote

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from campaigns.views.places import absolute, api
from campaigns.views.pledge_access import PledgeAccess, pledge_access, private
from cms.core.errors import Refusal
from funding.models import Payment
from funding.money import format_money
from funding.services import checkouts, paying
from funding.services.channels import STRIPE

# Providers with a page of their own for payers; the address of one is signed anew for each visit.
ELSEWHERE = {"alipay"}


@never_cache
@require_GET
def pay(request: HttpRequest, pledge_id: str, payment_id: int) -> HttpResponse:
    """How to pay while the order is open; the pledge's own page as soon as it is not."""
    access = pledge_access(request, pledge_id)
    payment = access.pledge.payments.filter(pk=payment_id).first()
    if payment is None:
        raise Http404
    if payment.provider == STRIPE:
        return private(redirect(payment.checkout_url or access.url("pledge")))
    code, error = "", ""
    try:
        paying.refresh_payment(payment_id=payment.pk)
        payment.refresh_from_db()
        if payment.state in paying.UNDER_WAY:
            code = checkouts.pay_code(payment)
    except Refusal:
        # Nobody knows whether it was paid meanwhile: the page says so and asks again.
        error = gettext("The payment service can't be reached right now. Try again in a moment.")
    if not code and not error:
        return private(redirect(access.url("pledge")))
    if code and payment.provider in ELSEWHERE:
        return private(redirect(code))
    context = _context(access, payment, code, error)
    return private(render(request, "pages/pay.html", {"pay": context}, status=503 if error else 200))


def _context(access: PledgeAccess, payment: Payment, code: str, error: str) -> dict[str, Any]:
    back = absolute(access.url("pledge"))
    on_phone = code.startswith("http")
    return {
        "title": gettext("Pay with Alipay") if payment.provider == "alipay" else gettext("Pay with WeChat Pay"),
        "campaign": access.pledge.escrow.name(get_language() or "en"),
        "amount": format_money(payment.amount, payment.currency, exact=True),
        "qr": "" if on_phone or not code else _qr(code),
        "phone_url": f"{code}&redirect_url={quote(back, safe='')}" if on_phone else "",
        "stand_in_url": f"{settings.DIRECT_SANDBOX}/wechat/pay/{payment.session_id}" if settings.DIRECT_SANDBOX else "",
        "error": error,
        "state": access.pledge.state,
        "poll_url": api(f"pledges/{access.pledge.pk}/"),
        "token": access.token,
        "check_url": access.url("pledge"),
    }


def _qr(code: str) -> str:
    """The code as SVG that stands in the page."""
    svg = segno.make(code, error="m", micro=False).svg_inline(scale=6, border=4, light="#ffffff", omitsize=True)
    return mark_safe(svg)  # noqa: S308 - made by us; the code is in its modules, not in its text
