"""Creators hand in papers and take them back; every look at a file is written down."""

import hashlib
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.db.models import CharField, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from cms.core import moments
from cms.core import papers as uploads
from cms.core.errors import InvalidInput, NotAllowed
from cms.users import audit, papers, roles, selectors
from cms.users.exceptions import AlreadyWaiting, NotWaiting, StillNeeded
from cms.users.models import CreatorDocument, DocumentDecision, DocumentState, User, Verdict
from cms.users.services import presenting
from cms.users.services.announcing import announce_changed


@dataclass(frozen=True)
class PaperInput:
    """What a creator says of a paper."""

    type: str
    number: str
    issuer: str
    issued_on: date
    expires_on: date | None = None


@transaction.atomic
def hand_in(*, user: User, paper: PaperInput, file: File) -> CreatorDocument:
    """Hand in a paper for verification. The same kind approved earlier stays valid until this one is approved.

    Raises `InvalidInput` naming the field, or `AlreadyWaiting`.
    """
    profile = presenting.profile_of(user)
    _check(paper, profile.kind)
    try:
        taken = uploads.clean(file, max_bytes=settings.CREATOR_DOCUMENT_BYTES)
    except ValidationError as error:
        raise InvalidInput(error.messages[0], field="file") from error
    taken.file.seek(0)
    data = taken.file.read()
    number = paper.number.strip()
    document = CreatorDocument(
        profile=profile, type=paper.type, slot=slot(paper.type, number), number=number, issuer=paper.issuer.strip(),
        issued_on=paper.issued_on, expires_on=paper.expires_on, file_name=taken.name, content_type=taken.content_type,
        size=len(data), sha256=hashlib.sha256(data).hexdigest(), file=ContentFile(data, name="paper"),
    )  # fmt: skip
    try:
        with transaction.atomic():
            document.save()
    except IntegrityError:
        document.file.storage.delete(document.file.name)
        raise AlreadyWaiting(_("This document is waiting for a reviewer already."), field="type") from None
    audit.record(actor=user, action="creator_document.handed_in", subject=f"creator_document:{document.pk}",
                 type=paper.type, sha256=document.sha256)  # fmt: skip
    return document


@transaction.atomic
def withdraw(*, document: CreatorDocument, actor: User) -> CreatorDocument:
    """Take back one's own paper: a waiting one, or an approved or revoked one that nothing stands on.

    Raises `NotAllowed`, `NotWaiting`, or `StillNeeded` for what the creator's kind requires.
    """
    row = CreatorDocument.objects.select_for_update(no_key=True, of=("self",)).select_related("profile__user").get(
        pk=document.pk
    )  # fmt: skip
    if row.profile.user_id != actor.pk:
        raise NotAllowed(_("This is not your document."))
    if row.state not in (DocumentState.WAITING, DocumentState.APPROVED, DocumentState.REVOKED):
        raise NotWaiting(_("This document is decided already."))
    if row.state != DocumentState.WAITING and row.type in papers.REQUIRED[row.profile.kind]:
        raise StillNeeded(_("Your verification stands on this document. Hand in a newer one to replace it."))
    was_approved = row.state == DocumentState.APPROVED
    write_verdict(row, Verdict.WITHDRAWN, actor=actor, role="creator", reason="")
    if was_approved:
        announce_changed(row.profile.user)
    return row


def open_file(*, document: CreatorDocument, actor: User, reason: str = "") -> File:
    """The paper's file, for its creator, the reviewer who has it on the table, or an admin with a reason.

    Every look is a row of the audit log: who, when, why. Raises `NotAllowed`, or `InvalidInput` for a missing reason.
    """
    document = CreatorDocument.objects.select_related("profile").get(pk=document.pk)
    if document.profile.user_id == actor.pk:
        why = "their own"
    elif selectors.has_claim(document.profile, actor):
        why = "verification"
    elif roles.has_role(actor, roles.ADMIN):
        if not reason.strip():
            raise InvalidInput(_("Say why you need to see this document."), field="reason")
        why = reason.strip()
    else:
        raise NotAllowed(_("Take these documents on your table first."))
    if not document.file:
        raise NotWaiting(_("This file was deleted."))
    audit.record(
        actor=actor, action="creator_document.opened", subject=f"creator_document:{document.pk}", reason=why
    )  # fmt: skip
    return document.file.open("rb")


@transaction.atomic
def forget_papers(*, user: User, actor: User | None) -> int:
    """Delete the files and numbers of a person who is forgotten; what was decided stays. How many there were."""
    rows = CreatorDocument.objects.filter(profile__user=user).exclude(file="")
    files = [(row.file.storage, row.file.name) for row in rows]
    count = rows.update(
        file="", number="", issuer="", file_name="", slot=Concat(Value("forgotten:"), "pk", output_field=CharField())
    )
    for storage, name in files:
        transaction.on_commit(lambda storage=storage, name=name: storage.delete(name))  # type: ignore[misc]
    if count:
        audit.record(actor=actor, action="creator_document.forgotten", subject=f"user:{user.pk}", count=count)
    return count


def slot(type_: str, number: str) -> str:
    """What there is one of: the type, or type and number where somebody may have several."""
    return f"{type_}:{number.casefold()}" if papers.rule(type_).several else str(type_)


def fingerprint(document: CreatorDocument) -> str:
    """SHA-256 of the file and of what is said about it: a decision is about exactly this."""
    said = (
        document.type, document.number, document.issuer, document.issued_on.isoformat(),
        document.expires_on.isoformat() if document.expires_on else "", document.sha256,
    )  # fmt: skip
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()


def write_verdict(row: CreatorDocument, verdict: Verdict, *, actor: User, role: str, reason: str) -> DocumentDecision:
    """Move a locked row and write the decision beside it; only services of this package call it."""
    row.state = DocumentState(verdict.value)
    row.save(update_fields=["state"])
    return DocumentDecision.objects.create(
        document=row, verdict=verdict, reason=reason, decided_by=actor, role=role, fingerprint=fingerprint(row)
    )


def _check(paper: PaperInput, kind: str) -> None:
    if paper.type not in papers.asked_of(kind):
        raise InvalidInput(_("Choose one of the documents that are asked of you."), field="type")
    for name, longest in (("number", 80), ("issuer", 120)):
        if not 1 <= len(getattr(paper, name).strip()) <= longest:
            raise InvalidInput(_("Fill this in, with at most %(count)d characters.") % {"count": longest}, field=name)
    today = moments.today()
    if paper.issued_on > today:
        raise InvalidInput(_("It can't have been issued in the future."), field="issued_on")
    if paper.expires_on is None and papers.rule(paper.type).expires:
        raise InvalidInput(_("Say until when it is valid."), field="expires_on")
    if paper.expires_on is not None and paper.expires_on < today:
        raise InvalidInput(_("This document has expired: hand in a valid one."), field="expires_on")
    if paper.expires_on is not None and paper.expires_on <= paper.issued_on:
        raise InvalidInput(_("The last day comes after the first."), field="expires_on")
