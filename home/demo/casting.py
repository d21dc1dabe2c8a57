"""The demo's people: accounts, roles, portraits, and what creators need to be paid."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from cms.users import audit, roles
from cms.users.models import User
from cms.users.services import become_creator, edit_profile, register_verified
from funding.models import PayoutAccount
from funding.services.onboarding import refresh_account, start_onboarding
from home.demo import local_stripe, stories
from home.demo.drawing import Easel
from home.demo.shapes import Person

PASSWORD = "kindling-demo"  # noqa: S105 — printed by `make run`, refused by production
STAFF = {
    "reviewer@example.com": ("Ouyang Ming", roles.REVIEWER),
    "editor@example.com": ("Ruth Adler", roles.EDITOR),
    "finance@example.com": ("Ge Rong", roles.FINANCE),
    "admin@example.com": ("Kindling", roles.ADMIN),
}
_TIMEZONES = {
    "CN": "Asia/Shanghai", "HK": "Asia/Hong_Kong", "SG": "Asia/Singapore", "JP": "Asia/Tokyo", "KW": "Asia/Kuwait",
    "US": "America/New_York", "DE": "Europe/Berlin", "FR": "Europe/Paris", "GB": "Europe/London",
}  # fmt: skip


@cache
def person(email: str) -> Person:
    """Somebody of the cast, guests included. KeyError for a stranger."""
    return {person.email: person for person in stories.people()}[email]


def user(email: str) -> User:
    """The account of somebody of the cast."""
    return User.objects.get(email=email)


def zone(of: Person) -> str:
    """The time zone in which somebody lives."""
    return _TIMEZONES.get(of.country, "UTC")


def hire_staff() -> None:
    """The four who run the platform; the admin may do everything."""
    for email, (name, role) in STAFF.items():
        if User.objects.filter(email=email, groups__name=role).exists():
            continue
        everything = role == roles.ADMIN
        account = register_verified(
            email=email, password=PASSWORD, display_name=name, timezone="Asia/Shanghai", is_superuser=everything,
            is_staff=everything,
        )  # fmt: skip
        roles.assign(account, role)
        audit.record(actor=None, action="users.role_given", subject=f"user:{account.pk}", role=role)


def invite(who: Person, easel: Easel) -> None:
    """An account with a verified address, a profile and a portrait; creators may write campaigns."""
    # Creators can be visited, and one backer; the crowd never signs in, and hashing takes its time.
    password = PASSWORD if who.creator or who.email == "backer@example.com" else None
    account = register_verified(
        email=who.email, password=password, display_name=who.name.in_(who.locale), locale=who.locale,
        country=who.country,
    )  # fmt: skip
    if who.creator and not roles.has_role(account, roles.CREATOR):
        become_creator(user=account, display_name=account.display_name, country=who.country, payee_kind=who.payee_kind)
    if not account.photo:
        edit_profile(
            user=account, display_name=account.display_name, bio=who.bio.in_(who.locale) if who.bio else "",
            locale=who.locale, timezone=zone(who), photo=_portrait(who, easel),
        )  # fmt: skip


def open_payouts(who: Person) -> None:
    """A creator's connected account, filled in at the local Stripe as its hosted pages would be."""
    if connection.in_atomic_block:
        raise RuntimeError("The provider is never called inside a transaction.")
    account = PayoutAccount.objects.filter(creator__email=who.email, replaced_at=None).first()
    if account is not None and account.transfers_enabled:
        return
    back = f"{settings.PUBLIC_URL}/cms/"
    start_onboarding(
        creator=user(who.email), kind=who.payee_kind, country=who.country, return_url=back, refresh_url=back
    )
    account = PayoutAccount.objects.get(creator__email=who.email, replaced_at=None)
    local_stripe.onboard(account.external_id, name=who.name.en)
    refresh_account(account_id=account.pk)


def _portrait(who: Person, easel: Easel) -> SimpleUploadedFile:
    path = easel.portrait(who.name.en, who.portrait_seed)
    return SimpleUploadedFile(f"{who.email.partition('@')[0]}.jpg", path.read_bytes(), content_type="image/jpeg")
