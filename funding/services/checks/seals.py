"""Seals: every link of the public chains, and that what was signed is still there."""

from funding.services.checks.base import Check, Subject

# Each link, its place, and that the line says what the entry says. Unsealed entries are no defect: the sealer is late
# by design; one that the sealer believes to be sealed is.
_BROKEN = """
WITH linked AS (
  SELECT s.entry_id, s.chain, s.seq, s.prev_hash, s.hash, s.body,
         row_number() OVER w AS place, COALESCE(lag(s.hash) OVER w, repeat('0', 64)) AS before
    FROM funding_ledgerseal s WINDOW w AS (PARTITION BY s.chain ORDER BY s.seq)
)
SELECT 'seal:' || l.chain || ':' || l.seq, l.place, l.seq FROM linked l
  LEFT JOIN funding_entry e ON e.id = l.entry_id
  LEFT JOIN funding_journal j ON j.id = e.journal_id
  LEFT JOIN funding_escrow x ON x.id = j.escrow_id
 WHERE l.seq <> l.place OR l.prev_hash <> l.before OR l.hash <> funding_seal_link(NULL, l.before, l.body)
    OR l.chain <> COALESCE(x.key, 'platform') OR e.id IS NULL
    OR NOT starts_with(l.body, '{"seq":' || l.seq || ',"occurred_at":"'
        || to_char(j.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","kind":"' || j.kind || '"')
    OR strpos(l.body, '","amount":' || e.amount || ',"currency":"' || e.currency || '","party":') = 0
UNION ALL
SELECT 'unsealed:' || e.id, 1, 0 FROM funding_entry e LEFT JOIN funding_ledgerseal s ON s.entry_id = e.id
 WHERE e.id <= (SELECT sealed_to FROM funding_sealmark) AND s.entry_id IS NULL"""

# A signed head is of a line that is still the same.
_SIGNED = """
SELECT 'head:' || h.number || ':' || l.chain, l.seq, 0 FROM funding_headleaf l
  JOIN funding_ledgerhead h ON h.id = l.head_id
  LEFT JOIN funding_ledgerseal s ON s.chain = l.chain AND s.seq = l.seq AND s.hash = l.hash
 WHERE s.entry_id IS NULL
UNION ALL
SELECT 'head:' || number, 1, 0 FROM (
  SELECT number, statement, hash, lag(hash) OVER (ORDER BY number) AS before,
         lag(number) OVER (ORDER BY number) AS number_before FROM funding_ledgerhead
) h WHERE encode(sha256(convert_to(statement, 'UTF8')), 'hex') <> hash
       OR statement::json ->> 'previous' <> COALESCE(before, repeat('0', 64))
       OR number <> COALESCE(number_before, 0) + 1"""

SUBJECT = Subject(
    checks=(
        Check("seals", "SELECT COUNT(*) FROM funding_ledgerseal", _BROKEN),
        Check("signed_heads", "SELECT COUNT(*) FROM funding_headleaf", _SIGNED),
    )
)
