"""What creators have done so far, computed from the rows of campaigns and money, never typed by anybody."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from campaigns.states import PUBLIC

# A month ends before the promise for it is due; donations promise no delivery.
_RECORDS = """
WITH mine AS (
  SELECT c.id, c.creator_id, c.escrow_id, c.kind, e.state, e.currency, d.outcome,
         COALESCE(e.captured - e.refunded - e.lost, 0) AS raised, e.backers
    FROM campaigns_campaign c
    LEFT JOIN funding_escrow e ON e.id = c.escrow_id
    LEFT JOIN funding_escrowdecision d ON d.escrow_id = e.id
   WHERE c.creator_id = ANY(%(people)s) AND c.state = ANY(%(public)s)
), news AS (
  SELECT u.campaign_id, COUNT(DISTINCT u.translation_key) AS told, MAX(u.published_at) AS latest
    FROM campaigns_campaignupdate u JOIN mine ON mine.id = u.campaign_id
   WHERE u.live AND u.published_at IS NOT NULL
   GROUP BY u.campaign_id
), due AS (
  SELECT r.escrow_id, MAX(r.delivery_month) + INTERVAL '1 month' AS by_then
    FROM funding_reward r JOIN mine ON mine.escrow_id = r.escrow_id
   WHERE mine.outcome = 'succeeded' AND r.sold > 0
   GROUP BY r.escrow_id
)
SELECT mine.creator_id, mine.currency, COUNT(*),
       COUNT(*) FILTER (WHERE mine.escrow_id IS NOT NULL),
       COUNT(*) FILTER (WHERE mine.outcome = 'succeeded'),
       COUNT(*) FILTER (WHERE mine.outcome = 'failed'),
       COUNT(*) FILTER (WHERE mine.outcome IS NULL AND mine.state IN ('open', 'on_hold', 'closing')),
       COALESCE(SUM(mine.backers) FILTER (WHERE mine.outcome = 'succeeded'), 0)::bigint,
       COALESCE(SUM(news.told), 0)::bigint, COUNT(news.told),
       COUNT(*) FILTER (WHERE due.by_then <= app_now()),
       COALESCE(SUM(mine.raised) FILTER (WHERE mine.outcome = 'succeeded'), 0)::bigint, MAX(news.latest)
  FROM mine
  LEFT JOIN news ON news.campaign_id = mine.id
  LEFT JOIN due ON due.escrow_id = mine.escrow_id
 GROUP BY mine.creator_id, mine.currency
"""
_COUNTS = (
    "created", "launched", "funded", "missed", "running", "backers", "updates", "campaigns_with_updates", "due",
)  # fmt: skip


@dataclass
class TrackRecord:
    """Counts of campaigns that a review approved; sums in minor units by currency.

    `raised` is what successful campaigns hold or held: captured, less refunds and what banks took back. `due` counts
    successful campaigns whose last promised month is over; who got what on time is known only where deliveries are
    recorded, in `delivered_on_time` of `delivered_known`.
    """

    created: int = 0
    launched: int = 0
    funded: int = 0
    missed: int = 0
    running: int = 0
    backers: int = 0
    raised: dict[str, int] = field(default_factory=dict)
    updates: int = 0
    campaigns_with_updates: int = 0
    last_update_at: datetime | None = None
    due: int = 0
    delivered_known: int = 0
    delivered_on_time: int = 0


def records_of(people: Iterable[int]) -> dict[int, TrackRecord]:
    """The records of many creators, by user id, in one statement; who has no public campaign has an empty one."""
    found = {person: TrackRecord() for person in people}
    given: dict[str, Any] = {"people": list(found), "public": [str(state) for state in PUBLIC]}
    with connection.cursor() as cursor:
        cursor.execute(_RECORDS, given)
        rows = cursor.fetchall()
    for person, currency, *counts, raised, latest in rows:
        record = found[person]
        for name, count in zip(_COUNTS, counts, strict=True):
            setattr(record, name, getattr(record, name) + count)
        record.last_update_at = max(filter(None, (record.last_update_at, latest)), default=None)
        if raised:
            record.raised[currency] = raised
    return found


def record_of(person: int) -> TrackRecord:
    """One creator's record."""
    return records_of([person])[person]
