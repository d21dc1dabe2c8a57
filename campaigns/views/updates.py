"""An update's own page."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from campaigns import selectors
from campaigns.models import CampaignUpdate
from campaigns.views import wording
from campaigns.views.campaign import creator_context, numbered
from campaigns.views.pledge_access import private
from cms.core import moments
from cms.images import streams
from funding import selectors as funding_selectors
from funding.models import Pledge


def campaign_update(request: HttpRequest, key: str) -> HttpResponse:
    """One update, for whom it is meant; for others it doesn't exist."""
    guest = _guest(request)
    update = selectors.update_by_key(key, request.user, guest=guest)
    if update is None:
        raise Http404
    context = campaign_update_context(update, request.user, locale=get_language() or "en", guest=guest)
    response = render(request, "pages/update.html", context)
    return private(response) if guest or update.audience == "backers" else response


def _guest(request: HttpRequest) -> Pledge | None:
    """The pledge whose signed link the reader has followed from a mail."""
    token = request.GET.get("token", "")
    return funding_selectors.pledge_by_reading_token(request.GET.get("pledge", ""), token) if token else None


def _address(update: CampaignUpdate, guest: Pledge | None) -> str:
    signed = f"?{urlencode({'pledge': guest.pk, 'token': funding_selectors.reading_token(guest)})}" if guest else ""
    return reverse("campaign_update", kwargs={"key": update.key}) + signed


def campaign_update_context(
    update: CampaignUpdate, reader: Any, *, locale: str, guest: Pledge | None = None
) -> dict[str, Any]:
    """The context of pages/update.html, also for a draft: that one would be the newest."""
    campaign = update.campaign
    page = selectors.campaign_page(campaign.key, locale)
    shelf = numbered(selectors.updates_of(campaign, reader, locale, guest=guest))
    number = next((n for n, other in shelf if other.translation_key == update.translation_key), len(shelf) + 1)
    others = {n: {"title": other.title, "url": _address(other, guest)} for n, other in shelf}
    return {
        "update": {
            "number": number,
            "title": update.title,
            "lang": update.locale,
            "at": wording.iso(update.published_at),
            "published_text": moments.time_text(update.published_at, zone=campaign.timezone),
            "creator": creator_context(campaign),
            "backers_only": update.audience == "backers",
            "story": streams.render([update.body])[0],
            "previous": others.get(number - 1),
            "next": others.get(number + 1),
        },
        "campaign": {"title": page.title if page else campaign.key, "url": page.url if page else ""},
    }
