"""What a refund takes off an escrow's totals, and puts back when it fails. Set-based; the escrow's row comes last."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.db.models import F

from funding.models import Escrow

_BACKING = """
WITH change AS (
  SELECT person, COUNT(*)::int AS pledges FROM funding_pledge WHERE id = ANY(%(pledges)s) GROUP BY person
), held AS (
  SELECT b.id, b.paid_pledges, c.pledges FROM funding_backing b JOIN change c ON c.person = b.person
   WHERE b.escrow_id = %(escrow)s ORDER BY b.id FOR NO KEY UPDATE OF b
), moved AS (
  UPDATE funding_backing b SET paid_pledges = held.paid_pledges + %(sign)s * held.pledges
    FROM held WHERE b.id = held.id RETURNING held.paid_pledges AS before, b.paid_pledges AS after
)
SELECT COUNT(*) FILTER (WHERE before = 0 AND after > 0) - COUNT(*) FILTER (WHERE before > 0 AND after = 0) FROM moved
"""


def take_off(*, escrow_id: int, amount: int, pledges: Sequence[UUID] = ()) -> None:
    """`amount` minor units leave the escrow; `pledges` no longer count a backer."""
    _change(escrow_id, amount, pledges, sign=-1)


def put_back(*, escrow_id: int, amount: int, pledges: Sequence[UUID] = ()) -> None:
    """The reverse, for refunds that failed: the money is held again."""
    _change(escrow_id, -amount, pledges, sign=1)


def _change(escrow_id: int, refunded: int, pledges: Sequence[UUID], *, sign: int) -> None:
    people = 0
    if pledges:
        with connection.cursor() as cursor:
            cursor.execute(_BACKING, {"pledges": list(pledges), "escrow": escrow_id, "sign": sign})
            people = cursor.fetchone()[0]
    Escrow.objects.filter(pk=escrow_id).update(refunded=F("refunded") + refunded, backers=F("backers") + people)
