"""What people do with their accounts. E-mail address, password and second factors are allauth's."""

import uuid
import zoneinfo
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from cms.core import pictures
from cms.core.errors import InvalidInput, NotAllowed
from cms.users import audit, roles
from cms.users.exceptions import KindFixed
from cms.users.models import User
from cms.users.services import presenting
from cms.users.services.announcing import announce_renamed

# ISO 3166-1 alpha-2 of where creators can be paid out; the provider's own list decides in the end.
PAYOUT_COUNTRIES = (
    "AU", "AT", "BE", "CA", "CN", "DE", "DK", "ES", "FI", "FR", "GB", "HK", "IE", "IT", "JP", "KW", "NL", "NO", "NZ",
    "PT", "SE", "SG", "US",
)  # fmt: skip
PHOTO_BYTES = 4 * 1024 * 1024


@transaction.atomic
def register_verified(
    *, email: str, password: str | None, display_name: str = "", locale: str = "en", **fields: Any
) -> User:
    """Make a person whose address is taken as proven: for invitations, the demo and tests. Twice is once."""
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        user = User.objects.create_user(email, password, display_name=display_name, locale=locale, **fields)
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return user


@transaction.atomic
def become_creator(*, user: User, display_name: str, country: str, payee_kind: str) -> User:
    """Open the studio to a person: role Creator, a public name, where and as what they would be paid.

    Raises `InvalidInput` naming the field. Again with other values corrects them; nothing is granted twice.
    """
    display_name = " ".join(display_name.split())
    if not user.is_active:
        raise NotAllowed(_("This account is disabled."))
    if not 2 <= len(display_name) <= 80:
        raise InvalidInput(_("Give the name that backers will see, of 2 to 80 characters."), field="display_name")
    if country not in PAYOUT_COUNTRIES:
        raise InvalidInput(_("Choose a country that we can pay out to."), field="country")
    if payee_kind not in User.PayeeKind.values:
        raise InvalidInput(_("Say whether you act as a person or as an organisation."), field="payee_kind")
    profile = presenting.profile_of(user)
    if profile.kind_fixed_at and payee_kind != user.payee_kind:
        raise KindFixed(_("As what you act was fixed at your first launch."), field="payee_kind")
    renamed = user.display_name != display_name
    user.display_name, user.country, user.payee_kind = display_name, country, payee_kind
    user.save(update_fields=["display_name", "country", "payee_kind"])
    if renamed:
        announce_renamed(user)
    if not roles.has_role(user, roles.CREATOR) or user.is_superuser:
        roles.assign(user, roles.CREATOR)
    audit.record(
        actor=user, action="users.become_creator", subject=f"user:{user.pk}", country=country, payee_kind=payee_kind
    )
    return user


@transaction.atomic
def edit_profile(
    *, user: User, display_name: str, bio: str, locale: str, timezone: str, photo: UploadedFile | None = None
) -> User:
    """Change what a person says of themselves, their language and their time zone. Raises `InvalidInput`."""
    display_name = " ".join(display_name.split())
    if len(display_name) > 80 or (roles.has_role(user, roles.CREATOR) and len(display_name) < 2):
        raise InvalidInput(_("Give a name of 2 to 80 characters."), field="display_name")
    if len(bio) > 600:
        raise InvalidInput(_("Tell it in 600 characters at most."), field="bio")
    if locale not in dict(settings.LANGUAGES):
        raise InvalidInput(_("Choose one of the languages."), field="locale")
    if timezone not in zoneinfo.available_timezones():
        raise InvalidInput(_("Choose one of the time zones."), field="timezone")
    renamed = user.display_name != display_name
    user.display_name, user.bio, user.locale, user.timezone = display_name, bio.strip(), locale, timezone
    if photo:
        try:
            user.photo = pictures.clean(photo, max_bytes=PHOTO_BYTES)
        except ValidationError as error:
            raise InvalidInput(error.messages[0], field="photo") from error
        user.photo.name = f"{uuid.uuid4()}{Path(photo.name or '').suffix.lower()}"
    user.save(update_fields=["display_name", "bio", "locale", "timezone", "photo"])
    if renamed:
        announce_renamed(user)
    return user


@transaction.atomic
def hold_payouts(*, user: User, actor: User, held: bool, reason: str) -> User:
    """Stop or allow again every payout to a creator; needs a reason, kept in the audit log. Finance and Admins only."""
    if not (roles.has_role(actor, roles.FINANCE) or roles.has_role(actor, roles.ADMIN)):
        raise NotAllowed(_("Only Finance may hold payouts."))
    if not reason.strip():
        raise InvalidInput(_("Give a reason."), field="reason")
    user.payouts_held = held
    user.save(update_fields=["payouts_held"])
    action = "users.hold_payouts" if held else "users.allow_payouts"
    audit.record(actor=actor, action=action, subject=f"user:{user.pk}", reason=reason.strip())
    return user
