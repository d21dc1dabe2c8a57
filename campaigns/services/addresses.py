"""Absolute addresses for mails, in the reader's language. The paths are pinned in the public interface."""

from urllib.parse import urlencode

from django.conf import settings

from funding.models import Pledge
from funding.selectors import access_token, reading_token


def absolute(path: str) -> str:
    """With scheme and host."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"


def campaign(key: str) -> str:
    """The short link; it opens the campaign in the visitor's language."""
    return absolute(f"/c/{key}/")


def secret(key: str, token: str) -> str:
    """The link that lets its bearer in to a secret reward of a campaign."""
    return absolute(f"/c/{key}/?{urlencode({'secret': token})}")


def pledge(row: Pledge, *, step: str = "") -> str:
    """A backer's pledge, signed so that guests may open it too; `step` is `retry/` or `cancel/`."""
    return absolute(f"/{row.locale}/pledges/{row.pk}/{step}?token={access_token(row)}")


def update(key: str, locale: str, *, backer: Pledge | None = None) -> str:
    """One update; with a backer's pledge the address is signed, so that guests may read what is for backers only.

    Such mails are passed on: the signature opens nothing else."""
    signed = f"?{urlencode({'pledge': backer.pk, 'token': reading_token(backer)})}" if backer else ""
    return absolute(f"/{locale}/updates/{key}/{signed}")


def studio(path: str = "") -> str:
    """A place in the creator's studio."""
    return absolute(f"/cms/studio/{path}")
