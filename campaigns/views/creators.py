"""A creator's public page, and the way into a team."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.models import CampaignListing
from campaigns.records import TrackRecord, record_of
from campaigns.services import inviting, notifying
from campaigns.views.cards import cards
from cms.core import moments
from cms.core.errors import Refusal
from cms.users.models import CreatorProfile, User
from cms.users.selectors import Badge, badges_of, is_verified
from cms.users.services.presenting import link_shown
from funding.money import format_money

MOST = 60


@require_safe
def creator_page(request: HttpRequest, key: str) -> HttpResponse:
    """Who they are, what was checked, what they have done. 404 until a campaign of theirs is public."""
    profile = CreatorProfile.objects.select_related("user").filter(key=key, user__is_active=True).first()
    if profile is None:
        raise Http404
    language = get_language() or "en"
    listings = CampaignListing.objects.best_for(language).filter(campaign__creator=profile.user_id)
    shown = list(listings.order_by("-listed_at", "-pk")[:MOST])
    if not shown:
        raise Http404
    badges = badges_of([profile.user_id]).get(profile.user_id, [])
    creator = {
        "name": profile.user.public_name, "initial": profile.user.public_name[:1], "place": profile.place,
        "avatar": {"src": profile.user.photo.url} if profile.user.photo else None,
        "verified": is_verified(profile.kind, badges), "kind": profile.user.get_payee_kind_display(),
        "bio": profile.bio(language), "links": [link_shown(link) for link in profile.links],
        "badges": [badge_context(badge) for badge in badges], "record": record_lines(record_of(profile.user_id)),
        "joined": moments.date_text(profile.created_at),
    }  # fmt: skip
    return render(request, "pages/creator.html", {"creator": creator, "cards": cards(shown)})


def badge_context(badge: Badge) -> dict[str, str]:
    """A badge in words: what, by whom, when, until when."""
    return {
        "label": badge.label,
        "by": _("checked by a reviewer of the platform on %(day)s") % {"day": moments.date_text(badge.checked_at)},
        "until": _("valid until %(day)s") % {"day": moments.day_text(badge.valid_until)} if badge.valid_until else "",
    }


def record_lines(record: TrackRecord) -> list[tuple[str, str]]:
    """The track record as name and value; what is not known is not said."""
    lines = [
        (_("Campaigns"), str(record.created)),
        (_("Reached their goal"), f"{record.funded} / {record.funded + record.missed}"),
        (_("Running now"), str(record.running)),
        *((_("Raised in %(currency)s") % {"currency": currency}, format_money(amount, currency))
          for currency, amount in sorted(record.raised.items())),
        (_("Backers"), str(record.backers)),
        (_("Updates written"), str(record.updates)),
    ]  # fmt: skip
    if record.delivered_known:
        on_time = f"{record.delivered_on_time} / {record.delivered_known}"
        lines.append((_("Delivered on time"), on_time))
    if record.last_update_at:
        lines.append((_("Last update"), moments.date_text(record.last_update_at)))
    return lines


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation: who asks, for what; accept with the invited address, or decline."""
    try:
        row = inviting.by_token(token)
    except Refusal as refusal:
        return _shown(request, {"over": str(refusal)}, status=410)
    language = get_language() or "en"
    way_back = urlencode({"next": request.path, "lang": language})
    joining: dict[str, Any] = {
        "title": notifying.title_of(row.campaign, language), "who": row.campaign.creator.public_name,
        "scopes": row.scope_labels, "email": row.email, "action": request.path,
        "sign_in_url": f"{reverse('account_login')}?{way_back}",
        "sign_up_url": f"{reverse('account_signup')}?{way_back}",
    }  # fmt: skip
    if request.method != "POST":
        return _shown(request, joining)
    try:
        if "decline" in request.POST:
            inviting.decline(collaborator=row)
            return _shown(request, {"over": _("You declined. Nobody will ask again with this link.")})
        if not isinstance(request.user, User):
            return redirect(joining["sign_in_url"])
        inviting.accept(collaborator=row, actor=request.user)
    except Refusal as refusal:
        return _shown(request, {**joining, "error": str(refusal)}, status=refusal.status)
    messages.success(request, _("You work on this campaign now."))
    return redirect("studio:campaign", row.campaign.key)


def _shown(request: HttpRequest, joining: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, "pages/join.html", {"joining": joining}, status=status)
    # The address is the key. Not `no-referrer`: browsers then send `Origin: null` with the form, and it is refused.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
