"""Forgetting a person while the books stand: their pseudonyms' key is destroyed, their address and words are replaced.

What is kept: amounts, times and states; the keyed hash of the address, which limits and backers are counted by; the
provider's events, which the law on accounts asks for. The public chain is not touched: its lines were sealed with the
pseudonyms as text, and nobody can tell any more whose they were.
"""

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cms.core.clock import AppNow
from cms.core.errors import NotAllowed
from cms.mail.models import Message
from cms.users import audit, roles
from cms.users.models import User
from cms.users.selectors import person_hash
from funding.exceptions import ErasureBlocked, ReasonRequired
from funding.models import CreatorDebt, Dispute, Escrow, Pledge, PseudonymKey, RefundClaim
from funding.states import ClaimState, EscrowState, PledgeState

# Where mail goes that must reach nobody (RFC 6761).
ERASED_ADDRESS = "erased@erased.invalid"
ERASERS = (roles.SUPPORT, roles.ADMIN)
AT_REST = (EscrowState.RELEASED, EscrowState.REFUNDED)


@dataclass(frozen=True)
class Erased:
    """What was forgotten: so many pledges, messages and pseudonym keys."""

    pledges: int
    messages: int
    keys: int


def erase_person(*, email: str, actor: User, reason: str) -> Erased:
    """Forget whoever has this address, as a backer and as a creator. Support and admins only; twice is once.

    Raises `ErasureBlocked` with `blockers` while money of theirs is still moving: they must stay reachable.
    The account itself (profile, sign-in) is not funding's.
    """
    if not any(roles.has_role(actor, role) for role in ERASERS):
        raise NotAllowed(_("Only support and admins may do this."))
    if not reason.strip():
        raise ReasonRequired(_("Say why."), field="reason")
    email = email.strip().lower()
    if email == ERASED_ADDRESS:
        return Erased(0, 0, 0)
    if blockers := blockers_of(email=email):
        raise ErasureBlocked(_("Money of this person is still moving."), blockers=blockers)
    person = person_hash(email)
    user = User.objects.filter(email=email).first()
    subjects = [f"person:{person}", *([f"user:{user.pk}"] if user else [])]
    with transaction.atomic():
        pledges = Pledge.objects.filter(_whose(email)).exclude(email=ERASED_ADDRESS)
        erased = Erased(
            pledges=pledges.update(email=ERASED_ADDRESS, message="", anonymous=True),
            messages=Message.objects.filter(to__iexact=email).update(to=ERASED_ADDRESS, subject="", context={}),
            keys=_destroy(subjects),
        )
        audit.record(
            actor=actor, action="person.erased", subject=f"person:{person[:16]}", reason=reason.strip(),
            pledges=erased.pledges, messages=erased.messages, keys=erased.keys,
        )  # fmt: skip
    return erased


def blockers_of(*, email: str) -> list[str]:
    """What still needs the person: `pledge_open`, `dispute_open`, `claim_open`, `campaign_open`, `debt_open`."""
    email = email.strip().lower()
    pledges, user = Pledge.objects.filter(_whose(email)), User.objects.filter(email=email).first()
    moving = Q(state__in=[PledgeState.RESERVED, PledgeState.REFUND_PENDING, PledgeState.DISPUTED])
    waiting = Q(state=PledgeState.PAID) & ~Q(escrow__state__in=AT_REST)
    found = {
        "pledge_open": pledges.filter(moving | waiting).exists(),
        "dispute_open": Dispute.objects.filter(payment__pledge__in=pledges, closed_at=None).exists(),
        "claim_open": RefundClaim.objects.filter(refund__payment__pledge__in=pledges)
        .exclude(state=ClaimState.RESOLVED)
        .exists(),
        "campaign_open": user is not None and Escrow.objects.filter(creator=user).exclude(state__in=AT_REST).exists(),
        "debt_open": user is not None and any(debt.open_amount for debt in CreatorDebt.objects.filter(creator=user)),
    }
    return [code for code, there in found.items() if there]


def _whose(email: str) -> Q:
    return Q(person=person_hash(email)) | Q(email=email) | Q(backer__email=email)


def _destroy(subjects: list[str]) -> int:
    # A blank row is left where there was no key, too: no line of a person who is gone gets a pseudonym again.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO funding_pseudonymkey (subject, destroyed_at) SELECT unnest(%s::text[]), app_now() "
            "ON CONFLICT (subject) DO NOTHING",
            [subjects],
        )
    alive = PseudonymKey.objects.filter(subject__in=subjects, destroyed_at=None)
    return alive.update(inner_block=None, outer_block=None, destroyed_at=AppNow())
