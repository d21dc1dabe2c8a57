# ruff: noqa: S608 - names come from tables of this package, never from input
"""Receipts and credit notes: one for each movement, of the same amount, with no number left out."""

from funding.services.checks.base import Check, Subject

# Documents follow the money within a minute; what has had a day to come and hasn't is missing.
_DUE = "app_now() - interval '1 day'"

_RECEIPTS = f"""
SELECT 'payment:' || y.id || ':receipt', d.captured, COALESCE(SUM(r.amount), 0) FROM audit_due d
  JOIN funding_payment y ON y.id = d.id
  LEFT JOIN funding_document r ON r.payment_id = y.id AND r.kind = 'receipt' AND r.dispute_id IS NULL
 WHERE NOT d.orphan GROUP BY y.id, d.captured
HAVING COUNT(r.id) > 1 OR (COUNT(r.id) = 1 AND SUM(r.amount) <> d.captured)
    OR (COUNT(r.id) = 0 AND y.succeeded_at < {_DUE})
UNION ALL
SELECT 'document:' || r.key, 0, r.amount FROM funding_document r
  LEFT JOIN audit_due d ON d.id = r.payment_id AND NOT d.orphan WHERE d.id IS NULL OR r.currency <> d.currency"""

_CREDIT_NOTES = f"""
SELECT 'refund:' || b.id || ':credit_note', b.amount, COALESCE(SUM(c.amount), 0) FROM audit_back b
  LEFT JOIN funding_document c ON c.refund_id = b.id
 WHERE NOT b.orphan GROUP BY b.id, b.amount, b.state, b.succeeded_at
HAVING COUNT(c.id) > 1 OR (COUNT(c.id) = 1 AND SUM(c.amount) <> b.amount)
    OR (COUNT(c.id) = 0 AND b.state = 'succeeded' AND b.succeeded_at < {_DUE})
UNION ALL
SELECT 'document:' || c.key, c.payment_id, b.payment_id FROM funding_document c
  JOIN funding_refund b ON b.id = c.refund_id WHERE b.payment_id <> c.payment_id"""

_LOSSES = f"""
SELECT 'dispute:' || i.id || ':documents', i.from_escrow + i.from_creator + i.from_platform, COALESCE(c.v, 0)
  FROM funding_dispute i JOIN audit_due d ON d.id = i.payment_id AND NOT d.orphan LEFT JOIN (
  SELECT dispute_id, SUM(CASE kind WHEN 'receipt' THEN -amount ELSE amount END) AS v FROM funding_document
   WHERE dispute_id IS NOT NULL GROUP BY 1) c ON c.dispute_id = i.id
 WHERE i.from_escrow + i.from_creator + i.from_platform <> COALESCE(c.v, 0)
   AND COALESCE(i.closed_at, i.opened_at) < {_DUE}"""

_NUMBERS = """
SELECT 'series:' || s.issuer || ':' || s.kind || ':' || s.year, s.last, COUNT(d.id) FROM funding_documentseries s
  LEFT JOIN funding_document d ON d.issuer = s.issuer AND d.kind = s.kind AND d.year = s.year
 GROUP BY s.id HAVING COUNT(d.id) <> s.last OR COALESCE(MAX(d.number), 0) <> s.last"""

_COUNTED = "SELECT COUNT(*) FROM funding_document"
_REFUNDED = "SELECT COUNT(*) FROM audit_back WHERE NOT orphan AND state = 'succeeded'"

SUBJECT = Subject(
    checks=(
        Check("receipts", "SELECT COUNT(*) FROM audit_due WHERE NOT orphan", _RECEIPTS),
        Check("credit_notes", _REFUNDED, _CREDIT_NOTES),
        Check("documents_of_disputes", "SELECT COUNT(*) FROM funding_dispute", _LOSSES),
        Check("document_numbers", _COUNTED, _NUMBERS),
    ),
)
