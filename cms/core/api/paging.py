"""Walking a list by cursor: as fast at the end as at the start, and stable while rows are added."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cms.core.errors import InvalidInput

SIZE = 20
MOST = 100


@dataclass(frozen=True)
class Window:
    """Some rows, newest first, and the cursor of the following ones."""

    rows: list[Any]
    next_cursor: str | None


def keyset(rows: QuerySet[Any], *, by: str, request: HttpRequest) -> Window:
    """One window on `rows`, falling by the column `by` and then by primary key; reads `cursor` and `limit`.

    Raises `InvalidInput` for a damaged cursor or limit.
    """
    size = limit(request)
    if cursor := request.GET.get("cursor", ""):
        rows = rows.filter(TupleLessThan(Tuple(by, "pk"), _read(cursor)))
    found = list(rows.order_by(f"-{by}", "-pk")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return Window(found[:size], None if last is None else _write(getattr(last, by), last.pk))


def limit(request: HttpRequest) -> int:
    """How many items were asked for. Raises `InvalidInput`."""
    text = request.GET.get("limit", str(SIZE))
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MOST):
        raise InvalidInput(_("Ask for 1 to %(most)d items.") % {"most": MOST}, field="limit")
    return int(text)


def _write(value: Any, pk: Any) -> str:
    plain = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(json.dumps([plain, str(pk)]).encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[Any, str]:
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        value = datetime.fromisoformat(value) if isinstance(value, str) else value
        if not isinstance(value, datetime | int) or not isinstance(pk, str) or not pk.replace("-", "").isalnum():
            raise ValueError("no cursor of ours")
        return value, pk
    except (ValueError, TypeError, binascii.Error) as error:
        raise InvalidInput(_("That cursor is damaged. Start again without it."), field="cursor") from error
