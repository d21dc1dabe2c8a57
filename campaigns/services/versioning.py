"""What backers saw, as data: written at launch and whenever a launched campaign's story or rewards change."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import translation

from campaigns.models import Campaign, CampaignPage, CampaignVersion
from campaigns.services import freezing, pinning
from cms.images import streams
from cms.images.models import Image
from cms.images.serializers import image_sources
from cms.users.models import User
from funding.models import Escrow, Reward


@transaction.atomic
def write_version(*, campaign: Campaign, page: CampaignPage, actor: User | None, reason: str = "") -> CampaignVersion:
    """Append what the live page and the escrow's terms say now; when nothing differs, return the newest there is."""
    row = Campaign.objects.select_for_update(no_key=True, of=("self",)).select_related("escrow").get(pk=campaign.pk)
    if row.escrow is None:
        raise ValueError("versions begin at launch")
    locale = page.locale.language_code
    newest = CampaignVersion.objects.filter(campaign=row, locale=locale).order_by("-number").first()
    content = render(page, row.escrow)
    if newest is not None and {**newest.content, "number": 0} == {**content, "number": 0}:
        return newest
    # Its number is part of what is hashed: going back to earlier words is a new version, not the old one.
    content["number"] = newest.number + 1 if newest else 1
    return CampaignVersion.objects.create(
        campaign=row, page=page, locale=locale, number=content["number"], hash=freezing.digest(content),
        content=content, reason=reason, made_by=actor,
    )  # fmt: skip


def write_all(
    *, campaign: Campaign, actor: User | None, reason: Callable[[], str] = str, note: str = ""
) -> list[CampaignVersion]:
    """A version of every published language: `reason` is asked for in each, `note` is the creator's own words."""
    pages = CampaignPage.objects.live().filter(campaign=campaign, alias_of=None).order_by("pk").specific()
    written = []
    for page in pages.select_related("locale"):
        with translation.override(page.locale.language_code):
            told = " ".join(part for part in (reason(), note.strip()) if part)
        written.append(write_version(campaign=campaign, page=page, actor=actor, reason=told))
    return written


def render(page: CampaignPage, escrow: Escrow) -> dict[str, Any]:
    """Story and terms as JSON that needs nothing else to be shown. Amounts in minor units, times UTC ISO 8601."""
    return {
        "number": 0,
        "title": page.title,
        "summary": page.summary,
        "hero": pinning.pin(page.hero_image, pinning.HERO, alt=page.hero_alt) if page.hero_image else None,
        "story": story(page.story),
        "risks": page.risks,
        "terms": {
            "key": escrow.key,
            "kind": escrow.kind,
            "currency": escrow.currency,
            "goal": escrow.goal,
            "mode": escrow.mode,
            "deadline": escrow.deadline.isoformat(),
            "platform_fee_bps": escrow.platform_fee_bps,
            "rewards": [reward_data(one) for one in escrow.rewards.filter(secret=False).prefetch_related("variants")],
        },
    }


def story(stream: Any) -> list[dict[str, Any]]:
    """A StreamField as the API has it, `{type, id, value}`, with links resolved and pictures pinned."""
    return streams.render([stream], picture=_pinned)[0]


def _pinned(image: Image | None, alt: str) -> dict[str, Any] | None:
    if image is None:
        return None
    data = {**pinning.pin(image, pinning.STORY, alt=alt), "srcset": ""}
    # Whole, not cut: the point is where it was.
    return {**data, "focal_point": (image_sources(image) or {}).get("focal_point")}


def reward_data(reward: Reward) -> dict[str, Any]:
    """A frozen reward as versions keep it. A secret one is kept in none: who backed it is shown it from its own row."""
    return {
        "key": reward.key,
        "kind": reward.kind,
        "titles": reward.titles,
        "descriptions": reward.descriptions,
        "image": reward.image_url,
        "price": reward.price,
        "is_addon": reward.is_addon,
        "quantity": reward.quantity,
        "per_person_limit": reward.per_person_limit,
        "shipping": reward.shipping,
        "delivery_month": reward.delivery_month.isoformat() if reward.delivery_month else None,
        **({"expected_month": reward.expected_month.isoformat()} if reward.expected_month else {}),
        "window_start": reward.window_start.isoformat() if reward.window_start else None,
        "window_end": reward.window_end.isoformat() if reward.window_end else None,
        "variants": [{"key": v.key, "names": v.names, "quantity": v.quantity} for v in reward.variants.all()],
    }
