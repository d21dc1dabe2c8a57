"""Faults that can be ordered by one button each: what happens, and what one then sees of it in the product."""

import json
from dataclasses import dataclass, field
from html import escape
from typing import Final

from funding.sandbox import faults
from funding.sandbox.control_page.parts import Html, Section, code, row
from funding.sandbox.store import Json
from funding.sandbox.world import World

FAULTS: Final = "/_control/faults/"
HOOKS: Final = {"event_type": "*"}
CALLS: Final = {"path": "/v1/*"}


@dataclass(frozen=True)
class Case:
    """A fault under its name; `order` is what the button posts."""

    name: str
    title: str
    seen: str
    order: Json = field(default_factory=dict)


CASES: Final = (
    Case("duplicate", "Send the next webhook twice", "The second is known already: one line in the journal, one mail.",
         {"fault": "duplicate", **HOOKS}),
    Case("delay", "Send the next webhook a minute late",
         "The pledge page asks the provider by itself and shows the payment; the late webhook changes nothing.",
         {"fault": "delay", **HOOKS, "seconds": 60}),
    Case("reorder", "Let the next webhook arrive after later ones",
         "The end is the same: an event is only a hint, its object is fetched again.",
         {"fault": "reorder", **HOOKS}),
    Case("drop", "Lose the next five webhooks", "The sweep finds the payment within minutes, without them.",
         {"fault": "drop", **HOOKS, "count": 5}),
    Case("rate_limit", "Refuse the next three calls: too many requests (429)",
         "The call is planned again and made a little later, with the same key.",
         {"fault": "rate_limit", **CALLS, "count": 3}),
    Case("error_after_commit", "Do the next call, but answer 500",
         "The command is unknown until the object is found by its metadata; it is never made twice.",
         {"fault": "error_after_commit", **CALLS}),
    Case("timeout_after_commit", "Do the next call, but never answer",
         "As with 500: the same key brings back the same object.",
         {"fault": "timeout_after_commit", **CALLS}),
    Case("slow", "Hold the next answer for ten seconds",
         "The backer's page gives up after eight seconds and says so; nothing is charged twice.",
         {"fault": "delay", **CALLS, "seconds": 10}),
    Case("away", "Be away for the next five calls",
         "Backing says that the payment service can't be reached; the same form goes on when it is back.",
         {"fault": "drop", **CALLS, "count": 5}),
    Case("refund_fails_later", "Let the next refund fail three days later",
         "The refund looks well, then fails: it becomes a claim on the finance desk.",
         {"fault": "refund_fails_later", "days": 3}),
)  # fmt: skip


def section(world: World, language: str) -> str:
    """What was ordered, a button for each case, and the form for everything else."""
    part = Section(language, "faults")
    ordered = [
        row(
            code(fault["fault"]), code(json.dumps(fault["match"]) if fault["match"] else ""),
            f"{fault['hits']} / {fault['count']}", fault["seconds"],
        )
        for fault in faults.listing(world.store)
    ]  # fmt: skip
    waiting = part.table(["Fault", "Where", "Hit so far", "Seconds"], ordered, "No fault is ordered.")
    clear = part.form(f"{FAULTS}clear/", "Forget all faults") if ordered else ""
    return part.whole("Order a fault", _cases(part), waiting, f"<p>{clear}</p>", _anything(part))


def _cases(part: Section) -> str:
    rows = [
        row(
            Html(f"<b>{escape(part.say(case.title))}</b><br><small>{escape(part.say(case.seen))}</small>"),
            Html(part.form(FAULTS, "Order", *(part.hidden(*pair) for pair in case.order.items()))),
        )
        for case in CASES
    ]
    return part.table(["What happens, and what one then sees", ""], rows)


def _anything(part: Section) -> str:
    form = part.form(
        FAULTS, "Order",
        part.choice("fault", "Fault", [(name, name) for name in faults.FAULTS]),
        part.field("path", "Path, such as /v1/refunds", size=20), part.field("event_type", "Event type", size=20),
        part.field("count", "How often", "1", kind="number", size=4),
        part.field("seconds", "Seconds", kind="number", size=6),
    )  # fmt: skip
    return f"<details><summary>{escape(part.say('Order anything else'))}</summary>{form}</details>"
