"""Reviewers verify creators' papers: one reviewer at a time, every decision with its reason, nobody their own."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.core import moments, sweeps
from cms.core.errors import InvalidInput, NotAllowed
from cms.users import audit, roles, selectors
from cms.users.exceptions import ClaimedByAnother, NotClaimed, NotWaiting
from cms.users.models import CreatorDocument, CreatorProfile, DocumentDecision, DocumentState, User, Verdict
from cms.users.services.announcing import announce_changed, announce_decided, announce_expiring
from cms.users.services.documenting import write_verdict

# A reviewer's table is cleared after so long without a decision. A lease: real time.
CLAIM = timedelta(minutes=30)
# How many days ahead a creator is reminded; 0 is the day after the last.
REMINDERS = (30, 7)
ROLE = "reviewer"

Partial = Callable[[User, User], bool]
_partial: list[Partial] = []


def partial_when(asked: Partial) -> None:
    """Let a package above say when a reviewer is not impartial towards a creator; called in `AppConfig.ready()`."""
    _partial.append(asked)


def impartial(reviewer: User, creator: User) -> bool:
    """Whether the reviewer may judge the creator: not themselves, nor anybody they work with."""
    return reviewer.pk != creator.pk and not any(asked(reviewer, creator) for asked in _partial)


@transaction.atomic
def claim(*, profile: CreatorProfile, actor: User) -> CreatorProfile:
    """Put a creator's papers on one's table for half an hour; again renews it.

    Raises `NotAllowed` for no reviewer or one's own, `ClaimedByAnother`.
    """
    _check_reviewer(profile, actor)
    real = timezone.now()
    free = Q(claimed_by=None) | Q(claimed_by=actor) | Q(claimed_until__lte=real)
    if not CreatorProfile.objects.filter(free, pk=profile.pk).update(claimed_by=actor, claimed_until=real + CLAIM):
        raise ClaimedByAnother(_("Another reviewer is looking at these documents."))
    profile.refresh_from_db(fields=["claimed_by", "claimed_until"])
    audit.record(actor=actor, action="creator.claimed", subject=f"user:{profile.user_id}")
    return profile


@transaction.atomic
def release(*, profile: CreatorProfile, actor: User) -> None:
    """Clear one's table; nothing where it is another's."""
    if CreatorProfile.objects.filter(pk=profile.pk, claimed_by=actor).update(claimed_by=None, claimed_until=None):
        audit.record(actor=actor, action="creator.released", subject=f"user:{profile.user_id}")


def approve(*, document: CreatorDocument, actor: User, reason: str = "") -> DocumentDecision:
    """A paper is what it says: its badge shows, an older one of its kind is replaced, payouts go on.

    Raises `NotAllowed`, `NotClaimed`, `NotWaiting`, `InvalidInput` for one that has expired meanwhile.
    """
    with transaction.atomic():
        row = _waiting(document, actor)
        if row.expires_on is not None and row.expires_on < moments.today():
            raise InvalidInput(_("This document has expired meanwhile. Send it back."), field="decision")
        older = CreatorDocument.objects.select_for_update(no_key=True).filter(
            profile=row.profile, slot=row.slot, state=DocumentState.APPROVED
        )
        for before in older:
            write_verdict(before, Verdict.REPLACED, actor=actor, role=ROLE, reason="")
        return _decide(row, Verdict.APPROVED, actor, reason)


def reject(*, document: CreatorDocument, actor: User, reason: str) -> DocumentDecision:
    """Send a paper back with a reason. Raises as `approve`, `InvalidInput` without a reason."""
    with transaction.atomic():
        return _decide(_waiting(document, actor), Verdict.REJECTED, actor, _needed(reason))


def revoke(*, document: CreatorDocument, actor: User, reason: str) -> DocumentDecision:
    """Take an approval back, with a reason: the badge falls and payouts wait. Raises as `reject`."""
    with transaction.atomic():
        row = _locked(document, actor)
        if row.state != DocumentState.APPROVED:
            raise NotWaiting(_("Only an approved document can lose its approval."))
        return _decide(row, Verdict.REVOKED, actor, _needed(reason))


def remind_due() -> int:
    """The sweep: remind 30 and 7 days ahead, and tell when a paper has expired; each once. How many were told."""
    today = moments.today()
    soon = CreatorDocument.objects.filter(
        state=DocumentState.APPROVED, expires_on__lte=today + timedelta(days=max(REMINDERS))
    ).exclude(warned=0)
    unsaid = soon.filter(
        Q(warned=None)
        | Q(expires_on__lt=today)
        | Q(expires_on__lte=today + timedelta(days=min(REMINDERS)), warned__gt=min(REMINDERS))
    )
    return sweeps.each(unsaid.order_by("expires_on").values_list("pk", flat=True)[:200], _remind)


def _remind(pk: int) -> bool:
    today = moments.today()
    with transaction.atomic():
        rows = CreatorDocument.objects.select_for_update(no_key=True, of=("self",)).filter(state=DocumentState.APPROVED)
        row = rows.select_related("profile__user").filter(pk=pk).first()
        if row is None or row.expires_on is None:
            return False
        left = (row.expires_on - today).days
        stage = 0 if left < 0 else min(days for days in REMINDERS if left <= days)
        if row.warned is not None and row.warned <= stage:
            return False
        row.warned = stage
        row.save(update_fields=["warned"])
        announce_expiring(row, stage)
        if stage == 0:
            audit.record(actor=None, action="creator_document.expired", subject=f"creator_document:{row.pk}")
            announce_changed(row.profile.user)
    return True


def _decide(row: CreatorDocument, verdict: Verdict, actor: User, reason: str) -> DocumentDecision:
    decision = write_verdict(row, verdict, actor=actor, role=ROLE, reason=reason.strip())
    CreatorProfile.objects.filter(pk=row.profile_id).update(claimed_until=timezone.now() + CLAIM)
    audit.record(
        actor=actor, action=f"creator_document.{verdict.value}", subject=f"creator_document:{row.pk}",
        reason=reason.strip(), type=row.type, creator=row.profile.user_id,
    )  # fmt: skip
    announce_decided(row, decision.pk)
    announce_changed(row.profile.user)
    return decision


def _locked(document: CreatorDocument, actor: User) -> CreatorDocument:
    row = CreatorDocument.objects.select_for_update(no_key=True, of=("self",)).select_related("profile__user").get(
        pk=document.pk
    )  # fmt: skip
    _check_reviewer(row.profile, actor)
    if not selectors.has_claim(row.profile, actor):
        raise NotClaimed(_("Take these documents on your table first; another reviewer may have them by now."))
    return row


def _waiting(document: CreatorDocument, actor: User) -> CreatorDocument:
    row = _locked(document, actor)
    if row.state != DocumentState.WAITING:
        raise NotWaiting(_("This document is decided already."))
    return row


def _check_reviewer(profile: CreatorProfile, actor: User) -> None:
    if not roles.has_role(actor, roles.REVIEWER) or not impartial(actor, profile.user):
        raise NotAllowed(_("Only a reviewer may decide this, and nobody their own."))


def _needed(reason: str) -> str:
    if not reason.strip():
        raise InvalidInput(_("Give the creator a reason, and say what to change."), field="reason")
    return reason.strip()
