"""Tags of the studio's templates."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import panels
from campaigns.models import Campaign, CampaignPage, RewardDraft
from campaigns.services.checking import NAMES
from cms.core.countries import country_name
from cms.core.moments import time_text

register = template.Library()

_AROUND = 90
_FIELDS = {
    "image": gettext_lazy("Picture"),
    "picture": gettext_lazy("Picture"),
    "alt": gettext_lazy("What the picture shows"),
    "caption": gettext_lazy("Caption"),
    "question": gettext_lazy("Question"),
    "answer": gettext_lazy("Answer"),
    "text": gettext_lazy("Text"),
    "attribution": gettext_lazy("Who said it"),
    "url": gettext_lazy("Address"),
    "title": gettext_lazy("Title (English)"),
    "title_zh": gettext_lazy("Title (Chinese)"),
    "description": gettext_lazy("Description (English)"),
    "description_zh": gettext_lazy("Description (Chinese)"),
    "price": gettext_lazy("Price"),
    "quantity": gettext_lazy("How many there are"),
    "per_person": gettext_lazy("How many one person may have"),
    "delivery": gettext_lazy("Delivered in"),
    "expected": gettext_lazy("Expected in"),
    "kind": gettext_lazy("Kind"),
    "addon": gettext_lazy("Add-on"),
    "secret": gettext_lazy("Secret"),
    "from": gettext_lazy("Offered from"),
    "until": gettext_lazy("Offered until"),
    "shipping": gettext_lazy("Shipping"),
    "variants": gettext_lazy("Variants"),
    "items": "",
}


@register.inclusion_tag("studio/panels/status_body.html")
def campaign_status(page: CampaignPage) -> dict[str, Any]:
    """The campaign's state, next step and checklist, inside the page's editor."""
    if page.pk is None:
        return {}
    return panels.overview(Campaign.objects.select_related("escrow", "category").get(pk=page.campaign_id))


@register.simple_tag
def reward_choices(page: CampaignPage) -> Iterable[RewardDraft]:
    """The rewards that a page's blocks may call to, by their keys."""
    return RewardDraft.objects.filter(campaign=page.campaign_id) if page.campaign_id else ()


@register.filter
def in_chinese(texts: dict[str, str]) -> str:
    """The Chinese of a `{locale: text}`; its key is no name that a template could write."""
    return texts.get("zh-hans", "")


@register.filter
def on_clock(moment: datetime | None, zone: str) -> str:
    """`{{ escrow.deadline|on_clock:campaign.timezone }}`: a time with the name of its clock."""
    return time_text(moment, zone=zone)


@register.filter
def destination(code: str) -> str:
    """The name of a country, or of the rest of the world."""
    return _("Everywhere else") if code == "*" else country_name(code)


@register.filter
def clipped(text: str) -> str:
    """What stayed, short: its end and its beginning are enough to find the place."""
    return text if len(text) <= 2 * _AROUND else f"{text[:_AROUND]} … {text[-_AROUND:]}"


@register.filter
def language_name(locale: str) -> str:
    """A language as its speakers call it."""
    return NAMES.get(locale, locale)


@register.filter
def block_name(type_: str) -> str:
    """A block's label, as its author knows it; `reward` is no block and has its own."""
    if type_ == "reward":
        return _("Reward")
    block = CampaignPage.story.field.stream_block.child_blocks.get(type_)
    return str(block.label) if block is not None else type_


@register.filter
def field_name(name: str) -> str:
    """What a field of a block or a reward is called."""
    return str(_FIELDS.get(name, name.replace("_", " ")))
