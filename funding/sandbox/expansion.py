"""`expand[]`: ids replaced by the objects they name, up to four levels deep."""

from funding.sandbox import checkout
from funding.sandbox.errors import invalid
from funding.sandbox.listing import list_objects
from funding.sandbox.shapes import CLASSES, list_of
from funding.sandbox.store import Json
from funding.sandbox.world import Call

DEEPEST = 4


def expand(call: Call, answer: Json, paths: list[str]) -> Json:
    """The answer with every path expanded; ApiError 400 for one that names nothing expandable."""
    for path in paths:
        steps = path.split(".")
        if len(steps) > DEEPEST:
            raise invalid("You cannot expand more than 4 levels of a property.", param="expand")
        if answer.get("object") in ("list", "search_result"):
            if steps[0] != "data":
                raise invalid(f"This property cannot be expanded ({path}). Try data.{path}.", param="expand")
            for item in answer["data"]:
                _walk(call, item, steps[1:], path)
        else:
            _walk(call, answer, steps, path)
    return answer


def _walk(call: Call, node: Json, steps: list[str], path: str) -> None:
    # What is null stays null: an intent or a charge that isn't there yet.
    if not steps or node.get(steps[0], "") is None:
        return
    name = steps[0]
    if name not in node or name in ("id", "object"):
        if not _virtual(call, node, name):
            raise invalid(f"This property cannot be expanded ({path}).", param="expand")
        return
    value = node[name]
    if isinstance(value, str):
        found = call.store.get(value)
        if found is None or found["object"] not in CLASSES:
            raise invalid(f"This property cannot be expanded ({path}).", param="expand")
        node[name] = value = found
    rest = steps[1:]
    if not isinstance(value, dict | list) or (isinstance(value, dict) and not rest and "object" not in value):
        raise invalid(f"This property cannot be expanded ({path}).", param="expand")
    if isinstance(value, dict) and value.get("object") == "list" and rest[:1] == ["data"]:
        value, rest = value["data"], rest[1:]
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            _walk(call, item, rest, path)


def _virtual(call: Call, node: Json, name: str) -> bool:
    """Lists that Stripe shows only when asked."""
    if node["object"] == checkout.KIND and name == "line_items":
        lines = checkout.line_items_of(call.world, node)
        node["line_items"] = list_of(lines, url=f"/v1/checkout/sessions/{node['id']}/line_items")
        return True
    if node["object"] == "charge" and name == "refunds":
        inner = Call(call.world, path=f"/v1/charges/{node['id']}/refunds", account=call.account)
        node["refunds"] = list_objects(inner, "refund", charge=node["id"])
        return True
    return False
