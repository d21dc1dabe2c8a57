"""What other packages may know of people."""

import hashlib
import hmac

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings

from cms.users import roles
from cms.users.models import User


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

    `account_disabled`, `not_a_creator`, `email_unverified`, `payouts_held` (by staff; the audit log says why).
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
    return blockers
