# ruff: noqa: S608 - names come from tables of this package, never from input
"""Amendments: what they hold of stock, what they lowered, and that the terms in force are those of the newest."""

from funding.services.checks.base import ASKED, Check, Subject
from funding.states import OPEN_AMENDMENT

_OPEN = "(" + ", ".join(f"'{state}'" for state in OPEN_AMENDMENT) + ")"
_CHANGE = "SUM(CASE WHEN l.current THEN -l.quantity ELSE l.quantity END)"


def on_top(what: str, whose: str = "NULL::text") -> str:
    """(id, quantity, person): what open amendments have reserved beyond the lines in force."""
    return f"""
  SELECT {what} AS id, {_CHANGE} AS quantity, {whose} AS person FROM funding_amendment a
    JOIN funding_pledge g ON g.id = a.pledge_id
    JOIN funding_pledgeline l ON l.pledge_id = a.pledge_id AND (l.current OR l.amendment_id = a.id)
   WHERE a.state IN {_OPEN} GROUP BY a.id, g.id, {what} HAVING {_CHANGE} > 0"""


def lowered(pledge: str) -> str:
    """Minor units by which applied amendments have lowered what a pledge holds."""
    return f"""COALESCE((SELECT SUM(r.amount) FROM funding_refund r JOIN funding_amendment a ON a.id = r.amendment_id
    WHERE a.pledge_id = {pledge} AND a.state = 'applied' AND r.state IN {ASKED}), 0)"""


_NEWEST = """
WITH newest AS (
  SELECT DISTINCT ON (pledge_id) * FROM funding_amendment WHERE state = 'applied' ORDER BY pledge_id, id DESC
)"""
_IN_FORCE = f"""{_NEWEST}
SELECT 'pledge:' || g.id, n.total, g.total FROM funding_pledge g JOIN newest n ON n.pledge_id = g.id
 WHERE n.total <> g.total
UNION ALL
SELECT 'pledgeline:' || l.id, 1, 0 FROM funding_pledgeline l LEFT JOIN newest n ON n.pledge_id = l.pledge_id
 WHERE l.current <> (l.amendment_id IS NOT DISTINCT FROM n.id)
UNION ALL
SELECT 'pledge:' || g.id || ':lines', g.rewards_amount + g.shipping_amount,
       COALESCE(SUM(l.quantity * (l.unit_price + l.unit_shipping)), 0)
  FROM newest n JOIN funding_pledge g ON g.id = n.pledge_id
  LEFT JOIN funding_pledgeline l ON l.pledge_id = g.id AND l.current
 GROUP BY g.id HAVING COALESCE(SUM(l.quantity * (l.unit_price + l.unit_shipping)), 0)
                   <> g.rewards_amount + g.shipping_amount"""

# What an applied amendment cost or gave back is exactly its difference; an abandoned one has cost nothing.
_PAID = """
SELECT 'amendment:' || a.id || ':' || a.state, s.due, s.paid - s.back FROM funding_amendment a CROSS JOIN LATERAL (
  SELECT CASE WHEN a.state = 'applied' THEN a.total - a.previous_total ELSE 0 END AS due,
         COALESCE((SELECT SUM(y.captured) FROM funding_payment y WHERE y.amendment_id = a.id AND NOT y.orphan), 0)
           AS paid,
         COALESCE((SELECT SUM(r.amount) FROM funding_refund r
                    WHERE r.amendment_id = a.id AND a.state = 'applied' AND r.state <> 'failed'), 0) AS back) s
 WHERE s.paid - s.back <> s.due"""

SUBJECT = Subject(
    checks=(
        Check("terms_in_force", "SELECT COUNT(*) FROM funding_pledgeline", _IN_FORCE),
        Check("amendments_cost_their_difference", "SELECT COUNT(*) FROM funding_amendment", _PAID),
    ),
)
