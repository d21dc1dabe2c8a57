"""Rows that nobody placed, for attempts on the database's own guards: each table's simplest row that it takes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import DatabaseError, connection, transaction

Row = dict[str, Any]
VALID: dict[str, Row] = {
    "alert": {"severity": "info", "resolution": ""},
    "amendment": {"rewards_amount": 1, "total": 1, "state": "proposed"},
    "auditrun": {"kind": "audit"},
    "bankorder": {"amount": 1},
    "creatordebt": {"cause": "dispute", "dispute_id": 1, "amount": 10},
    "dispute": {"amount": 5, "state": "opened"},
    "document": {"amount": 1, "kind": "receipt", "number": 1},
    "entry": {"amount": 1, "debit_id": 1, "credit_id": 2},
    "escrow": {"goal": 1, "state": "open", "launched_at": "2026-01-01Z", "deadline": "2026-02-01Z"},
    "feeschedule": {"grace_minutes": 30},
    "gatewaycommand": {"state": "planned"},
    "holddecision": {"state": "proposed"},
    "laterefund": {"amount": 1, "state": "proposed"},
    "payment": {"amount": 1, "state": "created"},
    "payout": {"state": "scheduled"},
    "pledge": {"rewards_amount": 1, "total": 1, "state": "reserved"},
    "pledgeline": {"quantity": 1},
    "providermovement": {"state": "open"},
    "pseudonymkey": {"inner_block": b"1", "outer_block": b"1"},
    "recovery": {"amount": 1},
    "refund": {"amount": 1, "state": "requested"},
    "refundclaim": {"state": "open", "resolution": "", "proof": ""},
    "release": {"gross": 1, "creator_amount": 1},
    "reward": {"price": 1},
    "taxremittance": {"amount": 1},
}


def run(statement: str, values: Any = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def read(statement: str, values: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


@cache
def columns(table: str) -> dict[str, tuple[str, bool, int | None]]:
    """Type, nullable, length of each column."""
    rows = read(
        "SELECT column_name, udt_name, is_nullable = 'YES', character_maximum_length FROM information_schema.columns"
        " WHERE table_name = %s AND table_schema = 'public'",
        [f"funding_{table}"],
    )
    return {name: (kind, nullable, length) for name, kind, nullable, length in rows}


def value(table: str, column: str, number: int) -> Any:
    """Something of the column's type, another one for another number."""
    kind, _, length = columns(table)[column]
    match kind:
        case "int2" | "int4" | "int8":
            return number if column in ("id", "number") or column.endswith("_id") else 0
        case "varchar" | "text":
            return f"x{number}"[: length or 10]
        case "bool":
            return False
        case "timestamptz" | "date":
            return f"2026-01-0{number}"
        case "jsonb":
            return "{}"
        case "uuid":
            return f"00000000-0000-0000-0000-00000000000{number}"
        case "bytea":
            return f"x{number}".encode()
    raise ValueError(f"{table}.{column} is {kind}: give it a value here")


def row(table: str, number: int = 1, /, **changes: Any) -> Row:
    """A row that the table takes."""
    needed = {name: value(table, name, number) for name, (_, nullable, _) in columns(table).items() if not nullable}
    return needed | VALID.get(table, {}) | changes


def insert(table: str, **values: Any) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    run(
        f"INSERT INTO funding_{table} ({names}) VALUES ({', '.join(['%s'] * len(values))})",
        list(values.values()),
    )


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def unguarded() -> Iterator[None]:
    """Without triggers and foreign keys, so that a scene can be set."""
    run("SET LOCAL session_replication_role = replica")
    yield
    run("SET LOCAL session_replication_role = origin")


def refusal(attempt: Any) -> str | None:
    """The name of the constraint that refuses, "trigger" for a trigger; None if it is let through."""
    try:
        with transaction.atomic():
            attempt()
            transaction.set_rollback(True)
    except DatabaseError as error:
        told = getattr(error.__cause__, "diag", None)
        return (told and told.constraint_name) or (
            "trigger" if "PL/pgSQL" in str(told and told.context) else str(error)
        )
    return None


def drop_checks(table: str, *, but: str = "") -> None:
    """All CHECKs of a table but one."""
    for name, _ in checks(table):
        if name != but:
            run(f"ALTER TABLE funding_{table} DROP CONSTRAINT {name}")


def checks(table: str) -> list[tuple[str, str]]:
    found = read(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass",
        [f"funding_{table}"],
    )
    return [(name, text) for name, text in found]


def tables() -> list[str]:
    found = read("SELECT tablename FROM pg_tables WHERE tablename LIKE 'funding\\_%%' ORDER BY 1", [])
    return [name.removeprefix("funding_") for (name,) in found]


def uniques() -> list[tuple[str, str, list[str]]]:
    """Table, index, columns of each UNIQUE but the primary keys."""
    found = read(
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'funding\\_%%'"
        " AND indexdef LIKE 'CREATE UNIQUE%%' AND indexname NOT LIKE '%%\\_pkey'",
        [],
    )
    return [
        (table.removeprefix("funding_"), name, re.search(r"\(([^)]*)\)", text)[1].split(", "))  # type: ignore[index]
        for table, name, text in found
    ]


def drop_unique(table: str, name: str) -> None:
    """A UNIQUE, whether it is a constraint or an index with a condition."""
    constraint = read("SELECT 1 FROM pg_constraint WHERE conname = %s", [name])
    run(f"ALTER TABLE funding_{table} DROP CONSTRAINT {name}" if constraint else f"DROP INDEX {name}")


def triggers() -> list[tuple[str, str]]:
    found = read(
        "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"
        " AND tgrelid::regclass::text LIKE 'funding\\_%%' ORDER BY 1, 2",
        [],
    )
    return [(table.removeprefix("funding_"), name) for table, name in found]


def disable_elsewhere(table: str) -> None:
    """No triggers on all other tables, to which a TRUNCATE may cascade."""
    for (name,) in read("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"):
        if name != f"funding_{table}":
            run(f"ALTER TABLE {name} DISABLE TRIGGER USER")
