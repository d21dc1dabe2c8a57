"""What the database refuses about money, whatever the code above it does, and the policies it starts with."""

from django.db import migrations

from cms.core.guards import append_only
from funding.states import MACHINES

APPEND_ONLY = [
    "funding_journal",
    "funding_entry",
    "funding_transitionlog",
    "funding_escrowdecision",
    "funding_release",
    "funding_payoutapproval",
    "funding_recovery",
    "funding_holdwarning",
    "funding_feeschedule",
    "funding_taxrule",
    "funding_freezeconsent",
    "funding_ledgerseal",
    "funding_signingkey",
    "funding_ledgerhead",
    "funding_headleaf",
    "funding_document",
    "funding_bankbatch",
]

# Columns that say what was agreed or what happened: written once.
FROZEN = {
    "funding_escrow": [
        "key", "creator_id", "kind", "names", "currency", "goal", "mode", "launched_at", "deadline", "platform_fee_bps",
        "compensation_fund_bps", "tax_regime", "tax_bps", "hold_days", "grace_minutes", "policy",
    ],
    "funding_pledge": [
        "escrow_id", "person", "currency", "created_at", "idempotency_scope", "idempotency_key",
        "idempotency_fingerprint",
    ],
    "funding_amendment": [
        "pledge_id", "rewards_amount", "shipping_amount", "extra_amount", "total", "country", "version",
        "previous_rewards_amount", "previous_shipping_amount", "previous_extra_amount", "previous_total",
        "previous_country", "created_at", "idempotency_key", "idempotency_fingerprint",
    ],
    "funding_pledgeline": [
        "pledge_id", "reward_id", "variant_id", "quantity", "unit_price", "unit_shipping", "amendment_id",
    ],
    "funding_payment": ["pledge_id", "amendment_id", "provider", "amount", "currency", "created_at"],
    "funding_refund": ["payment_id", "amendment_id", "late", "amount", "currency", "reason", "requested_at"],
    "funding_bankorder": ["batch_id", "payout_id", "account_id", "attempt", "amount", "currency"],
    "funding_payout": ["release_id", "creator_id", "currency"],
    "funding_gatewaycommand": ["provider", "kind", "subject", "amount", "currency", "idempotency_key", "payload"],
    "funding_refundclaim": ["refund_id", "opened_at"],
    "funding_holddecision": ["escrow_id", "choice", "reason", "proposed_by_id", "proposed_at"],
    "funding_laterefund": ["pledge_id", "amount", "currency", "reason", "proposed_by_id", "proposed_at"],
    "funding_webhookevent": ["provider", "external_id", "type", "object_id", "account", "payload", "received_at"],
    "funding_dispute": ["payment_id", "provider", "external_id", "currency", "opened_at"],
    "funding_creatordebt": [
        "creator_id", "escrow_id", "cause", "dispute_id", "refund_id", "amount", "currency", "incurred_at",
    ],
    "funding_heldback": ["payment_id", "escrow_id", "since"],
    "funding_ledgeraccount": ["code", "currency", "kind", "limited"],
    "funding_providermovement": [
        "provider", "external_id", "type", "amount", "fee", "net", "currency", "source", "subject", "created_at",
        "first_seen_at",
    ],
    "funding_auditrun": ["kind", "day", "by_id", "started_at"],
    "funding_alert": ["code", "subject", "opened_at"],
    "funding_taxremittance": [
        "regime", "amount", "currency", "reference", "reason", "proposed_by_id", "proposed_at",
    ],
    "funding_documentseries": ["issuer", "kind", "year"],
    "funding_payoutfreeze": ["source", "fingerprint", "data", "frozen_at"],
}  # fmt: skip

# Money's own history is kept: nothing of it is deleted, whatever its state.
UNDELETABLE = [
    "funding_escrow", "funding_pledge", "funding_pledgeline", "funding_payment", "funding_refund", "funding_payout",
    "funding_gatewaycommand", "funding_webhookevent", "funding_ledgeraccount", "funding_dispute", "funding_heldback",
    "funding_creatordebt", "funding_amendment",
    "funding_alert", "funding_payoutfreeze", "funding_refundclaim", "funding_holddecision",
    "funding_laterefund",
    "funding_providermovement", "funding_auditrun", "funding_documentseries", "funding_taxremittance",
    "funding_bankorder",
]  # fmt: skip

# What a pledge is for and costs changes only as its newest applied amendment says.
PLEDGE_TERMS = ["rewards_amount", "shipping_amount", "extra_amount", "total", "country", "version"]

# What a backer was shown: fixed as soon as somebody holds one. `reserved`, `sold` and `quantity` are not here.
REWARD_TERMS = [
    "escrow_id", "key", "kind", "titles", "descriptions", "image_url", "price", "is_addon", "per_person_limit",
    "shipping", "delivery_month", "window_start", "window_end", "secret",
]  # fmt: skip
VARIANT_TERMS = ["reward_id", "key", "names"]

REFUSE_EDGE = """
CREATE FUNCTION funding_refuse_edge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    RAISE EXCEPTION '% can not begin as %', TG_TABLE_NAME, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  IF NOT (OLD.state || '>' || NEW.state) = ANY (TG_ARGV) THEN
    RAISE EXCEPTION '% can not go from % to %', TG_TABLE_NAME, OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""

REFUSE_FROZEN = """
CREATE FUNCTION funding_refuse_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%: what was agreed can not be changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""

CHECK_AMENDED = """
CREATE FUNCTION funding_newest_amendment(pledge uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT max(id) FROM funding_amendment WHERE pledge_id = pledge AND state = 'applied'
$$;
CREATE FUNCTION funding_check_amended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM funding_amendment AS made WHERE made.id = funding_newest_amendment(NEW.id)
       AND (made.rewards_amount, made.shipping_amount, made.extra_amount, made.total, made.country)
         = (NEW.rewards_amount, NEW.shipping_amount, NEW.extra_amount, NEW.total, NEW.country)
       AND (made.previous_rewards_amount, made.previous_shipping_amount, made.previous_extra_amount,
            made.previous_total, made.previous_country)
         = (OLD.rewards_amount, OLD.shipping_amount, OLD.extra_amount, OLD.total, OLD.country)
       AND NEW.version IN (OLD.version, made.version)
  ) THEN
    RAISE EXCEPTION '%: what was agreed can not be changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION funding_check_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.current <> (NEW.amendment_id IS NOT DISTINCT FROM funding_newest_amendment(NEW.pledge_id)) THEN
    RAISE EXCEPTION '%: what was agreed can not be changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""

# Both accounts of an entry are in its currency: one look at all rows of a statement.
CHECK_CURRENCY = """
CREATE FUNCTION funding_check_currency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM added
             JOIN funding_ledgeraccount AS debited ON debited.id = added.debit_id
             JOIN funding_ledgeraccount AS credited ON credited.id = added.credit_id
             WHERE debited.currency <> added.currency OR credited.currency <> added.currency) THEN
    RAISE EXCEPTION 'an entry is in the currency of both its accounts' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER funding_entry_currency AFTER INSERT ON funding_entry
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION funding_check_currency()
"""

# Each document follows the one before it in its series: nobody can leave out a number, whatever the counter says.
CHECK_NUMBERS = """
CREATE FUNCTION funding_check_numbers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM added WHERE number > 1 AND NOT EXISTS (
               SELECT 1 FROM funding_document AS before
                WHERE before.issuer = added.issuer AND before.kind = added.kind AND before.year = added.year
                  AND before.number = added.number - 1)) THEN
    RAISE EXCEPTION 'a document has the number after the last' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER funding_document_numbers AFTER INSERT ON funding_document
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION funding_check_numbers()
"""

# One link of a public chain, and the links of many rows in one statement: an aggregate over an ordered window.
SEAL_CHAIN = """
CREATE FUNCTION funding_seal_link(state text, start text, body text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN encode(sha256(convert_to(
    left(body, -1) || ',"prev_hash":"' || coalesce(state, start) || '"}', 'UTF8')), 'hex');
END $$;
CREATE AGGREGATE funding_seal_chain(start text, body text) (SFUNC = funding_seal_link, STYPE = text);
INSERT INTO funding_sealmark (id, sealed_to, candidate, candidate_before, carried_to) VALUES (1, 0, 0, 0, 0)
"""

# The platform's rates on the first day; later rows supersede them by `effective_from`, and no launched campaign
# notices. The tax rules are examples to be replaced by the operator's adviser: 3 % is the reduced rate of value-added
# tax for small-scale payees in mainland China; a registered trader, a company or a charity declares for itself.
POLICIES = """
INSERT INTO funding_feeschedule (scope, effective_from, platform_fee_bps, compensation_fund_bps, hold_days,
  grace_minutes, max_duration_days, four_eyes_limits)
VALUES ('platform', '2000-01-01Z', 500, 100, 14, 30, 60,
  '{"CNY": 10000000, "USD": 1500000, "EUR": 1500000, "GBP": 1200000, "HKD": 12000000, "JPY": 2000000, "KWD": 5000000}');
INSERT INTO funding_taxrule (jurisdiction, payee_kind, regime, rate_bps, effective_from) VALUES
  ('CN', 'person', 'cn_individual', 300, '2000-01-01Z'),
  ('CN', 'sole_trader', 'cn_sole_trader', 0, '2000-01-01Z'),
  ('CN', 'company', 'cn_company', 0, '2000-01-01Z'),
  ('CN', 'charity', 'cn_charity', 0, '2000-01-01Z')
"""


def operations() -> list[migrations.RunSQL]:
    """Triggers that no model can express, and the first policies."""
    return [
        migrations.RunSQL(REFUSE_EDGE, "DROP FUNCTION funding_refuse_edge()"),
        migrations.RunSQL(REFUSE_FROZEN, "DROP FUNCTION funding_refuse_frozen()"),
        migrations.RunSQL(
            CHECK_AMENDED,
            "DROP FUNCTION funding_check_line(), funding_check_amended(), funding_newest_amendment(uuid)",
        ),
        migrations.RunSQL(
            CHECK_CURRENCY,
            "DROP TRIGGER funding_entry_currency ON funding_entry; DROP FUNCTION funding_check_currency()",
        ),
        migrations.RunSQL(
            CHECK_NUMBERS,
            "DROP TRIGGER funding_document_numbers ON funding_document; DROP FUNCTION funding_check_numbers()",
        ),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
        migrations.RunSQL(
            SEAL_CHAIN,
            "DROP AGGREGATE funding_seal_chain(text, text); DROP FUNCTION funding_seal_link(text, text, text)",
        ),
        *[append_only(table) for table in APPEND_ONLY],
        *[_edges(name) for name in MACHINES],
        *[_frozen(table, columns) for table, columns in FROZEN.items()],
        *[_undeletable(table) for table in UNDELETABLE],
        _payout_amount(),
        _amended(),
        _trigger(
            "funding_pledgeline_current",
            "funding_pledgeline",
            "BEFORE INSERT OR UPDATE OF current ON funding_pledgeline FOR EACH ROW",
            "funding_check_line()",
        ),
        _claimed("funding_reward", REWARD_TERMS),
        _claimed("funding_rewardvariant", VARIANT_TERMS),
    ]


def _trigger(name: str, table: str, when: str, function: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {function}", f"DROP TRIGGER {name} ON {table}"
    )


def _edges(name: str) -> migrations.RunSQL:
    machine, table = MACHINES[name], f"funding_{name}"
    edges = ", ".join(f"'{source}>{target}'" for source, targets in machine.edges.items() for target in sorted(targets))
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_begins BEFORE INSERT ON {table} FOR EACH ROW "
        f"WHEN (NEW.state <> '{machine.initial}') EXECUTE FUNCTION funding_refuse_edge();"
        f"CREATE TRIGGER {table}_edges BEFORE UPDATE OF state ON {table} FOR EACH ROW "
        f"WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION funding_refuse_edge({edges});",
        f"DROP TRIGGER {table}_begins ON {table}; DROP TRIGGER {table}_edges ON {table};",
    )


def _changed(columns: list[str]) -> str:
    old, new = (", ".join(f"{side}.{column}" for column in columns) for side in ("OLD", "NEW"))
    return f"({old}) IS DISTINCT FROM ({new})"


def _frozen(table: str, columns: list[str]) -> migrations.RunSQL:
    when = f"BEFORE UPDATE OF {', '.join(columns)} ON {table} FOR EACH ROW WHEN ({_changed(columns)})"
    return _trigger(f"{table}_frozen", table, when, "funding_refuse_frozen()")


def _undeletable(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();"
        f"CREATE TRIGGER {table}_kept_all BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();",
        f"DROP TRIGGER {table}_kept ON {table}; DROP TRIGGER {table}_kept_all ON {table};",
    )


def _payout_amount() -> migrations.RunSQL:
    # Debts are netted before the approval; from then on what was approved is what is sent.
    when = (
        "BEFORE UPDATE OF amount ON funding_payout FOR EACH ROW "
        "WHEN (OLD.state <> 'scheduled' AND NEW.amount <> OLD.amount)"
    )
    return _trigger("funding_payout_amount", "funding_payout", when, "funding_refuse_frozen()")


def _amended() -> migrations.RunSQL:
    when = f"BEFORE UPDATE OF {', '.join(PLEDGE_TERMS)} ON funding_pledge FOR EACH ROW WHEN ({_changed(PLEDGE_TERMS)})"
    return _trigger("funding_pledge_amended", "funding_pledge", when, "funding_check_amended()")


def _claimed(table: str, columns: list[str]) -> migrations.RunSQL:
    fewer = "NEW.quantity < OLD.quantity OR (OLD.quantity IS NULL AND NEW.quantity IS NOT NULL)"
    when = (
        f"BEFORE UPDATE OF quantity, {', '.join(columns)} ON {table} FOR EACH ROW "
        f"WHEN (OLD.reserved + OLD.sold > 0 AND ({_changed(columns)} OR {fewer}))"
    )
    return _trigger(f"{table}_claimed", table, when, "funding_refuse_frozen()")
