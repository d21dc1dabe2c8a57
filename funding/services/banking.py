"""A creator's bank account, where payouts go by bank transfer: entered by them, checked by finance, read under a log.

What finance says about it takes the same way as a provider's word on its accounts (`onboarding.apply_account`): holds,
mails and alerts are the same. An account that was handed in is not edited: `replacing.replace_account` begins another.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from cms.core import ciphers
from cms.core.clock import AppNow
from cms.core.errors import InvalidInput, NotAllowed
from cms.users import audit, roles
from cms.users.models import User
from funding.exceptions import FourEyesRequired, IllegalTransition, PayoutAccountMissing, ReasonRequired
from funding.gateways.base import AccountSnapshot
from funding.models import BankDetails, PayoutAccount
from funding.models.payees import BANK, PayeeKind
from funding.services import alerting, onboarding

_PURPOSE = "bank-account"
_NUMBER = re.compile(r"[A-Z0-9]{6,34}\Z")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+\Z")
_SWIFT = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?\Z")


@dataclass(frozen=True)
class BankAccount:
    """A bank account in clear. `branch` or `swift` says which house of the bank, whichever its country uses."""

    holder: str
    bank_name: str
    number: str
    branch: str = ""
    swift: str = ""


def enter(*, creator: User, given: BankAccount, kind: str, country: str) -> PayoutAccount:
    """Hand in the bank account that payouts are to go to; finance checks it. Another one than before brings the hold.

    Raises `InvalidInput` with the field, `IllegalTransition` where one has been handed in already.
    """
    if kind not in PayeeKind.values:
        raise InvalidInput(_("Say whether you act as a person or as an organisation."), field="kind")
    bank = _tidied(given)
    with transaction.atomic():
        account = _empty_account(creator, kind, country)
        details = {
            "holder": bank.holder, "bank_name": bank.bank_name, "branch": bank.branch, "swift": bank.swift,
            "number": ciphers.seal(bank.number, purpose=_PURPOSE), "entered_at": AppNow(),
        }  # fmt: skip
        BankDetails.objects.update_or_create(account=account, defaults=details)
        audit.record(
            actor=creator, action="payout_account.bank_entered", subject=f"user:{creator.pk}", last4=bank.number[-4:]
        )
        alerting.alert(code="bank_account_waits", subject=f"payout_account:{account.pk}", severity="info", data={})
        _say(account, handed_in=True, bank=_print(bank.number), last4=bank.number[-4:])
    account.refresh_from_db()
    return account


def verify(*, account_id: int, actor: User) -> PayoutAccount:
    """Finance's word that the bank account is the creator's: payouts may go there. Never the creator's own word."""
    with transaction.atomic():
        account = _waiting(account_id, actor)
        BankDetails.objects.filter(account=account).update(verified_by=actor, verified_at=AppNow())
        _decided(account, actor, "bank_verified")
        _say(account, handed_in=True, enabled=True)
    account.refresh_from_db()
    return account


def refuse(*, account_id: int, actor: User, reason: str) -> PayoutAccount:
    """Finance's word that something is wrong with it; the creator reads the reason and enters it again."""
    reason = reason.strip()
    if not reason:
        raise ReasonRequired(_("Say what the creator has to put right."), field="reason")
    with transaction.atomic():
        account = _waiting(account_id, actor)
        _decided(account, actor, "bank_refused", reason=reason)
        _say(account, handed_in=False, requirements=[reason])
    account.refresh_from_db()
    return account


def read(*, account_id: int, actor: User, purpose: str) -> BankAccount:
    """The bank account in clear, for finance, each time written to the audit log. Raises `PayoutAccountMissing`."""
    require_finance(actor)
    details = BankDetails.objects.select_related("account").filter(account_id=account_id).first()
    if details is None:
        raise PayoutAccountMissing(_("There are no bank details of this account."))
    audit.record(
        actor=actor, action="payout_account.bank_read", subject=f"user:{details.account.creator_id}", purpose=purpose,
        account=account_id,
    )  # fmt: skip
    return BankAccount(
        holder=details.holder, bank_name=details.bank_name, branch=details.branch, swift=details.swift,
        number=ciphers.unseal(details.number, purpose=_PURPOSE),
    )  # fmt: skip


def require_finance(actor: User) -> None:
    """Raises `NotAllowed` for everybody else."""
    if not roles.has_role(actor, roles.FINANCE):
        raise NotAllowed(_("Only finance may do this."))


def _tidied(given: BankAccount) -> BankAccount:
    number = re.sub(r"[\s-]", "", given.number).upper()
    found = BankAccount(
        holder=given.holder.strip(), bank_name=given.bank_name.strip(), number=number, branch=given.branch.strip(),
        swift=re.sub(r"\s", "", given.swift).upper(),
    )  # fmt: skip
    for field in ("holder", "bank_name"):
        if not 0 < len(getattr(found, field)) <= 120:
            raise InvalidInput(_("Write it as the bank does."), field=field)
    if not _NUMBER.match(number) or (_IBAN.match(number) and not _adds_up(number)):
        raise InvalidInput(_("This is no account number: look for a missing or mistyped digit."), field="number")
    if found.swift and not _SWIFT.match(found.swift):
        raise InvalidInput(_("A SWIFT code has 8 or 11 letters and digits."), field="swift")
    if not (found.branch or found.swift) or len(found.branch) > 120:
        raise InvalidInput(_("Name the branch, or give the bank's SWIFT code."), field="branch")
    return found


def _adds_up(iban: str) -> bool:
    """Whether an international number's check digits are right (ISO 13616)."""
    return int("".join(str(int(letter, 36)) for letter in iban[4:] + iban[:4])) % 97 == 1


def _empty_account(creator: User, kind: str, country: str) -> PayoutAccount:
    # The creator's row is what two clicks at once wait for.
    User.objects.select_for_update(no_key=True).get(pk=creator.pk)
    account = PayoutAccount.current(creator.pk)
    if account is None:
        account = PayoutAccount.objects.create(
            creator=creator, kind=kind, country=country, contact=creator.email, provider=BANK
        )
    elif account.details_submitted or (account.provider != BANK and account.external_id):
        raise IllegalTransition(_("To change it, begin another payout account."), reason="account_is_set_up")
    PayoutAccount.objects.filter(pk=account.pk).update(provider=BANK, external_id=f"bank:{account.pk}")
    account.refresh_from_db()
    return account


def _waiting(account_id: int, actor: User) -> PayoutAccount:
    require_finance(actor)
    account = PayoutAccount.objects.select_for_update(no_key=True).filter(pk=account_id, provider=BANK).first()
    if account is None or account.replaced_at or not account.details_submitted or account.transfers_enabled:
        raise IllegalTransition(_("No bank account waits for a check here."), reason="not_waiting")
    if account.creator_id == actor.pk:
        raise FourEyesRequired(_("Nobody checks their own bank account."))
    return account


def _decided(account: PayoutAccount, actor: User, action: str, reason: str = "") -> None:
    audit.record(
        actor=actor, action=f"payout_account.{action}", subject=f"user:{account.creator_id}", reason=reason,
        last4=account.bank_last4,
    )  # fmt: skip
    alerting.settled(code="bank_account_waits", subject=f"payout_account:{account.pk}", because="it was checked")


def _say(account: PayoutAccount, *, handed_in: bool, enabled: bool = False, last4: str = "", **more: Any) -> None:
    snapshot = AccountSnapshot(
        external_id=account.external_id, country=account.country, details_submitted=handed_in,
        transfers_enabled=enabled, bank_last4=last4, **more,
    )  # fmt: skip
    onboarding.apply_account(snapshot=snapshot)


def _print(number: str) -> str:
    """Tells one bank account from another without naming it."""
    return salted_hmac("kindling.bank-account", number, algorithm="sha256").hexdigest()
