"""What a check of the audit is, what all checks share, and the words they use.

What ought to be is derived from the business rows (payments, refunds, releases, payouts), never from the ledger itself.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One question: `wrong` selects (subject, expected, found), `counted` how many rows were looked at."""

    name: str
    counted: str
    wrong: str


@dataclass(frozen=True)
class Subject:
    """What the rows of one kind say about the ledger, as SQL over the tables below.

    `moves` selects (code, currency, amount): each way in which a row moves an account's balance, from its own side.
    `required` selects (key, amount): the journals that must be there, and what their entries sum to.
    `allowed` selects (key): those that may be there as well.
    """

    moves: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()


# Refunds whose money has left the escrow.
ASKED = "('requested', 'submitted', 'pending', 'succeeded')"
# Pledges that hold sold stock, and those that count a backer.
SOLD = "('paid', 'refund_pending', 'disputed', 'charged_back')"
COUNTED = "('paid', 'disputed')"

# Summed once and used by many checks: temporary tables of the audit's own transaction.
TABLES: dict[str, str] = {
    "audit_summed": """
SELECT a.id, a.code, a.currency, a.kind, a.limited, a.debits, a.credits,
       COALESCE(m.debit, 0)::bigint AS sum_debits, COALESCE(m.credit, 0)::bigint AS sum_credits
  FROM funding_ledgeraccount a LEFT JOIN (
    SELECT account_id, SUM(debit) AS debit, SUM(credit) AS credit FROM (
      SELECT debit_id AS account_id, SUM(amount) AS debit, 0 AS credit FROM funding_entry GROUP BY debit_id
      UNION ALL SELECT credit_id, 0, SUM(amount) FROM funding_entry GROUP BY credit_id
    ) sides GROUP BY account_id
  ) m ON m.account_id = a.id""",
    "audit_posted": """
SELECT j.id, j.key, j.kind, COALESCE(e.amount, 0)::bigint AS amount FROM funding_journal j LEFT JOIN (
  SELECT journal_id, SUM(amount) AS amount FROM funding_entry GROUP BY journal_id) e ON e.journal_id = j.id""",
    "audit_due": """
SELECT x.key, x.creator_id, y.id, y.provider, y.currency, y.captured, y.provider_fee, y.orphan
  FROM funding_payment y JOIN funding_pledge g ON g.id = y.pledge_id JOIN funding_escrow x ON x.id = g.escrow_id
 WHERE y.captured > 0""",
    "audit_back": """
SELECT d.key, d.provider, d.orphan, r.* FROM funding_refund r JOIN audit_due d ON d.id = r.payment_id""",
    "audit_given": """
SELECT x.key, x.creator_id, x.tax_regime, z.* FROM funding_release z JOIN funding_escrow x ON x.id = z.escrow_id""",
}
