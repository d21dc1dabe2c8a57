"""PostgreSQL falls over while a worker settles, more than once: time is lost, money is not."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import Error, connection, connections

from cms.core import embedded
from tests.funding.storm.killing import Deadly, Stripe, alongside, require_same, settle, wait_a_minute
from tests.funding.storm.test_kill import Scene, scene  # noqa: F401

pytestmark = [pytest.mark.kill, pytest.mark.timeout(600)]


def _server(folder: Path) -> Any:
    return embedded._server_package().get_server(folder, cleanup_mode=None, start=False)


@pytest.fixture
def own_server(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:  # noqa: F811
    """The scene on a PostgreSQL of its own, whose folder is returned; nobody else is hurt by its falls."""
    if not embedded.is_embedded():
        pytest.skip("the database is a server that is not ours to restart")
    source = os.environ["DATABASE_URL"].replace("/kindling?", f"/{scene.database}?")
    before = dict(connections["default"].settings_dict)
    connection.close()
    with tempfile.TemporaryDirectory(prefix="kindling-postgres-") as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setenv("KINDLING_VAR", folder)
        monkeypatch.setenv("DATABASE_URL", "")
        url = embedded.ensure_running()
        tools = _server(embedded.data_directory()).bin_path
        dumped = subprocess.run([tools / "pg_dump", "--no-owner", source], check=True, capture_output=True)
        subprocess.run([tools / "psql", "-q", "-v", "ON_ERROR_STOP=1", url], input=dumped.stdout, check=True)
        settings = connections["default"].settings_dict
        settings |= {"NAME": "kindling", "HOST": url.partition("host=")[2].replace("%2F", "/"), "PORT": ""}
        try:
            yield embedded.data_directory()
        finally:
            connection.close()
            settings.update(before)
            embedded.stop()


def settle_whatever_happens(stripe: Stripe) -> None:
    """A worker that connects again, as Celery's do."""
    until = time.monotonic() + 240
    while time.monotonic() < until:
        try:
            wait_a_minute()
            settle(stripe, Deadly())
            return
        except Error:
            connection.close()
            time.sleep(0.3)
    raise AssertionError("it never settled")


def test_it_ends_as_if_nothing_had_been(scene: Scene, own_server: Path) -> None:  # noqa: F811
    mine = scene.folder / "own.sqlite3"
    mine.write_bytes(scene.store.read_bytes())
    stripe = Stripe(mine, port=scene.port)
    stripe.start()
    server = _server(own_server)
    falls = 0
    try:
        with alongside(settle_whatever_happens, stripe) as worker:
            while worker.is_alive() and falls < 6:
                time.sleep(0.8)
                order = [server.bin_path / "pg_ctl", "-D", own_server, "restart", "-m", "immediate", "-w"]
                subprocess.run(order, check=True, user=server.system_user, stdout=subprocess.DEVNULL)
                falls += 1
        assert worker.exitcode == 0
        assert falls
        require_same(scene.undisturbed, stripe, f"after {falls} falls")
    finally:
        stripe.stop()
