# ruff: noqa: S608 - names come from tables of this package, never from input
"""Escrows: their totals, that they end at zero, and that each was decided once."""

from funding.services.checks.base import ASKED, Check, Subject

_TOTALS = f"""
SELECT 'escrow:' || x.key || ':' || t.what, t.v, t.have FROM funding_escrow x
  LEFT JOIN (SELECT key, SUM(captured) AS v FROM audit_due WHERE NOT orphan GROUP BY key) c ON c.key = x.key
  LEFT JOIN (SELECT key, SUM(amount) AS v FROM audit_back WHERE NOT orphan AND NOT late AND state IN {ASKED}
              GROUP BY key) b ON b.key = x.key
  LEFT JOIN (SELECT key, SUM(gross) AS v FROM audit_given GROUP BY key) z ON z.key = x.key
  LEFT JOIN (SELECT d.key, SUM(s.from_escrow) AS v FROM funding_dispute s JOIN audit_due d ON d.id = s.payment_id
              WHERE NOT d.orphan GROUP BY d.key) l ON l.key = x.key
  CROSS JOIN LATERAL (VALUES
    ('captured', COALESCE(c.v, 0), x.captured), ('refunded', COALESCE(b.v, 0), x.refunded),
    ('released', COALESCE(z.v, 0), x.released), ('lost', COALESCE(l.v, 0), x.lost)) AS t (what, v, have)
 WHERE t.v <> t.have"""

_CLOSED = """
SELECT 'escrow:' || x.key || ':' || x.state, COALESCE(h.amount, 0), x.captured - x.refunded - x.released - x.lost
  FROM funding_escrow x LEFT JOIN (
    SELECT escrow_id, SUM(amount) AS amount FROM funding_heldback WHERE released_in_id IS NULL GROUP BY escrow_id
  ) h ON h.escrow_id = x.id
 WHERE x.state IN ('releasing', 'released', 'refunded')
   AND x.captured - x.refunded - x.released - x.lost <> COALESCE(h.amount, 0)
UNION ALL
SELECT 'escrow:' || x.key || ':' || x.state || ':held', 0, x.captured - x.refunded - x.released - x.lost
  FROM funding_escrow x
 WHERE x.state IN ('released', 'refunded') AND x.captured - x.refunded - x.released - x.lost <> 0
UNION ALL
SELECT 'escrow:' || x.key || ':decision', 1, COUNT(d.id) FROM funding_escrow x
  LEFT JOIN funding_escrowdecision d ON d.escrow_id = x.id
 WHERE x.state IN ('succeeded', 'failed', 'holding', 'releasing', 'released') GROUP BY x.id HAVING COUNT(d.id) <> 1"""


SUBJECT = Subject(
    checks=(
        Check("escrow_totals", "SELECT COUNT(*) FROM funding_escrow", _TOTALS),
        Check("closed_escrows", "SELECT COUNT(*) FROM funding_escrow", _CLOSED),
    ),
)
