"""What changed from one kept version of a launched campaign to the next, for everybody to read."""

from typing import Any

from django.utils.translation import gettext as _

from campaigns.diffing import BlockChange, diff_story, diff_text
from campaigns.models import CampaignVersion
from campaigns.services.comparing_submissions import StoryChange, TextChange, reward_blocks
from funding.money import format_money

# How a picture or a film is delivered says nothing about what it shows.
_UNSAID = frozenset({"srcset", "sources", "width", "height", "focal_point", "embed_url", "provider"})


def changes_between(before: CampaignVersion, after: CampaignVersion) -> StoryChange:
    """Title, promise and risks, the story's blocks, then the rewards; of one language. Secret rewards are in neither.

    Names are in the reader's language, amounts in words.
    """
    old, new, locale = before.content, after.content, after.locale
    fields = [
        TextChange(str(name), diff_text(old[field] or "", new[field] or "", locale), field)
        for field, name in (("title", _("Title")), ("summary", _("Promise")), ("risks", _("Risks")))
    ]
    pictures = [(content["hero"] or {}).get("src", "").rpartition("/")[2] for content in (old, new)]
    fields.append(TextChange(_("Main picture"), diff_text(pictures[0][:8], pictures[1][:8], locale), "hero"))
    blocks = diff_story(_told(old["story"]), _told(new["story"]), locale)
    return StoryChange(
        locale, False, [field for field in fields if field.changed], [*blocks, *_rewards(old["terms"], new["terms"])]
    )


def _rewards(old: dict[str, Any], new: dict[str, Any]) -> list[BlockChange]:
    changes = diff_story(reward_blocks(_as_submitted(old)), reward_blocks(_as_submitted(new)), "")
    # Where a card stands among the others is no news.
    return [change for change in changes if change.kind != "kept"]


def _as_submitted(terms: dict[str, Any]) -> dict[str, Any]:
    rewards = [{**one, "image": {"src": one["image"]}, "secret": False} for one in terms["rewards"]]
    return {**terms, "rewards": rewards}


def _told(value: Any) -> Any:
    """A story's data without addresses: a picture by what it shows, an amount in words."""
    if isinstance(value, dict):
        if value.keys() == {"amount", "currency"} and isinstance(value["amount"], int):
            return format_money(value["amount"], value["currency"])
        if "src" in value and "alt" in value:
            return f"{value['alt']} (#{value['src'].rpartition('/')[2][:6]})"
        return {name: _told(inner) for name, inner in value.items() if name not in _UNSAID}
    return [_told(inner) for inner in value] if isinstance(value, list) else value
