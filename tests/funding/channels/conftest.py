"""Each channel behind one face, so that one suite can hold all of them to the same contract."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from cms.core import clock
from funding.gateways import get_gateway
from funding.gateways.base import Gateway
from tests.funding.channels.direct_server import DirectSandbox, running_direct
from tests.funding.sandbox_server import Sandbox


@pytest.fixture(scope="session")
def direct_process() -> Iterator[DirectSandbox]:
    with running_direct() as sandbox:
        yield sandbox


@pytest.fixture
def direct(direct_process: DirectSandbox, settings) -> DirectSandbox:
    """The stand-ins as a new world, and the settings that speak to it."""
    direct_process.post("reset")
    settings.PAYMENT_PROVIDERS = ["stripe", "wechatpay", "alipay"]
    settings.WECHATPAY = direct_process.wechat_settings()
    settings.ALIPAY = direct_process.alipay_settings()
    return direct_process


@dataclass
class Channel:
    """A gateway, and the hands of the payer and of time at its provider."""

    name: str
    gateway: Gateway
    pay: Callable[[str], Any]
    decline: Callable[[str], Any]
    set_clock: Callable[[float], Any]
    float_in: Callable[[int], Any]
    refund_arrives: Callable[[str], Any]
    # What the payer's browser does with the address at the provider's, where the order begins to exist by that.
    visit: Callable[[str], Any] = lambda code: None
    withdraw: Callable[[int], Any] = lambda amount: None
    one_fen_short: Callable[[], Any] = lambda: None

    def move_clock(self, **by: float) -> None:
        """Move app time and the provider's together."""
        offset = clock.offset() + timedelta(**by)
        clock.set_offset(offset)
        self.set_clock(offset.total_seconds())


@pytest.fixture(params=["stripe", "wechatpay", "alipay"])
def channel(request: pytest.FixtureRequest, sandbox: Sandbox, direct: DirectSandbox, settings) -> Channel:
    """Each of the channels in turn, the only one that is enabled."""
    name = request.param
    settings.PAYMENT_PROVIDERS = [name]
    if name == "stripe":
        return Channel(
            name, get_gateway(name), sandbox.play, lambda number: sandbox.play(number, outcome="decline"),
            sandbox.clock, lambda amount: sandbox.top_up(amount, "cny"), lambda number: None,
        )  # fmt: skip

    def both_clocks(offset: float) -> None:
        # What else went through Stripe goes by the same time.
        direct.clock(offset)
        sandbox.clock(offset)

    short = name.removesuffix("pay") if name == "wechatpay" else name
    alipay = name == "alipay"
    return Channel(
        name, get_gateway(name), lambda number: direct.post(f"{short}/orders/{number}"),
        lambda number: direct.post(f"{short}/orders/{number}", outcome="decline"), both_clocks,
        lambda amount: direct.post(f"{short}/topups", amount=amount),
        # Alipay's arrive at once.
        (lambda number: None) if alipay else (lambda number: direct.post(f"wechat/refunds/{number}")),
        direct.visit if alipay else (lambda code: None),
        lambda amount: direct.post(f"{short}/withdrawals", amount=amount),
        lambda: direct.post(f"{short}/faults", fault="one_fen_short"),
    )  # fmt: skip
