"""``python -m funding.sandbox``: the command line of the local Stripe.

Environment: KINDLING_DEBUG=1 (without it, or ``--debug``, it refuses to start), STRIPE_SANDBOX_PORT,
STRIPE_SANDBOX_STORE, STRIPE_SANDBOX_PUBLIC_URL, STRIPE_SANDBOX_WEBHOOK_URL, STRIPE_WEBHOOK_SECRET.
"""

import argparse
import logging
import os
import sys
from pathlib import Path

from funding.sandbox.server import serve


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and serve; returns the exit status."""
    environ = os.environ
    parser = argparse.ArgumentParser(prog="python -m funding.sandbox", description="The local Stripe of Kindling.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=int(environ.get("STRIPE_SANDBOX_PORT") or 8001))
    parser.add_argument(
        "--store", type=Path, default=Path(environ.get("STRIPE_SANDBOX_STORE") or ".var/stripe.sqlite3")
    )
    parser.add_argument("--public-url", default=environ.get("STRIPE_SANDBOX_PUBLIC_URL") or None)
    parser.add_argument("--webhook-url", default=environ.get("STRIPE_SANDBOX_WEBHOOK_URL") or None)
    parser.add_argument(
        "--debug", action="store_true", help="as KINDLING_DEBUG=1: yes, this is a machine for debugging"
    )
    parser.add_argument("--verbose", action="store_true", help="log every request")
    options = parser.parse_args(arguments)
    if not options.debug and environ.get("KINDLING_DEBUG") != "1":
        sys.stderr.write("The local Stripe refuses to start outside debug: set KINDLING_DEBUG=1 or give --debug.\n")
        return 2
    logging.basicConfig(level=logging.DEBUG if options.verbose else logging.WARNING)
    try:
        serve(
            host=options.host, port=options.port, store=options.store, public_url=options.public_url,
            webhook_url=options.webhook_url, webhook_secret=environ.get("STRIPE_WEBHOOK_SECRET") or None,
        )  # fmt: skip
    except OSError as error:
        sys.stderr.write(f"The local Stripe can't serve on {options.host}:{options.port}: {error.strerror or error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
