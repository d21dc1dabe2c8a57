"""Applies the tables of `states.py`: set-based, one row being the special case, and every move is logged.

A trigger on each table refuses an edge that the tables don't have, whoever asks (see `guards.py`).
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils.translation import gettext as _

from cms.core.clock import AppNow
from cms.users.models import User
from funding.exceptions import IllegalTransition
from funding.states import Machine


def transition(
    *,
    machine: Machine,
    model: type[models.Model],
    ids: Iterable[int | UUID],
    target: str,
    actor: User | None = None,
    reason: str = "",
    sources: Iterable[str] | None = None,
    strict: bool = True,
    **fields: Any,
) -> list[Any]:
    """Move rows to `target` and return the ids that moved, in the order of their keys; two statements for any number.

    `sources` narrows the states to come from; `fields` are columns set with it (values, or `AppNow()`). With
    `strict`, all must move, else `IllegalTransition` (nothing has moved once the caller's transaction is rolled
    back); without, rows in other states are passed over. Rows are locked in the order of their keys.
    """
    ids = list(ids)
    allowed = machine.sources(target)
    if sources is not None:
        allowed = [state for state in allowed if state in {str(source) for source in sources}]
    moved = _update(model, ids, allowed, target, fields)
    if strict and len(moved) != len(set(ids)):
        raise _refusal(machine, model, set(ids) - {pk for pk, _source in moved}, target)
    if moved:
        _log(machine, moved, target, actor, reason)
    return [pk for pk, _source in moved]


def log_start(*, machine: Machine, ids: Iterable[int | UUID], actor: User | None = None, reason: str = "") -> None:
    """Log that objects came into being, in their machine's first state."""
    _log(machine, [(pk, "") for pk in ids], machine.initial, actor, reason)


def _update(
    model: type[models.Model], ids: Sequence[Any], allowed: Sequence[str], target: str, fields: dict[str, Any]
) -> list[tuple[Any, str]]:
    if not ids or not allowed:
        return []
    assignments, values = ["state = %s"], [str(target)]
    for name, value in fields.items():
        column = model._meta.get_field(name).column  # type: ignore[union-attr]
        if isinstance(value, AppNow):
            assignments.append(f"{column} = app_now()")
        else:
            assignments.append(f"{column} = %s")
            values.append(model._meta.get_field(name).get_db_prep_save(value, connection))  # type: ignore[union-attr]
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            # Names come from our models, never from input.
            f"UPDATE {table} AS row SET {', '.join(assignments)} "  # noqa: S608
            f"FROM (SELECT id, state FROM {table} WHERE id = ANY(%s) AND state = ANY(%s) "
            "ORDER BY id FOR NO KEY UPDATE) AS old "
            "WHERE row.id = old.id RETURNING row.id, old.state",
            [*values, list(ids), list(allowed)],
        )
        return sorted(cursor.fetchall())


def _log(machine: Machine, moved: Sequence[tuple[Any, str]], target: str, actor: User | None, reason: str) -> None:
    # A statement of its own, so that it sees what others logged before our update got the rows.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO funding_transitionlog (machine, object_id, sequence, source, target, actor_id, reason) "
            "SELECT %s, moved.id, COALESCE((SELECT max(log.sequence) FROM funding_transitionlog AS log "
            "  WHERE log.machine = %s AND log.object_id = moved.id), 0) + 1, moved.source, %s, %s::bigint, %s "
            "FROM unnest(%s::text[], %s::text[]) AS moved (id, source)",
            [
                machine.name, machine.name, str(target), actor.pk if actor else None, reason,
                [str(pk) for pk, _source in moved], [source for _pk, source in moved],
            ],
        )  # fmt: skip


def _refusal(machine: Machine, model: type[models.Model], stuck: set[Any], target: str) -> IllegalTransition:
    states = dict(model._default_manager.filter(pk__in=stuck).values_list("pk", "state"))
    state = next(iter(states.values()), "missing")
    return IllegalTransition(
        _("This can't be done now."),
        reason=f"{machine.name}_is_{state}",
        machine=machine.name,
        state=state,
        target=str(target),
        allowed=sorted(machine.edges.get(state, ())),
        objects=sorted(str(pk) for pk in stuck)[:20],
    )
