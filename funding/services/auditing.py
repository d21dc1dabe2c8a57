"""The proof: what the ledger says equals what the business rows say, to the minor unit."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection, transaction

from funding.services.checks import CHECKS, TABLES, Check

# Enough to see what is wrong; a broken ledger would otherwise print itself.
MOST_PROBLEMS = 200


@dataclass(frozen=True)
class Problem:
    """Something that ought to be `expected` and is `found`. Amounts in minor units, else counts."""

    check: str
    subject: str
    expected: int
    found: int

    def __str__(self) -> str:
        return f"{self.check}: {self.subject} should be {self.expected}, is {self.found}"


@dataclass(frozen=True)
class AuditReport:
    """`checked` says how many rows each check looked at; `ok` is true when nothing was wrong."""

    ok: bool
    problems: list[Problem]
    checked: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """The shape that `audit_ledger --json` prints."""
        return {"ok": self.ok, "problems": [asdict(problem) for problem in self.problems], "checked": self.checked}


def audit_ledger() -> AuditReport:
    """Check everything, reading one snapshot, changing nothing. Safe beside live traffic."""
    problems: list[Problem] = []
    checked: dict[str, int] = {}
    with _snapshot():
        _sum_up()
        for check in CHECKS:
            checked[check.name], wrong = _ask(check)
            problems += wrong
        _forget()
    return AuditReport(not problems, problems[:MOST_PROBLEMS], checked)


def _ask(check: Check) -> tuple[int, list[Problem]]:
    with connection.cursor() as cursor:
        cursor.execute(check.counted)
        counted = int(cursor.fetchone()[0])
        cursor.execute(check.wrong)
        rows = cursor.fetchmany(MOST_PROBLEMS)
    return counted, [Problem(check.name, str(s), int(e or 0), int(f or 0)) for s, e, f in rows]


@contextmanager
def _snapshot() -> Iterator[None]:
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _sum_up() -> None:
    """Sum once what many checks need. Temporary: nothing that is kept is written."""
    _forget()
    with connection.cursor() as cursor:
        for name, query in TABLES.items():
            cursor.execute(f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {query}")
            cursor.execute(f"ANALYZE {name}")


def _forget() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {', '.join(TABLES)}")
