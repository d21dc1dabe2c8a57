# ruff: noqa: S608 - names come from tables of this package, never from input
"""Histories: the last change of state that was logged is the state the row is in."""

from funding.services.checks.base import Check, Subject
from funding.states import MACHINES

_LOGGED = " UNION ALL ".join(
    f"""
SELECT '{machine}:' || t.id || ':' || t.state, 1, 0 FROM funding_{machine} t JOIN (
  SELECT DISTINCT ON (object_id) object_id, target FROM funding_transitionlog WHERE machine = '{machine}'
   ORDER BY object_id, sequence DESC) last ON last.object_id = t.id::text AND last.target <> t.state"""
    for machine in MACHINES
)

SUBJECT = Subject(checks=(Check("transition_log", "SELECT COUNT(*) FROM funding_transitionlog", _LOGGED),))
