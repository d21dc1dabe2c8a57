"""``python -m funding.sandbox.direct``: the stand-ins for WeChat Pay and Alipay, for a machine for debugging only."""

import argparse
import os
from pathlib import Path

from funding.sandbox import process
from funding.sandbox.clock import Clock
from funding.sandbox.direct import jobs, keys
from funding.sandbox.direct.app import Application
from funding.sandbox.direct.world import DirectWorld
from funding.sandbox.store import Store

# Who the merchant is, at each provider.
MERCHANT = {
    "wechat_mchid": "1900000001",
    "wechat_appid": "wxlocal0000000001",
    "wechat_api_key": "local-wechat-pay-api-key-32bytes",
    "alipay_app_id": "2021000000000001",
    "alipay_seller_id": "2088000000000001",
}


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and serve; returns the exit status."""
    parser = process.parser(
        prog="python -m funding.sandbox.direct", description="The local WeChat Pay and Alipay of Kindling.",
        port=int(os.environ.get("DIRECT_SANDBOX_PORT") or 8002),
    )  # fmt: skip
    parser.add_argument("--folder", type=Path, default=Path(".var/direct"), help="keys, certificates and the store")
    for name, value in MERCHANT.items():
        parser.add_argument(f"--{name.replace('_', '-')}", default=value)
    options = parser.parse_args(arguments)
    return process.start(
        options, name="The stand-ins for WeChat Pay and Alipay", build=lambda address: _service(options, address)
    )


def _service(options: argparse.Namespace, address: str) -> process.Service:
    folder = options.folder
    store = Store(folder / "store.sqlite3")
    for name in MERCHANT:
        store.set_setting(name, getattr(options, name))
    world = DirectWorld(
        store, Clock(store), keys.Keys(folder, "wechat", keys.WECHAT), keys.Keys(folder, "alipay", keys.ALIPAY), address
    )
    # As Alipay hands its certificate out: with the authority that issued it.
    (folder / "alipay-chain.pem").write_bytes(world.alipay.bundle("platform", "between"))
    return process.Service(
        app=Application(world), tick=lambda: jobs.work(world), end=store.close,
        greeting=f"Local WeChat Pay and Alipay on {address}",
    )  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
