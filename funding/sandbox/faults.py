"""Faults to order: each is matched by path or by event type, and hits as many times as it was asked to."""

import time
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from funding.sandbox.errors import ApiError
from funding.sandbox.store import Json, Store

FAULTS: Final = {
    "duplicate": "a webhook is delivered twice",
    "delay": "a webhook is sent `seconds` later; on a path, the answer is held after the commit",
    "drop": "a webhook is never sent; on a path, the connection closes before anything runs",
    "reorder": "a webhook waits until later ones were delivered, or `seconds` (5) have gone by",
    "rate_limit": "429 before anything runs",
    "error_after_commit": "500 to a POST although its work was done",
    "timeout_after_commit": "no answer to a POST although its work was done; the connection closes after `seconds` (0)",
    "refund_fails_later": "a refund that looked well fails `seconds` (1) of sandbox time later",
}

REORDER_PATIENCE: Final = 5.0
READ_FAULTS: Final = ("rate_limit", "drop", "delay")
REQUEST_FAULTS: Final = (*READ_FAULTS, "error_after_commit", "timeout_after_commit")
EVENT_FAULTS: Final = ("duplicate", "delay", "drop", "reorder")


@dataclass(frozen=True)
class Hit:
    """A fault that matched."""

    fault: str
    seconds: float | None


@dataclass(frozen=True)
class DeliveryPlan:
    """How a webhook sets out: its state, when (real time), how many copies, and the fault to blame."""

    state: str
    due: float
    copies: int = 1
    fault: str | None = None


def order(store: Store, *, fault: str, match: Json, count: int, seconds: float | None) -> Json:
    """Add a fault; ApiError when it is unknown or matches nothing that it could hit."""
    if fault not in FAULTS:
        raise ApiError(f"Unknown fault: {fault}. One of {', '.join(FAULTS)}", param="fault")
    unknown = set(match) - {"path", "event_type"}
    if unknown:
        raise ApiError(f"A match has path and event_type, not {', '.join(sorted(unknown))}", param="match")
    if len(match) == 2:
        raise ApiError("Match by path or by event_type, not by both.", param="match")
    by_event, by_path = fault in EVENT_FAULTS, fault in REQUEST_FAULTS
    if (match.get("path") and not by_path and fault != "refund_fails_later") or (
        match.get("event_type") and not by_event and fault != "refund_fails_later"
    ):
        raise ApiError(f"{fault} can't be matched that way", param="match")
    if not match and by_event:
        match = {"event_type": "*"}
    store.run(
        "INSERT INTO faults (fault, path, event_type, count, seconds) VALUES (?, ?, ?, ?, ?)",
        (fault, match.get("path"), match.get("event_type"), count, seconds),
    )
    return listing(store)[-1]


def listing(store: Store) -> list[Json]:
    """Every fault ordered, spent ones included."""
    return [
        {
            "id": row["id"],
            "fault": row["fault"],
            "match": {k: row[k] for k in ("path", "event_type") if row[k]},
            "count": row["count"],
            "seconds": row["seconds"],
            "hits": row["hits"],
        }
        for row in store.rows("SELECT * FROM faults ORDER BY id")
    ]


def clear(store: Store) -> None:
    """Forget every fault."""
    store.run("DELETE FROM faults")


def strike(
    store: Store, names: tuple[str, ...], *, path: str | None = None, event_type: str | None = None
) -> Hit | None:
    """Use up one hit of the oldest live fault of these names that matches, if there is one."""
    for row in store.rows("SELECT * FROM faults WHERE hits < count ORDER BY id"):
        if row["fault"] not in names:
            continue
        wants_path, wants_event = row["path"], row["event_type"]
        if path is not None and (wants_event or (wants_path and not _path_matches(wants_path, path))):
            continue
        if event_type is not None and (wants_path or wants_event not in ("*", event_type)):
            continue
        store.run("UPDATE faults SET hits = hits + 1 WHERE id = ?", (row["id"],))
        return Hit(row["fault"], row["seconds"])
    return None


def strike_refund(store: Store) -> Hit | None:
    """A refund is the only thing `refund_fails_later` hits, whatever its match says."""
    for row in store.rows("SELECT * FROM faults WHERE hits < count AND fault = 'refund_fails_later' ORDER BY id"):
        store.run("UPDATE faults SET hits = hits + 1 WHERE id = ?", (row["id"],))
        return Hit(row["fault"], row["seconds"])
    return None


def _path_matches(wanted: str, path: str) -> bool:
    """Exactly, or by `*`, which stands for anything."""
    return fnmatchcase(path.rstrip("/"), wanted.rstrip("/"))


def plan_delivery(store: Store, event_type: str) -> DeliveryPlan:
    """Decide how a webhook of this type sets out."""
    hit = strike(store, EVENT_FAULTS, event_type=event_type)
    now = time.time()
    if hit is None:
        return DeliveryPlan("pending", now)
    if hit.fault == "drop":
        return DeliveryPlan("dropped", now, fault="drop")
    if hit.fault == "duplicate":
        return DeliveryPlan("pending", now, copies=2, fault="duplicate")
    if hit.fault == "delay":
        return DeliveryPlan("pending", now + (1.0 if hit.seconds is None else hit.seconds), fault="delay")
    return DeliveryPlan("held", now + (REORDER_PATIENCE if hit.seconds is None else hit.seconds), fault="reorder")
