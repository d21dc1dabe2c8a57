"""The assistant at work: facts kept, drafts proposed, and what a creator takes of them. Nothing publishes itself."""

import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from campaigns.assistant.drafts import Draft, draft
from campaigns.assistant.facts import LONGEST, MOST, Fact, FactKind, Promise, Terms, contradictions
from campaigns.assistant.providers import OpenAIProvider, ProviderFailed
from campaigns.assistant.rules import Hint, claims, hints, vague_times
from campaigns.exceptions import ContradictingFacts, InvalidTerms, SuggestionDecided
from campaigns.models import Campaign, FactSheet, Suggestion
from campaigns.models.campaign import RewardDraft
from campaigns.models.suggestions import SuggestionState
from campaigns.selectors import LOCALES, story_pages
from campaigns.services import drafting, editing, rewarding
from campaigns.services.checking import story_text
from campaigns.services.drafting import StoryChanges
from cms.core.clock import now
from cms.core.countries import country_name
from cms.core.errors import InvalidInput
from cms.core.moments import month_text
from cms.users import audit
from cms.users.models import User
from funding.models.escrow import Mode
from funding.models.rewards import RewardKind
from funding.money import format_money

log_to = logging.getLogger("kindling.assistant")
RULES = "rules"
LOG_ACTION = "campaigns.suggestion_accepted"


def facts_of(campaign: Campaign) -> list[Fact]:
    """The facts that the creator gave."""
    sheet = FactSheet.objects.filter(campaign=campaign).first()
    return [Fact(row["key"], row["kind"], row["texts"]) for row in (sheet.facts if sheet else [])]


@transaction.atomic
def save_facts(*, campaign: Campaign, actor: User, facts: Iterable[Fact]) -> list[Fact]:
    """Keep the facts in place of those before.

    Raises `InvalidInput` with the field named, `ContradictingFacts` where two can't both be true, `NotAllowed`.
    """
    row = editing.written(campaign, actor)
    kept = [fact for fact in facts if any(fact.text(locale) for locale in LOCALES)]
    if len(kept) > MOST:
        raise InvalidInput(_("At most %(count)d facts.") % {"count": MOST}, field="facts")
    for fact in kept:
        if fact.kind not in FactKind.values:
            raise InvalidInput(_("Choose what the fact is about."), field="kind")
        if any(len(fact.text(locale)) > LONGEST for locale in LOCALES):
            raise InvalidInput(_("At most %(count)d characters.") % {"count": LONGEST}, field="text")
    if found := contradictions(kept):
        raise ContradictingFacts(
            " ".join(one.message for one in found), field="facts",
            contradictions=[{"facts": list(one.keys), "message": one.message} for one in found],
        )  # fmt: skip
    data = [
        {"key": fact.key, "kind": str(fact.kind), "texts": {code: fact.text(code) for code in LOCALES}}
        for fact in kept
    ]  # fmt: skip
    FactSheet.objects.update_or_create(campaign=row, defaults={"facts": data, "saved_by": actor, "saved_at": now()})
    return kept


def provider() -> OpenAIProvider | None:
    """The model of the settings, or None: then rules alone."""
    if not settings.ASSISTANT_URL:
        return None
    return OpenAIProvider(settings.ASSISTANT_URL, settings.ASSISTANT_KEY, settings.ASSISTANT_MODEL)


def suggest(*, campaign: Campaign, actor: User, locale: str, by_model: bool = False) -> list[Suggestion]:
    """Propose drafts in a language in place of the open ones there; the model is asked before anything is written.

    Where the model fails, or for what it leaves out, the drafts by rules stand. Raises `InvalidInput`, `NotAllowed`.
    """
    editing.check_written(campaign, actor)
    if locale not in LOCALES:
        raise InvalidInput(_("There is no such language here."), field="locale")
    facts, terms = facts_of(campaign), terms_of(campaign)
    made = {found.target: (RULES, found) for found in draft(facts, terms, locale)}
    model = provider() if by_model else None
    if model is not None:
        try:
            checked = model.draft(facts, terms, locale)
            log_to.info(
                "%s: %d drafts by %s, %d refused", campaign.key, len(checked.drafts), model.model, checked.refused
            )
            made.update({found.target: (model.model, found) for found in checked.drafts})
        except ProviderFailed as error:
            log_to.warning("%s: no drafts by %s: %s", campaign.key, model.model, error)
    return _propose(campaign, actor, locale, made.values(), {fact.key: fact for fact in (*facts, *terms.facts())})


@transaction.atomic
def accept(*, suggestion: Suggestion, actor: User) -> Suggestion:
    """Put a suggestion into the draft, labelled as the assistant's in the page's history; posts are only kept.

    Raises `SuggestionDecided`, or what saving the draft raises.
    """
    row = _open(suggestion, actor)
    kind, _colon, rest = row.target.partition(":")
    if kind == "reward":
        _write_reward(row, actor, rest)
    elif kind != "share":
        _write_page(row, actor, kind)
    return _decide(row, actor, SuggestionState.ACCEPTED)


@transaction.atomic
def reject(*, suggestion: Suggestion, actor: User) -> Suggestion:
    """Leave the draft as it is. Raises `SuggestionDecided`."""
    return _decide(_open(suggestion, actor), actor, SuggestionState.REJECTED)


def hints_for(campaign: Campaign) -> list[Hint]:
    """What the rules say of the story in each language and of the rewards' texts, as they are drafted."""
    found: list[Hint] = []
    for page in story_pages(campaign):
        newest = page.get_latest_revision_as_object()
        found.extend(
            hints(locale=page.locale.language_code, title=newest.title, summary=newest.summary,
                  story=story_text(newest.story), risks=newest.risks)
        )  # fmt: skip
    for reward in campaign.reward_drafts.all():
        for locale, text in (("en", reward.description_en), ("zh-hans", reward.description_zh)):
            found.extend(vague_times(text, f"reward:{reward.key}", locale))
            found.extend(claims(text, f"reward:{reward.key}", locale))
    return found


def terms_of(campaign: Campaign) -> Terms:
    """The drafted terms in words of both languages."""
    # What is written here is for everybody: secret rewards are not in it.
    rewards = list(campaign.reward_drafts.filter(secret=False))
    return Terms(
        goal=_each(lambda code: format_money(campaign.goal or 0, campaign.currency, locale=code)) if campaign.goal
        else {},
        all_or_nothing=campaign.mode == Mode.ALL_OR_NOTHING,
        rewards=tuple(_promise(reward, campaign.currency) for reward in rewards),
    )  # fmt: skip


def _promise(reward: RewardDraft, currency: str) -> Promise:
    titles = {"en": reward.title_en, "zh-hans": reward.title_zh}
    return Promise(
        key=reward.key, titles=titles, price=_each(lambda code: format_money(reward.price, currency, locale=code)),
        month=_each(lambda code: month_text(reward.delivery_month)) if reward.delivery_month else {},
        places=_each(lambda code: _places(reward)) if reward.shipping else {},
        posted=reward.kind == RewardKind.PHYSICAL,
    )  # fmt: skip


def _places(reward: RewardDraft) -> str:
    named = ", ".join(country_name(code) for code in sorted(reward.shipping) if code != "*")
    if "*" not in reward.shipping:
        return _("Ships to %(places)s") % {"places": named}
    return _("Ships to %(places)s and everywhere else") % {"places": named} if named else _("Ships worldwide")


def _each(say: Any) -> dict[str, str]:
    said = {}
    for code in LOCALES:
        with translation.override(code):
            said[code] = str(say(code))
    return said


@transaction.atomic
def _propose(
    campaign: Campaign, actor: User, locale: str, made: Iterable[tuple[str, Draft]], known: dict[str, Fact]
) -> list[Suggestion]:
    row = editing.written(campaign, actor)
    waiting = Suggestion.objects.filter(campaign=row, locale=locale, state=SuggestionState.OPEN)
    waiting.update(state=SuggestionState.OUTDATED)
    return Suggestion.objects.bulk_create([
        Suggestion(
            campaign=row, locale=locale, target=found.target, heading=found.heading, text=found.text,
            source=source[:80], pairs=[list(pair) for pair in found.pairs], made_at=now(),
            cites={key: known[key].text(locale) for key in found.cites if key in known},
        )
        for source, found in made
    ])  # fmt: skip


def _open(suggestion: Suggestion, actor: User) -> Suggestion:
    editing.written(suggestion.campaign, actor)
    row = Suggestion.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=suggestion.pk)
    if row.state != SuggestionState.OPEN:
        raise SuggestionDecided(_("This suggestion is decided or replaced already."), state=row.state)
    return row


def _decide(row: Suggestion, actor: User, state: SuggestionState) -> Suggestion:
    row.state, row.decided_by, row.decided_at = state, actor, now()
    row.save(update_fields=["state", "decided_by", "decided_at"])
    audit.record(
        actor=actor, action=f"campaign.suggestion_{state}", subject=f"campaign:{row.campaign.key}", target=row.target,
        locale=row.locale, source=row.source, suggestion=row.pk,
    )  # fmt: skip
    return row


def _write_page(row: Suggestion, actor: User, kind: str) -> None:
    page = drafting.page_in(campaign=row.campaign, actor=actor, locale=row.locale)
    match kind:
        case "title":
            changes = StoryChanges(title=row.text)
        case "summary":
            changes = StoryChanges(summary=row.text)
        case "risks":
            changes = StoryChanges(risks=row.text)
        case _:
            changes = StoryChanges(append=_blocks(row))
    saved = drafting.edit_story(page=page, actor=actor, changes=changes)
    log(instance=saved, action=LOG_ACTION, user=actor, data={"target": row.target, "source": row.source})


def _blocks(row: Suggestion) -> list[dict[str, Any]]:
    if row.pairs:
        items = [{"question": question[:200], "answer": f"<p>{escape(answer)}</p>"} for question, answer in row.pairs]
        return [{"type": "faq", "value": {"items": items}}]
    text = "".join(f"<p>{escape(part)}</p>" for part in row.text.split("\n") if part.strip())
    return [
        {"type": "heading", "value": row.heading}, {"type": "text", "value": text},
    ]  # fmt: skip


def _write_reward(row: Suggestion, actor: User, key: str) -> None:
    reward = row.campaign.reward_drafts.filter(key=key).first()
    if reward is None:
        raise InvalidTerms(_("That reward is gone."), field="reward")
    rewarding.describe(reward=reward, actor=actor, locale=row.locale, text=row.text)
