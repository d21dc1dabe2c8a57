"""What creators show of themselves, the documents that prove it, and what reviewers decided about each."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from cms.core.clock import AppNow
from cms.core.keys import new_key
from cms.core.moments import HOME_ZONE
from cms.core.private import private_storage
from cms.users.models.people import User


def app_today() -> TruncDate:
    """Today's date inside a query, on the platform's clock: documents end with a day, not with an instant."""
    return TruncDate(AppNow(), tzinfo=HOME_ZONE)


class DocumentType(models.TextChoices):
    """What a document proves."""

    IDENTITY = "identity", _("Identity document")
    BUSINESS_LICENCE = "business_licence", _("Business licence")
    REPRESENTATIVE = "representative", _("Identity of the legal representative")
    CHARITY_REGISTRATION = "charity_registration", _("Registration as a charity")
    FUNDRAISING_PERMIT = "fundraising_permit", _("Permit for public fundraising")
    PATENT = "patent", _("Patent")
    TRADEMARK = "trademark", _("Trademark")
    TRADE_PERMIT = "trade_permit", _("Permit for a trade or product")


class DocumentState(models.TextChoices):
    """Where a document stands. An approved one also ends with its last day, whatever this says."""

    WAITING = "waiting", _("Waiting for a reviewer")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Not accepted")
    REVOKED = "revoked", _("Approval taken back")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REPLACED = "replaced", _("Replaced by a newer one")


class Verdict(models.TextChoices):
    """What was decided about a document."""

    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Not accepted")
    REVOKED = "revoked", _("Approval taken back")
    WITHDRAWN = "withdrawn", _("Withdrawn by the creator")
    REPLACED = "replaced", _("Replaced by a newer one")


class CreatorProfile(models.Model):
    """A creator's public page. Name, photo and kind (`payee_kind`) are the account's.

    The kind is fixed from the first launch on: backers and the tax rule relied on it. A trigger refuses the rest.
    The claim keeps two reviewers from the same papers; it is a lease in real time.
    """

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="creator_profile")
    key = models.CharField(max_length=20, unique=True, default=new_key, editable=False)
    bio_en = models.TextField(_("about you (English)"), max_length=2000, blank=True)
    bio_zh = models.TextField(_("about you (Chinese)"), max_length=2000, blank=True)
    place = models.CharField(_("place"), max_length=80, blank=True)
    links = models.JSONField(_("links"), default=list, blank=True, help_text="https addresses")
    kind_fixed_at = models.DateTimeField(null=True, editable=False)
    claimed_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.PROTECT, related_name="+")
    claimed_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(db_default=AppNow())

    class Meta:
        verbose_name = _("creator")
        verbose_name_plural = _("creators")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_until=None)
                | Q(claimed_by__isnull=False, claimed_until__isnull=False),
                name="creator_claim_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.user.public_name

    @property
    def kind(self) -> str:
        """As what they act: person, sole_trader, company or charity."""
        return self.user.payee_kind or User.PayeeKind.PERSON

    def bio(self, locale: str) -> str:
        """About them in a language, else in whichever there is, else what their account says."""
        texts = (self.bio_zh, self.bio_en) if locale.startswith("zh") else (self.bio_en, self.bio_zh)
        return texts[0] or texts[1] or self.user.bio


def document_path(document: "CreatorDocument", filename: str) -> str:
    """A name that says nothing: no title, no person."""
    return f"creators/{document.profile_id}/{uuid.uuid4().hex}"


class CreatorDocument(models.Model):
    """One paper: what it is, and the file in private storage. What was handed in never changes; a trigger says so.

    `slot` is what there is one of: its type, or type and number where somebody may have several (patents).
    `warned` is the nearest reminder sent: 30 or 7 days ahead, 0 when it had expired.
    """

    profile = models.ForeignKey(CreatorProfile, on_delete=models.PROTECT, related_name="documents")
    type = models.CharField(_("document"), max_length=24, choices=DocumentType.choices)
    slot = models.CharField(max_length=120, editable=False)
    number = models.CharField(_("number"), max_length=80, blank=True)
    issuer = models.CharField(_("issued by"), max_length=120)
    issued_on = models.DateField(_("issued on"))
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    file = models.FileField(_("file"), storage=private_storage, upload_to=document_path)
    file_name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=DocumentState.choices, default=DocumentState.WAITING)
    warned = models.PositiveSmallIntegerField(null=True, editable=False)
    submitted_at = models.DateTimeField(db_default=AppNow())

    class Meta:
        verbose_name = _("creator's document")
        verbose_name_plural = _("creators' documents")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(type__in=DocumentType.values), name="creator_document_type_known"),
            models.CheckConstraint(condition=Q(state__in=DocumentState.values), name="creator_document_state_known"),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gt=models.F("issued_on")), name="creator_document_dates"
            ),
            models.UniqueConstraint(
                fields=["profile", "slot"], condition=Q(state="waiting"), name="creator_document_one_waiting"
            ),
            models.UniqueConstraint(
                fields=["profile", "slot"], condition=Q(state="approved"), name="creator_document_one_approved"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["submitted_at"], condition=Q(state="waiting"), name="creator_document_queue"),
            models.Index(fields=["expires_on"], condition=Q(state="approved"), name="creator_document_expiry"),
        ]

    def __str__(self) -> str:
        return str(self.get_type_display())


class DocumentDecision(models.Model):
    """One decision about one document, append-only. `role` is what is told in public; a badge stands on such a row.

    A trigger refuses a reviewer's decision about their own paper.
    """

    document = models.ForeignKey(CreatorDocument, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    # Of exactly this paper: SHA-256 of the file and of what was said about it.
    fingerprint = models.CharField(max_length=64)
    decided_at = models.DateTimeField(db_default=AppNow())

    class Meta:
        verbose_name = _("decision about a document")
        verbose_name_plural = _("decisions about documents")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="document_decision_known"),
            models.CheckConstraint(
                condition=~Q(verdict__in=["rejected", "revoked"]) | ~Q(reason=""), name="document_decision_reasoned"
            ),
        ]
