# ruff: noqa: S608 - names come from tables of this package, never from input
"""Pledges: what they are for, what was paid for them, whom they count, and the stock they hold."""

from funding.services.checks.amendments import lowered, on_top
from funding.services.checks.base import ASKED, COUNTED, SOLD, Check, Subject

_PLEDGED = f"""
SELECT 'pledge:' || g.id, COALESCE(SUM(r.amount), 0), g.refunded_amount FROM funding_pledge g
  LEFT JOIN funding_payment y ON y.pledge_id = g.id AND NOT y.orphan
  LEFT JOIN (
    SELECT r.* FROM funding_refund r LEFT JOIN funding_amendment a ON a.id = r.amendment_id
     WHERE r.state = 'succeeded' AND COALESCE(a.state, 'abandoned') = 'abandoned'
  ) r ON r.payment_id = y.id
 GROUP BY g.id HAVING COALESCE(SUM(r.amount), 0) <> g.refunded_amount
UNION ALL
SELECT 'pledge:' || g.id, g.total, COALESCE(SUM(y.captured), 0) - {lowered("g.id")} FROM funding_pledge g
  LEFT JOIN funding_payment y ON y.pledge_id = g.id AND NOT y.orphan
 WHERE g.state IN {COUNTED} OR (g.paid_at IS NOT NULL AND g.state IN ('refund_pending', 'refunded'))
 GROUP BY g.id HAVING COALESCE(SUM(y.captured), 0) - {lowered("g.id")} <> g.total
UNION ALL
SELECT 'payment:' || y.id || ':' || g.state, 0, y.captured FROM funding_payment y JOIN funding_pledge g
    ON g.id = y.pledge_id
 WHERE y.captured > 0 AND NOT y.orphan AND (g.paid_at IS NULL OR g.state IN ('reserved', 'expired', 'cancelled'))
UNION ALL
SELECT 'payment:' || y.id, COALESCE(SUM(r.amount), 0), y.refund_reserved FROM funding_payment y
  LEFT JOIN funding_refund r ON r.payment_id = y.id AND r.state IN {ASKED}
 GROUP BY y.id HAVING COALESCE(SUM(r.amount), 0) <> y.refund_reserved"""

_BACKERS = f"""
WITH people AS (SELECT escrow_id, person, COUNT(*) AS paid FROM funding_pledge WHERE state IN {COUNTED} GROUP BY 1, 2)
SELECT 'escrow:' || x.key, COUNT(p.person), x.backers FROM funding_escrow x LEFT JOIN people p ON p.escrow_id = x.id
 GROUP BY x.id HAVING COUNT(p.person) <> x.backers
UNION ALL
SELECT 'backing:' || COALESCE(b.escrow_id, p.escrow_id) || ':' || COALESCE(b.person, p.person), COALESCE(p.paid, 0),
       COALESCE(b.paid_pledges, 0)
  FROM funding_backing b FULL JOIN people p ON p.escrow_id = b.escrow_id AND p.person = b.person
 WHERE COALESCE(p.paid, 0) <> COALESCE(b.paid_pledges, 0)"""

_HOLDINGS = f"""
WITH held AS (
  SELECT l.reward_id, l.person, SUM(l.quantity) AS quantity FROM (
    SELECT l.reward_id, g.person, l.quantity FROM funding_pledgeline l JOIN funding_pledge g ON g.id = l.pledge_id
     WHERE (g.state = 'reserved' OR (g.state IN {SOLD} AND g.paid_at IS NOT NULL)) AND l.current
    UNION ALL
    SELECT top.id, top.person, top.quantity FROM ({on_top("l.reward_id", "g.person")}) top
  ) l JOIN funding_reward w ON w.id = l.reward_id WHERE w.per_person_limit IS NOT NULL GROUP BY 1, 2
)
SELECT 'holding:' || COALESCE(h.reward_id, a.reward_id) || ':' || COALESCE(h.person, a.person),
       COALESCE(a.quantity, 0), COALESCE(h.quantity, 0)
  FROM funding_holding h FULL JOIN held a ON a.reward_id = h.reward_id AND a.person = h.person
 WHERE COALESCE(h.quantity, 0) <> COALESCE(a.quantity, 0)"""


def _stock(table: str, column: str) -> str:
    line = "variant_id" if table == "funding_rewardvariant" else "reward_id"
    states = "('reserved')" if column == "reserved" else SOLD
    counted = "" if column == "reserved" else "AND g.paid_at IS NOT NULL"
    more = f"UNION ALL SELECT id, quantity FROM ({on_top(f'l.{line}')}) top" if column == "reserved" else ""
    return f"""
SELECT '{table}:' || t.id, COALESCE(c.quantity, 0), t.{column} FROM {table} t LEFT JOIN (
  SELECT id, SUM(quantity) AS quantity FROM (
    SELECT l.{line} AS id, l.quantity FROM funding_pledgeline l
      JOIN funding_pledge g ON g.id = l.pledge_id WHERE g.state IN {states} {counted} AND l.current {more}
  ) held GROUP BY id
) c ON c.id = t.id WHERE t.{column} <> COALESCE(c.quantity, 0)"""


SUBJECT = Subject(
    checks=(
        Check("pledges_and_payments", "SELECT COUNT(*) FROM funding_pledge", _PLEDGED),
        Check("backers", "SELECT COUNT(*) FROM funding_backing", _BACKERS),
        Check("holdings", "SELECT COUNT(*) FROM funding_holding", _HOLDINGS),
        Check(
            "stock",
            "SELECT (SELECT COUNT(*) FROM funding_reward) + (SELECT COUNT(*) FROM funding_rewardvariant)",
            " UNION ALL ".join(
                _stock(table, column)
                for table in ("funding_reward", "funding_rewardvariant")
                for column in ("reserved", "sold")
            ),
        ),
    ),
)
