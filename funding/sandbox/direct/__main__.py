"""``python -m funding.sandbox.direct``: the stand-in for WeChat Pay, for a machine for debugging only."""

import argparse
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from funding.sandbox.clock import Clock
from funding.sandbox.direct import jobs
from funding.sandbox.direct.app import Application
from funding.sandbox.direct.keys import Keys
from funding.sandbox.direct.world import DirectWorld
from funding.sandbox.server import Handler, Server
from funding.sandbox.store import Store

logger = logging.getLogger(__name__)
TICK = 0.2


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and serve; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m funding.sandbox.direct", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("DIRECT_SANDBOX_PORT") or 8002))
    parser.add_argument("--folder", type=Path, default=Path(".var/direct"), help="keys, certificates and the store")
    parser.add_argument("--wechat-mchid", default="1900000001")
    parser.add_argument("--wechat-appid", default="wxlocal0000000001")
    parser.add_argument("--wechat-api-key", default="local-wechat-pay-api-key-32bytes")
    parser.add_argument("--debug", action="store_true")
    options = parser.parse_args(arguments)
    if not options.debug and os.environ.get("KINDLING_DEBUG") != "1":
        sys.stderr.write("The stand-ins refuse to start outside debug: set KINDLING_DEBUG=1 or give --debug.\n")
        return 2
    logging.basicConfig(level=logging.WARNING)
    try:
        server = Server((options.host, options.port), Handler)
    except OSError as error:
        sys.stderr.write(f"The stand-ins can't serve on {options.host}:{options.port}: {error.strerror or error}\n")
        return 1
    _serve(server, _world(options, server.server_port))
    return 0


def _world(options: argparse.Namespace, port: int) -> DirectWorld:
    store = Store(options.folder / "store.sqlite3")
    for name in ("wechat_mchid", "wechat_appid", "wechat_api_key"):
        store.set_setting(name, getattr(options, name))
    host = "localhost" if options.host == "127.0.0.1" else options.host
    return DirectWorld(store, Clock(store), Keys(options.folder, "wechat"), f"http://{host}:{port}")


def _serve(server: Server, world: DirectWorld) -> None:
    server.set_app(Application(world))
    stopping = threading.Event()

    def stop(*_: object) -> None:
        stopping.set()
        threading.Thread(target=server.shutdown, daemon=True).start()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    threading.Thread(target=_tick, args=(world, stopping), name="ticker", daemon=True).start()
    sys.stdout.write(f"Local WeChat Pay on {world.public_url}\n")
    sys.stdout.flush()
    try:
        server.serve_forever(poll_interval=0.1)
    finally:
        stopping.set()
        server.server_close()
        world.store.close()


def _tick(world: DirectWorld, stopping: threading.Event) -> None:
    while not stopping.wait(TICK):
        try:
            jobs.work(world)
        except Exception:
            if not stopping.is_set():
                logger.exception("the ticker stumbled")


if __name__ == "__main__":
    raise SystemExit(main())
