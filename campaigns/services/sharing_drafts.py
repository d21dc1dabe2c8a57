"""Showing a draft to people without an account: links to one revision, and what their readers say.

A token is worked out from the link's seed and the secret key, so a team may copy its link again while the table holds
hashes alone. Every time here is real time.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from wagtail.models import Revision

from campaigns.exceptions import PreviewOver
from campaigns.models import Campaign, CampaignPage, PreviewComment, PreviewLink
from campaigns.services import addresses, editing, freezing, versioning
from cms.core.errors import InvalidInput
from cms.users import audit
from cms.users.models import User

DAYS = 14
MOST_DAYS = 90
MOST_LINKS = 20
MOST_COMMENTS = 300
MOST_TEXT = 2000
_SALT = "campaigns.preview"
# `last_used_at` is written no more often.
_PATIENCE = timedelta(minutes=1)


@transaction.atomic
def share_draft(
    *, page: CampaignPage, actor: User, label: str = "", days: int = DAYS, revision: Revision | None = None
) -> PreviewLink:
    """Make a link to a revision of the page, the newest unless one is named, good for so many days.

    Rewards are kept as planned now, without secret ones. Raises `NotAllowed`, `InvalidInput`.
    """
    row = editing.written(page.campaign, actor)
    # The page at hand may be older than its newest revision.
    chosen = revision or CampaignPage.objects.get(pk=page.pk).get_latest_revision()
    if chosen is None or str(chosen.object_id) != str(page.pk) or not isinstance(chosen.as_object(), CampaignPage):
        raise InvalidInput(_("Save the page first: a link shows one saved version."), field="page")
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput(_("Choose from 1 to %(most)d days.") % {"most": MOST_DAYS}, field="days")
    if len(label) > 80:
        raise InvalidInput(_("At most %(most)d characters.") % {"most": 80}, field="label")
    if PreviewLink.objects.live().filter(campaign=row).count() >= MOST_LINKS:
        raise InvalidInput(
            _("A campaign has at most %(most)d open links. Revoke one first.") % {"most": MOST_LINKS}, field="page"
        )
    seed, now = secrets.token_urlsafe(24), timezone.now()
    made = PreviewLink.objects.create(
        campaign=row, page=page, revision=chosen, terms=_terms(row), seed=seed, token_hash=_hashed(_token(seed)),
        label=label.strip(), created_by=actor, created_at=now, expires_at=now + timedelta(days=days),
    )  # fmt: skip
    _record(made, actor, "shared", days=days)
    return made


@transaction.atomic
def revoke(*, link: PreviewLink, actor: User) -> PreviewLink:
    """Close a link at once, also for whoever has it open. Twice is once. Raises `NotAllowed`."""
    editing.written(link.campaign, actor)
    row = PreviewLink.objects.select_for_update(no_key=True, of=("self",)).select_related("campaign").get(pk=link.pk)
    if row.revoked_at is None:
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        _record(row, actor, "revoked")
    return row


def opened(token: str) -> PreviewLink:
    """The link of a token, noted as used. Raises `PreviewOver`, the same for a wrong, expired or revoked one."""
    links = PreviewLink.objects.live().select_related("campaign__creator", "page__locale", "revision")
    # What can't be a token is no reason to ask; NUL is no text to the database.
    found = links.filter(token_hash=_hashed(token)).first() if 20 <= len(token) <= 100 else None
    if found is None:
        raise PreviewOver(_("This preview link does not open anything any more. Ask whoever sent it for a new one."))
    now = timezone.now()
    seldom = Q(last_used_at=None) | Q(last_used_at__lt=now - _PATIENCE)
    PreviewLink.objects.filter(seldom, pk=found.pk).update(last_used_at=now)
    return found


def shown_page(link: PreviewLink) -> CampaignPage:
    """The page as its one revision has it."""
    assert link.revision is not None
    page = link.revision.as_object()
    assert isinstance(page, CampaignPage)
    return page


@transaction.atomic
def comment(*, token: str, text: str, name: str = "", part: str = "", parts: dict[str, str]) -> PreviewComment:
    """What a reader says of the whole, or of one of the `parts` that they were shown (id to label).

    Raises `PreviewOver`, `InvalidInput`.
    """
    link = PreviewLink.objects.select_for_update(no_key=True, of=("self",)).get(pk=opened(token).pk)
    text, name = _plain(text), _plain(name)
    if not text:
        raise InvalidInput(_("Write something first."), field="text")
    if len(text) > MOST_TEXT:
        raise InvalidInput(_("At most %(most)d characters.") % {"most": MOST_TEXT}, field="text")
    if len(name) > 60:
        raise InvalidInput(_("At most %(most)d characters.") % {"most": 60}, field="name")
    if part and part not in parts:
        raise InvalidInput(_("Choose a part of this page."), field="part")
    if link.comments.count() >= MOST_COMMENTS:
        raise InvalidInput(_("This draft has all the comments it can take. Thank you."), field="text")
    return PreviewComment.objects.create(
        link=link, text=text, name=name, part=part, part_label=parts.get(part, "")[:120] if part else ""
    )


@transaction.atomic
def resolve(*, comment: PreviewComment, actor: User, done: bool = True) -> PreviewComment:
    """Tick a comment off, or take that back. Raises `NotAllowed`."""
    editing.check_written(comment.link.campaign, actor)
    comment.resolved_at, comment.resolved_by = (timezone.now(), actor) if done else (None, None)
    comment.save(update_fields=["resolved_at", "resolved_by"])
    return comment


def token_of(link: PreviewLink) -> str:
    """The token that opens the link; "" where the secret key has changed since, so that nothing can."""
    token = _token(link.seed)
    return token if hmac.compare_digest(_hashed(token), link.token_hash) else ""


def address_of(link: PreviewLink) -> str:
    """Where readers go, or ""."""
    token = token_of(link)
    return addresses.absolute(f"/p/preview/{token}/") if token else ""


def front_end_address(token: str) -> str:
    """The same on the headless front end, or "" where this installation names none."""
    base = settings.HEADLESS_PREVIEW_URL
    return f"{base}/preview?token={quote(token)}" if base and token else ""


def _token(seed: str) -> str:
    digest = salted_hmac(_SALT, seed, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _terms(campaign: Campaign) -> dict[str, Any]:
    if campaign.escrow is None:
        terms = freezing.terms_of(campaign)
    else:
        page = campaign.pages.first()
        assert page is not None
        terms = versioning.render(page.specific, campaign.escrow)["terms"]
    # Like drafts: versions know a picture's address alone.
    shown = [reward for reward in terms["rewards"] if not reward.get("secret")]
    return {**terms, "rewards": [{**reward, "image": _picture(reward["image"])} for reward in shown]}


def _picture(image: Any) -> dict[str, Any] | None:
    return (
        {"src": image, "alt": "", "width": 1200, "height": 800} if image and isinstance(image, str) else image or None
    )


def _plain(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


def _record(link: PreviewLink, actor: User, what: str, **data: Any) -> None:
    audit.record(
        actor=actor, action=f"preview.{what}", subject=f"campaign:{link.campaign.key}", link=link.pk,
        page=link.page_id, **data,
    )  # fmt: skip
