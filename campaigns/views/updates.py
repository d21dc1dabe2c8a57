"""An update's own page."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from campaigns import selectors
from campaigns.models import CampaignUpdate
from campaigns.views import wording
from campaigns.views.campaign import creator_context, numbered, update_context
from cms.core import moments


def campaign_update(request: HttpRequest, key: str) -> HttpResponse:
    """One update, for whom it is meant; for others it doesn't exist."""
    update = selectors.update_by_key(key, request.user)
    if update is None:
        raise Http404
    context = campaign_update_context(update, request.user, locale=get_language() or "en")
    response = render(request, "pages/update.html", context)
    if update.audience == "backers":
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex"
    return response


def campaign_update_context(update: CampaignUpdate, reader: Any, *, locale: str) -> dict[str, Any]:
    """The context of pages/update.html, also for a draft: that one would be the newest."""
    campaign = update.campaign
    page = selectors.campaign_page(campaign.key, locale)
    shelf = numbered(selectors.updates_of(campaign, reader, locale))
    number = next((n for n, other in shelf if other.translation_key == update.translation_key), len(shelf) + 1)
    others = {n: update_context(other, n) for n, other in shelf}
    return {
        "update": {
            "number": number,
            "title": update.title,
            "lang": update.locale,
            "at": wording.iso(update.published_at),
            "published_text": moments.time_text(update.published_at, zone=campaign.timezone),
            "creator": creator_context(campaign),
            "backers_only": update.audience == "backers",
            "story": update.body,
            "previous": others.get(number - 1),
            "next": others.get(number + 1),
        },
        "campaign": {"title": page.title if page else campaign.key, "url": page.url if page else ""},
    }
