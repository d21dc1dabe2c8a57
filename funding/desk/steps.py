"""What may happen next to a row, and why not: read from the tables of states that services and triggers go by."""

from typing import Any

from django.utils.translation import gettext as _

from funding import state_words
from funding.desk.columns import pill_html
from funding.desk.labels import STATES
from funding.states import MACHINES


def steps_of(machine: str, state: str) -> dict[str, Any]:
    """The context of includes/states.html: where the row stands, what may follow, and what can't; {} for no machine."""
    found = MACHINES.get(machine)
    if found is None:
        return {}
    every = [*state_words.MEANINGS.get(machine, {})]
    every += sorted({name for edge in found.edges.items() for name in (edge[0], *edge[1])} - set(every))
    return {
        "title": state_words.TITLES.get(machine, machine),
        "now": pill_html(state),
        "meaning": state_words.meaning(machine, state),
        "ended": not found.edges.get(state),
        "rows": [_row(machine, state, target) for target in every if target != state],
    }


def _row(machine: str, state: str, target: str) -> dict[str, Any]:
    table = MACHINES[machine]
    allowed = table.allows(state, target)
    if allowed:
        why = state_words.reason(machine, state, target)
    elif sources := table.sources(target):
        why = _("Not from here, only from: %(states)s.") % {"states": ", ".join(str(STATES.get(s, s)) for s in sources)}
    else:
        why = _("Every row begins so; nothing comes back to it.")
    return {"pill": pill_html(target), "allowed": allowed, "means": state_words.meaning(machine, target), "why": why}
