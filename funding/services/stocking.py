"""Stock: what pledges hold, moved by conditional statements, never read and then written.

Everything goes by the pledges' own lines, in one order: holdings → variants → rewards, each by primary key. Rewards
are the hottest and come last. What an amendment asks for on top is in `services.swapping_stock`.
"""

import json
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import connection

TABLES = (("funding_rewardvariant", "variant_id"), ("funding_reward", "reward_id"))

# Locked in the order of their keys first: an UPDATE with a join takes rows in any order.
MOVE = """
WITH moves AS ({moves}), locked AS (
  SELECT id FROM {table} WHERE id IN (SELECT id FROM moves) ORDER BY id FOR NO KEY UPDATE
)
UPDATE {table} AS stock
   SET reserved = stock.reserved + {reserved}, sold = stock.sold + {sold}
  FROM locked JOIN moves USING (id)
 WHERE stock.id = locked.id {condition}
RETURNING stock.id
"""
_LINES = """
  SELECT {column} AS id, sum(quantity) AS quantity FROM funding_pledgeline
   WHERE pledge_id = ANY(%(pledges)s) AND current AND {column} IS NOT NULL GROUP BY {column}
"""
# The same with what the backer was told: every line of a reward has its price and shipping.
_LINES_WITH_TERMS = """
  SELECT line.reward_id AS id, sum(line.quantity) AS quantity, min(line.unit_price) AS price,
         min(line.unit_shipping) AS shipping, min(pledge.country) AS country,
         min((%(limits)s::jsonb ->> line.reward_id::text)::int) AS limit_seen
    FROM funding_pledgeline AS line JOIN funding_pledge AS pledge ON pledge.id = line.pledge_id
   WHERE line.pledge_id = ANY(%(pledges)s) AND line.current GROUP BY line.reward_id
"""

ENOUGH = "AND (stock.quantity IS NULL OR stock.reserved + stock.sold + moves.quantity <= stock.quantity)"
# The database's clock decides, inside the statement that takes the stock.
ON_SALE = (
    " AND (stock.window_start IS NULL OR app_now() >= stock.window_start)"
    " AND (stock.window_end IS NULL OR app_now() < stock.window_end)"
    " AND EXISTS (SELECT 1 FROM funding_escrow AS escrow WHERE escrow.id = stock.escrow_id"
    " AND escrow.state = 'open' AND app_now() < escrow.deadline)"
)
# So do the terms: a reward that changed since it was priced is not taken at the old price.
AS_PRICED = (
    " AND moves.price = stock.price"
    " AND moves.shipping = CASE WHEN stock.shipping = '{}' THEN 0"
    " ELSE COALESCE((stock.shipping ->> moves.country)::bigint, (stock.shipping ->> '*')::bigint, -1) END"
    " AND moves.limit_seen IS NOT DISTINCT FROM stock.per_person_limit"
)

_HELD = """
SELECT line.reward_id, pledge.person, sum(line.quantity) AS quantity, reward.per_person_limit
  FROM funding_pledgeline AS line
  JOIN funding_pledge AS pledge ON pledge.id = line.pledge_id
  JOIN funding_reward AS reward ON reward.id = line.reward_id
 WHERE line.pledge_id = ANY(%(pledges)s) AND line.current AND reward.per_person_limit IS NOT NULL
 GROUP BY line.reward_id, pledge.person, reward.per_person_limit
 ORDER BY line.reward_id, pledge.person
"""

HOLD = """
INSERT INTO funding_holding AS held (reward_id, person, quantity, per_person_limit)
SELECT * FROM ({wanted}) AS wanted WHERE wanted.quantity <= wanted.per_person_limit
    ON CONFLICT (reward_id, person) DO UPDATE
   SET quantity = held.quantity + EXCLUDED.quantity, per_person_limit = EXCLUDED.per_person_limit
 WHERE held.quantity + EXCLUDED.quantity <= EXCLUDED.per_person_limit
RETURNING reward_id
"""

LET_GO = """
WITH moves AS ({moves}), locked AS (
  SELECT held.id, moves.quantity FROM funding_holding AS held JOIN moves USING (reward_id, person)
   ORDER BY held.reward_id, held.person FOR NO KEY UPDATE OF held
)
UPDATE funding_holding AS held SET quantity = held.quantity - locked.quantity FROM locked WHERE held.id = locked.id
"""


def hold(pledge_id: UUID) -> set[int]:
    """Count a pledge's limited rewards towards its person; returns the rewards for which the limit allows it."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD.format(wanted=_HELD), {"pledges": [pledge_id]})
        return {row[0] for row in cursor.fetchall()}


def reserve_variants(pledge_id: UUID) -> set[int]:
    """Reserve what a new pledge's lines ask for of variants; returns those of which there was enough."""
    return _move("funding_rewardvariant", "variant_id", [pledge_id], reserved=1, condition=ENOUGH)


def reserve_rewards(pledge_id: UUID, *, limits: Mapping[int, int | None]) -> set[int]:
    """Reserve what a pledge's lines ask for; returns the rewards that are on sale, of which there was enough and whose
    terms are still those of the lines. `limits` are the limits per person that were read, by reward.
    """
    statement = MOVE.format(
        moves=_LINES_WITH_TERMS, table="funding_reward", reserved="moves.quantity", sold="0",
        condition=ENOUGH + ON_SALE + AS_PRICED,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement, {"pledges": [pledge_id], "limits": json.dumps(dict(limits))})
        return {row[0] for row in cursor.fetchall()}


def sell(pledge_ids: Sequence[UUID]) -> None:
    """What was reserved is sold."""
    for table, column in TABLES:
        _move(table, column, pledge_ids, reserved=-1, sold=1)


def release(pledge_ids: Sequence[UUID]) -> None:
    """What was reserved is free again."""
    _let_go(pledge_ids)
    for table, column in TABLES:
        _move(table, column, pledge_ids, reserved=-1)


def return_sold(pledge_ids: Sequence[UUID]) -> None:
    """What was sold is free again: its money has gone back."""
    _let_go(pledge_ids)
    for table, column in TABLES:
        _move(table, column, pledge_ids, sold=-1)


def retake(pledge_id: UUID) -> bool:
    """Take stock again for a pledge that had let it go and was paid after all; it is sold at once.

    False if there isn't enough of something: roll back what was taken of the rest. A window that was open when the
    pledge was placed does not matter any more.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({_HELD}) AS limited", {"pledges": [pledge_id]})  # noqa: S608
        limited = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(DISTINCT variant_id), count(DISTINCT reward_id) FROM funding_pledgeline "
            "WHERE pledge_id = %s AND current",
            [pledge_id],
        )
        wanted = cursor.fetchone()
    if len(hold(pledge_id)) != limited:
        return False
    return all(
        len(_move(table, column, [pledge_id], sold=1, condition=ENOUGH)) == count
        for (table, column), count in zip(TABLES, wanted, strict=True)
    )


def _move(
    table: str, column: str, pledges: Sequence[UUID], *, reserved: int = 0, sold: int = 0, condition: str = ""
) -> set[int]:
    statement = MOVE.format(
        moves=_LINES.format(column=column), table=table, reserved="%(reserved)s * moves.quantity",
        sold="%(sold)s * moves.quantity", condition=condition,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement, {"pledges": list(pledges), "reserved": reserved, "sold": sold})
        return {row[0] for row in cursor.fetchall()}


def _let_go(pledges: Sequence[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LET_GO.format(moves=_HELD), {"pledges": list(pledges)})
