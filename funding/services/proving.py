"""What anybody may read of the ledger: sealed lines only, and what they add up to. Seals what is waiting first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db import connection

from funding.models import Escrow, LedgerSeal
from funding.services import sealing

ZEROS = "0" * 64
# Lines held in memory at a time, whatever the length of the chain.
CHUNK = 2_000
_DAY = 86_400


@dataclass(frozen=True)
class ChainEnd:
    """The last line of a chain: its number and hash, and when it was sealed (app time). 0 and zeros for no line."""

    seq: int
    hash: str
    sealed_at: datetime | None


@dataclass(frozen=True)
class MoneySums:
    """A campaign's lines added up, in minor units of its currency; each as it stands at the end of the chain.

    captured − refunded − lost = raised = held + fee + fund + tax + creator; `refunding` is the part of `refunded` that
    is still on its way, `paid` the part of `creator` that has left. `late` came too late to count and goes back;
    `repaid` went back to backers after the payout, at the creator's cost.
    """

    captured: int
    refunded: int
    refunding: int
    late: int
    lost: int
    fee: int
    fund: int
    tax: int
    creator: int
    paid: int
    held: int
    provider_fees: int
    repaid: int

    @property
    def raised(self) -> int:
        """What counts towards the goal."""
        return self.captured - self.refunded - self.lost


def chain_end(chain: str) -> ChainEnd:
    """Where a chain stands, after sealing what it has waiting; three quick queries when nothing is."""
    sealing.seal_chain(chain)
    last = LedgerSeal.objects.filter(chain=chain).order_by("-seq").values_list("seq", "hash", "sealed_at").first()
    return ChainEnd(*last) if last else ChainEnd(0, ZEROS, None)


def lines(*, chain: str, upto: int, after: int = 0) -> Iterator[str]:
    """The public lines after one number up to another, in pieces of many lines each. Reads in windows by number."""
    while after < upto:
        rows = LedgerSeal.objects.filter(chain=chain, seq__gt=after, seq__lte=min(after + CHUNK, upto)).order_by("seq")
        window = list(rows)
        if not window:
            return
        after = window[-1].seq
        yield "".join(f"{row.line}\n" for row in window)


def money_sums(escrow: Escrow, *, end: ChainEnd) -> MoneySums:
    """The sums of an escrow's sealed lines up to `end`, kept in the cache by the end's hash: it names them exactly."""
    name = f"proof:2:{escrow.key}:{end.hash}"
    if (kept := cache.get(name)) is None:
        with connection.cursor() as cursor:
            cursor.execute(_SUMS, {"chain": escrow.key, "upto": end.seq})
            kept = dict(zip([column.name for column in cursor.description], map(int, cursor.fetchone()), strict=True))
        cache.set(name, kept, _DAY)
    return MoneySums(**kept)


_SUMS = """
WITH flow AS (
  SELECT split_part(d.code, ':', 1) AS debit, split_part(c.code, ':', 1) AS credit, SUM(e.amount) AS amount
    FROM funding_ledgerseal s JOIN funding_entry e ON e.id = s.entry_id
    JOIN funding_ledgeraccount d ON d.id = e.debit_id JOIN funding_ledgeraccount c ON c.id = e.credit_id
   WHERE s.chain = %(chain)s AND s.seq <= %(upto)s GROUP BY 1, 2
), net AS (
  SELECT debit AS source, credit AS target, amount FROM flow UNION ALL SELECT credit, debit, -amount FROM flow
)
SELECT COALESCE(SUM(amount) FILTER (WHERE source = 'provider' AND target = 'escrow'), 0) AS captured,
       COALESCE(SUM(amount) FILTER (WHERE source = 'escrow' AND target = 'refund_payable'), 0) AS refunded,
       COALESCE(SUM(amount) FILTER (WHERE target = 'refund_payable'), 0) AS refunding,
       COALESCE(SUM(amount) FILTER (WHERE source = 'provider' AND target = 'refund_payable' AND amount > 0), 0) AS late,
       COALESCE(SUM(amount) FILTER (WHERE source = 'escrow' AND target = 'disputed'), 0) AS lost,
       COALESCE(SUM(amount) FILTER (WHERE source = 'escrow' AND target = 'commission'), 0) AS fee,
       COALESCE(SUM(amount) FILTER (WHERE source = 'escrow' AND target = 'compensation_fund'), 0) AS fund,
       COALESCE(SUM(amount) FILTER (WHERE source = 'escrow' AND target = 'tax_withheld'), 0) AS tax,
       COALESCE(SUM(amount) FILTER (WHERE source = 'escrow' AND target = 'payable'), 0) AS creator,
       COALESCE(SUM(amount) FILTER (WHERE source = 'payable' AND target IN ('provider', 'bank')), 0) AS paid,
       COALESCE(SUM(amount) FILTER (WHERE target = 'escrow'), 0) AS held,
       COALESCE(SUM(amount) FILTER (WHERE source = 'provider_fees'), 0) AS provider_fees,
       COALESCE(SUM(amount) FILTER (WHERE source = 'receivable' AND target = 'refund_payable'), 0) AS repaid
  FROM net
"""
