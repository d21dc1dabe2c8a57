"""What a creator shows in public: bio in both languages, place, links."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from cms.core.clock import AppNow
from cms.core.errors import InvalidInput
from cms.users import audit
from cms.users.models import CreatorProfile, User

MOST_LINKS = 5
_URL = URLValidator(schemes=["https"])
_LENGTHS = {"bio_en": 2000, "bio_zh": 2000, "place": 80}


def profile_of(user: User) -> CreatorProfile:
    """The person's profile, made where there is none yet."""
    profile, _made = CreatorProfile.objects.get_or_create(user=user)
    profile.user = user
    return profile


@transaction.atomic
def present(*, user: User, links: Sequence[str], **texts: str) -> CreatorProfile:
    """Save what the public page says: `bio_en`, `bio_zh`, `place` and up to five links. Raises `InvalidInput`."""
    profile = profile_of(user)
    for name, longest in _LENGTHS.items():
        text = texts.get(name, getattr(profile, name)).strip()
        if len(text) > longest:
            raise InvalidInput(_("At most %(count)d characters.") % {"count": longest}, field=name)
        setattr(profile, name, text)
    profile.links = clean_links(links)
    profile.save(update_fields=[*_LENGTHS, "links"])
    audit.record(actor=user, action="creator.presented", subject=f"user:{user.pk}")
    return profile


def clean_links(links: Sequence[str]) -> list[str]:
    """Whole https addresses without sign-in data, each once. Raises `InvalidInput`."""
    found = list(dict.fromkeys(link.strip() for link in links if link.strip()))
    if len(found) > MOST_LINKS:
        raise InvalidInput(_("At most %(count)d links.") % {"count": MOST_LINKS}, field="links")
    for link in found:
        try:
            _URL(link)
        except ValidationError:
            raise InvalidInput(_("Give whole addresses that begin with https://."), field="links") from None
        if len(link) > 300 or "@" in urlsplit(link).netloc:
            raise InvalidInput(_("Give whole addresses that begin with https://."), field="links")
    return found


def fix_kind(*, user: User) -> None:
    """From the first launch on a creator's kind stays: backers and the tax rule relied on it. Twice is once."""
    profile = profile_of(user)
    CreatorProfile.objects.filter(pk=profile.pk, kind_fixed_at=None).update(kind_fixed_at=AppNow())


def link_shown(link: str) -> dict[str, Any]:
    """A link as it is shown: readers see where it leads."""
    return {"url": link, "host": (urlsplit(link).hostname or "").removeprefix("www.")}
