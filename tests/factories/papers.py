"""Creators' papers as people hand them in."""

from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cms.core import moments
from cms.users import roles
from cms.users.models import CreatorDocument, User
from cms.users.services import documenting, presenting, verifying
from cms.users.services.documenting import PaperInput
from tests.factories.users import UserFactory

PDF = b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def upload(data: bytes = PDF, name: str = "licence.pdf") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, data, content_type="application/octet-stream")


def paper(type_: str = "identity", *, days: int | None = 400, **fields: Any) -> PaperInput:
    """A paper that is valid for so many days; None is for ever."""
    today = moments.today()
    ends = None if days is None else today + timedelta(days=days)
    values = {"number": "11010119900307XXXX", "issuer": "Haidian", "issued_on": date(2020, 1, 1), "expires_on": ends}
    return PaperInput(type=type_, **{**values, **fields})


def reviewer(**fields: Any) -> User:
    """Somebody who verifies."""
    user = UserFactory(**fields)
    roles.assign(user, roles.REVIEWER)
    return User.objects.get(pk=user.pk)


def verified(user: User, *types: str, by: User | None = None, days: int | None = 400) -> list[CreatorDocument]:
    """Papers handed in and approved."""
    by = by or reviewer()
    made = []
    for type_ in types:
        document = documenting.hand_in(user=user, paper=paper(type_, days=days), file=upload())
        verifying.claim(profile=presenting.profile_of(user), actor=by)
        verifying.approve(document=document, actor=by)
        made.append(document)
    verifying.release(profile=presenting.profile_of(user), actor=by)
    return made
