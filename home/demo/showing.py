"""A draft that was shown to friends before it is handed in, and what they said."""

from campaigns.models import Campaign, PreviewLink
from campaigns.selectors import story_pages
from campaigns.services import sharing_drafts
from campaigns.views.previews import parts_of

_SAID = {
    "en": (
        ("Tang Wenqi", "", "I would put the sentence about the spare parts first. It is why I would buy it."),
        ("", "title", "One screwdriver: which one? If it comes in the box, say so here."),
    ),
    "zh-hans": (
        ("唐文琪", "", "备件那一句应该放到最前面，我就是冲着这个想买的。"),
        ("", "title", "“一把螺丝刀”是哪一把？如果随箱附送，在这里就说出来。"),
    ),
}
_LABELS = {"en": "Friends who solder", "zh-hans": "会焊东西的朋友"}


def show_to_friends(campaign: Campaign) -> None:
    """A link in each language with two comments; twice is once."""
    for page in story_pages(campaign):
        locale = page.locale.language_code
        if PreviewLink.objects.filter(page=page).exists():
            continue
        link = sharing_drafts.share_draft(page=page, actor=campaign.creator, label=_LABELS[locale], days=30)
        parts = parts_of(sharing_drafts.shown_page(link), link)
        for name, part, text in _SAID[locale]:
            sharing_drafts.comment(token=sharing_drafts.token_of(link), text=text, name=name, part=part, parts=parts)
