"""What the stand-ins share: store, clock, and the merchant's balance with every movement of it."""

import base64
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from funding.sandbox.clock import Clock
from funding.sandbox.direct.keys import Keys
from funding.sandbox.store import Store

Json = dict[str, Any]

BEIJING: Final = timezone(timedelta(hours=8))
# A merchant pays 60 of 10,000; of what is refunded, the fee comes back.
FEE_POINTS: Final = 60
REFUND_SECONDS: Final = 2


class ChannelError(Exception):
    """A refusal as a provider's API words it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@dataclass(frozen=True)
class DirectWorld:
    """Everything that a request needs."""

    store: Store
    clock: Clock
    wechat: Keys
    alipay: Keys
    public_url: str

    def time(self) -> datetime:
        """The present in Beijing."""
        return datetime.fromtimestamp(self.clock.now(), UTC).astimezone(BEIJING)

    def settings(self, name: str, default: str = "") -> str:
        """What the command line or the control API said."""
        return self.store.setting(name) or default

    def balance(self, provider: str) -> int:
        """The merchant's money there."""
        found = self.store.rows("SELECT amount FROM balances WHERE account = ? AND currency = 'CNY'", (provider,))
        return int(found[0]["amount"]) if found else 0

    def move(self, provider: str, *, kind: str, number: str, amount: int, **more: str) -> None:
        """Change the balance, and write the line of the fund bill that tells of it. Minor units, negative for out."""
        after = self.balance(provider) + amount
        self.store.run(
            "INSERT INTO balances VALUES (?, 'CNY', ?) ON CONFLICT DO UPDATE SET amount = excluded.amount",
            (provider, after),
        )
        flow = {
            "id": number_like(32), "object": f"{provider}.flow", "at": self.clock.now(), "day": self.day(),
            "kind": kind, "number": number, "amount": amount, "after": after, **more,
        }  # fmt: skip
        self.store.add(flow)

    def ordered(self, provider: str, fault: str) -> bool:
        """Whether this fault was ordered and is not used up; using it up by one."""
        name = f"fault:{provider}:{fault}"
        left = int(self.settings(name, "0"))
        if left:
            self.store.set_setting(name, str(left - 1))
        return left > 0

    def day(self) -> str:
        """Today, as bills are named."""
        return self.time().date().isoformat()


def number_like(digits: int) -> str:
    """Digits as providers number their own things, unguessable."""
    return "4" + "".join(secrets.choice("0123456789") for _ in range(digits - 1))


def fee_of(amount: int) -> int:
    """The provider's fee on a payment, half up."""
    return (amount * FEE_POINTS + 5_000) // 10_000


def text64(data: bytes) -> str:
    """Bytes as providers write them."""
    return base64.b64encode(data).decode()


def yuan(minor: int) -> str:
    """A sum as bills and answers write it."""
    return f"{minor // 100}.{minor % 100:02d}" if minor >= 0 else f"-{yuan(-minor)}"


def clock_text(seconds: float) -> str:
    """What the clocks in Beijing show at an instant."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
