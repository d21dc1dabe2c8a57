"""What backers saw: a kept version of a campaign, on its own page."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, gettext

from campaigns import selectors
from campaigns.models import Campaign, CampaignVersion
from campaigns.services.comparing_versions import changes_between
from campaigns.services.versioning import reward_data
from campaigns.views import wording
from campaigns.views.kept_story import kept_story
from campaigns.views.pledge_access import pledge_access, private
from campaigns.views.rewards import kind_label, shipping_text
from cms.core import moments
from funding.models import Pledge, PledgeLine, Reward
from funding.money import format_money

A_PAGE = 10
MOST = 2**31 - 1


def campaign_version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One version of a public campaign, by its number in the reader's language."""
    language = get_language() or "en"
    page = selectors.campaign_page(key, language)
    if page is None:
        raise Http404
    versions = CampaignVersion.objects.filter(campaign=page.campaign, number=number)
    version = versions.filter(locale=language).first() or versions.first()
    if version is None:
        raise Http404
    return _render(request, page.campaign, version, back_url=f"{page.url}#history", back_title=page.title)


def campaign_history(request: HttpRequest, key: str) -> HttpResponse:
    """All that changed since the launch, word by word, newest first; ten versions a page."""
    language = get_language() or "en"
    page = selectors.campaign_page(key, language)
    if page is None or page.campaign.escrow is None:
        raise Http404
    rows = selectors.history(page.campaign, page.locale.language_code)
    below = request.GET.get("below", "")
    if below.isascii() and below.isdigit():
        rows = rows.filter(number__lt=min(int(below), MOST))
    # One more than is shown: the last of the page is compared with it.
    found = list(rows[: A_PAGE + 1])
    pairs = [(row, found[place + 1] if place + 1 < len(found) else None) for place, row in enumerate(found[:A_PAGE])]
    context = {
        "title": page.title,
        "back_url": f"{page.url}#history",
        "lang": page.locale.language_code,
        "entries": [_entry(row, before, page.campaign) for row, before in pairs],
        "more_url": f"?below={pairs[-1][0].number}" if len(found) > A_PAGE else "",
    }
    return render(request, "pages/history.html", {"history": context})


def _entry(row: CampaignVersion, before: CampaignVersion | None, campaign: Campaign) -> dict[str, Any]:
    return {
        "number": row.number,
        "at": wording.iso(row.made_at),
        "when": moments.time_text(row.made_at, zone=campaign.timezone),
        "reason": row.reason,
        "url": reverse("campaign_version", kwargs={"key": campaign.key, "number": row.number}),
        "changes": changes_between(before, row) if before else None,
    }


def pledge_version(request: HttpRequest, pledge_id: str) -> HttpResponse:
    """What a backer saw when they placed their pledge."""
    access = pledge_access(request, pledge_id)
    campaign: Campaign = access.pledge.escrow.campaign
    version = get_object_or_404(CampaignVersion, campaign=campaign, hash=access.pledge.version)
    response = _render(
        request,
        campaign,
        version,
        back_url=access.url("pledge"),
        back_title=gettext("Back to your pledge"),
        theirs=_secret_ones(access.pledge),
    )
    return private(response)


def _secret_ones(pledge: Pledge) -> list[dict[str, Any]]:
    """The secret rewards that a pledge was placed for: in no version, and unchanged since somebody took one."""
    chosen = Reward.objects.filter(pk__in=PledgeLine.objects.filter(pledge=pledge, amendment=None).values("reward"))
    return [reward_data(reward) for reward in chosen.filter(secret=True).prefetch_related("variants")]


def _render(
    request: HttpRequest,
    campaign: Campaign,
    version: CampaignVersion,
    *,
    back_url: str,
    back_title: str,
    theirs: Iterable[dict[str, Any]] = (),
) -> HttpResponse:
    content, terms = version.content, version.content["terms"]
    story, faq = kept_story(version)
    context = {
        "title": content["title"],
        "summary": content["summary"],
        "when": moments.time_text(version.made_at, zone=campaign.timezone),
        "at": wording.iso(version.made_at),
        "number": version.number,
        "reason": version.reason,
        "hash": version.hash,
        "hero": content["hero"],
        "story": story,
        "faq": faq,
        "risks": content["risks"],
        "goal": format_money(terms["goal"], terms["currency"]),
        "rewards": [_reward(reward, terms["currency"], version.locale) for reward in [*terms["rewards"], *theirs]],
        "back_url": back_url,
        "back_title": back_title,
        "lang": version.locale,
    }
    return render(request, "pages/version.html", {"version": context})


def _reward(reward: dict[str, Any], currency: str, locale: str) -> dict[str, Any]:
    month = reward["delivery_month"]
    return {
        "key": reward["key"],
        "title": reward["titles"].get(locale) or next(iter(reward["titles"].values()), ""),
        "text": reward["descriptions"].get(locale, ""),
        "price": format_money(reward["price"], currency),
        "available": True,
        "kind_label": kind_label(reward["kind"]),
        "image": {"src": reward["image"], "alt": "", "width": 720, "height": 480} if reward["image"] else None,
        "delivery_text": moments.month_text(month) if month else "",
        "shipping_text": shipping_text(reward["shipping"], currency),
        "includes": [variant["names"].get(locale) or variant["key"] for variant in reward["variants"]],
    }
