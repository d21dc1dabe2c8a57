"""Databases for tests: migrated once into a template, then cloned in about a tenth of a second.

- The template's name carries a hash of everything that shapes it (`fingerprint`); later runs reuse it.
- Each pytest process, and so each xdist worker, works on a clone of its own.
- A test that commits gets a further clone, thrown away after it. Nothing is ever flushed: append-only tables
  refuse TRUNCATE, and a flush would wipe Wagtail's root page and locales.
- Whoever owns a clone holds an advisory lock named after it, so what a killed run left behind is told apart from
  what a neighbour uses, also when several machines share one server.
"""

import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connections
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE_PREFIX = "kindling_template_"
CLONE_PREFIX = "kindling_clone_"
TEMPLATES_KEPT = 3

# Whatever migrations and the receivers of post_migrate read.
SHAPING = ["uv.lock", "cms/settings/base.py", "cms/settings/accounts.py"]
SHAPING_PATTERNS = ["**/migrations/*.py", "**/guards.py", "**/apps.py", "**/roles.py", "**/models.py", "**/models/*.py"]
_mine: set[str] = set()
PACKAGES = ["cms", "funding", "campaigns", "home", "search"]


def fingerprint() -> str:
    """A short hash of all that shapes a migrated database; a module that mentions post_migrate counts, too."""
    files = {ROOT / name for name in SHAPING}
    for package in PACKAGES:
        for pattern in SHAPING_PATTERNS:
            files.update((ROOT / package).glob(pattern))
        files.update(path for path in (ROOT / package).rglob("*.py") if b"post_migrate" in path.read_bytes())
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@cache
def _server() -> psycopg.Connection:
    """One connection to the maintenance database for the life of the process; it holds the locks."""
    parameters = connections["default"].get_connection_params()
    wanted = {name: parameters[name] for name in ("host", "port", "user", "password") if parameters.get(name)}
    return psycopg.connect(dbname="postgres", autocommit=True, **wanted)


def _execute(statement: str, name: str, **others: str) -> None:
    names = {key: sql.Identifier(value) for key, value in {"name": name, **others}.items()}
    _server().execute(sql.SQL(statement).format(**names))


def _lock(function: str, name: str) -> bool:
    row = _server().execute(f"SELECT {function}(hashtextextended(%s, 0))", [name]).fetchone()
    return bool(row and row[0] is not False)


def _names(prefix: str) -> list[str]:
    rows = _server().execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid DESC", [prefix]
    )
    return [row[0] for row in rows]


def drop(name: str) -> None:
    """Drop a database, whoever is still connected to it."""
    _execute("DROP DATABASE IF EXISTS {name} WITH (FORCE)", name)


def _drop_if_unused(name: str) -> None:
    # One's own locks could be taken again.
    if name not in _mine and _lock("pg_try_advisory_lock", name):
        try:
            drop(name)
        finally:
            _lock("pg_advisory_unlock", name)


@cache
def template() -> str:
    """The migrated template's name. The first process migrates, the others wait for it."""
    name = TEMPLATE_PREFIX + fingerprint()
    # Held for the life of the process, so that nobody drops it; building has a lock of its own, since whoever waits
    # for an exclusive one on the name would wait for the end of all who use it.
    _lock("pg_advisory_lock_shared", name)
    _lock("pg_advisory_lock", f"build {name}")
    try:
        if name not in _names(name):
            _build(name)
    finally:
        _lock("pg_advisory_unlock", f"build {name}")
    return name


def _build(name: str) -> None:
    building = f"{CLONE_PREFIX}building_{uuid.uuid4().hex[:12]}"
    with _owned(building):
        _execute("CREATE DATABASE {name} TEMPLATE template0", building)
        with connected_to(building):
            call_command("migrate", verbosity=0, interactive=False)
        _execute("ALTER DATABASE {name} ALLOW_CONNECTIONS false", building)
        _execute("ALTER DATABASE {name} RENAME TO {new}", building, new=name)
    for old in _names(TEMPLATE_PREFIX)[TEMPLATES_KEPT:]:
        _drop_if_unused(old)


@contextmanager
def _owned(name: str) -> Iterator[None]:
    _lock("pg_advisory_lock", name)
    _mine.add(name)
    try:
        yield
    finally:
        drop(name)
        _mine.discard(name)
        _lock("pg_advisory_unlock", name)


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Point Django's default connection, of this thread and of new ones, at another database."""
    connection = connections["default"]
    before = connection.settings_dict["NAME"]
    try:
        _reconnect(name)
        yield
    finally:
        _reconnect(before)


def _reconnect(name: str) -> None:
    connection = connections["default"]
    connection.close()
    # The dictionary is the one in settings.DATABASES, so that connections of other threads follow.
    connection.settings_dict["NAME"] = name
    ContentType.objects.clear_cache()


@contextmanager
def copied(of: str | None = None) -> Iterator[str]:
    """A fresh copy of the template, or of a database that nobody is connected to; dropped at the end."""
    name = f"{CLONE_PREFIX}{os.getpid()}_{uuid.uuid4().hex[:12]}"
    if of is not None:
        connections["default"].close()
    with _owned(name):
        _execute("CREATE DATABASE {name} TEMPLATE {template}", name, template=of or template())
        yield name


@contextmanager
def cloned(of: str | None = None) -> Iterator[str]:
    """The same, as the default database."""
    with copied(of) as name, connected_to(name):
        yield name


def drop_leftovers() -> None:
    """Drop clones whose owner is gone."""
    for name in _names(CLONE_PREFIX):
        _drop_if_unused(name)


def current_url() -> str:
    """DATABASE_URL of the database that the running test uses, for processes it starts."""
    settings = connections["default"].settings_dict
    base, _, query = os.environ["DATABASE_URL"].partition("?")
    head, _, _ = base.rpartition("/")
    return f"{head}/{settings['NAME']}" + (f"?{query}" if query else "")
