"""Creators: the public page, one's own papers, and the people of a campaign."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.shapes import BadgeData, badge_data
from campaigns.api.studio import Studio
from campaigns.models import CampaignListing, Collaborator
from campaigns.policies import SCOPES
from campaigns.records import record_of
from campaigns.services import inviting
from cms.core.api import (
    ApiView,
    Instant,
    Money,
    Shape,
    SignedIn,
    Strict,
    Text,
    Throttle,
    instant,
    locale_of,
    money,
    user_of,
)
from cms.core.errors import InvalidInput, NotAllowed
from cms.users import papers, roles
from cms.users.models import CreatorDocument, CreatorProfile, DocumentState, DocumentType, User
from cms.users.selectors import badges_of, documents_asked, is_verified, payout_blockers
from cms.users.services import documenting, presenting
from cms.users.services.documenting import PaperInput


class RecordData(Shape):
    """Computed from campaigns and ledger. `raised` by currency: what successful campaigns hold or held."""

    created = serializers.IntegerField()
    launched = serializers.IntegerField()
    funded = serializers.IntegerField()
    missed = serializers.IntegerField()
    running = serializers.IntegerField()
    backers = serializers.IntegerField()
    raised = Money(many=True)
    updates = serializers.IntegerField()
    last_update_at = Instant(allow_null=True)
    delivered_known = serializers.IntegerField(help_text="Campaigns of which it is known when rewards arrived.")
    delivered_on_time = serializers.IntegerField()


class CreatorData(Shape):
    """A creator in public."""

    key = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(User.PayeeKind.values)
    photo = serializers.CharField(allow_null=True)
    bio = serializers.CharField(allow_blank=True)
    place = serializers.CharField(allow_blank=True)
    links = serializers.ListField(child=serializers.URLField())
    verified = serializers.BooleanField()
    badges = BadgeData(many=True)
    record = RecordData()


class CreatorPage(ApiView):
    """A creator whose campaigns are public."""

    @extend_schema(operation_id="creator", tags=["creators"], responses=CreatorData)
    def get(self, request: Request, key: str) -> Response:
        """Who they are, what was checked, what they have done."""
        profile = CreatorProfile.objects.select_related("user").filter(key=key, user__is_active=True).first()
        if profile is None or not CampaignListing.objects.filter(
            campaign__creator=profile.user_id, visible=True
        ).exists():  # fmt: skip
            raise Http404
        return Response(_public(profile, locale_of(request)))


class OwnPaper(Shape):
    """A document that was handed in. The number is told to its owner alone."""

    id = serializers.IntegerField()
    type = serializers.ChoiceField(DocumentType.values)
    number = serializers.CharField(allow_blank=True)
    issuer = serializers.CharField(allow_blank=True)
    issued_on = serializers.DateField()
    expires_on = serializers.DateField(allow_null=True)
    state = serializers.ChoiceField(DocumentState.values)
    reason = serializers.CharField(allow_blank=True, help_text="What the reviewer wrote last.")
    submitted_at = Instant()


class OwnCreatorData(CreatorData):
    """Oneself as a creator: what is asked, what was handed in, what keeps payouts back."""

    bio_en = serializers.CharField(allow_blank=True)
    bio_zh = serializers.CharField(allow_blank=True)
    kind_fixed = serializers.BooleanField()
    documents_required = serializers.ListField(child=serializers.ChoiceField(DocumentType.values))
    documents = OwnPaper(many=True)
    blockers = serializers.ListField(child=serializers.CharField())


class PresentIn(Strict):
    """What may be changed; what is left out stays."""

    bio_en = Text(required=False, allow_blank=True, max_length=2000)
    bio_zh = Text(required=False, allow_blank=True, max_length=2000)
    place = Text(required=False, allow_blank=True, max_length=80)
    links = serializers.ListField(child=Text(max_length=300), required=False, max_length=5)


class MyCreator(SignedIn):
    """The caller as a creator."""

    @extend_schema(operation_id="my_creator", tags=["creator"], responses=OwnCreatorData)
    def get(self, request: Request) -> Response:
        """Page, documents, badges."""
        return Response(_own(_maker(request), locale_of(request)))

    @extend_schema(operation_id="present_creator", tags=["creator"], request=PresentIn, responses=OwnCreatorData)
    def patch(self, request: Request) -> Response:
        """Change what the public page says."""
        user = _maker(request)
        given = PresentIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = dict(given.validated_data)
        links = data.pop("links", presenting.profile_of(user).links)
        presenting.present(user=user, links=links, **data)
        return Response(_own(user, locale_of(request)))


class PaperIn(Strict):
    """A document."""

    type = serializers.ChoiceField(DocumentType.values)
    number = Text(max_length=80)
    issuer = Text(max_length=120)
    issued_on = serializers.DateField()
    expires_on = serializers.DateField(required=False, allow_null=True)
    file = serializers.FileField()


class MyPapers(SignedIn):
    """The caller's documents."""

    parser_classes = (MultiPartParser,)  # type: ignore[assignment]
    throttle_classes = (Throttle.of("uploads"),)

    @extend_schema(
        operation_id="hand_in_document", tags=["creator"], responses={201: OwnPaper},
        request={"multipart/form-data": PaperIn},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Hand in a PDF, JPEG or PNG for verification; it is kept apart from everything public."""
        user = _maker(request)
        given = PaperIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = dict(given.validated_data)
        file = data.pop("file")
        if not isinstance(file, UploadedFile):
            raise InvalidInput(_("Send the document as `file`."), field="file")
        row = documenting.hand_in(user=user, paper=PaperInput(**data), file=file)
        return Response(_paper(CreatorDocument.objects.get(pk=row.pk)), status=201)


class CollaboratorData(Shape):
    """Somebody on a campaign's team, or asked to be."""

    id = serializers.IntegerField()
    email = serializers.EmailField()
    name = serializers.CharField(allow_null=True)
    scopes = serializers.ListField(child=serializers.ChoiceField([str(scope) for scope in SCOPES]))
    accepted_at = Instant(allow_null=True)


class CollaboratorList(Shape):
    """Everybody who works on it or is asked to."""

    items = CollaboratorData(many=True)


class CollaboratorIn(Strict):
    """An invitation."""

    email = serializers.EmailField()
    scopes = serializers.ListField(child=serializers.ChoiceField([str(scope) for scope in SCOPES]), max_length=3)


class Team(Studio):
    """The people of a campaign; its owner's business."""

    @extend_schema(operation_id="collaborators", tags=["creator"], responses=CollaboratorList)
    def get(self, request: Request, key: str) -> Response:
        """Who works on it, who is asked."""
        rows = Collaborator.objects.current().filter(campaign=self.own(request, key)).select_related("user")
        return Response({"items": [_collaborator(row) for row in rows]})

    @extend_schema(
        operation_id="invite_collaborator", tags=["creator"], request=CollaboratorIn, responses={201: CollaboratorData}
    )
    def post(self, request: Request, key: str) -> Response:
        """Send an invitation by mail."""
        row, data = self.own(request, key), self.given(CollaboratorIn, request)
        made = inviting.invite(campaign=row, actor=user_of(request), **data)
        return Response(_collaborator(made), status=201)


class TeamMember(Studio):
    """One of them."""

    @extend_schema(operation_id="remove_collaborator", tags=["creator"], responses={204: None})
    def delete(self, request: Request, key: str, collaborator: int) -> Response:
        """Take the invitation or the rights back, at once."""
        row = Collaborator.objects.current().filter(campaign=self.own(request, key), pk=collaborator).first()
        if row is None:
            raise Http404
        inviting.remove(collaborator=row, actor=user_of(request))
        return Response(status=204)


def _maker(request: Request) -> User:
    user = user_of(request)
    if not roles.has_role(user, roles.CREATOR):
        raise NotAllowed(_("Become a creator first."))
    return user


def _public(profile: CreatorProfile, locale: str) -> dict[str, Any]:
    user, record = profile.user, record_of(profile.user_id)
    badges = badges_of([user.pk]).get(user.pk, [])
    return {
        "key": profile.key, "name": user.public_name, "kind": profile.kind,
        "photo": user.photo.url if user.photo else None, "bio": profile.bio(locale), "place": profile.place,
        "links": profile.links, "verified": is_verified(profile.kind, badges),
        "badges": [badge_data(badge) for badge in badges],
        "record": {
            "created": record.created, "launched": record.launched, "funded": record.funded, "missed": record.missed,
            "running": record.running, "backers": record.backers,
            "raised": [money(amount, currency) for currency, amount in sorted(record.raised.items())],
            "updates": record.updates, "last_update_at": instant(record.last_update_at),
            "delivered_known": record.delivered_known, "delivered_on_time": record.delivered_on_time,
        },
    }  # fmt: skip


def _own(user: User, locale: str) -> dict[str, Any]:
    profile = presenting.profile_of(user)
    handed_in = [row for asked in documents_asked(profile) for row in asked.rows]
    return {
        **_public(profile, locale), "bio_en": profile.bio_en, "bio_zh": profile.bio_zh,
        "kind_fixed": profile.kind_fixed_at is not None,
        "documents_required": [str(type_) for type_ in papers.REQUIRED[profile.kind]],
        "documents": [_paper(row) for row in handed_in], "blockers": payout_blockers(user),
    }  # fmt: skip


def _paper(row: CreatorDocument) -> dict[str, Any]:
    last = next(iter(row.decisions.all()), None)
    return {
        "id": row.pk, "type": row.type, "number": row.number, "issuer": row.issuer,
        "issued_on": row.issued_on.isoformat(), "expires_on": row.expires_on.isoformat() if row.expires_on else None,
        "state": row.state, "reason": last.reason if last else "", "submitted_at": instant(row.submitted_at),
    }  # fmt: skip


def _collaborator(row: Collaborator) -> dict[str, Any]:
    return {
        "id": row.pk, "email": row.email, "name": row.user.public_name if row.user else None, "scopes": row.scopes,
        "accepted_at": instant(row.accepted_at),
    }  # fmt: skip
