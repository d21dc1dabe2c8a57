"""The site behind its real server, granian, with the yardstick beside it: `with running(database_url) as ask`."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402

from tests.bench.meter import Answer  # noqa: E402

PATIENCE = 30


def _application() -> WSGIHandler:
    settings.ROOT_URLCONF = "tests.bench.meter"
    return WSGIHandler()


# Only for the server that imports this module by name; `running` is called by the bench itself.
application = _application() if os.environ.get("KINDLING_BENCH_SERVER") else None


class Served:
    """Asks the server over one kept connection."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def __call__(self, target: str, *, cookie: str = "", **headers: str) -> Answer:
        """One GET, read to its end."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request("GET", target, headers={"Host": "localhost", "Cookie": cookie, **sent})
        response = self.connection.getresponse()
        return Answer(response.status, dict(response.headers), response.read())


@contextmanager
def running(database_url: str) -> Iterator[Served]:
    """One worker, as in production but for its settings."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "DATABASE_URL": database_url, "KINDLING_BENCH_SERVER": "1"}
    command: list[Any] = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--no-access-log", "--log-level", "error", "tests.bench.served:application",
    ]  # fmt: skip
    server = subprocess.Popen(command, env=environment)
    try:
        _wait(port, server)
        yield Served(port)
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _wait(port: int, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            Served(port)("/hello")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server of the bench does not answer")
