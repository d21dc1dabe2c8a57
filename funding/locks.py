"""The one order in which rows are locked, cold to hot. Every path that locks more than one kind uses these.

    people → commands → payments → refunds → amendments → pledges → holdings → variants → rewards → backings → escrow →
    payouts → disputes → debts → tax remittances → ledger accounts → document series,
    each by primary key (holdings by reward and person, backings by person: what they are unique by)

What is new is inserted first and what is contended is touched last. Locks are NO KEY UPDATE: a plain FOR UPDATE
on a parent blocks every insert of a child at its commit. No lock is ever held across a call to a provider.
Ledger accounts are locked inside `funding.ledger`, holdings, variants and rewards inside `services.stocking`.
"""

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from cms.users.models import User
from funding.models import (
    Amendment,
    Backing,
    CreatorDebt,
    Dispute,
    DocumentSeries,
    Escrow,
    Payment,
    Payout,
    Pledge,
    Refund,
    RewardVariant,
    TaxRemittance,
)

M = TypeVar("M", bound=Model)


def _locked(rows: QuerySet[M]) -> list[M]:
    return list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk"))


def lock_person(**which: Any) -> User | None:
    """Before all else: an account that is to be forgotten, or that a campaign is launched for; None if it is gone."""
    return next(iter(_locked(User.objects.filter(**which))), None)


def lock_payments(ids: Iterable[int]) -> list[Payment]:
    """First. Refunds belong to their payment: hold it before touching them."""
    return _locked(Payment.objects.filter(pk__in=list(ids)))


def lock_payment(payment_id: int) -> Payment:
    """One payment, which must exist."""
    return lock_payments([payment_id])[0]


def lock_refunds(ids: Iterable[int]) -> list[Refund]:
    """After their payments, before amendments and pledges."""
    return _locked(Refund.objects.filter(pk__in=list(ids)))


def lock_amendments(ids: Iterable[int]) -> list[Amendment]:
    """After payments and refunds, before their pledges."""
    return _locked(Amendment.objects.filter(pk__in=list(ids)))


def lock_amendment(amendment_id: int) -> Amendment:
    """One amendment, which must exist."""
    return lock_amendments([amendment_id])[0]


def lock_pledges(ids: Iterable[UUID]) -> list[Pledge]:
    """After payments and amendments."""
    return _locked(Pledge.objects.filter(pk__in=list(ids)))


def lock_variants(reward_id: int) -> list[RewardVariant]:
    """All of a reward's variants, before the reward."""
    return _locked(RewardVariant.objects.filter(reward=reward_id))


def lock_escrow(escrow_id: int) -> Escrow:
    """After rewards; hot: as late and as short as can be."""
    return _locked(Escrow.objects.filter(pk=escrow_id))[0]


def lock_backing(*, escrow_id: int, person: str) -> None:
    """After rewards: for paths that may uncount a backer after they have locked the escrow."""
    list(Backing.objects.filter(escrow_id=escrow_id, person=person).select_for_update(no_key=True, of=("self",)))


def lock_dispute(dispute_id: int) -> Dispute:
    """After its escrow."""
    return _locked(Dispute.objects.filter(pk=dispute_id))[0]


def lock_debts(*, creator_id: int, currency: str) -> list[CreatorDebt]:
    """All debts of a creator in a currency, oldest first: after escrow, payout and dispute."""
    return _locked(CreatorDebt.objects.filter(creator_id=creator_id, currency=currency))


def lock_payout(payout_id: int) -> Payout:
    """A payout stands after its escrow: nothing else of the order is locked behind it but ledger accounts."""
    return _locked(Payout.objects.filter(pk=payout_id))[0]


def lock_remittance(remittance_id: int) -> TaxRemittance:
    """A payment of tax, with nothing but ledger accounts behind it."""
    return _locked(TaxRemittance.objects.filter(pk=remittance_id))[0]


def lock_series(*, issuer: str, kind: str, year: int) -> DocumentSeries:
    """The counter of a series of documents, made where it is the first of its year. Last of all: one row for everybody.

    It holds back whoever else numbers documents of the series until the transaction ends: a number is given and used
    together, or not at all.
    """
    mine = DocumentSeries.objects.filter(issuer=issuer, kind=kind, year=year)
    if not mine.exists():
        first = DocumentSeries(issuer=issuer, kind=kind, year=year)
        DocumentSeries.objects.bulk_create([first], ignore_conflicts=True)
    return _locked(mine)[0]
