"""The stock of an amendment: what its lines ask for beyond the pledge's present ones is reserved, then swapped.

`change` below is new − present for each reward, variant or holding. Reserving takes its positive part; applying turns
that into sold and frees the negative part; dropping gives the positive part back. The order is that of `stocking`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from funding.services.stocking import AS_PRICED, ENOUGH, HOLD, LET_GO, MOVE, ON_SALE, TABLES

_CHANGE = """
  SELECT {column} AS id, sum(CASE WHEN line.current THEN -line.quantity ELSE line.quantity END) AS quantity
    FROM funding_pledgeline AS line JOIN funding_amendment AS made ON made.pledge_id = line.pledge_id
   WHERE made.id = %(amendment)s AND (line.current OR line.amendment_id = made.id) AND {column} IS NOT NULL
   GROUP BY {column}
"""
# With what the backer was told of the new lines.
_CHANGE_WITH_TERMS = """
  SELECT line.reward_id AS id, sum(CASE WHEN line.current THEN -line.quantity ELSE line.quantity END) AS quantity,
         min(line.unit_price) FILTER (WHERE NOT line.current) AS price,
         min(line.unit_shipping) FILTER (WHERE NOT line.current) AS shipping, min(made.country) AS country,
         min((%(limits)s::jsonb ->> line.reward_id::text)::int) AS limit_seen
    FROM funding_pledgeline AS line JOIN funding_amendment AS made ON made.pledge_id = line.pledge_id
   WHERE made.id = %(amendment)s AND (line.current OR line.amendment_id = made.id)
   GROUP BY line.reward_id
"""
_HELD_CHANGE = """
  SELECT line.reward_id, pledge.person,
         sum(CASE WHEN line.current THEN -line.quantity ELSE line.quantity END) AS quantity, reward.per_person_limit
    FROM funding_pledgeline AS line
    JOIN funding_amendment AS made ON made.pledge_id = line.pledge_id
    JOIN funding_pledge AS pledge ON pledge.id = line.pledge_id
    JOIN funding_reward AS reward ON reward.id = line.reward_id
   WHERE made.id = %(amendment)s AND (line.current OR line.amendment_id = made.id)
     AND reward.per_person_limit IS NOT NULL
   GROUP BY line.reward_id, pledge.person, reward.per_person_limit
"""
_SOME = "SELECT * FROM ({change}) AS change WHERE quantity {sign} 0 ORDER BY 1"


@dataclass(frozen=True)
class Shortage:
    """Ids of what there was not enough of, or what was not on sale: nothing where all is well."""

    limited: frozenset[int] = frozenset()
    variants: frozenset[int] = frozenset()
    rewards: frozenset[int] = frozenset()


def reserve(amendment_id: int, *, limits: Mapping[int, int | None]) -> Shortage:
    """Reserve what an amendment asks for on top. A shortage leaves the rest taken: roll back.

    `limits` are the limits per person that were read, by reward: as for a new pledge, changed terms are a shortage.
    """
    wanted = _SOME.format(change=_HELD_CHANGE, sign=">")
    if short := _ids(wanted, amendment_id) - _ids(HOLD.format(wanted=wanted), amendment_id):
        return Shortage(limited=short)
    wanted = _SOME.format(change=_CHANGE.format(column="variant_id"), sign=">")
    got = _run("funding_rewardvariant", wanted, amendment_id, reserved="moves.quantity", sold="0", condition=ENOUGH)
    if short := _ids(wanted, amendment_id) - got:
        return Shortage(variants=short)
    asked = {"limits": json.dumps(dict(limits))}
    wanted = _SOME.format(change=_CHANGE_WITH_TERMS, sign=">")
    got = _run(
        "funding_reward", wanted, amendment_id, reserved="moves.quantity", sold="0",
        condition=ENOUGH + ON_SALE + AS_PRICED, **asked,
    )  # fmt: skip
    return Shortage(rewards=_ids(wanted, amendment_id, **asked) - got)


def swap(amendment_id: int) -> None:
    """What was reserved on top is sold, what is no longer wanted is free. Before the lines change places."""
    _let_go(amendment_id, "<", factor=-1)
    for table, column in TABLES:
        _run(
            table, _SOME.format(change=_CHANGE.format(column=column), sign="<>"), amendment_id,
            reserved="-GREATEST(moves.quantity, 0)", sold="moves.quantity",
        )  # fmt: skip


def drop(amendment_id: int) -> None:
    """What was reserved on top is free again."""
    _let_go(amendment_id, ">")
    for table, column in TABLES:
        _run(
            table, _SOME.format(change=_CHANGE.format(column=column), sign=">"), amendment_id,
            reserved="-moves.quantity", sold="0",
        )  # fmt: skip


def _let_go(amendment_id: int, sign: str, *, factor: int = 1) -> None:
    some = _SOME.format(change=_HELD_CHANGE, sign=sign)
    moves = f"SELECT reward_id, person, {factor} * quantity AS quantity FROM ({some}) AS part"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(LET_GO.format(moves=moves), {"amendment": amendment_id})


def _run(
    table: str, moves: str, amendment_id: int, *, reserved: str, sold: str, condition: str = "", **more: str
) -> frozenset[int]:
    statement = MOVE.format(moves=moves, table=table, reserved=reserved, sold=sold, condition=condition)
    return _ids(statement, amendment_id, **more)


def _ids(statement: str, amendment_id: int, **more: str) -> frozenset[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"amendment": amendment_id, **more})
        return frozenset(row[0] for row in cursor.fetchall())
