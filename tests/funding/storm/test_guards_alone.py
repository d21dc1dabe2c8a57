"""Each UNIQUE, CHECK and trigger of money's tables, dropped in turn: what it alone refuses is then let through.

The lists come from the database's catalog: a new guard without an attempt here fails the test.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest

from funding.guards import APPEND_ONLY, FROZEN, UNDELETABLE
from funding.states import MACHINES
from tests.funding.storm.guarding import (
    checks,
    columns,
    disable_elsewhere,
    drop_checks,
    drop_unique,
    insert,
    refusal,
    row,
    run,
    tables,
    triggers,
    undone,
    unguarded,
    uniques,
    value,
)

pytestmark = [pytest.mark.django_db, pytest.mark.unaudited]

# What breaks a CHECK that doesn't say so by its form.
BREAKS: dict[str, dict[str, Any]] = {
    "alert_resolved_with_reason": {"resolution": "x"},
    "amendment_parts_sum_to_total": {"total": 2},
    "bank_details_verified_by_somebody": {"verified_by_id": 1},
    "claim_paid_by_bank_has_proof": {"resolution": "bank"},
    "claim_resolved_in_some_way": {"state": "resolved"},
    "debt_has_its_cause": {"dispute_id": None},
    "debt_is_settled_once": {"recovered": 11},
    "dispute_loses_no_more_than_withdrawn": {"from_escrow": 1},
    "document_is_of_something": {"refund_id": 1},
    "entry_moves_between_two_accounts": {"credit_id": 1},
    "escrow_deadline_after_launch": {"deadline": "2026-01-01Z"},
    "escrow_key_not_platform": {"key": "platform"},
    "escrow_never_pays_more_than_it_got": {"released": 1},
    "escrow_rates_leave_the_rest": {"platform_fee_bps": 10_001},
    "fee_schedule_grace_at_least_30": {"grace_minutes": 29},
    "hold_decision_needs_two_people": {"state": "confirmed", "decided_by_id": 1, "proposed_by_id": 1},
    "holding_within_limit": {"quantity": 1, "per_person_limit": 0},
    "late_refund_needs_two_people": {"state": "confirmed", "decided_by_id": 1, "proposed_by_id": 1},
    "ledger_limited_never_negative": {"limited": True, "debits": 1},
    "payment_captures_all_or_nothing": {"captured": 1},
    "payment_never_refunds_more_than_captured": {"refund_reserved": 1},
    "pledge_parts_sum_to_total": {"total": 2},
    "pledge_refund_within_total": {"refunded_amount": 2},
    "pseudonym_key_or_destroyed": {"inner_block": None},
    "recovery_moves_something": {"amount": 0},
    "release_parts_sum_to_gross": {"gross": 2},
    "reward_never_oversold": {"quantity": 1, "sold": 2},
    "tax_remittance_needs_two_people": {"confirmed_by_id": 1, "proposed_by_id": 1, "confirmed_at": "2026-01-01Z"},
    "variant_never_oversold": {"quantity": 1, "sold": 2},
}
# What the rows of a UNIQUE need besides.
BESIDES: dict[str, dict[str, Any]] = {
    "funding_creatordebt_refund_id_key": {"cause": "refund", "dispute_id": None},
}


def breaks(name: str, text: str) -> dict[str, Any] | None:
    """Columns that violate a CHECK: from the table above, or from its form."""
    if name in BREAKS:
        return BREAKS[name]
    if found := re.fullmatch(r'CHECK \(\("?(\w+)"? (>|>=) 0\)\)', text):
        return {found[1]: 0 if found[2] == ">" else -1}
    if found := re.match(r"CHECK \(\(\((\w+)\)::text = ANY", text):
        return {found[1]: "nonsense"[:8]}
    return None


def test_every_check_refuses_something_alone() -> None:
    wrong = []
    with unguarded():
        for table in tables():
            for name, text in checks(table):
                broken = breaks(name, text)
                if broken is None:
                    wrong.append(f"{name}: no attempt on it")
                    continue
                bad = row(table, 7, **broken)
                with undone():
                    drop_checks(table, but=name)
                    first = refusal(lambda: insert(table, **bad))  # noqa: B023
                    run(f"ALTER TABLE funding_{table} DROP CONSTRAINT {name}")
                    then = refusal(lambda: insert(table, **bad))  # noqa: B023
                good = refusal(lambda: insert(table, **row(table, 7)))  # noqa: B023
                if (first, then, good) != (name, None, None):
                    wrong.append(f"{name}: with it {first}, without it {then}, and what is right {good}")
    assert not wrong, "\n".join(wrong)


def test_every_unique_refuses_something_alone() -> None:
    wrong = []
    with unguarded():
        for table, name, keys in uniques():
            same = {key: value(table, key, 5) for key in keys if key not in row(table)} | BESIDES.get(name, {})
            one = row(table, 5, **same)
            other = row(table, 6, **same) | {key: one[key] for key in keys}
            with undone():
                for _, beside, _ in [found for found in uniques() if found[0] == table and found[1] != name]:
                    drop_unique(table, beside)
                insert(table, **one)
                first = refusal(lambda: insert(table, **other))  # noqa: B023
                drop_unique(table, name)
                then = refusal(lambda: insert(table, **other))  # noqa: B023
            if (first, then) != (name, None):
                wrong.append(f"{name}: with it {first}, without it {then}")
    assert not wrong, "\n".join(wrong)


def another(table: str, column: str) -> str:
    """An assignment that changes a column of the scene's row."""
    kind = columns(table)[column][0]
    changed = {"int2": "77", "int4": "77", "int8": "77", "bool": f"NOT {column}", "jsonb": "'[1]'",
               "uuid": "gen_random_uuid()", "timestamptz": "now()", "date": "now()"}.get(kind, "'zz'")  # fmt: skip
    return f"UPDATE funding_{table} SET {column} = {changed}"


def _edge(table: str, *, first: bool) -> str:
    """A state in which a row may not begin, or to which it may not go at once."""
    machine = MACHINES[table]
    known = {state for targets in machine.edges.values() for state in targets} - {machine.initial}
    return sorted(known if first else known - machine.edges[machine.initial] or {"nonsense"})[0]


Attempt = Callable[[str], tuple[dict[str, Any] | None, str | dict[str, Any] | list[str]]]
# By the end of a trigger's name: the row that stands there (None for none), and what the trigger refuses, a statement
# (each, of a list) or a row to insert.
ATTEMPTS: dict[str, Attempt] = {
    "kept_all": lambda table: (None, f"TRUNCATE funding_{table} CASCADE"),
    "truncate": lambda table: (None, f"TRUNCATE funding_{table} CASCADE"),
    "kept": lambda table: ({}, f"DELETE FROM funding_{table}"),
    "rows": lambda table: (
        {},
        ["UPDATE funding_{0} SET {1} = {1}".format(table, next(iter(columns(table)))), f"DELETE FROM funding_{table}"],
    ),
    "frozen": lambda table: ({}, [another(table, column) for column in FROZEN[f"funding_{table}"]]),
    "begins": lambda table: (None, {"state": _edge(table, first=True)}),
    "edges": lambda table: ({}, f"UPDATE funding_{table} SET state = '{_edge(table, first=False)}'"),
    "claimed": lambda table: ({"reserved": 1}, another(table, "key")),
    "amount": lambda table: ({"state": "approved", "amount": 1}, f"UPDATE funding_{table} SET amount = 2"),
    "amended": lambda table: ({}, f"UPDATE funding_{table} SET total = 2, extra_amount = 1"),
    "current": lambda table: ({"current": True}, f"UPDATE funding_{table} SET current = false"),
    "currency": lambda table: (None, {"currency": "USD"}),
    "numbers": lambda table: (None, {"number": 99}),
}


def test_every_trigger_refuses_something_alone() -> None:
    wrong = []
    for table, name in triggers():
        kind = name.removeprefix(f"funding_{table}_")
        if kind not in ATTEMPTS:
            wrong.append(f"{name}: no attempt on it")
            continue
        standing, attempts = ATTEMPTS[kind](table)
        for attempt in attempts if isinstance(attempts, list) else [attempts]:
            if (told := told_of(table, name, standing, attempt)) != ("trigger", None):
                wrong.append(f"{name}: {attempt}: with it {told[0]}, without it {told[1]}")
    assert not wrong, "\n".join(wrong)


def test_what_only_grows_is_guarded_against_each_way_to_lose_a_row() -> None:
    """Every append-only table has both triggers, on every row and on the whole table."""
    guarded = {name for _, name in triggers()}
    assert {f"{table}_{way}" for table in APPEND_ONLY for way in ("rows", "truncate")} <= guarded
    assert {f"{table}_{way}" for table in UNDELETABLE for way in ("kept", "kept_all")} <= guarded


def told_of(
    table: str, name: str, standing: dict[str, Any] | None, attempt: str | dict[str, Any]
) -> tuple[str | None, str | None]:
    """What refuses an attempt with a trigger and without it."""
    with undone():
        drop_checks(table)
        with unguarded():
            for number in (1, 2) if table == "entry" else ():
                insert("ledgeraccount", **row("ledgeraccount", number, currency="CNY", code=f"c{number}"))
            if standing is not None:
                insert(table, **row(table, 8, **standing))
        if isinstance(attempt, str) and attempt.startswith("TRUNCATE"):
            disable_elsewhere(table)

        def do() -> None:
            if isinstance(attempt, str):
                run(attempt)
            else:
                insert(table, **row(table, 9, **attempt))

        first = refusal(do)
        run(f"ALTER TABLE funding_{table} DISABLE TRIGGER {name}")
        return first, refusal(do)
