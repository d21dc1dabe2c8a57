# ruff: noqa: S608 - what is put together are the statements' own parts, never input
"""The sealer's statements. `waiting` is what has no seal yet, each entry with the people and numbers to be veiled."""

# Of which rows a journal's number is: `capture:12` is of payment 12, `refund:7:succeeded` of refund 7. A new kind of
# journal that is somebody's gets its `party` here.
_WAITING = """
WITH waiting AS (
  SELECT e.id, COALESCE(x.key, %(platform)s) AS chain, j.key, j.kind, j.occurred_at, d.code AS debit,
         c.code AS credit, e.amount, e.currency, x.creator_id,
         split_part(j.key, ':', 1) AS about, split_part(j.key, ':', 2) AS number,
         CASE WHEN split_part(j.key, ':', 1) IN ('capture', 'provider_fee', 'refund', 'dispute')
              THEN split_part(j.key, ':', 2)::bigint END AS row_id
    FROM funding_entry e
    JOIN funding_journal j ON j.id = e.journal_id
    LEFT JOIN funding_escrow x ON x.id = j.escrow_id
    JOIN funding_ledgeraccount d ON d.id = e.debit_id
    JOIN funding_ledgeraccount c ON c.id = e.credit_id
   WHERE e.id > (SELECT sealed_to FROM funding_sealmark)
     AND NOT EXISTS (SELECT 1 FROM funding_ledgerseal s WHERE s.entry_id = e.id)
     AND COALESCE(x.key, %(platform)s) = ANY(%(chains)s)
), named AS (
  SELECT w.*, 'chain:' || w.chain AS chain_subject,
         CASE WHEN g.id IS NOT NULL THEN 'person:' || g.person
              WHEN w.about IN ('release', 'transfer', 'recovery', 'debt') THEN 'user:' || w.creator_id
         END AS party_subject,
         CASE WHEN split_part(w.debit, ':', 2) = 'creator' THEN 'user:' || split_part(w.debit, ':', 3)
         END AS debit_subject,
         CASE WHEN split_part(w.credit, ':', 2) = 'creator' THEN 'user:' || split_part(w.credit, ':', 3)
         END AS credit_subject
    FROM waiting w
    LEFT JOIN funding_refund r ON w.about = 'refund' AND r.id = w.row_id
    LEFT JOIN funding_dispute q ON w.about = 'dispute' AND q.id = w.row_id
    LEFT JOIN funding_payment y ON y.id = CASE WHEN w.about IN ('capture', 'provider_fee') THEN w.row_id
                                               ELSE COALESCE(r.payment_id, q.payment_id) END
    LEFT JOIN funding_pledge g ON g.id = y.pledge_id
)
"""

# Read before the transaction has an id of its own, see MOVE_MARK.
HIGHEST = "SELECT COALESCE(max(id), 0) FROM funding_entry"

# One sweep at a time may move the mark.
MARK = """
SELECT pg_current_xact_id()::text::bigint FROM funding_sealmark FOR NO KEY UPDATE
"""

OLDEST_RUNNING = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"

CHAINS = """
SELECT DISTINCT COALESCE(x.key, %(platform)s) FROM funding_entry e
  JOIN funding_journal j ON j.id = e.journal_id LEFT JOIN funding_escrow x ON x.id = j.escrow_id
 WHERE e.id > (SELECT sealed_to FROM funding_sealmark)
   AND NOT EXISTS (SELECT 1 FROM funding_ledgerseal s WHERE s.entry_id = e.id)
 ORDER BY 1 LIMIT %(limit)s
"""

HAS_UNSEALED = """
SELECT EXISTS (
  SELECT 1 FROM funding_entry e
    JOIN funding_journal j ON j.id = e.journal_id LEFT JOIN funding_escrow x ON x.id = j.escrow_id
   WHERE e.id > (SELECT sealed_to FROM funding_sealmark)
     AND NOT EXISTS (SELECT 1 FROM funding_ledgerseal s WHERE s.entry_id = e.id)
     AND COALESCE(x.key, %(platform)s) = %(chain)s
)
"""

# An entry's number is drawn after its transaction has got its id (its journal is inserted first). So at a look, numbers
# up to the highest can only be missing in transactions with an id below the look's own; once all those have ended, and
# a later look finds nothing without a seal, nothing can turn up below that highest number any more.
MOVE_MARK = """
WITH look (highest, own, oldest_running) AS (VALUES (%s::bigint, %s::bigint, %s::bigint))
UPDATE funding_sealmark m
   SET sealed_to = m.candidate, candidate = look.highest, candidate_before = look.own
  FROM look
 WHERE look.oldest_running >= m.candidate_before AND (m.candidate < look.highest OR m.sealed_to < m.candidate)
"""

# Nothing can turn up below the mark, so each entry is added once; whoever moves the mark holds it.
CARRY_FORWARD = """
WITH sums AS (
  SELECT account, SUM(debit) AS debits, SUM(credit) AS credits
    FROM funding_sealmark m JOIN funding_entry e ON e.id > m.carried_to AND e.id <= m.sealed_to
   CROSS JOIN LATERAL (VALUES (e.debit_id, e.amount, 0), (e.credit_id, 0, e.amount)) AS side (account, debit, credit)
   GROUP BY account
), moved AS (
  UPDATE funding_ledgeraccount a SET debits = a.debits + sums.debits, credits = a.credits + sums.credits
    FROM sums WHERE a.id = sums.account AND NOT a.limited
)
UPDATE funding_sealmark SET carried_to = sealed_to WHERE carried_to < sealed_to
"""

LOCK_CHAINS = """
SELECT pg_advisory_xact_lock(7_315_001, number)
  FROM (SELECT DISTINCT hashtext(name) AS number FROM unnest(%s::text[]) AS chain (name) ORDER BY 1) AS ordered
"""

MISSING_KEYS = (
    _WAITING
    + """
SELECT DISTINCT subject FROM named
 CROSS JOIN LATERAL (VALUES (chain_subject), (party_subject), (debit_subject), (credit_subject)) AS v (subject)
 WHERE subject IS NOT NULL AND NOT EXISTS (SELECT 1 FROM funding_pseudonymkey k WHERE k.subject = v.subject)
 ORDER BY 1
"""
)

KEEP_KEYS = """
WITH made (subjects, inner_blocks, outer_blocks) AS (VALUES (%s::text[], %s::bytea, %s::bytea))
INSERT INTO funding_pseudonymkey (subject, inner_block, outer_block)
SELECT subject, substr(inner_blocks, 64 * place::int - 63, 64), substr(outer_blocks, 64 * place::int - 63, 64)
  FROM made, unnest(subjects) WITH ORDINALITY AS each (subject, place) ON CONFLICT (subject) DO NOTHING
"""


def _hmac(keys: str, message: str) -> str:
    # HMAC-SHA-256 as RFC 2104 has it, the padded key being stored; the first 16 hex digits are enough of a name.
    hashed = f"sha256({keys}.outer_block || sha256({keys}.inner_block || convert_to({message}, 'UTF8')))"
    return f"COALESCE(left(encode({hashed}, 'hex'), 16), 'erased')"


def _code(side: str, keys: str) -> str:
    return f"""CASE WHEN {keys}.subject IS NULL THEN {side}
           ELSE split_part({side}, ':', 1) || ':creator:' || {_hmac(keys, "chain")} END"""


SEAL = (
    _WAITING
    + f"""
, veiled AS (
  SELECT n.*, {_code("n.debit", "kd")} AS public_debit, {_code("n.credit", "kc")} AS public_credit,
         CASE WHEN number IN ('', chain) THEN n.key
              ELSE about || ':' || {_hmac("kn", "about || ':' || number")} || substr(n.key, length(about || number) + 2)
         END AS public_journal,
         CASE WHEN party_subject IS NULL THEN 'null' ELSE '"' || {_hmac("kp", "chain")} || '"' END AS party
    FROM named n
    JOIN funding_pseudonymkey kn ON kn.subject = n.chain_subject
    LEFT JOIN funding_pseudonymkey kp ON kp.subject = n.party_subject
    LEFT JOIN funding_pseudonymkey kd ON kd.subject = n.debit_subject
    LEFT JOIN funding_pseudonymkey kc ON kc.subject = n.credit_subject
   -- What was posted since the keys were made is the next run's.
   WHERE (kp.id IS NULL) = (n.party_subject IS NULL) AND (kd.id IS NULL) = (n.debit_subject IS NULL)
     AND (kc.id IS NULL) = (n.credit_subject IS NULL)
), numbered AS (
  SELECT v.*, COALESCE(last.hash, repeat('0', 64)) AS start,
         COALESCE(last.seq, 0) + row_number() OVER (PARTITION BY v.chain ORDER BY v.id) AS seq
    FROM veiled v
    LEFT JOIN (
      SELECT name, newest.* FROM unnest(%(chains)s::text[]) AS chain (name) CROSS JOIN LATERAL (
        SELECT seq, hash FROM funding_ledgerseal WHERE chain = name ORDER BY seq DESC LIMIT 1) AS newest
    ) last ON last.name = v.chain
), told AS (
  SELECT id, chain, seq, start,
         '{{"seq":' || seq || ',"occurred_at":"'
         || to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
         || '","kind":"' || kind || '","journal":"' || public_journal || '","debit":"' || public_debit
         || '","credit":"' || public_credit || '","amount":' || amount || ',"currency":"' || currency
         || '","party":' || party || '}}' AS body
    FROM numbered
), linked AS (
  SELECT *, funding_seal_chain(start, body) OVER (PARTITION BY chain ORDER BY seq ROWS UNBOUNDED PRECEDING) AS hash
    FROM told
)
INSERT INTO funding_ledgerseal (entry_id, chain, seq, prev_hash, hash, body, sealed_at)
SELECT id, chain, seq, COALESCE(lag(hash) OVER (PARTITION BY chain ORDER BY seq), start), hash, body,
       (SELECT app_now())
  FROM linked ORDER BY chain, seq
"""
)
