"""Forgetting a person while the books stand: their pseudonyms' key is destroyed, their address and words are replaced.

What tells who somebody is stands in few places, each of which can be emptied: the pledge, the messages, the payout
account, the dispute's evidence, the account. Everything else refers to those: calls to a provider are completed as
they are sent, events carry numbers, and of what a provider tells only the money's side is kept. `KEPT` is the rest.
The public chain is not touched: its lines were sealed with the pseudonyms as text, and nobody can tell whose they were.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cms.core.clock import AppNow
from cms.core.errors import NotAllowed
from cms.mail import services as mail
from cms.mail.services import ERASED_ADDRESS
from cms.users import audit, forgetting, roles
from cms.users.models import User
from cms.users.selectors import person_hash
from cms.users.services.announcing import announce_forgotten
from funding import locks
from funding.exceptions import ErasureBlocked, ReasonRequired
from funding.models import (
    BankDetails,
    CreatorDebt,
    Dispute,
    Escrow,
    GatewayCommand,
    Payment,
    Payout,
    PayoutAccount,
    Pledge,
    PseudonymKey,
    RefundClaim,
    WebhookEvent,
)
from funding.states import ClaimState, EscrowState, PledgeState

ERASERS = (roles.SUPPORT, roles.ADMIN)
AT_REST = (EscrowState.RELEASED, EscrowState.REFUNDED)

# What still says something of a person afterwards, and why it has to: column → reason. See docs/forgetting.md.
KEPT = {
    "users_user.display_name": "of creators who were paid only: tax law wants to know who was, backers whom they paid",
    "users_auditlog.reason": "what staff wrote about an act of theirs; the log is proof and is never changed",
    "users_auditlog.data": "which account and bank (last four digits) payouts went to before a change: the same",
    "funding_refundclaim.proof": "the bank's reference of a refund by transfer: a voucher, kept as long as the books",
    "funding_payoutaccount.external_id": "the provider's number of the account that payouts went to: the same",
    "funding_pledge.person": "a keyed hash of the address: limits and backers are counted by it",
}


@dataclass(frozen=True)
class Erased:
    """What was forgotten: so many pledges, messages and pseudonym keys."""

    pledges: int
    messages: int
    keys: int


def erase_person(*, email: str, actor: User, reason: str) -> Erased:
    """Forget whoever has this address: as a backer, as a creator, and their account. Support and admins only.

    Twice is once. Raises `ErasureBlocked` with `blockers` while money of theirs is still moving, or begins to move
    meanwhile: they must stay reachable. Who works for the platform is refused: their roles are taken from them first.
    """
    if not any(roles.has_role(actor, role) for role in ERASERS):
        raise NotAllowed(_("Only support and admins may do this."))
    if not reason.strip():
        raise ReasonRequired(_("Say why."), field="reason")
    email = email.strip().lower()
    if email.endswith(f"@{forgetting.NOWHERE}"):
        return Erased(0, 0, 0)
    person = person_hash(email)
    with transaction.atomic():
        user = locks.lock_person(email=email)
        pledges = _lock_pledges(email, user)
        _require_at_rest(email, user)
        # By the address at the time: it may have changed since.
        people = {person, *(pledge.person for pledge in pledges)}
        erased = Erased(
            messages=mail.forget(addresses={email, *(pledge.email for pledge in pledges), *_other_addresses(user)}),
            pledges=_forget_pledges([pledge.pk for pledge in pledges]),
            keys=_destroy([*(f"person:{one}" for one in people), *([f"user:{user.pk}"] if user else [])]),
        )
        if user is not None:
            _forget_creator(user)
        else:
            announce_forgotten(user=None, email=email)
        # Whatever came in while we were at it, and was not locked: then nothing is forgotten at all.
        _require_at_rest(email, user)
        audit.record(
            actor=actor, action="person.erased", subject=f"person:{person[:16]}", reason=reason.strip(),
            pledges=erased.pledges, messages=erased.messages, keys=erased.keys,
        )  # fmt: skip
    return erased


def blockers_of(*, email: str, user: User | None = None) -> list[str]:
    """What still needs the person: `pledge_open`, `dispute_open`, `claim_open`, `campaign_open`, `debt_open`, and
    `works_here` for the platform's own people.
    """
    email = email.strip().lower()
    user = user or User.objects.filter(email=email).first()
    pledges = Pledge.objects.filter(_whose(email, user))
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
        "works_here": user is not None and roles.is_staff(user),
    }
    return [code for code, there in found.items() if there]


def _require_at_rest(email: str, user: User | None) -> None:
    if blockers := blockers_of(email=email, user=user):
        raise ErasureBlocked(_("Money of this person is still moving."), blockers=blockers)


def _whose(email: str, user: User | None) -> Q:
    theirs = Q(person=person_hash(email)) | Q(email=email)
    return theirs | Q(backer=user) if user else theirs


def _lock_pledges(email: str, user: User | None) -> list[Pledge]:
    """In the order of all locks; a dispute, a refund or a payment that is just arriving waits, or has arrived."""
    theirs = list(Pledge.objects.filter(_whose(email, user)).values_list("pk", flat=True))
    locks.lock_payments(Payment.objects.filter(pledge__in=theirs).values_list("pk", flat=True))
    return locks.lock_pledges(theirs)


def _forget_pledges(pledges: list[UUID]) -> int:
    payments = list(Payment.objects.filter(pledge__in=pledges).values_list("pk", flat=True))
    Payment.objects.filter(pk__in=payments).update(checkout_url="", client_ip="")
    # Providers repeat in a refusal what they were given.
    subjects = [f"payment:{payment}" for payment in payments]
    GatewayCommand.objects.filter(subject__in=subjects).exclude(last_error="").update(last_error="")
    Dispute.objects.filter(payment__in=payments).update(evidence="")
    RefundClaim.objects.filter(refund__payment__in=payments).update(note="")
    _forget_events(payments)
    open_ones = Pledge.objects.filter(pk__in=pledges).exclude(email=ERASED_ADDRESS)
    return open_ones.update(email=ERASED_ADDRESS, message="", anonymous=True)


def _forget_events(payments: Iterable[int]) -> None:
    numbers = Payment.objects.filter(pk__in=payments).values_list("session_id", "intent_id", "charge_id")
    objects = {number for row in numbers for number in row if number}
    WebhookEvent.objects.filter(object_id__in=objects).exclude(last_error="").update(last_error="")


def _other_addresses(user: User | None) -> set[str]:
    """What else an account was ever written to at."""
    if user is None:
        return set()
    accounts = PayoutAccount.objects.filter(creator=user).values_list("contact", flat=True)
    return {*accounts, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)} - {""}


def _forget_creator(user: User) -> None:
    BankDetails.objects.filter(account__creator=user).delete()
    PayoutAccount.objects.filter(creator=user).update(contact="", bank="", bank_last4="", requirements=[])
    forgetting.forget_account(user=user, keep_name=Payout.objects.filter(creator=user, state="paid").exists())


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
