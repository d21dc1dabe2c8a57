"""Beginning a campaign: kind, category, and a template whose words are copied. Later edits of it reach no draft."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from campaigns import policies
from campaigns.models import (
    Campaign,
    CampaignPage,
    CampaignTemplatePage,
    Category,
    ChecklistItem,
    DonationCampaignPage,
    RewardCampaignPage,
)
from campaigns.models.campaign import CampaignKind
from campaigns.selectors import template_in, template_languages
from campaigns.services import drafting, editing
from campaigns.services.rewarding import RewardInput, create_draft
from cms.core.clock import now
from cms.core.errors import InvalidInput, NotAllowed
from cms.core.keys import new_key
from cms.users import audit, roles
from cms.users.models import User
from funding.models.rewards import RewardKind
from funding.money import EXPONENTS

DAYS = 30
_PAGES = {CampaignKind.REWARD: RewardCampaignPage, CampaignKind.DONATION: DonationCampaignPage}


@transaction.atomic
def begin_campaign(
    *, actor: User, title: str, locale: str, kind: str = "", category: Category | None = None, template: str = ""
) -> CampaignPage:
    """A new draft with its page in one language; with a template's key also its skeleton, checklist and first reward.

    Kind and category are the given ones, else the template's, else rewards and none. It lasts 30 days until its terms
    say otherwise. Raises `NotAllowed` (no creator) or `InvalidInput` with the field named.
    """
    if not roles.has_role(actor, roles.CREATOR) and not policies.stands_in(actor):
        raise NotAllowed(_("Become a creator first."))
    chosen = _template(template, locale) if template else None
    kind = kind or (chosen.kind if chosen else "") or CampaignKind.REWARD
    if kind not in _PAGES:
        raise InvalidInput(_("There is no such kind."), field="kind")
    if chosen and chosen.kind and chosen.kind != kind:
        raise InvalidInput(_("This template is for campaigns of another kind."), field="template")
    page = _page(actor, kind, title, locale, chosen)
    _fill(page.campaign, chosen, category)
    audit.record(
        actor=actor, action="campaign.started", subject=f"campaign:{page.campaign.key}", kind=str(kind),
        template=chosen.slug if chosen else "",
    )  # fmt: skip
    return page


@transaction.atomic
def tick(*, campaign: Campaign, actor: User, code: str, done: bool) -> ChecklistItem:
    """Say that something of the template's checklist is done, or isn't. Raises `NotAllowed` or `InvalidInput`."""
    row = editing.written(campaign, actor)
    item = row.checklist_items.filter(code=code).first()
    if item is None:
        raise InvalidInput(_("There is nothing of that name to tick."), field="code")
    if done != (item.done_at is not None):
        item.done_at = now() if done else None
        item.save(update_fields=["done_at"])
    return item


def skeleton(stream: Iterable[Any]) -> list[dict[str, Any]]:
    """A template's blocks as those of a new story: the same words, and none of the ids that comments hang on."""
    return [{"type": block["type"], "value": block["value"]} for block in stream]


def _template(key: str, locale: str) -> CampaignTemplatePage:
    found = template_in(key, locale)
    if found is None:
        raise InvalidInput(_("There is no such template."), field="template")
    return found


def _page(
    actor: User, kind: str, title: str, locale: str, template: CampaignTemplatePage | None
) -> CampaignPage:  # fmt: skip
    page = _PAGES[CampaignKind(kind)](owner=actor, live=False, slug="", story=[])
    drafting.write_text(page, "title", title)
    page.slug = f"{slugify(page.title)[:60] or 'campaign'}-{new_key()}"
    if template is not None:
        page.risks = template.risks
        page.story = page.story.stream_block.to_python(skeleton(template.story.get_prep_value()))
    drafting.index_in(locale).add_child(instance=page)
    page.save_revision(user=actor, log_action=True)
    return page


def _fill(row: Campaign, template: CampaignTemplatePage | None, category: Category | None) -> None:
    """What the template has beside the story."""
    row.category = category or (template.category if template else None)
    row.duration_days = DAYS
    row.save(update_fields=["category", "duration_days"])
    if template is None:
        return
    both = template_languages(template)
    english, chinese = both.get("en", template), both.get("zh-hans", template)
    words: dict[str, dict[str, str]] = {}
    for name, page in (("words_en", english), ("words_zh", chinese)):
        for item in page.checklist:
            words.setdefault(str(item.id), {})[name] = str(item.value)
    ChecklistItem.objects.bulk_create(
        ChecklistItem(campaign=row, code=code[:40], position=place, **told)
        for place, (code, told) in enumerate(words.items())
    )
    if row.kind == CampaignKind.REWARD and template.reward_title and template.reward_price:
        create_draft(row, RewardInput(
            kind=RewardKind.DIGITAL, price=template.reward_price * 10 ** EXPONENTS[row.currency],
            title_en=english.reward_title, title_zh=chinese.reward_title,
            description_en=english.reward_description, description_zh=chinese.reward_description,
        ))  # fmt: skip
