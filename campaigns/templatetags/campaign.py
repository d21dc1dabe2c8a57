"""How templates of Wagtail pages reach what a page itself may not know: money, rewards, updates."""

from typing import Any

from django import template
from django.template import Context

from campaigns.api.previews import lend
from campaigns.models import CampaignIndexPage, CampaignPage, CampaignUpdate
from campaigns.services.sharing_drafts import front_end_address
from campaigns.views.campaign import campaign_context
from campaigns.views.index import index_context
from campaigns.views.updates import campaign_update_context

register = template.Library()


@register.simple_tag(takes_context=True)
def campaign_of(context: Context, page: CampaignPage) -> dict[str, Any]:
    """`{% campaign_of page as campaign %}`: everything pages/campaign.html shows."""
    request = context["request"]
    return campaign_context(request, page, preview=getattr(request, "is_preview", False))


@register.simple_tag(takes_context=True)
def update_of(context: Context, draft: CampaignUpdate) -> dict[str, Any]:
    """`{% update_of draft as shown %}`: what pages/update.html shows, for the editor's preview."""
    return campaign_update_context(draft, context["request"].user, locale=draft.locale)


@register.simple_tag(takes_context=True)
def index_of(context: Context, page: CampaignIndexPage) -> dict[str, Any]:
    """`{% index_of page as index %}`: one page of cards within the chosen facets."""
    return index_context(context["request"], title=page.title, text=page.introduction)


@register.simple_tag
def headless_of(draft: CampaignPage | CampaignUpdate) -> dict[str, Any]:
    """`{% headless_of draft as shown %}`: where the headless front end shows what is being written."""
    locale = draft.locale if isinstance(draft, CampaignUpdate) else draft.locale.language_code
    return {"url": front_end_address(lend(draft)), "locale": locale}
