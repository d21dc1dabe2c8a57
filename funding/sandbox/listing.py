"""Lists with Stripe's cursors, and the search over metadata."""

import json
import re
from collections.abc import Callable
from typing import Any

from funding.sandbox.errors import ApiError, invalid, missing
from funding.sandbox.shapes import list_of
from funding.sandbox.store import Json
from funding.sandbox.world import Call

_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
}
_TERM = re.compile(
    r"""^(?P<field>\w+|metadata\[['"](?P<key>[^'"]+)['"]\])\s*(?P<op>[:<>]=?)\s*['"]?(?P<value>[^'"]*)['"]?$"""
)


def list_objects(call: Call, kind: str, *, keep: Callable[[Json], bool] | None = None, **fields: Any) -> Json:
    """A page of a kind's objects, newest first, by `limit`, `starting_after`, `ending_before` and `created`.

    `fields` that are None do not filter; `keep` filters further.
    """
    limit = _limit(call.params)
    after, before = call.params.get("starting_after"), call.params.get("ending_before")
    if after and before:
        raise invalid(
            "You may only specify one of these parameters: ending_before, starting_after.",
            param="ending_before",
        )
    sql = "SELECT body FROM objects WHERE kind = ? AND account = ?"
    args: list[Any] = [kind, call.account]
    for name, value in fields.items():
        if value is not None:
            sql += f" AND json_extract(body, '$.{name}') = ?"
            args.append(value)
    for cursor, comparison, param in ((after, "<", "starting_after"), (before, ">", "ending_before")):
        if cursor:
            sql += f" AND seq {comparison} ?"
            args.append(_position(call, kind, cursor, param))
    page: list[Json] = []
    for row in call.store.rows(f"{sql} ORDER BY seq {'ASC' if before else 'DESC'}", args):
        body = json.loads(row["body"])
        if _created_within(body, call.params.get("created")) and (keep is None or keep(body)):
            page.append(body)
        if len(page) > limit:
            break
    has_more = len(page) > limit
    page = page[:limit]
    return list_of(page[::-1] if before else page, url=call.path, has_more=has_more)


def _limit(params: Json) -> int:
    limit = int(params.get("limit", 10))
    if not 1 <= limit <= 100:
        raise invalid("Invalid limit: must be between 1 and 100", param="limit", code="parameter_invalid_integer")
    return limit


def _position(call: Call, kind: str, cursor: str, param: str) -> int:
    found = call.store.rows(
        "SELECT seq FROM objects WHERE id = ? AND kind = ? AND account = ?", (cursor, kind, call.account)
    )
    if not found:
        raise missing(kind, cursor, param=param, status=400)
    return int(found[0]["seq"])


def _created_within(body: Json, wanted: Any) -> bool:
    if wanted is None:
        return True
    if isinstance(wanted, int):
        return bool(body["created"] == wanted)
    return all(_COMPARE[name](body["created"], int(bound)) for name, bound in wanted.items())


def search_objects(call: Call, kind: str) -> Json:
    """Stripe's search language as far as `AND` of `field:'value'`, `metadata['key']:'value'` and bounds."""
    terms = [_term(text.strip()) for text in re.split(r"\s+AND\s+", call.params["query"])]
    limit = _limit(call.params)
    offset = int(call.params.get("page") or 0) if str(call.params.get("page") or "0").isdigit() else 0
    found = [body for body in call.store.where(kind, account=call.account) if all(term(body) for term in terms)]
    found.reverse()
    more = len(found) > offset + limit
    return {
        "object": "search_result",
        "data": found[offset : offset + limit],
        "has_more": more,
        "next_page": str(offset + limit) if more else None,
        "url": call.path,
    }


def _term(text: str) -> Callable[[Json], bool]:
    match = _TERM.match(text)
    if not match:
        raise ApiError(f"We were unable to parse your search query: {text}", param="query", replayable=False)
    field, key, op, value = match["field"], match["key"], match["op"], match["value"]

    def holds(body: Json) -> bool:
        actual = (body.get("metadata") or {}).get(key) if key else body.get(field)
        if op == ":":
            return actual is not None and str(actual) == value
        name = {">": "gt", ">=": "gte", "<": "lt", "<=": "lte"}[op]
        return actual is not None and _COMPARE[name](int(actual), int(value))

    return holds
