"""The process: a threading WSGI server, the webhook thread and the ticker of the sandbox's clock."""

import logging
import signal
import socketserver
import sys
import threading
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from funding.sandbox import jobs, webhook_endpoints
from funding.sandbox.app import Application
from funding.sandbox.clock import Clock
from funding.sandbox.store import Store
from funding.sandbox.webhooks import Deliverer
from funding.sandbox.world import World

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


def build_world(store_path: Path | str, public_url: str) -> World:
    """Open the store and its clock."""
    store = Store(store_path)
    return World(store=store, clock=Clock(store), public_url=public_url.rstrip("/"))


def serve(
    *,
    host: str,
    port: int,
    store: Path,
    public_url: str | None,
    webhook_url: str | None,
    webhook_secret: str | None,
) -> None:
    """Serve until SIGTERM or SIGINT; port 0 picks a free one, and the address is printed."""
    server = Server((host, port), Handler)
    address = f"http://{'localhost' if host == '127.0.0.1' else host}:{server.server_port}"
    world = build_world(store, public_url or address)
    if webhook_url:
        webhook_endpoints.listen(world, webhook_url, webhook_secret)
    server.set_app(Application(world))
    deliverer = Deliverer(world)
    stopping = threading.Event()

    def stop(*_: object) -> None:
        stopping.set()
        threading.Thread(target=server.shutdown, daemon=True).start()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    deliverer.start()
    threading.Thread(target=_tick, args=(world, stopping), name="ticker", daemon=True).start()
    sys.stdout.write(f"Local Stripe on {address} (any sk_test_… key), store {store}\n")
    sys.stdout.flush()
    try:
        server.serve_forever(poll_interval=0.1)
    finally:
        stopping.set()
        deliverer.stop()
        deliverer.join(2)
        server.server_close()
        world.store.close()


def _tick(world: World, stopping: threading.Event) -> None:
    """Do what the sandbox's clock makes due even while nobody asks."""
    while not stopping.wait(TICK):
        try:
            jobs.run_due(world)
        except Exception:
            if not stopping.is_set():
                logger.exception("the ticker stumbled")
