"""The SQLite store: objects as JSON documents, balances, jobs, deliveries, faults and the log.

One connection behind one re-entrant lock: every request is one transaction, so an answer and its events are
committed together or not at all.
"""

import json
import secrets
import sqlite3
import string
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Json = dict[str, Any]

PLATFORM = ""
"""The `account` column of what belongs to the platform itself."""

_ALPHABET = string.ascii_letters + string.digits

_SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, kind TEXT NOT NULL,
    account TEXT NOT NULL, body TEXT NOT NULL, secret TEXT NOT NULL DEFAULT '{}');
CREATE INDEX IF NOT EXISTS objects_kind ON objects (kind, account, seq);
CREATE TABLE IF NOT EXISTS balances (
    account TEXT NOT NULL, currency TEXT NOT NULL, amount INTEGER NOT NULL, PRIMARY KEY (account, currency));
CREATE TABLE IF NOT EXISTS jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, due REAL NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS jobs_due ON jobs (due, id);
CREATE TABLE IF NOT EXISTS keys (
    account TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, created REAL NOT NULL,
    request_id TEXT NOT NULL, status INTEGER NOT NULL, answer TEXT NOT NULL, PRIMARY KEY (account, key));
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, type TEXT NOT NULL, object TEXT NOT NULL,
    endpoint TEXT NOT NULL, url TEXT NOT NULL, secret TEXT NOT NULL, body TEXT NOT NULL, signature TEXT NOT NULL,
    state TEXT NOT NULL, due REAL NOT NULL, copies INTEGER NOT NULL DEFAULT 1,
    failures INTEGER NOT NULL DEFAULT 0, fault TEXT, attempts TEXT NOT NULL DEFAULT '[]');
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, due);
CREATE TABLE IF NOT EXISTS requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT, method TEXT NOT NULL, path TEXT NOT NULL, idempotency_key TEXT,
    status INTEGER, request_id TEXT NOT NULL, account TEXT NOT NULL, replayed INTEGER NOT NULL, fault TEXT,
    at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY AUTOINCREMENT, fault TEXT NOT NULL, path TEXT, event_type TEXT,
    count INTEGER NOT NULL, seconds REAL, hits INTEGER NOT NULL DEFAULT 0);
"""

_INDEXED = ("payment_intent", "charge", "transfer_group", "source", "payout")


def new_id(prefix: str) -> str:
    """A random id in Stripe's style, such as ``pi_…``."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(24))


class Store:
    """What the sandbox knows, on disk."""

    def __init__(self, path: Path | str) -> None:
        if str(path) != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._depth = 0
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)
        for field in _INDEXED:
            self._db.execute(
                f"CREATE INDEX IF NOT EXISTS objects_{field} ON objects (kind, json_extract(body, '$.{field}'))"
            )

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; nested use joins the outer transaction through a savepoint."""
        with self._lock:
            name = f"level{self._depth}"
            self._db.execute(f"SAVEPOINT {name}")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._db.execute(f"ROLLBACK TO {name}")
                raise
            finally:
                self._depth -= 1
                self._db.execute(f"RELEASE {name}")

    def rows(self, sql: str, args: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """The rows of a query."""
        with self._lock:
            return self._db.execute(sql, args).fetchall()

    def run(self, sql: str, args: Sequence[Any] = ()) -> int:
        """Execute one statement; returns the number of rows it touched."""
        with self._lock:
            return self._db.execute(sql, args).rowcount

    def setting(self, name: str) -> str | None:
        """A setting, or None."""
        found = self.rows("SELECT value FROM settings WHERE name = ?", (name,))
        return str(found[0]["value"]) if found else None

    def set_setting(self, name: str, value: str) -> None:
        """Keep a setting."""
        self.run(
            "INSERT INTO settings VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def add(self, body: Json, *, account: str = PLATFORM, secret: Json | None = None) -> Json:
        """Keep a new object; `secret` is what the sandbox must remember about it and never shows."""
        self.run(
            "INSERT INTO objects (id, kind, account, body, secret) VALUES (?, ?, ?, ?, ?)",
            (body["id"], body["object"], account, json.dumps(body), json.dumps(secret or {})),
        )
        return body

    def save(self, body: Json) -> Json:
        """Keep an object as it is now."""
        self.run("UPDATE objects SET body = ? WHERE id = ?", (json.dumps(body), body["id"]))
        return body

    def remove(self, id: str) -> None:
        """Forget an object."""
        self.run("DELETE FROM objects WHERE id = ?", (id,))

    def get(self, id: str, *, kind: str | None = None, account: str | None = None) -> Json | None:
        """An object, if it exists, is of this kind and belongs to this account."""
        found = self.rows("SELECT kind, account, body FROM objects WHERE id = ?", (id,))
        if not found or (kind and found[0]["kind"] != kind):
            return None
        if account is not None and found[0]["account"] != account:
            return None
        body: Json = json.loads(found[0]["body"])
        return body

    def require(self, id: str) -> Json:
        """An object that another one names; KeyError would be a mistake of ours."""
        found = self.get(id)
        if found is None:
            raise KeyError(id)
        return found

    def account_of(self, id: str) -> str:
        """The connected account that an object belongs to; empty for the platform."""
        found = self.rows("SELECT account FROM objects WHERE id = ?", (id,))
        return str(found[0]["account"]) if found else PLATFORM

    def secret(self, id: str) -> Json:
        """What is remembered of an object and never shown."""
        found = self.rows("SELECT secret FROM objects WHERE id = ?", (id,))
        secret: Json = json.loads(found[0]["secret"]) if found else {}
        return secret

    def set_secret(self, id: str, **values: Any) -> None:
        """Add to what is remembered."""
        merged = {**self.secret(id), **values}
        self.run("UPDATE objects SET secret = ? WHERE id = ?", (json.dumps(merged), id))

    def where(self, kind: str, *, account: str | None = PLATFORM, **fields: Any) -> list[Json]:
        """The objects of a kind whose top-level fields have these values, oldest first."""
        sql = "SELECT body FROM objects WHERE kind = ?"
        args: list[Any] = [kind]
        if account is not None:
            sql += " AND account = ?"
            args.append(account)
        for field, value in fields.items():
            sql += f" AND json_extract(body, '$.{field}') = ?"
            args.append(value)
        return [json.loads(row["body"]) for row in self.rows(sql + " ORDER BY seq", args)]
