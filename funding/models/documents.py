"""Receipts and credit notes, and the counters of their numbers."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from cms.core.clock import AppNow
from funding.models.disputes import Dispute
from funding.models.payments import Payment
from funding.models.refunds import Refund


class DocumentKind(models.TextChoices):
    """What a document says."""

    RECEIPT = "receipt", "money has come in"
    CREDIT_NOTE = "credit_note", "money has gone back"


LETTERS = {DocumentKind.RECEIPT: "R", DocumentKind.CREDIT_NOTE: "C"}


class DocumentSeries(models.Model):
    """The counter of one issuer's documents of a kind in a year: `last` is the number that was given last."""

    issuer = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, choices=DocumentKind.choices)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issuer", "kind", "year"], name="document_series_unique")
        ]

    def __str__(self) -> str:
        return f"{self.issuer} {self.kind} {self.year}"


class Document(models.Model):
    """One receipt or credit note, never changed. Numbers of a series have no gaps: a trigger says so.

    `key` says what it is for: `receipt:<payment>`, `credit_note:<refund>`, `dispute:<dispute>:<n>`. `content` is what
    is printed, in both languages; amounts in minor units. Who it is for is not in it: that is the pledge's to say, so
    that a person can be forgotten while the books stand.
    """

    key = models.CharField(max_length=60, unique=True)
    issuer = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, choices=DocumentKind.choices)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="documents")
    refund = models.ForeignKey(Refund, null=True, on_delete=models.PROTECT, related_name="documents")
    dispute = models.ForeignKey(Dispute, null=True, on_delete=models.PROTECT, related_name="documents")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    content = models.JSONField()
    issued_at = models.DateTimeField(db_default=AppNow())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issuer", "kind", "year", "number"], name="document_number_unique"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="document_amount_positive"),
            models.CheckConstraint(condition=Q(number__gt=0), name="document_number_positive"),
            models.CheckConstraint(
                condition=Q(kind="receipt", refund=None) | Q(kind="credit_note", refund__isnull=False, dispute=None)
                | Q(kind="credit_note", refund=None, dispute__isnull=False),
                name="document_is_of_something",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number as it is printed: KD-R-2026-000017."""
        return f"{self.issuer}-{LETTERS[DocumentKind(self.kind)]}-{self.year}-{self.number:06d}"
