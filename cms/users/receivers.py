"""What allauth tells us: its signals become events and fields of ours."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, email_confirmed, user_signed_up
from django.http import HttpRequest
from django.utils import translation

from cms.core import events
from cms.users import audit
from cms.users.models import User
from cms.users.selectors import person_hash


def connect() -> None:
    """Called once, when the app is ready."""
    email_confirmed.connect(announce_verified, dispatch_uid="users.email_verified")
    user_signed_up.connect(remember_language, dispatch_uid="users.signed_up")
    email_changed.connect(note_change, dispatch_uid="users.email_changed")


def announce_verified(email_address: EmailAddress, **_: Any) -> None:
    """Publish `users.email_verified`, on which guest pledges are claimed; the key makes it one event per address.

    The address itself is not in it: events are kept for good, and a person may be forgotten.
    """
    user = email_address.user
    events.publish(
        name="users.email_verified",
        key=f"users.email_verified:{user.pk}:{person_hash(email_address.email)}",
        payload={"user": user.pk, "person": person_hash(email_address.email)},
    )


def remember_language(request: HttpRequest, user: User, **_: Any) -> None:
    """Write to a person in the language they signed up in."""
    user.locale = translation.get_language() or user.locale
    user.save(update_fields=["locale"])


def note_change(user: User, from_email_address: EmailAddress | None, to_email_address: EmailAddress, **_: Any) -> None:
    """An account changing its address is something that support asks about later; the addresses stay out of the log."""
    if from_email_address is None:
        return  # the first address of a new account
    audit.record(actor=user, action="users.change_email", subject=f"user:{user.pk}")
