"""Reporting a campaign: one form, for guests and people with an account."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from rest_framework.throttling import BaseThrottle

from campaigns.forms.reports import ReportForm
from campaigns.models import CampaignListing
from campaigns.services import reporting
from cms.core.errors import Refusal
from cms.users.models import User


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, key: str) -> HttpResponse:
    """Say what is wrong with a public campaign. 404 for others."""
    language = get_language() or "en"
    listing = CampaignListing.objects.best_for(language).filter(campaign__key=key).select_related("campaign").first()
    if listing is None:
        raise Http404
    shown: dict[str, Any] = {"title": listing.title, "url": listing.url_path, "sent": "sent" in request.GET}
    user = request.user if isinstance(request.user, User) else None
    form = ReportForm(request.POST or None, signed_in=user is not None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                # It reads the headers alone, which both kinds of request have.
                network = BaseThrottle().get_ident(request)  # type: ignore[arg-type]
                reporting.report_campaign(
                    campaign=listing.campaign, user=user, locale=language, network=network,
                    **form.cleaned_data,
                )  # fmt: skip
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
                status = refusal.status
            else:
                return redirect(f"{reverse('report', args=[key])}?sent=1")
        else:
            status = 400
    return render(request, "pages/report.html", {"report": shown, "form": form}, status=status)
