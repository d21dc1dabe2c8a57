"""What every stand-in's process does: refuse to run outside debug, serve with threads, tick, stop on a signal."""

import argparse
import logging
import os
import signal
import socketserver
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

logger = logging.getLogger(__name__)

TICK = 0.2


class Server(socketserver.ThreadingMixIn, WSGIServer):
    """A WSGI server with a thread for each connection."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256
    allow_reuse_address = True

    def server_bind(self) -> None:
        """Bind without asking a name server who we are, as the standard library would."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])
        self.setup_environ()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""
        logger.debug("connection from %s broke", client_address, exc_info=True)


class Handler(WSGIRequestHandler):
    """Quiet."""

    def log_message(self, format: str, *args: Any) -> None:
        """Only for those who asked for it."""
        logger.debug(format, *args)


@dataclass(frozen=True)
class Service:
    """What is served: an application, what its clock makes due while nobody asks, and how to end it."""

    app: Any
    tick: Callable[[], object]
    greeting: str
    end: Callable[[], object]


def parser(*, prog: str, description: str, port: int) -> argparse.ArgumentParser:
    """A command line with what all stand-ins take."""
    found = argparse.ArgumentParser(prog=prog, description=description)
    found.add_argument("--host", default="127.0.0.1")
    found.add_argument("--port", type=int, default=port, help="0 picks a free one")
    found.add_argument("--debug", action="store_true", help="as KINDLING_DEBUG=1: yes, this is a machine for debugging")
    found.add_argument("--verbose", action="store_true", help="log every request")
    return found


def start(options: argparse.Namespace, *, name: str, build: Callable[[str], Service]) -> int:
    """Serve what `build` makes for an address until SIGTERM or SIGINT; returns the exit status."""
    if not options.debug and os.environ.get("KINDLING_DEBUG") != "1":
        sys.stderr.write(f"{name} refuses to start outside debug: set KINDLING_DEBUG=1 or give --debug.\n")
        return 2
    logging.basicConfig(level=logging.DEBUG if options.verbose else logging.WARNING)
    try:
        serve(host=options.host, port=options.port, build=build)
    except OSError as error:
        sys.stderr.write(f"{name} can't serve on {options.host}:{options.port}: {error.strerror or error}\n")
        return 1
    return 0


def serve(*, host: str, port: int, build: Callable[[str], Service]) -> None:
    """The same without asking whether it may. Raises `OSError` where the address can't be used."""
    server = Server((host, port), Handler)
    service = build(f"http://{'localhost' if host == '127.0.0.1' else host}:{server.server_port}")
    server.set_app(service.app)
    stopping = threading.Event()

    def stop(*_: object) -> None:
        stopping.set()
        threading.Thread(target=server.shutdown, daemon=True).start()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    threading.Thread(target=_tick, args=(service, stopping), name="ticker", daemon=True).start()
    sys.stdout.write(f"{service.greeting}\n")
    sys.stdout.flush()
    try:
        server.serve_forever(poll_interval=0.1)
    finally:
        stopping.set()
        server.server_close()
        service.end()


def _tick(service: Service, stopping: threading.Event) -> None:
    while not stopping.wait(TICK):
        try:
            service.tick()
        except Exception:
            if not stopping.is_set():
                logger.exception("the ticker stumbled")
