"""``python -m funding.sandbox``: the command line of the local Stripe.

Environment: KINDLING_DEBUG=1 (without it, or ``--debug``, it refuses to start), STRIPE_SANDBOX_PORT,
STRIPE_SANDBOX_STORE, STRIPE_SANDBOX_PUBLIC_URL, STRIPE_SANDBOX_WEBHOOK_URL, STRIPE_WEBHOOK_SECRET.
"""

import os
from pathlib import Path

from funding.sandbox import process
from funding.sandbox.server import service


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and serve; returns the exit status."""
    environ = os.environ
    parser = process.parser(
        prog="python -m funding.sandbox", description="The local Stripe of Kindling.",
        port=int(environ.get("STRIPE_SANDBOX_PORT") or 8001),
    )  # fmt: skip
    parser.add_argument(
        "--store", type=Path, default=Path(environ.get("STRIPE_SANDBOX_STORE") or ".var/stripe.sqlite3")
    )
    parser.add_argument("--public-url", default=environ.get("STRIPE_SANDBOX_PUBLIC_URL") or None)
    parser.add_argument("--webhook-url", default=environ.get("STRIPE_SANDBOX_WEBHOOK_URL") or None)
    options = parser.parse_args(arguments)
    return process.start(
        options, name="The local Stripe",
        build=lambda address: service(
            address, store=options.store, public_url=options.public_url, webhook_url=options.webhook_url,
            webhook_secret=environ.get("STRIPE_WEBHOOK_SECRET") or None,
        ),
    )  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
