"""The only writer of the journal. One entry is one debit account, one credit account and a positive amount.

Only services import this module. Everything is set-based: one posting is the special case of many.
"""

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum

from cms.core import jobs
from funding import chart
from funding.exceptions import LedgerConflict, LedgerOverdrawn
from funding.models import Entry, Escrow, Journal, LedgerAccount
from funding.money import MAX_SUM, check_amount

# A busy campaign's chain is nudged this often at most.
NUDGE_SECONDS = 5.0
_nudged: dict[int, float] = {}


@dataclass(frozen=True)
class Line:
    """`amount` minor units from the debit account's side to the credit account's."""

    debit_code: str
    credit_code: str
    amount: int


@dataclass(frozen=True)
class Posting:
    """One journal to be: `key` is deterministic, so that posting again is harmless."""

    key: str
    kind: str
    lines: Sequence[Line]
    currency: str
    escrow_id: int | None = None
    reverses_id: int | None = None

    @property
    def fingerprint(self) -> str:
        """A hash of everything that the journal says."""
        lines = [[line.debit_code, line.credit_code, line.amount] for line in self.lines]
        body = json.dumps([self.kind, self.currency, self.escrow_id, self.reverses_id, lines])
        return hashlib.sha256(body.encode()).hexdigest()


def post(
    *,
    key: str,
    kind: str,
    escrow: Escrow | None,
    lines: Sequence[Line],
    currency: str,
    reverses: Journal | None = None,
) -> bool:
    """Post one journal in the caller's transaction; True if it is new, False if the very same was there already.

    Amounts in minor units of `currency`. Raises `LedgerConflict` when the key was posted with other content,
    `LedgerOverdrawn` when a limited account would go below zero.
    """
    posting = Posting(key, kind, lines, currency, escrow.pk if escrow else None, reverses.pk if reverses else None)
    return bool(post_many([posting]))


def reverse(*, key: str, journal: Journal) -> bool:
    """Post the mirror image of a journal. A journal can be reversed once. Errors as in `post`."""
    entries = journal.entries.select_related("debit", "credit").order_by("pk")
    lines = [Line(entry.credit.code, entry.debit.code, entry.amount) for entry in entries]
    currency = entries[0].currency
    return bool(post_many([Posting(key, f"{journal.kind}_reversed", lines, currency, journal.escrow_id, journal.pk)]))


def post_many(postings: Sequence[Posting]) -> list[str]:
    """Post many journals in a handful of statements, whatever their number; returns the keys that are new.

    A key that was posted with the same content is passed over. Errors as in `post`; then nothing is posted.
    """
    if not postings:
        return []
    if len({posting.key for posting in postings}) < len(postings):
        # The database would take the key once and the entries twice.
        raise ValueError("two journals of one posting have the same key")
    for posting in postings:
        if not posting.lines:
            raise ValueError(f"journal {posting.key} has no lines")
        for line in posting.lines:
            check_amount(line.amount, minimum=1, maximum=MAX_SUM)
    with transaction.atomic(savepoint=False):
        _nudge_sealer({posting.escrow_id for posting in postings if posting.escrow_id})
        ids = _insert_journals(sorted(postings, key=lambda posting: posting.key))
        new = [posting for posting in postings if posting.key in ids]
        _check_same([posting for posting in postings if posting.key not in ids])
        if new:
            _insert_entries(new, ids)
    return [posting.key for posting in new]


def _nudge_sealer(escrow_ids: set[int]) -> None:
    # After commit, and at most every few seconds: the sweep and each public read find what is left.
    now = time.monotonic()
    if len(_nudged) > 10_000:
        _nudged.clear()
    for escrow_id in escrow_ids:
        if now - _nudged.get(escrow_id, -NUDGE_SECONDS) >= NUDGE_SECONDS:
            _nudged[escrow_id] = now
            jobs.enqueue("funding.seal_escrow", escrow_id)


def balance(code: str, currency: str) -> int:
    """An account's balance in minor units on its normal side: running for limited accounts, summed for global."""
    account = LedgerAccount.objects.filter(code=code, currency=currency).first()
    if account is None:
        return 0
    if account.limited:
        return account.credits - account.debits
    debits = _sum(Entry.objects.filter(debit=account))
    credits = _sum(Entry.objects.filter(credit=account))
    return debits - credits if account.kind in chart.DEBIT_NORMAL else credits - debits


def _sum(entries: Any) -> int:
    return entries.aggregate(total=Sum("amount"))["total"] or 0


def _insert_journals(postings: Sequence[Posting]) -> dict[str, int]:
    # A concurrent transaction with the same key is waited for here, and then conflicts.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO funding_journal (key, kind, fingerprint, escrow_id, reverses_id) "
            "SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[]) "
            "ON CONFLICT (key) DO NOTHING RETURNING key, id",
            [
                [posting.key for posting in postings],
                [posting.kind for posting in postings],
                [posting.fingerprint for posting in postings],
                [posting.escrow_id for posting in postings],
                [posting.reverses_id for posting in postings],
            ],
        )
        return dict(cursor.fetchall())


def _check_same(known: Sequence[Posting]) -> None:
    if not known:
        return
    found = dict(Journal.objects.filter(key__in=[p.key for p in known]).values_list("key", "fingerprint"))
    for posting in known:
        if found.get(posting.key) != posting.fingerprint:
            raise LedgerConflict(f"{posting.key} was posted before with other entries.")


def _insert_entries(postings: Sequence[Posting], journal_ids: dict[str, int]) -> None:
    accounts = _accounts(postings)
    rows = [
        (journal_ids[posting.key], line.debit_code, line.credit_code, line.amount, posting.currency)
        for posting in postings
        for line in posting.lines
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO funding_entry (journal_id, debit_id, credit_id, amount, currency) "
            "SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[])",
            [
                [row[0] for row in rows],
                [accounts[row[1], row[4]][0] for row in rows],
                [accounts[row[2], row[4]][0] for row in rows],
                [row[3] for row in rows],
                [row[4] for row in rows],
            ],
        )
    _move_limited(rows, accounts)


_Accounts = dict[tuple[str, str], tuple[int, bool]]


def _accounts(postings: Sequence[Posting]) -> _Accounts:
    """Id and limited-ness of every account named, by code and currency; missing ones are made."""
    wanted = {
        (code, posting.currency)
        for posting in postings
        for line in posting.lines
        for code in (line.debit_code, line.credit_code)
    }
    found = _find_accounts(wanted)
    if missing := sorted(wanted - found.keys()):
        types = {code: chart.account_type(code) for code, _ in missing}
        LedgerAccount.objects.bulk_create(
            [
                LedgerAccount(code=code, currency=currency, kind=types[code].kind, limited=types[code].limited)
                for code, currency in missing
            ],
            ignore_conflicts=True,
        )
        found |= _find_accounts(set(missing))
    return found


def _find_accounts(wanted: set[tuple[str, str]]) -> _Accounts:
    rows = LedgerAccount.objects.filter(code__in={code for code, _ in wanted})
    return {
        (code, currency): (pk, limited)
        for pk, code, currency, limited in rows.values_list("pk", "code", "currency", "limited")
        if (code, currency) in wanted
    }


def _move_limited(rows: Sequence[tuple[int, str, str, int, str]], accounts: _Accounts) -> None:
    moves: dict[int, list[int]] = {}
    for _, debit, credit, amount, currency in rows:
        for side, code in enumerate((debit, credit)):
            pk, limited = accounts[code, currency]
            if limited:
                moves.setdefault(pk, [0, 0])[side] += amount
    if not moves:
        return
    ordered = sorted(moves)
    with connection.cursor() as cursor:
        # Locked in the order of their keys first: an UPDATE with a join takes rows in any order.
        cursor.execute(
            "WITH moves (id, debits, credits) AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[])), "
            "locked AS (SELECT id FROM funding_ledgeraccount WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE) "
            "UPDATE funding_ledgeraccount AS account "
            "SET debits = account.debits + moves.debits, credits = account.credits + moves.credits "
            "FROM locked JOIN moves USING (id) WHERE account.id = locked.id "
            "AND account.credits + moves.credits >= account.debits + moves.debits",
            [ordered, [moves[pk][0] for pk in ordered], [moves[pk][1] for pk in ordered], ordered],
        )
        if cursor.rowcount != len(ordered):
            raise LedgerOverdrawn("An account that holds somebody's money would go below zero.")
