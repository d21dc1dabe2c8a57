"""Whose documents are where: read only, own rows only."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from cms.users.models import User
from funding.models import Document, Release
from funding.models.documents import DocumentKind
from funding.selectors import escrows_seen_by


@dataclass(frozen=True)
class Year:
    """A person's year in one currency, as the documents have it; minor units."""

    year: int
    currency: str
    paid: int
    returned: int


def of_pledge(pledge_id: UUID) -> QuerySet[Document]:
    """The receipts and credit notes of a pledge, oldest first."""
    return Document.objects.filter(payment__pledge=pledge_id).select_related("payment__pledge").order_by("pk")


def of_person(user: User) -> QuerySet[Document]:
    """Everything that was issued to a person."""
    return Document.objects.filter(payment__pledge__backer=user).select_related("payment__pledge")


def years_of(user: User) -> list[Year]:
    """The years and currencies in which a person has documents, newest first."""
    paid = Sum("amount", filter=Q(kind=DocumentKind.RECEIPT), default=0)
    returned = Sum("amount", filter=Q(kind=DocumentKind.CREDIT_NOTE), default=0)
    rows = of_person(user).order_by().values("year", "currency").annotate(paid=paid, returned=returned)
    return [Year(**row) for row in rows.order_by("-year", "currency")]


def releases_of(creator: User) -> QuerySet[Release]:
    """The releases of a creator's campaigns, and of those whose money they look after, newest first."""
    seen = escrows_seen_by(creator).values("pk")
    return Release.objects.filter(escrow__in=seen).select_related("escrow__creator", "payout").order_by("-pk")
