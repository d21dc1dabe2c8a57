"""A creator's money is to go elsewhere: to another bank account, or to another account at the provider.

Whoever has got hold of a creator's sign-in would do just this. So payouts wait 72 hours, the address that the account
was set up with hears of it, and the audit log keeps it; the page asks for the password once more.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cms.core import clock, events
from cms.core.clock import AppNow
from cms.core.errors import InvalidInput
from cms.users import audit
from cms.users.models import User
from funding.models import PayoutAccount
from funding.models.payees import PayeeKind
from funding.services import channels, returning

HOLD = timedelta(hours=72)


def replace_account(*, creator: User, kind: str, country: str) -> PayoutAccount:
    """Put a new, empty payout account in the place of the present one; onboarding fills it in afterwards.

    Payouts wait 72 hours, unless nothing had been set up before. The caller has asked for the password again.
    Raises `InvalidInput`.
    """
    if kind not in PayeeKind.values:
        raise InvalidInput(_("Say whether you act as a person or as an organisation."), field="kind")
    with transaction.atomic():
        # The creator's row is what two clicks at once wait for.
        User.objects.select_for_update(no_key=True).get(pk=creator.pk)
        old = PayoutAccount.current(creator.pk)
        if old is not None:
            PayoutAccount.objects.filter(pk=old.pk).update(replaced_at=AppNow())
        new = PayoutAccount.objects.create(
            creator=creator, kind=kind, country=country, contact=creator.email, provider=channels.payout_rail()
        )
        if old is not None and (old.details_submitted or old.held_until):
            hold(new, what="account", known_by=[old, new], actor=creator, before=old.external_id)
        returning.forget_returns(new)
    new.refresh_from_db()
    return new


def note_bank(account: PayoutAccount, bank: str) -> bool:
    """The provider names a bank account: a hold, if it is another than before. In the caller's transaction."""
    if not account.bank or not bank or account.bank == bank:
        return False
    hold(account, what="bank", known_by=[account], actor=None, before=account.bank_last4)
    returning.forget_returns(account)
    return True


def hold(account: PayoutAccount, *, what: str, known_by: list[PayoutAccount], actor: User | None, before: str) -> None:
    """Keep payouts to an account back for 72 hours, and tell every address that `known_by` were set up with."""
    until = clock.now() + HOLD
    PayoutAccount.objects.filter(pk=account.pk).update(held_until=until)
    audit.record(
        actor=actor, action=f"payout_account.{what}_changed", subject=f"user:{account.creator_id}", before=before,
        held_until=until.isoformat(),
    )  # fmt: skip
    events.publish(
        name="funding.payout_account_held", key=f"payout_account_held:{account.pk}:{until.isoformat()}",
        payload={
            "creator": str(account.creator_id), "account": account.pk, "what": what, "until": until.isoformat(),
            "known_by": [one.pk for one in known_by],
        },
    )  # fmt: skip
