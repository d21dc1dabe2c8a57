# ruff: noqa: S608 - names come from tables of this package, never from input
"""Disputes and what creators owe because of them: the provider's movements, who bears a loss, how a debt ends."""

from funding.services.checks.base import ASKED, Check, Subject

# What was lost at first: some of it may have come back since.
_LOST = "from_escrow + from_creator + from_platform"
_CONTESTED = """(
  SELECT d.*, p.orphan, p.key FROM funding_dispute d JOIN audit_due p ON p.id = d.payment_id) contested"""

_TAKEN = f"""
SELECT 'payment:' || y.id || ':lost', COALESCE(SUM(d.from_escrow), 0), y.lost FROM funding_payment y
  LEFT JOIN funding_dispute d ON d.payment_id = y.id GROUP BY y.id HAVING COALESCE(SUM(d.from_escrow), 0) <> y.lost
UNION ALL
SELECT 'dispute:' || d.id || ':debt', d.from_creator, COALESCE(o.amount - o.returned - o.credited - o.regained, 0)
  FROM funding_dispute d LEFT JOIN funding_creatordebt o ON o.dispute_id = d.id
 WHERE d.from_creator <> COALESCE(o.amount - o.returned - o.credited - o.regained, 0)
UNION ALL
SELECT 'dispute:' || id || ':open', 0, withdrawn - reinstated - ({_LOST}) FROM funding_dispute
 WHERE state IN ('lost', 'accepted') AND withdrawn - reinstated <> {_LOST}"""

_OWED = f"""
SELECT 'refund:' || r.id || ':debt', CASE WHEN r.state IN {ASKED} THEN r.amount ELSE 0 END,
       COALESCE(o.amount - o.returned - o.credited - o.regained, 0)
  FROM funding_refund r LEFT JOIN funding_creatordebt o ON o.refund_id = r.id
 WHERE (r.late OR o.id IS NOT NULL) AND (o.id IS NULL OR NOT r.late
    OR CASE WHEN r.state IN {ASKED} THEN r.amount ELSE 0 END <> o.amount - o.returned - o.credited - o.regained)
UNION ALL
SELECT 'debt:' || o.id || ':recovered', COALESCE(SUM(r.amount) FILTER (WHERE r.amount > 0), 0), o.recovered
  FROM funding_creatordebt o LEFT JOIN funding_recovery r ON r.debt_id = o.id
 GROUP BY o.id HAVING COALESCE(SUM(r.amount) FILTER (WHERE r.amount > 0), 0) <> o.recovered
     OR COALESCE(-SUM(r.amount) FILTER (WHERE r.amount < 0), 0) > o.credited
UNION ALL
SELECT 'payout:' || p.id || ':netted', z.creator_amount - COALESCE(r.kept, 0), p.amount FROM funding_payout p
  JOIN funding_release z ON z.id = p.release_id
  LEFT JOIN (SELECT payout_id, SUM(amount) AS kept FROM funding_recovery GROUP BY payout_id) r ON r.payout_id = p.id
 WHERE p.amount <> z.creator_amount - COALESCE(r.kept, 0)"""

DISPUTES = Subject(
    moves=(
        "SELECT 'provider:' || provider, currency, reinstated + fee_returned - withdrawn - fee FROM funding_dispute",
        f"SELECT 'disputed:' || provider, currency, withdrawn - reinstated - ({_LOST}) FROM funding_dispute",
        "SELECT 'provider_fees', currency, fee - fee_returned FROM funding_dispute",
        "SELECT 'chargeback_loss', currency, from_platform FROM funding_dispute",
        f"""SELECT CASE WHEN orphan THEN 'refund_payable:' ELSE 'escrow:' END || key, currency, -from_escrow
              FROM {_CONTESTED}""",
    ),
    required=(
        "SELECT 'dispute:' || id || ':withdrawn', withdrawn FROM funding_dispute WHERE withdrawn > 0",
        "SELECT 'dispute:' || id || ':fee', fee FROM funding_dispute WHERE fee > 0",
        "SELECT 'dispute:' || id || ':reinstated', reinstated FROM funding_dispute WHERE reinstated > 0",
        "SELECT 'dispute:' || id || ':fee_returned', fee_returned FROM funding_dispute WHERE fee_returned > 0",
        f"SELECT 'dispute:' || id || ':lost', {_LOST} + returned FROM funding_dispute WHERE {_LOST} + returned > 0",
        "SELECT 'dispute:' || id || ':lost_returned', returned FROM funding_dispute WHERE returned > 0",
    ),
    checks=(Check("disputes", "SELECT COUNT(*) FROM funding_dispute", _TAKEN),),
)

DEBTS = Subject(
    moves=(
        """SELECT 'receivable:creator:' || creator_id, currency, amount - recovered - written_off - returned
             FROM funding_creatordebt""",
        "SELECT 'payable:creator:' || creator_id, currency, credited FROM funding_creatordebt",
        "SELECT 'chargeback_loss', currency, written_off - regained FROM funding_creatordebt",
        """SELECT CASE WHEN r.payout_id IS NULL THEN 'bank' ELSE 'payable:creator:' || o.creator_id END, o.currency,
                  CASE WHEN r.payout_id IS NULL THEN r.amount ELSE -r.amount END
             FROM funding_recovery r JOIN funding_creatordebt o ON o.id = r.debt_id WHERE r.amount > 0""",
    ),
    required=(
        "SELECT 'recovery:' || id, amount FROM funding_recovery WHERE amount > 0",
        "SELECT 'debt:' || id || ':written_off', written_off FROM funding_creatordebt WHERE written_off > 0",
    ),
    checks=(Check("debts", "SELECT COUNT(*) FROM funding_creatordebt", _OWED),),
)
