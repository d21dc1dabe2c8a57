"""Collaborators: invited by e-mail, accepted with that address, and gone when they leave or are removed."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from campaigns.exceptions import AlreadyCollaborating, InvitationOver, not_yours
from campaigns.models import Campaign, Collaborator, PayoutProposal
from campaigns.models.collaborators import SCOPE_LABELS
from campaigns.policies import SCOPES
from campaigns.services import addresses, editing, notifying
from cms.core.clock import AppNow
from cms.core.errors import InvalidInput, NotAllowed
from cms.mail import services as mail
from cms.users import audit, roles
from cms.users.forgetting import NOWHERE
from cms.users.models import User
from cms.users.selectors import email_verified, person_hash

# Tokens and their ends are real time.
LINK = timedelta(days=14)
MOST = 20
_SALT = "campaigns.collaborator"


@transaction.atomic
def invite(*, campaign: Campaign, actor: User, email: str, scopes: Iterable[str]) -> Collaborator:
    """Send somebody a signed link, good for fourteen days. Only the owner (or an admin) invites.

    Raises `NotAllowed`, `InvalidInput`, or `AlreadyCollaborating` for an address that is asked or works already.
    """
    row = editing.owned(campaign, actor)
    email, wanted = email.strip().lower(), clean_scopes(scopes)
    try:
        validate_email(email)
    except ValidationError:
        raise InvalidInput(_("Enter an e-mail address."), field="email") from None
    if email == row.creator.email:
        raise InvalidInput(_("This is the owner of the campaign."), field="email")
    current = Collaborator.objects.current().filter(campaign=row)
    if current.filter(email__iexact=email).exists():
        raise AlreadyCollaborating(_("This person is invited already."), field="email")
    if current.count() >= MOST:
        raise InvalidInput(_("At most %(count)d people can work on a campaign.") % {"count": MOST}, field="email")
    made = Collaborator.objects.create(
        campaign=row, email=email, scopes=wanted, invited_by=actor, link_until=timezone.now() + LINK
    )
    _record(made, actor, "invited", scopes=wanted)
    _send(made)
    return made


@transaction.atomic
def invite_again(*, collaborator: Collaborator, actor: User) -> Collaborator:
    """A new link for somebody who hasn't answered; the old one opens nothing any more."""
    row = _managed(collaborator, actor)
    if row.accepted_at is not None:
        raise AlreadyCollaborating(_("This person works on the campaign already."))
    row.link_number += 1
    row.link_until = timezone.now() + LINK
    row.save(update_fields=["link_number", "link_until"])
    _record(row, actor, "invited_again")
    _send(row)
    return row


@transaction.atomic
def accept(*, collaborator: Collaborator, actor: User) -> Collaborator:
    """Join. The account's confirmed address must be the invited one: a forwarded link opens nothing. Twice is once.

    Raises `InvitationOver`, `NotAllowed`.
    """
    row = _locked(collaborator)
    _check_open(row)
    if row.accepted_at is not None and row.user_id == actor.pk:
        return row
    if actor.email.lower() != row.email.lower() or not email_verified(actor) or not actor.is_active:
        raise NotAllowed(_("Sign in with the address that was invited, and confirm it first."))
    row.user, row.accepted_at = actor, AppNow()
    row.save(update_fields=["user", "accepted_at"])
    row.refresh_from_db()
    if not roles.has_role(actor, roles.CREATOR):
        # The studio's door; what is behind it is decided by scopes.
        roles.assign(actor, roles.CREATOR)
    actor.__dict__.pop("_campaign_scopes", None)
    _record(row, actor, "joined")
    notifying.to_creator(
        row.campaign, key=f"collaborator_joined:{row.pk}", template="collaborator_joined", action=notifying.OPEN_TEAM,
        path=f"campaigns/{row.campaign.key}/team/", who=actor.public_name, email=row.email,
    )  # fmt: skip
    return row


@transaction.atomic
def decline(*, collaborator: Collaborator) -> Collaborator:
    """Say no to an invitation; whoever has the link may."""
    row = _locked(collaborator)
    _check_open(row)
    if row.accepted_at is not None:
        raise InvitationOver(_("This invitation was accepted."))
    return _end(row, Collaborator.End.DECLINED, None)


@transaction.atomic
def leave(*, collaborator: Collaborator, actor: User) -> Collaborator:
    """Stop working on a campaign."""
    row = _locked(collaborator)
    if row.user_id != actor.pk or row.accepted_at is None or row.ended_at is not None:
        raise not_yours()
    return _end(row, Collaborator.End.LEFT, actor)


@transaction.atomic
def remove(*, collaborator: Collaborator, actor: User) -> Collaborator:
    """Take an invitation back, or somebody's scopes: at once, on every page. The owner (or an admin) only."""
    row = _managed(collaborator, actor)
    if row.ended_at is not None:
        return row
    return _end(row, Collaborator.End.REMOVED if row.accepted_at else Collaborator.End.REVOKED, actor)


@transaction.atomic
def change_scopes(*, collaborator: Collaborator, actor: User, scopes: Iterable[str]) -> Collaborator:
    """What somebody may do from now on. The owner (or an admin) only. Raises `InvalidInput`."""
    row = _managed(collaborator, actor)
    _check_open(row, link=False)
    row.scopes = clean_scopes(scopes)
    row.save(update_fields=["scopes"])
    _record(row, actor, "scopes_changed", scopes=row.scopes)
    return row


def clean_scopes(scopes: Iterable[str]) -> list[str]:
    """Known scopes in their order, one at least. Raises `InvalidInput`."""
    asked = set(scopes)
    if not asked or not asked.issubset({str(scope) for scope in SCOPES}):
        raise InvalidInput(_("Choose what this person may do."), field="scopes")
    return [str(scope) for scope in SCOPES if str(scope) in asked]


def token_of(collaborator: Collaborator) -> str:
    """What the link carries: which invitation and which of its links, signed."""
    return signing.dumps([collaborator.pk, collaborator.link_number], salt=_SALT, compress=True)


def by_token(token: str) -> Collaborator:
    """The invitation of a link. Raises `InvitationOver` for a forged, outdated, expired or revoked one."""
    try:
        pk, number = signing.loads(token, salt=_SALT, max_age=LINK)
    except (signing.BadSignature, ValueError, TypeError):
        raise InvitationOver(_("This link is not valid any more. Ask for a new invitation.")) from None
    rows = Collaborator.objects.select_related("campaign__creator", "user", "invited_by")
    found = rows.filter(pk=pk, link_number=number).first()
    if found is None:
        raise InvitationOver(_("This link is not valid any more. Ask for a new invitation."))
    _check_open(found)
    return found


def _check_open(row: Collaborator, *, link: bool = True) -> None:
    lapsed = link and row.accepted_at is None and row.link_until <= timezone.now()
    if row.ended_at is not None or lapsed:
        raise InvitationOver(_("This link is not valid any more. Ask for a new invitation."))


def _locked(collaborator: Collaborator) -> Collaborator:
    rows = Collaborator.objects.select_for_update(no_key=True, of=("self",)).select_related("campaign__creator", "user")
    return rows.get(pk=collaborator.pk)


def _managed(collaborator: Collaborator, actor: User) -> Collaborator:
    editing.owned(collaborator.campaign, actor)
    return _locked(collaborator)


def _end(row: Collaborator, end: Collaborator.End, actor: User | None) -> Collaborator:
    row.ended_at, row.end = AppNow(), end
    row.save(update_fields=["ended_at", "end"])
    row.refresh_from_db()
    _record(row, actor, end.value)
    return row


def _record(row: Collaborator, actor: User | None, what: str, **data: Any) -> None:
    audit.record(
        actor=actor, action=f"collaborator.{what}", subject=f"campaign:{row.campaign.key}", collaborator=row.pk, **data
    )


def _send(row: Collaborator) -> None:
    known = User.objects.filter(email=row.email).first()
    locale = known.locale if known else row.campaign.creator.locale
    values = notifying.context(
        locale=locale, title=notifying.title_of(row.campaign, locale), action=notifying.SEE_INVITATION,
        action_url=addresses.absolute(f"/{locale}/join/{token_of(row)}/"), who=row.campaign.creator.public_name,
        scopes=[str(label) for label in _labels(row, locale)], until=notifying.moment(
            row.link_until, locale=locale, zone=row.campaign.timezone
        ),
    )  # fmt: skip
    key = f"collaborator:{row.pk}:{row.link_number}"
    mail.plan(key=key, to=row.email, locale=locale, template="collaborator_invited", context=values)


def _labels(row: Collaborator, locale: str) -> list[str]:
    with translation.override(locale):
        return [str(SCOPE_LABELS[scope]) for scope in row.scopes]


def forget(payload: dict[str, Any]) -> None:
    """Empty the address of somebody who is forgotten: they work on nothing any more, and no invitation waits.

    The mails that named them to others are blanked, too: who joined, who invited, who proposed another account.
    """
    with transaction.atomic():
        rows = Collaborator.objects.select_related("campaign")
        theirs = Q(user=payload["user"]) if payload["user"] else Q(pk__in=[])
        asked = rows.filter(user=None).exclude(email__endswith=f"@{NOWHERE}")
        named = [row.pk for row in asked if person_hash(row.email) == payload["person"]]
        gone = rows.filter(theirs | Q(pk__in=named)).exclude(email__endswith=f"@{NOWHERE}")
        keys = []
        for row in gone:
            if row.ended_at is None:
                _end(row, Collaborator.End.LEFT if row.accepted_at else Collaborator.End.DECLINED, None)
            Collaborator.objects.filter(pk=row.pk).update(email=f"erased-{row.pk}@{NOWHERE}")
            keys.append(f"collaborator_joined:{row.pk}")
        if payload["user"]:
            for row in rows.filter(campaign__creator=payload["user"]):
                keys += [f"collaborator:{row.pk}:{number + 1}" for number in range(row.link_number)]
            proposed = PayoutProposal.objects.filter(proposed_by=payload["user"]).values_list("pk", flat=True)
            keys += [f"payout_proposed:{pk}" for pk in proposed]
        mail.forget_words(keys=keys)
