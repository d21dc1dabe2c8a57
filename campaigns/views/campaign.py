"""A campaign's own page: story, live numbers, rewards, updates, where the money is, what changed."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext
from wagtail.models import Locale

from campaigns import selectors
from campaigns.models import Campaign, CampaignPage, CampaignUpdate, CampaignVersion
from campaigns.states import PUBLIC
from campaigns.views import places, wording
from campaigns.views.creators import badge_context
from campaigns.views.kept_story import kept_story, parted, with_rewards
from campaigns.views.ledger_summary import money_table
from campaigns.views.money_path import money_path, promise
from campaigns.views.rewards import draft_context, reward_context
from cms.core import clock, moments
from cms.images import streams
from cms.images.serializers import image_sources
from funding.models import Escrow
from funding.money import format_money
from funding.states import EscrowState


def campaign_context(request: HttpRequest, page: CampaignPage, *, preview: bool = False) -> dict[str, Any]:
    """The context of pages/campaign.html. Queries do not grow with backers, rewards or updates."""
    campaign = selectors.campaign_for_page(page)
    escrow, now, language = campaign.escrow, clock.now(), get_language() or "en"
    # The page's language is looked up within the query.
    locale = Locale.objects.filter(pk=page.locale_id).values("language_code")
    history = selectors.history_with_newest(campaign, Subquery(locale)) if escrow else []
    kept = None if preview or not history else history[0]
    story, faq = _story(page, kept)
    updates = selectors.updates_of(campaign, request.user, language)
    can_back = escrow is not None and escrow.state == EscrowState.OPEN and now < escrow.deadline
    secret = request.GET.get("secret", "") if escrow else ""
    opened = selectors.opened_rewards(campaign.key, secret)
    secret = secret if opened else ""
    rewards = rewards_context(campaign, now=now, can_back=can_back, language=language, opened=opened, secret=secret)
    return {
        "key": campaign.key,
        "title": page.title,
        "summary": page.summary,
        "category": _category(campaign, language),
        "kind_label": campaign.get_kind_display(),
        "creator": creator_context(campaign),
        "notice": _notice(campaign, escrow),
        "hero": _hero(page, kept),
        "anchors": _anchors(updates=len(updates), faq=len(faq), history=len(history), rewards=len(rewards)),
        "can_back": can_back,
        "why_not": "" if can_back else _why_not(escrow),
        "back_url": _back_url(campaign, secret),
        "funding": funding_context(campaign, now=now, preview=preview),
        "story": with_rewards(story, rewards),
        "faq": faq,
        "risks": page.risks,
        "updates": [update_context(update, number) for number, update in numbered(updates)],
        "path": money_path(escrow, zone=campaign.timezone) if escrow else [],
        "money": _money(campaign, escrow),
        "history": [_history_entry(version, campaign) for version in history],
        "history_url": reverse("campaign_history", kwargs={"key": campaign.key}) if len(history) > 1 else "",
        "rewards": rewards,
        "report_url": reverse("report", args=[campaign.key]) if campaign.state in PUBLIC else "",
        "share": {"url": places.absolute(f"/c/{campaign.key}/"), "title": page.title},
        "canonical_url": page.full_url,
    }


def _back_url(campaign: Campaign, secret: str) -> str:
    url = reverse("back", kwargs={"key": campaign.key})
    return f"{url}?{urlencode({'secret': secret})}" if secret else url


def funding_context(campaign: Campaign, *, now: datetime, preview: bool = False) -> dict[str, Any]:
    """The context of components/funding_box.html."""
    escrow = campaign.escrow
    if escrow is None:
        goal, currency = campaign.goal or 0, campaign.currency
        return {
            "state": wording.PRELAUNCH,
            "state_label": wording.state_label(wording.PRELAUNCH),
            "raised": format_money(0, currency),
            "goal": format_money(goal, currency),
            "raised_minor": 0,
            "percent": 0,
            "backers": 0,
            "left_text": gettext("Opens soon"),
            "promise": gettext("Nobody can pay yet: the campaign opens when its creator launches it."),
        }
    raised, backers = selectors.result_of(escrow)
    moving = escrow.state in (EscrowState.OPEN, EscrowState.CLOSING, EscrowState.ON_HOLD)
    return {
        "state": escrow.state,
        "state_label": wording.state_label(escrow.state, reached=raised >= escrow.goal),
        "raised": format_money(raised, escrow.currency),
        "goal": format_money(escrow.goal, escrow.currency),
        "raised_minor": raised,
        "percent": raised * 100 // escrow.goal,
        "backers": f"{backers:,}",
        "deadline": wording.iso(escrow.deadline),
        "now": wording.iso(now),
        "left_text": wording.left_text(state=escrow.state, deadline=escrow.deadline, now=now),
        "deadline_text": moments.time_text(escrow.deadline, zone=campaign.timezone) if moving else "",
        "promise": promise(escrow, zone=campaign.timezone),
        "url": places.api(f"campaigns/{campaign.key}/funding/") if moving and not preview else "",
    }


def rewards_context(
    campaign: Campaign, *, now: datetime, can_back: bool, language: str, opened: Collection[str] = (), secret: str = ""
) -> list[dict[str, Any]]:
    """Reward cards, base rewards before add-ons: the frozen ones after launch, the drafted ones before.

    Secret ones only where they are `opened`, by the `secret` that goes on to the form.
    """
    if campaign.escrow is None:
        chinese = language.startswith("zh")
        drafts = campaign.reward_drafts.filter(secret=False).order_by("is_addon", "position", "pk")
        return [
            draft_context(draft, currency=campaign.currency, chinese=chinese, zone=campaign.timezone)
            for draft in drafts
        ]
    return [
        reward_context(
            reward, locale=language, zone=campaign.timezone, now=now, open_for_pledges=can_back,
            campaign_key=campaign.key, secret=secret,
        )
        for reward in selectors.rewards_of(campaign.escrow, opened=opened)
    ]  # fmt: skip


def creator_context(campaign: Campaign) -> dict[str, Any]:
    """The context of components/creator.html."""
    creator = campaign.creator
    name = creator.public_name
    avatar = {"src": creator.photo.url} if creator.photo else None
    face = selectors.creators_face(campaign)
    return {
        "name": name, "verified": bool(face and face.verified), "initial": name[:1], "avatar": avatar,
        "url": reverse("creator", kwargs={"key": face.key}) if face and campaign.state in PUBLIC else "",
        "badges": [badge_context(badge) for badge in face.badges] if face else [],
    }  # fmt: skip


def numbered(updates: list[CampaignUpdate]) -> list[tuple[int, CampaignUpdate]]:
    """Newest first, counted from the oldest."""
    return [(len(updates) - index, update) for index, update in enumerate(updates)]


def update_context(update: CampaignUpdate, number: int) -> dict[str, Any]:
    """The context of components/update_item.html."""
    return {
        "number": number,
        "title": update.title,
        "lang": update.locale,
        "url": reverse("campaign_update", kwargs={"key": update.key}),
        "published_text": moments.date_text(update.published_at, zone=update.campaign.timezone),
        "at": wording.iso(update.published_at),
        "backers_only": update.audience == "backers",
        "locked": False,
    }


def _story(page: CampaignPage, version: CampaignVersion | None) -> tuple[list[Any], list[dict[str, Any]]]:
    """The story's blocks without the questions, and the questions by themselves.

    What was launched is shown as it was kept: its pictures are pinned and nothing has to be looked up.
    """
    if version is not None:
        return kept_story(version)
    return parted(streams.render([page.story])[0])


def _hero(page: CampaignPage, version: CampaignVersion | None) -> dict[str, Any]:
    if version is not None:
        return version.content["hero"] or {}
    return (image_sources(page.hero_image, page.hero_alt) or {}) if page.hero_image else {}


def _category(campaign: Campaign, language: str) -> dict[str, str] | None:
    if campaign.category is None:
        return None
    url = f"{places.index_url()}?category={campaign.category.slug}"
    return {"title": campaign.category.name(language), "url": url}


def _anchors(*, updates: int, faq: int, history: int, rewards: int) -> list[dict[str, Any]]:
    anchors: list[dict[str, Any]] = [{"id": "story", "title": gettext("Story")}]
    if rewards:
        anchors.append({"id": "rewards", "title": gettext("Rewards"), "count": rewards})
    if updates:
        anchors.append({"id": "updates", "title": gettext("Updates"), "count": updates})
    if faq:
        anchors.append({"id": "faq", "title": gettext("Questions"), "count": faq})
    anchors.append({"id": "money", "title": pgettext("section", "Money")})
    if history:
        anchors.append({"id": "history", "title": gettext("History")})
    return anchors


def _notice(campaign: Campaign, escrow: Escrow | None) -> str:
    if escrow is None and campaign.state not in PUBLIC:
        return gettext("A draft: only its team and its reviewers see this page.")
    if escrow is None:
        return gettext("This campaign was approved and is not open yet. Nobody can pay before its launch.")
    if escrow.state == EscrowState.ON_HOLD:
        return gettext("On hold: %(reason)s No new pledges for now; the deadline stands.") % {"reason": escrow.reason()}
    if escrow.state in (EscrowState.CANCELLING, EscrowState.REFUNDING, EscrowState.REFUNDED) and escrow.state_reasons:
        return gettext("Called off: %(reason)s") % {"reason": escrow.reason()}
    return ""


def _why_not(escrow: Escrow | None) -> str:
    if escrow is None:
        return gettext("Not open yet.")
    if escrow.state == EscrowState.ON_HOLD:
        return gettext("On hold: no new pledges for now.")
    return gettext("This campaign takes no more pledges.")


def _money(campaign: Campaign, escrow: Escrow | None) -> dict[str, Any]:
    if escrow is None:
        return {"sentence": gettext("No money has moved: the campaign has not been launched.")}
    return {
        "sentence": gettext(
            "Every payment is written into a ledger that nobody can change afterwards, us included. "
            "These are its sums for this campaign."
        ),
        "statement": money_table(escrow),
        "proof_url": reverse("campaign_proof", kwargs={"key": campaign.key}),
        "ledger_url": places.api(f"campaigns/{campaign.key}/ledger/"),
    }


def _history_entry(version: CampaignVersion, campaign: Campaign) -> dict[str, Any]:
    first = version.number == 1
    return {
        "at": wording.iso(version.made_at),
        "when": moments.time_text(version.made_at, zone=campaign.timezone),
        "title": gettext("Launched") if first else gettext("Version %(n)d") % {"n": version.number},
        "reason": version.reason,
        "url": reverse("campaign_version", kwargs={"key": campaign.key, "number": version.number}),
    }
