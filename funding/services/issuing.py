"""Receipts and credit notes: one for each captured payment, each refund that arrived, each dispute that was lost.

Issued behind the money, never in its way: numbers come from one counter row that everybody would have to wait for. An
event names what is new, a sweep finds what no event told of; both take the counter first and look for what is missing
then, so that nothing is issued twice and a number is used or not given.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from cms.core import clock
from funding import locks
from funding.documents import content
from funding.models import Dispute, Document, DocumentSeries, Payment, Refund
from funding.models.documents import DocumentKind
from funding.states import RefundState

# Documents of one transaction: the counter is held that long.
BATCH = 500
# How far before the newest document the sweep looks, for what the others overtook.
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True)
class _Draft:
    key: str
    payment: int
    amount: int
    currency: str
    content: dict[str, Any]
    refund: int | None = None
    dispute: int | None = None


def issue_for(pledges: Sequence[UUID]) -> int:
    """Issue what these pledges still lack; returns how many documents were made."""
    mine = Q(payment__pledge__in=pledges)
    return _issue(payments=Q(pledge__in=pledges), refunds=mine, disputes=mine)


def issue_due(*, everything: bool = False) -> int:
    """Issue what is lacking since some weeks before the newest document, however long ago that is, or all that has
    ever been left out; returns how many documents were made."""
    newest = Document.objects.order_by("-pk").values_list("issued_at", flat=True).first()
    lately = Q() if everything or newest is None else Q(succeeded_at__gte=newest - LOOK_BACK)
    return _issue(payments=lately, refunds=lately, disputes=Q())


def on_event(payload: dict[str, Any]) -> None:
    """Issue for the pledges that an event names."""
    issue_for([UUID(pledge) for pledge in payload["pledges"]])


def _issue(*, payments: Q, refunds: Q, disputes: Q) -> int:
    # A credit note names the receipt it takes back: receipts first.
    return sum((
        _issue_all(DocumentKind.RECEIPT, lambda: _receipts(payments)),
        _issue_all(DocumentKind.CREDIT_NOTE, lambda: _credit_notes(refunds)),
        _issue_all(DocumentKind.CREDIT_NOTE, lambda: _of_disputes(_disputes(disputes).filter(due__gt=0))),
        _issue_all(DocumentKind.RECEIPT, lambda: _of_disputes(_disputes(disputes).filter(due__lt=0))),
    ))  # fmt: skip


def _issue_all(kind: DocumentKind, drafts: Callable[[], list[_Draft]]) -> int:
    done, made = 0, BATCH
    # A look before the lock: most sweeps find nothing, and hold up nobody.
    while made == BATCH and drafts():
        made = _batch(kind, drafts)
        done += made
    return done


def _batch(kind: DocumentKind, drafts: Callable[[], list[_Draft]]) -> int:
    with transaction.atomic():
        now = clock.now()
        year = now.astimezone(content.issuer_zone()).year
        series = locks.lock_series(issuer=settings.DOCUMENT_ISSUER["code"], kind=kind, year=year)
        rows = [
            Document(
                key=draft.key, issuer=series.issuer, kind=kind, year=year, number=series.last + place,
                payment_id=draft.payment, refund_id=draft.refund, dispute_id=draft.dispute, amount=draft.amount,
                currency=draft.currency, content=draft.content, issued_at=now,
            )
            for place, draft in enumerate(drafts(), start=1)
        ]  # fmt: skip
        Document.objects.bulk_create(rows)
        DocumentSeries.objects.filter(pk=series.pk).update(last=F("last") + len(rows))
    return len(rows)


def _receipt_of(reference: str) -> QuerySet[Document]:
    return Document.objects.filter(payment=OuterRef(reference), kind=DocumentKind.RECEIPT, dispute=None)


def _receipts(wanted: Q) -> list[_Draft]:
    due = Payment.objects.filter(wanted, ~Exists(_receipt_of("pk")), captured__gt=0, orphan=False)
    found = list(due.select_related("pledge__escrow").order_by("succeeded_at", "pk")[:BATCH])
    lines = content.lines_of(payment.pledge_id for payment in found)
    return [
        _Draft(
            f"receipt:{payment.pk}", payment.pk, payment.captured, payment.currency,
            content.of_payment(payment, lines.get(payment.pledge_id, [])),
        )
        for payment in found
    ]  # fmt: skip


def _credit_notes(wanted: Q) -> list[_Draft]:
    noted = Document.objects.filter(refund=OuterRef("pk"))
    due = Refund.objects.filter(wanted, ~Exists(noted), Exists(_receipt_of("payment")), state=RefundState.SUCCEEDED)
    found = list(due.select_related("payment__pledge__escrow").order_by("succeeded_at", "pk")[:BATCH])
    receipts = _receipts_by_payment(refund.payment_id for refund in found)
    return [
        _Draft(
            f"credit_note:{refund.pk}", refund.payment_id, refund.amount, refund.currency,
            content.of_refund(refund, receipts[refund.payment_id]), refund=refund.pk,
        )
        for refund in found
    ]  # fmt: skip


def _disputes(wanted: Q) -> QuerySet[Any]:
    """Disputes with what they have lost beyond what was documented: `due`; below zero where a bank gave back."""
    signed = Case(When(kind=DocumentKind.CREDIT_NOTE, then=F("amount")), default=-F("amount"))
    noted = Document.objects.filter(dispute=OuterRef("pk")).order_by().values("dispute").annotate(v=Sum(signed))
    lost = F("from_escrow") + F("from_creator") + F("from_platform")
    rows = Dispute.objects.filter(wanted).annotate(due=lost - Coalesce(noted.values("v"), Value(0)))
    return rows.filter(Exists(_receipt_of("payment"))).select_related("payment__pledge__escrow").order_by("pk")


def _of_disputes(due: QuerySet[Any]) -> list[_Draft]:
    found = list(due[:BATCH])
    receipts = _receipts_by_payment(dispute.payment_id for dispute in found)
    before = {dispute.pk: dispute.documents.count() for dispute in found}
    return [
        _Draft(
            f"dispute:{dispute.pk}:{before[dispute.pk] + 1}", dispute.payment_id, abs(dispute.due), dispute.currency,
            content.of_dispute(dispute, receipts[dispute.payment_id]), dispute=dispute.pk,
        )
        for dispute in found
    ]  # fmt: skip


def _receipts_by_payment(payments: Iterable[int]) -> dict[int, Document]:
    found = Document.objects.filter(payment__in=set(payments), kind=DocumentKind.RECEIPT, dispute=None)
    return {document.payment_id: document for document in found}
