# ruff: noqa: S608 - statements of this module, never input
"""Statements: every movement of an account as posted, with the balance after it. Read from the journal, never kept.

The balance is summed by the database over all lines, whichever are shown: a page begins where the one before it ended,
and only its own lines are loaded.

A statement reads a *set* of accounts. `incoming` and `outgoing` are seen from the holder of the money; a line between
two accounts of the set is shown and changes nothing.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language

from cms.users.models import User
from funding.models import Escrow, LedgerAccount


@dataclass(frozen=True)
class StatementFilters:
    """Which lines are shown; balances always count from the first line. `until` is exclusive."""

    escrow: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    account: str = ""
    currency: str = ""


@dataclass(frozen=True)
class StatementRow:
    """One line. Amounts in minor units of `currency`; `balance` is what is held after it."""

    entry: int
    at: datetime
    kind: str
    journal: str
    escrow: str
    name: str
    debit: str
    credit: str
    incoming: int
    outgoing: int
    balance: int
    currency: str

    @property
    def counterpart(self) -> str:
        """The account code that tells what the line was for."""
        return self.credit if self.outgoing or not self.incoming else self.debit


def day_start(day: date | None, *, days: int = 0) -> datetime | None:
    """The first instant of a day in the active time zone, or of one so many days later; None for no day."""
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=days), time.min))


@dataclass(frozen=True)
class StatementPage:
    """Some lines in order, and how many there are on all pages."""

    rows: list[StatementRow]
    count: int


class Statement:
    """The lines of a set of accounts, oldest first. Iterating streams all of them, loading a few at a time."""

    def __init__(self, moves: str, parameters: Mapping[str, Any], filters: StatementFilters) -> None:
        self._moves = moves
        self._parameters = {
            **parameters, "escrow": filters.escrow, "kind": filters.kind, "since": filters.since,
            "until": filters.until, "currency": filters.currency,
        }  # fmt: skip

    def __iter__(self) -> Iterator[StatementRow]:
        # A cursor on the server: a statement of 100,000 lines must not be held in memory.
        with connection.chunked_cursor() as cursor:
            cursor.execute(f"{self._shown} ORDER BY id", self._parameters)
            while batch := cursor.fetchmany(2000):
                yield from (_row(values[:-1]) for values in batch)

    def page(self, number: int, size: int) -> StatementPage:
        """The lines of a page, counted from 1; none beyond the last."""
        place = {"limit": size, "offset": (max(number, 1) - 1) * size}
        with connection.cursor() as cursor:
            cursor.execute(f"{self._shown} ORDER BY id LIMIT %(limit)s OFFSET %(offset)s", self._parameters | place)
            found = cursor.fetchall()
        return StatementPage([_row(values[:-1]) for values in found], found[0][-1] if found else 0)

    def after(self, entry: int, size: int) -> list[StatementRow]:
        """At most so many lines after that entry."""
        place = {"entry": entry, "limit": size}
        with connection.cursor() as cursor:
            cursor.execute(f"{self._shown} AND id > %(entry)s ORDER BY id LIMIT %(limit)s", self._parameters | place)
            return [_row(values[:-1]) for values in cursor.fetchall()]

    def balances(self) -> dict[str, int]:
        """The balance after the last line that shows, by currency."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT DISTINCT ON (currency) currency, balance FROM ({self._shown}) s ORDER BY currency, id DESC",
                self._parameters,
            )
            return {currency: int(balance) for currency, balance in cursor.fetchall()}

    @property
    def _shown(self) -> str:
        return f"{self._moves} {_SHOWN}"


_SHOWN = """
, running AS (
  SELECT *, SUM(incoming - outgoing) OVER (PARTITION BY currency ORDER BY id) AS balance FROM moves
)
SELECT id, occurred_at, kind, key, escrow, names, debit, credit, incoming, outgoing, balance, currency,
       COUNT(*) OVER () AS count
  FROM running
 WHERE (%(escrow)s = '' OR escrow = %(escrow)s) AND (%(kind)s = '' OR kind = %(kind)s)
   AND (%(currency)s = '' OR currency = %(currency)s)
   AND (%(since)s::timestamptz IS NULL OR occurred_at >= %(since)s)
   AND (%(until)s::timestamptz IS NULL OR occurred_at < %(until)s)
"""

_OF_ACCOUNTS = """
WITH moves AS (
  SELECT e.id, j.occurred_at, j.kind, j.key, COALESCE(x.key, '') AS escrow, COALESCE(x.names, '{}'::jsonb) AS names,
         d.code AS debit, c.code AS credit, e.currency,
         CASE WHEN e.credit_id = ANY(%(positive)s) OR e.debit_id = ANY(%(assets)s) THEN e.amount ELSE 0 END AS incoming,
         CASE WHEN e.debit_id = ANY(%(positive)s) OR e.credit_id = ANY(%(assets)s) THEN e.amount ELSE 0 END AS outgoing
    FROM funding_entry e
    JOIN funding_journal j ON j.id = e.journal_id
    LEFT JOIN funding_escrow x ON x.id = j.escrow_id
    JOIN funding_ledgeraccount d ON d.id = e.debit_id
    JOIN funding_ledgeraccount c ON c.id = e.credit_id
   WHERE e.debit_id = ANY(%(accounts)s) OR e.credit_id = ANY(%(accounts)s)
)
"""

# A debt belongs to the campaign that it arose from, whichever campaign's payout it is kept from: there the line leaves
# the balance, here it makes the debt good.
_OF_ESCROW = """
WITH touched AS (
  SELECT e.*, j.occurred_at, j.kind, j.key, j.escrow_id, COALESCE(o.escrow_id, j.escrow_id) AS owed_for
    FROM funding_entry e
    JOIN funding_journal j ON j.id = e.journal_id
    LEFT JOIN funding_recovery r ON j.kind IN ('debt_netted', 'debt_recovered') AND 'recovery:' || r.id = j.key
    LEFT JOIN funding_creatordebt o ON o.id = r.debt_id
   WHERE e.debit_id = ANY(%(accounts)s) OR e.credit_id = ANY(%(accounts)s)
), sides AS (
  SELECT t.*,
         (escrow_id = %(escrow_id)s AND credit_id = ANY(%(held)s))
           OR (owed_for = %(escrow_id)s AND credit_id = ANY(%(owed)s)) AS comes,
         (escrow_id = %(escrow_id)s AND debit_id = ANY(%(held)s))
           OR (owed_for = %(escrow_id)s AND debit_id = ANY(%(owed)s)) AS goes
    FROM touched t
), moves AS (
  SELECT s.id, s.occurred_at, s.kind, s.key, x.key AS escrow, x.names, d.code AS debit, c.code AS credit, s.currency,
         CASE WHEN s.comes THEN s.amount ELSE 0 END AS incoming, CASE WHEN s.goes THEN s.amount ELSE 0 END AS outgoing
    FROM sides s
    JOIN funding_escrow x ON x.id = %(escrow_id)s
    JOIN funding_ledgeraccount d ON d.id = s.debit_id
    JOIN funding_ledgeraccount c ON c.id = s.credit_id
   WHERE s.comes OR s.goes
)
"""

_OF_BACKER = """
WITH own AS (
  SELECT p.id FROM funding_payment p JOIN funding_pledge g ON g.id = p.pledge_id WHERE g.backer_id = %(user)s
), keys AS (
  SELECT 'capture:' || id AS key, 1 AS sign FROM own
  UNION ALL
  SELECT 'dispute:' || d.id || suffix.text, suffix.sign FROM funding_dispute d JOIN own ON own.id = d.payment_id
   CROSS JOIN (VALUES (':lost', -1), (':lost_returned', 1)) AS suffix (text, sign)
  UNION ALL
  SELECT 'refund:' || r.id || CASE WHEN n = 1 THEN '' ELSE ':' || n END || suffix.text, suffix.sign
    FROM funding_refund r JOIN own ON own.id = r.payment_id
   CROSS JOIN LATERAL generate_series(1, r.attempt) n
   CROSS JOIN (VALUES (':succeeded', -1), (':returned', 1)) AS suffix (text, sign)
), moves AS (
  SELECT e.id, j.occurred_at, j.kind, j.key, x.key AS escrow, x.names, d.code AS debit, c.code AS credit, e.currency,
         CASE WHEN keys.sign > 0 THEN e.amount ELSE 0 END AS incoming,
         CASE WHEN keys.sign < 0 THEN e.amount ELSE 0 END AS outgoing
    FROM keys
    JOIN funding_journal j ON j.key = keys.key
    JOIN funding_escrow x ON x.id = j.escrow_id
    JOIN funding_entry e ON e.journal_id = j.id
    JOIN funding_ledgeraccount d ON d.id = e.debit_id
    JOIN funding_ledgeraccount c ON c.id = e.credit_id
)
"""


def escrow_statement(escrow: Escrow, *, filters: StatementFilters | None = None) -> Statement:
    """What the platform holds for a campaign, line by line: pledges in, refunds out, fee, fund and tax taken, payout,
    and what its creator owes for it.

    For its creator and for finance. The balance is escrow plus payable less what is owed: it ends at exactly 0, below
    it while the creator owes. Over all of a creator's campaigns the balances sum to those of the accounts.
    """
    held = [f"escrow:{escrow.key}", f"payable:creator:{escrow.creator_id}"]
    owed = [f"receivable:creator:{escrow.creator_id}"]
    found = LedgerAccount.objects.filter(code__in=[*held, *owed], currency=escrow.currency)
    accounts = dict(found.values_list("pk", "code"))
    # The creator's own accounts serve all of the creator's campaigns.
    parameters = {
        "escrow_id": escrow.pk, "accounts": list(accounts),
        "held": [pk for pk, code in accounts.items() if code in held],
        "owed": [pk for pk, code in accounts.items() if code in owed],
    }  # fmt: skip
    return Statement(_OF_ESCROW, parameters, replace(filters or StatementFilters(), escrow="", currency=""))


def platform_statement(*, filters: StatementFilters | None = None) -> Statement:
    """One account of the platform, by default what lies at the provider, with the balance after each line."""
    chosen = filters or StatementFilters()
    return _of_accounts([chosen.account or "provider:stripe"], chosen, currency=chosen.currency)


def backer_statement(user: User, *, filters: StatementFilters | None = None) -> Statement:
    """What a person has paid and got back, over all campaigns, by us or by their bank against our word; the balance is
    what they have paid on the whole.
    """
    return Statement(_OF_BACKER, {"user": user.pk}, filters or StatementFilters())


def _of_accounts(codes: Sequence[str], filters: StatementFilters, *, currency: str = "") -> Statement:
    accounts = list(LedgerAccount.objects.filter(code__in=codes).values_list("pk", "kind", "currency"))
    chosen = [(pk, kind) for pk, kind, unit in accounts if not currency or unit == currency]
    assets = [pk for pk, kind in chosen if kind in ("asset", "expense")]
    parameters: dict[str, Any] = {
        "accounts": [pk for pk, _ in chosen],
        "assets": assets,
        "positive": [pk for pk, _ in chosen if pk not in assets],
    }
    return Statement(_OF_ACCOUNTS, parameters, filters)


def _row(values: Sequence[Any]) -> StatementRow:
    entry, at, kind, journal, escrow, names, debit, credit, incoming, outgoing, balance, currency = values
    return StatementRow(
        entry, at, kind, journal, escrow, _name(names, escrow), debit, credit, incoming, outgoing, int(balance),
        currency,
    )  # fmt: skip


def _name(names: Any, key: str) -> str:
    titles = json.loads(names) if isinstance(names, str) else names
    return titles.get(get_language() or "en") or next(iter(titles.values()), key)
