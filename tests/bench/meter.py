"""Counting statements and comparing speeds: whole requests through middleware and views, in this process."""

import io
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import JsonResponse
from django.test.utils import CaptureQueriesContext
from django.urls import path

from cms import urls as site

PASSES = 7
WARM_UP = 5
PER_PASS = 0.25  # seconds
# The yardstick H: what a view costs that does nothing, under the same middleware.
urlpatterns = [path("hello", lambda _request: JsonResponse({"hello": "world"})), *site.urlpatterns]

Ask = Callable[[], Any]


@dataclass(frozen=True)
class Answer:
    """Status, headers and body of one request."""

    status: int
    headers: dict[str, str]
    body: bytes


class Asker:
    """Sends requests to the WSGI application."""

    def __init__(self) -> None:
        self.application = WSGIHandler()

    def __call__(
        self, target: str, *, method: str = "GET", body: Any = None, cookie: str = "", **headers: str
    ) -> Answer:
        """One request, read to its end."""
        sent = b"" if body is None else json.dumps(body).encode()
        where, _, query = target.partition("?")
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": where, "QUERY_STRING": query, "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http",
            "wsgi.errors": io.StringIO(),
            "wsgi.input": io.BytesIO(sent), "CONTENT_LENGTH": str(len(sent)), "CONTENT_TYPE": "application/json",
            "HTTP_COOKIE": cookie, "REMOTE_ADDR": "127.0.0.1", "wsgi.multithread": False,
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        }  # fmt: skip
        started: list[Any] = []
        response = self.application(environ, lambda status, pairs, *_: started.extend([status, pairs]))
        content = b"".join(response)
        response.close()
        return Answer(int(started[0].split()[0]), dict(started[1]), content)


def statements(ask: Ask, *, warm: bool = True) -> list[str]:
    """The SQL of one request, once whatever is cached by processes is cached; BEGIN and COMMIT are not counted."""
    if warm:
        for _ in range(2):
            ask()
    with CaptureQueriesContext(connection) as captured:
        ask()
    return [query["sql"] for query in captured if not query["sql"].startswith(("BEGIN", "COMMIT"))]


def ratio(one: Ask, other: Ask) -> float:
    """How many of `one` go into the time of an `other`: the median of interleaved passes in this run."""
    for _ in range(WARM_UP):
        one(), other()
    return statistics.median(_rate(one) / _rate(other) for _ in range(PASSES))


def _rate(ask: Ask) -> float:
    count, begun = 0, time.perf_counter()
    while (spent := time.perf_counter() - begun) < PER_PASS:
        ask()
        count += 1
    return count / spent


def seconds(act: Ask) -> float:
    """How long it takes, once."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun
