"""Callbacks of the stand-ins: sent until somebody answers as the provider wants; late, twice or never where ordered."""

import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from funding.sandbox.direct.world import ChannelError, DirectWorld, Json, number_like

PAUSES: Final = (0.5, 1, 2, 5, 15, 30, 60)
LATE_SECONDS: Final = 60
# What may happen to the next callbacks, and what may be wrong with one that is ordered.
DELIVERY: Final = ("late", "duplicate", "lost")
FAULTS: Final = ("expired_certificate", "unknown_ca", "stale", "tampered", "forged", "wrong_merchant", "wrong_amount")
# The certificate that signs a callback in the first two of these.
SIGNERS: Final = {"expired_certificate": "expired", "unknown_ca": "strange", "renewed": "renewed"}
STALE_SECONDS: Final = 600


@dataclass(frozen=True)
class Letters:
    """How a provider writes its callbacks, and what answer satisfies it."""

    write: Callable[[DirectWorld, Json, str], tuple[bytes, dict[str, str]]]
    heard: Callable[[int, bytes], bool]


_letters: dict[str, Letters] = {}


def letters_of(provider: str, letters: Letters) -> None:
    """Register a provider's way."""
    _letters[provider] = letters


def queue(world: DirectWorld, provider: str, url: str, **content: object) -> Json:
    """Plan a callback."""
    notice: Json = {
        "id": number_like(32), "object": f"{provider}.notice", "provider": provider, "url": url, "tries": 0,
        "answers": [], "state": "lost" if world.ordered(provider, "lost") else "due", **content,
        "due": world.clock.now() + (LATE_SECONDS if world.ordered(provider, "late") else 0),
    }  # fmt: skip
    if world.ordered(provider, "duplicate"):
        world.store.add({**notice, "id": f"{notice['id']}-again", "named": notice["id"]})
    return world.store.add(notice)


def send(world: DirectWorld, notice: Json, fault: str = "") -> tuple[int, bytes]:
    """Call the merchant once; returns status and body of the answer, 0 for none."""
    if fault and fault not in (*FAULTS, "renewed"):
        raise ChannelError(400, "PARAM_ERROR", f"fault is one of {', '.join(FAULTS)}")
    with world.store.transaction():
        body, headers = _letters[notice["provider"]].write(world, notice, fault)
    request = urllib.request.Request(notice["url"], data=body, headers=headers, method="POST")  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return int(answer.status), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return 0, b""


def deliver_due(world: DirectWorld) -> int:
    """Send what is due; returns how many were sent."""
    with world.store.transaction():
        found = [one for provider in _letters for one in world.store.where(f"{provider}.notice", state="due")]
    due = [one for one in found if one["due"] <= world.clock.now()]
    for notice in due:
        status, body = send(world, notice)
        notice["tries"] += 1
        notice["answers"].append(status)
        if _letters[notice["provider"]].heard(status, body):
            notice["state"] = "delivered"
        elif notice["tries"] >= len(PAUSES):
            notice["state"] = "given_up"
        else:
            notice["due"] = world.clock.now() + PAUSES[notice["tries"] - 1]
        with world.store.transaction():
            world.store.save(notice)
    return len(due)
