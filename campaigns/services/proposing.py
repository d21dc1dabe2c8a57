"""Finance collaborators see money and change nothing about it: another payout account takes the owner's own yes."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns import policies
from campaigns.exceptions import ProposalAnswered
from campaigns.models import Campaign, PayoutProposal
from campaigns.services import notifying
from cms.core.clock import AppNow, now
from cms.core.errors import InvalidInput, NotAllowed
from cms.users import audit
from cms.users.models import User
from funding.models import PayoutAccount
from funding.services.replacing import replace_account

# How long after the owner's yes the collaborator may enter the details on the provider's pages.
ENTERING = timedelta(days=7)


@transaction.atomic
def propose(*, campaign: Campaign, actor: User, reason: str) -> PayoutProposal:
    """Ask the campaign's owner for a payout account, or for another one. Finance scope; the owner gets a mail.

    Raises `NotAllowed`, `InvalidInput` without a reason, `ProposalAnswered` while another waits.
    """
    if not policies.may_see_money(actor, campaign) or policies.is_owner(actor, campaign):
        raise NotAllowed(_("Only who works on the campaign's money may propose this to its owner."))
    if not 3 <= len(reason.strip()) <= 1000:
        raise InvalidInput(_("Say why, in at most 1000 characters."), field="reason")
    try:
        with transaction.atomic():
            made = PayoutProposal.objects.create(
                creator=campaign.creator, campaign=campaign, proposed_by=actor, reason=reason.strip()
            )
    except IntegrityError:
        raise ProposalAnswered(_("A proposal waits for the owner already."), field="reason") from None
    audit.record(
        actor=actor, action="payout_account.proposed", subject=f"user:{campaign.creator_id}", reason=made.reason,
        campaign=campaign.key,
    )  # fmt: skip
    notifying.to_creator(
        campaign, key=f"payout_proposed:{made.pk}", template="payout_proposed", action=notifying.OPEN_PAYOUTS,
        path="payouts/", who=actor.public_name, reason=made.reason,
    )  # fmt: skip
    return made


def confirm(*, proposal: PayoutProposal, actor: User) -> PayoutProposal:
    """The owner's yes, after signing in once more: the old account is replaced, with the hold that this brings.

    Raises `NotAllowed`, `ProposalAnswered`, or what funding refuses.
    """
    with transaction.atomic():
        row = _answer(proposal, actor, PayoutProposal.Answer.CONFIRMED)
    account = PayoutAccount.current(actor.pk)
    if account is not None and account.details_submitted:
        replace_account(creator=actor, kind=actor.payee_kind or "person", country=actor.country or "CN")
    return row


def decline(*, proposal: PayoutProposal, actor: User) -> PayoutProposal:
    """The owner's no."""
    with transaction.atomic():
        return _answer(proposal, actor, PayoutProposal.Answer.DECLINED)


def may_enter_details(*, campaign: Campaign, user: User) -> bool:
    """Whether a collaborator may go to the provider's pages: the owner said yes lately, and nothing is entered yet."""
    if not policies.may_see_money(user, campaign):
        return False
    account = PayoutAccount.current(campaign.creator_id)
    if account is not None and account.details_submitted:
        return False
    return PayoutProposal.objects.filter(
        creator=campaign.creator_id, proposed_by=user, answer=PayoutProposal.Answer.CONFIRMED,
        answered_at__gt=now() - ENTERING,
    ).exists()  # fmt: skip


def _answer(proposal: PayoutProposal, actor: User, answer: PayoutProposal.Answer) -> PayoutProposal:
    if proposal.creator_id != actor.pk:
        raise NotAllowed(_("Only the owner decides where their money goes."))
    changed = PayoutProposal.objects.filter(pk=proposal.pk, answer="").update(answer=answer, answered_at=AppNow())
    if not changed:
        raise ProposalAnswered(_("This proposal has its answer."))
    audit.record(
        actor=actor, action=f"payout_account.proposal_{answer.value}", subject=f"user:{actor.pk}", proposal=proposal.pk
    )
    proposal.refresh_from_db()
    return proposal
