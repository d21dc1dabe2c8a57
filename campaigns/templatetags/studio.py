"""Tags of the studio's templates."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import gettext as _

from campaigns import panels
from campaigns.models import Campaign, CampaignPage
from cms.core.countries import country_name
from cms.core.moments import time_text

register = template.Library()


@register.inclusion_tag("studio/panels/status_body.html")
def campaign_status(page: CampaignPage) -> dict[str, Any]:
    """The campaign's state, next step and checklist, inside the page's editor."""
    if page.pk is None:
        return {}
    return panels.overview(Campaign.objects.select_related("escrow", "category").get(pk=page.campaign_id))


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
