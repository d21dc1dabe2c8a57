"""An account whose owner asked to be forgotten: nobody can sign in to it and it says nothing of them.

The row itself stays, because the books and the audit log point at it.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from cms.users.models import CreatorProfile, User
from cms.users.services import announce_renamed
from cms.users.services.announcing import announce_forgotten
from cms.users.services.documenting import forget_papers

# Where mail goes that must reach nobody (RFC 6761).
NOWHERE = "erased.invalid"


def is_erased(user: User) -> bool:
    """Whether the account was emptied."""
    return user.email.endswith(f"@{NOWHERE}")


@transaction.atomic
def forget_account(*, user: User, keep_name: bool) -> None:
    """Empty an account for good; `keep_name` leaves the public name, for who has been paid under it. Twice is once."""
    EmailAddress.objects.filter(user=user).delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
    for model in (Authenticator, UserSession, UserProfile):
        model.objects.filter(user=user).delete()
    user.groups.clear()
    user.user_permissions.clear()
    if profile := CreatorProfile.objects.filter(user=user).first():
        profile.bio_en = profile.bio_zh = profile.place = ""
        profile.links = []
        profile.save(update_fields=["bio_en", "bio_zh", "place", "links"])
        forget_papers(user=user, actor=None)
    announce_forgotten(user=user, email=user.email)
    photo, storage = user.photo.name, user.photo.storage
    user.email, user.photo, user.bio = f"erased-{user.pk}@{NOWHERE}", "", ""
    user.first_name = user.last_name = ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.set_unusable_password()
    if not keep_name:
        user.display_name = ""
        # The admin's history names what was edited; an account by its name.
        ModelLogEntry.objects.for_instance(user).update(label="", data={})
    user.save()
    if photo:
        transaction.on_commit(lambda: storage.delete(photo))
    announce_renamed(user)
