"""Reading across models, for screens and services."""

from collections.abc import Collection, Iterable
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery, When

from campaigns import policies
from campaigns.models import (
    Campaign,
    CampaignPage,
    CampaignPicture,
    CampaignTemplatePage,
    CampaignUpdate,
    CampaignVersion,
    ReviewClaim,
    RewardDraft,
    Severity,
    Submission,
    SubmissionDecision,
)
from campaigns.models.updates import Audience
from campaigns.policies import Scope
from campaigns.states import PUBLIC
from cms.core.clock import AppNow
from cms.images.models import Document, Image
from cms.images.services import uploads_in
from cms.users.models import User
from cms.users.selectors import Face, badge_rows, face_in, face_of
from funding.models import Escrow, FeeSchedule, Pledge, Reward
from funding.states import PledgeState

LOCALES = tuple(code for code, _name in settings.LANGUAGES)
# The collection that creators upload into.
COLLECTION = "Creators"
# What a backer still holds: also while the bank asks questions about the charge.
BACKING_STATES = (PledgeState.PAID, PledgeState.DISPUTED)
DEFAULT_MAX_DURATION = 60
# What a campaign's own page shows of more than its row.
WITH_CAMPAIGN = ("escrow__decision", "creator__creator_profile", "category")


def max_duration_days() -> int:
    """The longest that a campaign may last, by the fee schedule in force; 60 where none is."""
    schedule = FeeSchedule.objects.filter(scope="platform", effective_from__lte=AppNow()).order_by("-effective_from")
    return schedule.values_list("max_duration_days", flat=True).first() or DEFAULT_MAX_DURATION


def story_pages(campaign: Campaign) -> list[CampaignPage]:
    """The campaign's own pages, one a language, the source language first; aliases are none."""
    return list(
        CampaignPage.objects.filter(campaign=campaign, alias_of=None).select_related("locale").order_by("pk").specific()
    )


def pictures_of(campaign: Campaign, user: User) -> QuerySet[Image]:
    """What this person may show in a campaign: their own uploads, the campaign's pictures, the platform's.

    Its owner's other pictures are not the team's; an admin stands in for the owner.
    """
    uploader = campaign.creator_id if policies.may_manage(user, campaign) else user.pk
    shown = CampaignPicture.objects.filter(campaign=campaign)
    return Image.objects.filter(
        Q(uploaded_by_user=uploader) | Q(pk__in=shown.values("image")) | ~Q(collection__name=COLLECTION)
    )


def files_of(campaign: Campaign, user: User) -> QuerySet[Document]:
    """The same for documents, films and sounds; those that stand in the campaign's story already are the team's."""
    uploader = campaign.creator_id if policies.may_manage(user, campaign) else user.pk
    standing: set[int] = set()
    for page in story_pages(campaign):
        draft = page.get_latest_revision_as_object()
        standing |= uploads_in(Document, draft._meta.get_field("story"), draft.story)
    return Document.objects.filter(Q(uploaded_by_user=uploader) | Q(pk__in=standing) | ~Q(collection__name=COLLECTION))


def campaign_page(key: str, locale: str) -> CampaignPage | None:
    """The published page of a campaign in a language, else in whichever there is; None where it isn't public."""
    pages = CampaignPage.objects.live().filter(campaign__key=key, alias_of=None, campaign__state__in=PUBLIC)
    found = list(pages.select_related("locale", "campaign__escrow", "campaign__creator", "hero_image").specific())
    return next((page for page in found if page.locale.language_code == locale), next(iter(found), None))


def approved_submission(campaign: Campaign) -> Submission | None:
    """The newest that a reviewer approved: the only one that launch reads."""
    return Submission.objects.approved().filter(campaign=campaign).first()


def open_submission(campaign: Campaign) -> Submission | None:
    """The one that waits for its decision."""
    return Submission.objects.open().filter(campaign=campaign).first()


def last_decision(campaign: Campaign) -> Any:
    """How the newest decided attempt ended, or None."""
    submission = campaign.submissions.filter(decision__isnull=False).select_related("decision__decided_by").first()
    return submission.decision if submission else None


def with_pages(path: str = "pages") -> Prefetch:
    """The campaigns' own pages for `titles`, in one query for a whole list."""
    return Prefetch(path, CampaignPage.objects.filter(alias_of=None).select_related("locale").order_by("pk"))


def review_queue(user: User) -> QuerySet[Submission]:
    """What this reviewer may decide, oldest first, with the campaigns' pages at hand."""
    waiting = Submission.objects.decidable_by(user).select_related("campaign", "submitted_by")
    return waiting.prefetch_related(with_pages("campaign__pages")).order_by("pk")


def queue_rows(user: User, *, show: str = "", what: str = "") -> QuerySet[Submission]:
    """The queue's page, what is owed first: with its claims, approvals and the worst finding (`worst`, `checks_done`).

    `show`: free, mine, overdue, second (one of two has approved), serious; `what`: new, again, story.
    """
    rows = review_queue(user).annotate(
        worst=Max("checks__severity"), checks_done=Count("checks", distinct=True),
        yeses=Count("approvals", distinct=True),
    )  # fmt: skip
    held = Submission.objects.held()
    shown = {
        "free": lambda: rows.exclude(pk__in=held.values("pk")),
        "mine": lambda: rows.filter(pk__in=Submission.objects.held(reviewer=user).values("pk")),
        "overdue": lambda: rows.filter(due_at__lte=AppNow()),
        "second": lambda: rows.filter(yeses__gt=0),
        "serious": lambda: rows.filter(worst=Severity.SERIOUS),
    }
    found = shown[show]() if show in shown else rows
    kinds = {"new": Q(number=1, change_note=""), "again": Q(number__gt=1, change_note=""), "story": ~Q(change_note="")}
    found = found.filter(kinds[what]) if what in kinds else found
    live = ReviewClaim.objects.filter(released_at=None, expires_at__gt=AppNow()).select_related("reviewer")
    return found.prefetch_related(Prefetch("claims", live, to_attr="live_claims")).order_by("due_at", "pk")


def recent_decisions(count: int) -> QuerySet[SubmissionDecision]:
    """What reviewers decided last, with the campaigns' pages at hand."""
    decided = SubmissionDecision.objects.exclude(outcome="withdrawn").select_related(
        "submission__campaign", "decided_by"
    )
    return decided.prefetch_related(with_pages("submission__campaign__pages")).order_by("-pk")[:count]


def latest_version(campaign: Campaign, locale: str) -> CampaignVersion | None:
    """What backers of a language see now, or in whichever language there is."""
    versions = CampaignVersion.objects.filter(campaign=campaign).order_by("-pk")
    return versions.filter(locale=locale).first() or versions.first()


def version_by_hash(campaign: Campaign, hash_: str) -> CampaignVersion | None:
    """What a backer saw."""
    return CampaignVersion.objects.filter(campaign=campaign, hash=hash_).first()


def history(campaign: Campaign, locale: str | Subquery) -> QuerySet[CampaignVersion]:
    """All versions of a language, newest first; word-level differences are made of neighbours."""
    return CampaignVersion.objects.filter(campaign=campaign, locale=locale).order_by("-number")


def history_with_newest(campaign: Campaign, locale: str | Subquery) -> list[CampaignVersion]:
    """The same as a list, with the content of the newest alone: one query."""
    rows = history(campaign, locale)
    newest = Case(When(pk=Subquery(rows.values("pk")[:1]), then=F("content")))
    found: list[Any] = list(rows.defer("content").annotate(newest_content=newest))
    for row in found[:1]:
        row.content = row.newest_content
    return found


def is_backer(campaign: Campaign, user: Any) -> bool:
    """Whether the person has a paid pledge on the campaign."""
    return _backing(campaign, user).exists()


def _backing(campaign: Campaign, user: Any) -> QuerySet[Pledge]:
    if not user.is_authenticated or campaign.escrow_id is None:
        return Pledge.objects.none()
    return Pledge.objects.filter(escrow=campaign.escrow_id, backer=user, state__in=BACKING_STATES)


def updates_visible_to(
    campaign: Campaign, user: Any, locale: str | None = None, *, guest: Pledge | None = None
) -> QuerySet[CampaignUpdate]:
    """Published updates that a reader may see, newest first: backers-only ones for backers and the creator.

    With a locale, each update once: in that language, else in whichever it was written. `guest` is the pledge that a
    reader without an account has shown the signed link of.
    """
    updates = CampaignUpdate.objects.published().filter(campaign=campaign).select_related("campaign")
    backs = guest is not None and _backs(guest, campaign)
    if not backs and not policies.may_manage(user, campaign):
        # Whether they are a backer or write with the creator, and what they may then read, is one question.
        writes = policies.shared_with(user, Scope.STORY, path="campaign__")
        updates = updates.filter(Q(audience=Audience.PUBLIC) | Exists(_backing(campaign, user)) | writes)
    if locale is not None:
        here = updates.filter(locale=locale).values("translation_key")
        updates = updates.filter(Q(locale=locale) | ~Q(translation_key__in=here))
    return updates.order_by("-published_at", "-pk")


def _backs(pledge: Pledge, campaign: Campaign) -> bool:
    return pledge.escrow_id == campaign.escrow_id and pledge.state in BACKING_STATES


def updates_of(campaign: Campaign, user: Any, locale: str, *, guest: Pledge | None = None) -> list[CampaignUpdate]:
    """The same as a list whose rows know the campaign: one query more never hides in a row."""
    found = list(updates_visible_to(campaign, user, locale, guest=guest))
    for update in found:
        update.campaign = campaign
    return found


def update_by_key(key: str, user: Any, *, guest: Pledge | None = None) -> CampaignUpdate | None:
    """One published update, if this reader may see it."""
    update = CampaignUpdate.objects.published().filter(key=key).select_related("campaign").first()
    if update is None or not updates_visible_to(update.campaign, user, guest=guest).filter(pk=update.pk).exists():
        return None
    return update


def my_campaigns(user: User) -> QuerySet[Campaign]:
    """The studio's list: one's own and those one works on, newest first, with pages, money and the last decision."""
    return (
        Campaign.objects.of(user)
        .select_related("escrow", "category", "creator")
        .prefetch_related(with_pages(), Prefetch("submissions", Submission.objects.select_related("decision")))
        .order_by("-pk")
    )


def templates(locale: str) -> list[CampaignTemplatePage]:
    """What a campaign may begin with: the published ones, in the editors' order, each in the language if it has it."""
    rows = CampaignTemplatePage.objects.live().select_related("locale", "category", "picture").order_by("path")
    found: dict[Any, CampaignTemplatePage] = {}
    for row in sorted(rows, key=lambda row: row.locale.language_code != locale):
        found.setdefault(row.translation_key, row)
    return list(found.values())


def template_in(key: str, locale: str) -> CampaignTemplatePage | None:
    """A published template by its key, in the language if there is one."""
    return next((row for row in templates(locale) if row.key == key), None)


def template_languages(template: CampaignTemplatePage) -> dict[str, CampaignTemplatePage]:
    """The published pages of a template, by language."""
    rows = CampaignTemplatePage.objects.live().filter(translation_key=template.translation_key)
    return {row.locale.language_code: row for row in rows.select_related("locale")}


def titles(campaign: Campaign, pages: Iterable[CampaignPage] | None = None) -> dict[str, str]:
    """The campaign's title by locale, as drafted."""
    pages = story_pages(campaign) if pages is None else pages
    return {page.locale.language_code: page.draft_title or page.title for page in pages}


def campaign_for_page(page: CampaignPage) -> Campaign:
    """The campaign behind a page, with its money, category, creator and their badges at hand: one query."""
    if "campaign" in page._state.fields_cache and "creator" in page.campaign._state.fields_cache:
        # It came with the page.
        return page.campaign
    rows = Campaign.objects.select_related(*WITH_CAMPAIGN).annotate(creator_badges=badge_rows(OuterRef("creator")))
    return rows.get(pk=page.campaign_id)


def creators_face(campaign: Campaign) -> Face | None:
    """The creator's key and badges: those that came with the campaign, else one query."""
    if "creator_badges" not in campaign.__dict__:
        return face_of(campaign.creator)
    profile = getattr(campaign.creator, "creator_profile", None)
    return face_in(profile, campaign.creator_badges) if profile else None  # type: ignore[attr-defined]


def opened_rewards(campaign_key: str, secret: str) -> frozenset[str]:
    """Keys of the secret rewards that the `secret` of a link lets its bearer in to; nothing tells why it is none."""
    if not secret or len(secret) > 64 or "\0" in secret:
        return frozenset()
    found = RewardDraft.objects.filter(campaign__key=campaign_key, secret=True, secret_token=secret)
    return frozenset(found.values_list("key", flat=True))


def rewards_of(escrow: Escrow, *, opened: Collection[str] = ()) -> list[Reward]:
    """The frozen rewards, base rewards before add-ons, with their variants; of secret ones those that are `opened`."""
    seen = Q(secret=False) | Q(key__in=opened) if opened else Q(secret=False)
    rewards = Reward.objects.filter(seen, escrow=escrow).prefetch_related("variants")
    found = list(rewards.order_by("is_addon", "position", "pk"))
    for reward in found:
        reward.escrow = escrow
    return found


def result_of(escrow: Escrow) -> tuple[int, int]:
    """(raised in minor units, backers): as they stand, or as they stood when the campaign was decided."""
    decision = getattr(escrow, "decision", None)
    if decision is not None:
        return decision.raised, decision.backers
    return escrow.raised, escrow.backers


def pledges_of(user: User) -> QuerySet[Pledge]:
    """A person's own pledges, newest first, with all that a list or a receipt shows."""
    return (
        Pledge.objects.filter(backer=user)
        .select_related("escrow__campaign", "escrow__decision")
        .prefetch_related("lines__reward", "lines__variant", "escrow__campaign__listings")
        .order_by("-created_at", "-pk")
    )


def escrows_of(user: User) -> QuerySet[Escrow]:
    """The money of a creator's own campaigns, newest first."""
    return Escrow.objects.filter(creator=user).select_related("decision").order_by("-launched_at")
