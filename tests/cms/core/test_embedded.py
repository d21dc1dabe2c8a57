import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from cms.core import embedded, schema

START = "from cms.core import embedded; print(embedded.ensure_running())"


def run(code: str, var: Path) -> subprocess.CompletedProcess:
    """Run Python as on a machine where nothing is set."""
    hidden = ("DATABASE_URL", "KINDLING_", "XDG_", "PYTEST_")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(hidden)} | {"KINDLING_VAR": str(var)}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=embedded.ROOT, env=environment, capture_output=True, text=True, timeout=120
    )


@pytest.fixture
def fresh_folder():
    # Not tmp_path: its length is too much for a socket's name, and its parents keep others out.
    folder = Path(tempfile.mkdtemp(prefix="kindling-"))
    folder.chmod(0o755)
    yield folder / "var"
    run("from cms.core import embedded; embedded.stop()", folder / "var")
    shutil.rmtree(folder, ignore_errors=True)


def test_a_fresh_folder_starts_keeps_running_and_stops(fresh_folder):
    first = run(START, fresh_folder)
    assert first.returncode == 0, first.stderr
    assert first.stderr == ""
    url = first.stdout.strip()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        assert connection.execute("SHOW max_connections").fetchone() == ("200",)
    assert run(START, fresh_folder).stdout.strip() == url
    run("from cms.core import embedded; embedded.stop()", fresh_folder)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
    assert run(START, fresh_folder).stdout.strip() == url
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "taken").write_text("a file where a folder should be")
    answer = run(START, tmp_path / "taken" / "var")
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert "can't be written" in answer.stderr
    assert "KINDLING_VAR" in answer.stderr


def test_a_named_server_is_kept(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/db")
    assert embedded.ensure_running() == "postgresql://elsewhere/db"


@pytest.fixture
def noted(monkeypatch, tmp_path):
    monkeypatch.setenv("KINDLING_VAR", str(tmp_path))
    return tmp_path / "schema"


def test_a_new_database_is_not_outdated(noted):
    assert schema.outdated() == []


def test_a_squashed_migration_is_noticed(noted):
    made = schema.expected()
    assert {"core", "users", "funding", "campaigns"} <= set(made)
    noted.write_text("".join(f"{label} {digest}\n" for label, digest in made.items()))
    assert schema.outdated() == []
    noted.write_text("funding 0000000000000000\n")
    assert schema.outdated() == ["funding"]


@pytest.mark.django_db
def test_only_the_checkouts_own_database_is_noted(noted):
    schema.record_after_migrate(sender=None, using="default")  # this test's process works on a clone
    assert not noted.exists()
