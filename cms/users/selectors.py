"""What other packages may know of people."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from cms.users import papers, roles
from cms.users.models import (
    CreatorDocument,
    CreatorProfile,
    DocumentDecision,
    DocumentState,
    DocumentType,
    User,
    Verdict,
)
from cms.users.models.creators import app_today


def person_hash(email: str) -> str:
    """A person's pseudonym: keyed HMAC-SHA256, hex, of the lower-cased address. The same for guests and members."""
    return hmac.new(
        settings.PERSON_HASH_KEY.encode(), email.strip().lower().encode(), hashlib.sha256
    ).hexdigest()  # fmt: skip


def account_name(user: User) -> str:
    """How the account's own pages address its owner."""
    return user.display_name or user.email


def email_verified(user: User) -> bool:
    """Whether the person has shown that the account's address is theirs."""
    return EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists()


def has_second_factor(user: User) -> bool:
    """Whether a TOTP app or a passkey is set up; recovery codes alone are none."""
    return Authenticator.objects.filter(
        user=user, type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    ).exists()  # fmt: skip


def lacks_second_factor(user: User) -> bool:
    """Whether the person works for the platform and has yet to set up the second factor this needs."""
    return settings.STAFF_SECOND_FACTOR_REQUIRED and roles.is_staff(user) and not has_second_factor(user)


def payout_blockers(user: User) -> list[str]:
    """Codes of what stands between a creator and their money; empty means nothing does.

    `account_disabled`, `not_a_creator`, `email_unverified`, `payouts_held` (by staff; the audit log says why),
    `document_expired`, `document_revoked` (until a newer one is approved, or one that isn't required is withdrawn).
    """
    blockers = []
    if not user.is_active:
        blockers.append("account_disabled")
    elif not roles.has_role(user, roles.CREATOR):
        blockers.append("not_a_creator")
    if not email_verified(user):
        blockers.append("email_unverified")
    if user.payouts_held:
        blockers.append("payouts_held")
    return [*blockers, *_document_blockers(user)]


def _document_blockers(user: User) -> list[str]:
    """What was verified once and isn't any more. Who was never verified is the review's business, not the payout's."""
    lapsed = CreatorDocument.objects.filter(profile__user=user)
    approved = lapsed.filter(state=DocumentState.APPROVED)
    held = []
    if approved.filter(expires_on__lt=app_today()).exists():
        held.append("document_expired")
    current = approved.filter(slot=OuterRef("slot"))
    if lapsed.filter(~Exists(current), state=DocumentState.REVOKED).exists():
        held.append("document_revoked")
    return held


@dataclass(frozen=True)
class Badge:
    """What was checked, by which role, when (app time) and until which day (None: no end). Nothing private."""

    type: str
    role: str
    checked_at: datetime
    valid_until: date | None

    @property
    def label(self) -> str:
        """What was checked, in the reader's language."""
        return str(DocumentType(self.type).label)


def standing() -> QuerySet[DocumentDecision]:
    """The decisions that badges stand on: approvals of papers that are approved still and have not expired."""
    valid = Q(document__expires_on=None) | Q(document__expires_on__gte=app_today())
    found = DocumentDecision.objects.filter(valid, verdict=Verdict.APPROVED, document__state=DocumentState.APPROVED)
    return found.order_by("document__type", "pk")


def badges_of(user_ids: Iterable[int]) -> dict[int, list[Badge]]:
    """The badges of many creators, in one query; who has none is left out."""
    rows = (
        standing()
        .filter(document__profile__user__in=list(user_ids))
        .values_list("document__profile__user_id", "document__type", "role", "decided_at", "document__expires_on")
    )
    found: dict[int, list[Badge]] = {}
    for user, type_, role, checked_at, valid_until in rows:
        found.setdefault(user, []).append(Badge(type_, role, checked_at, valid_until))
    return found


@dataclass(frozen=True)
class Face:
    """What stands beside a creator's name wherever it is shown."""

    key: str
    kind: str
    badges: list[Badge]

    @property
    def verified(self) -> bool:
        """Whether everything that is asked of them is checked and valid."""
        return is_verified(self.kind, self.badges)


def badge_rows(person: Any) -> ArraySubquery:
    """A creator's badges as JSON, inside another query; `badges_in` reads them."""
    rows = standing().filter(document__profile__user=person)
    told = JSONObject(type="document__type", role="role", at="decided_at", until="document__expires_on")
    return ArraySubquery(rows.values(told=told))


def badges_in(rows: Iterable[dict[str, Any]] | None) -> list[Badge]:
    """What `badge_rows` found."""
    return [
        Badge(
            row["type"], row["role"], datetime.fromisoformat(row["at"]),
            date.fromisoformat(row["until"]) if row["until"] else None,
        )
        for row in rows or ()
    ]  # fmt: skip


def face_of(user: User) -> Face | None:
    """A creator's key and badges, in one query; None for who has no profile yet."""
    rows = CreatorProfile.objects.filter(user=user).annotate(found=badge_rows(OuterRef("user")))
    row = rows.values_list("key", "found").first()
    return Face(row[0], user.payee_kind, badges_in(row[1])) if row else None


def face_in(profile: CreatorProfile, rows: Iterable[dict[str, Any]] | None) -> Face:
    """The same of what was read along with something else: the profile with its user, and `badge_rows`."""
    return Face(profile.key, profile.user.payee_kind, badges_in(rows))


def is_verified(kind: str, badges: Iterable[Badge]) -> bool:
    """Whether everything that is asked of this kind of creator is checked and valid."""
    return {badge.type for badge in badges}.issuperset(papers.REQUIRED[kind or User.PayeeKind.PERSON])


def has_claim(profile: CreatorProfile, user: User) -> bool:
    """Whether the papers are on this reviewer's table now (real time: it is a lease)."""
    until = profile.claimed_until
    return profile.claimed_by_id == user.pk and until is not None and until > timezone.now()


def verification_queue() -> QuerySet[CreatorProfile]:
    """Creators with waiting papers, who has waited longest first; `waiting` counts, `since` is the oldest."""
    waiting = Q(documents__state=DocumentState.WAITING)
    rows = CreatorProfile.objects.annotate(
        waiting=Count("documents", filter=waiting), since=Min("documents__submitted_at", filter=waiting)
    )
    return rows.filter(waiting__gt=0).select_related("user", "claimed_by").order_by("since", "pk")


@dataclass(frozen=True)
class Asked:
    """A document that a creator is asked for, or may hand in, with what they handed in so far, newest first."""

    type: DocumentType
    required: bool
    rows: list[CreatorDocument]


def documents_asked(profile: CreatorProfile) -> list[Asked]:
    """Everything that may be handed in by this kind of creator, required first; one query. Older kinds' papers last."""
    rows: dict[str, list[CreatorDocument]] = {}
    for document in profile.documents.prefetch_related("decisions"):
        rows.setdefault(document.type, []).append(document)
    required = papers.REQUIRED[profile.kind]
    types = dict.fromkeys([*papers.asked_of(profile.kind), *(DocumentType(type_) for type_ in rows)])
    return [Asked(type_, type_ in required, rows.get(type_, [])) for type_ in types]
