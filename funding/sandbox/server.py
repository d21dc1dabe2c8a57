"""The local Stripe as a service: its world, its application, the thread of its webhooks."""

from pathlib import Path

from funding.sandbox import jobs, webhook_endpoints
from funding.sandbox.app import Application
from funding.sandbox.clock import Clock
from funding.sandbox.process import Service
from funding.sandbox.store import Store
from funding.sandbox.webhooks import Deliverer
from funding.sandbox.world import World


def build_world(store_path: Path | str, public_url: str) -> World:
    """Open the store and its clock."""
    store = Store(store_path)
    return World(store=store, clock=Clock(store), public_url=public_url.rstrip("/"))


def service(
    address: str,
    *,
    store: Path,
    public_url: str | None = None,
    webhook_url: str | None = None,
    webhook_secret: str | None = None,
) -> Service:
    """Everything that answers at an address; the webhook thread runs from now on."""
    world = build_world(store, public_url or address)
    if webhook_url:
        webhook_endpoints.listen(world, webhook_url, webhook_secret)
    deliverer = Deliverer(world)
    deliverer.start()

    def end() -> None:
        deliverer.stop()
        deliverer.join(2)
        world.store.close()

    return Service(
        app=Application(world), tick=lambda: jobs.run_due(world), end=end,
        greeting=f"Local Stripe on {address} (any sk_test_… key), store {store}",
    )  # fmt: skip
