"""Request parameters: form decoding, then validation and coercion against the installed `stripe.params`.

The TypedDicts of stripe-python are the one source of which parameters exist, which are required and what type
each has, so a parameter that Stripe removed is refused here on the day the package is upgraded.
"""

import re
import sys
import types
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

from stripe._request_options import RequestOptions

from funding.sandbox.errors import ApiError, invalid

Json = dict[str, Any]

_KEY = re.compile(r"([^\[\]]+)|\[([^\[\]]*)\]")
_INTEGER = re.compile(r"-?\d{1,18}")
_METADATA_LIMITS = {"keys": 50, "name": 40, "value": 500}


def decode_form(body: str) -> Json:
    """Decode ``a[b][0]=c`` into nested mappings; lists stay mappings by index until a hint says otherwise."""
    decoded: Json = {}
    for raw, value in parse_qsl(body, keep_blank_values=True):
        path = [plain or bracketed for plain, bracketed in _KEY.findall(raw)]
        if not path:
            raise invalid(f"Invalid parameter name: {raw}", param=raw)
        node = decoded
        for step, following in pairwise(path):
            child = node.setdefault(step or str(len(node)), {})
            if not isinstance(child, dict):
                raise invalid(f"Invalid object: {following}", param=raw)
            node = child
        node[path[-1] or str(len(node))] = value
    return decoded


@cache
def _hints(typed: Any) -> dict[str, tuple[Any, bool]]:
    """Each field of a TypedDict: its type, and whether it is required."""
    names = {"StripeContext": object, "Mapping": Mapping, "Any": Any}
    resolved = get_type_hints(typed, vars(sys.modules[typed.__module__]), names, include_extras=True)
    fields: dict[str, tuple[Any, bool]] = {}
    for name, hint in resolved.items():
        if name in RequestOptions.__annotations__ or name == "idempotency_key":
            continue
        optional = get_origin(hint) is NotRequired
        fields[name.rstrip("_")] = (get_args(hint)[0] if optional else hint, not optional)
    return fields


def validate(typed: Any, given: Json) -> Json:
    """Coerce a decoded form to the types of a `stripe.params` TypedDict.

    Raises ApiError 400: `parameter_unknown`, `parameter_missing`, `parameter_invalid_integer`,
    `parameter_invalid_empty` or a plain invalid parameter, with the parameter named in brackets.
    """
    return _mapping(typed, given, "")


def _mapping(typed: Any, given: Json, path: str) -> Json:
    hints = _hints(typed)
    result: Json = {}
    for name, value in given.items():
        where = f"{path}[{name}]" if path else name
        if name not in hints:
            raise invalid(f"Received unknown parameter: {where}", param=where, code="parameter_unknown")
        result[name] = _coerce(hints[name][0], value, where)
    for name, (_, required) in hints.items():
        if required and name not in result:
            where = f"{path}[{name}]" if path else name
            raise invalid(f"Missing required param: {where}.", param=where, code="parameter_missing")
    return result


def _coerce(hint: Any, value: Any, where: str) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _union(get_args(hint), value, where)
    if origin is Literal:
        return _literal(get_args(hint), value, where)
    if hasattr(hint, "__required_keys__"):
        if not isinstance(value, dict):
            raise invalid("Invalid object", param=where)
        return _mapping(hint, value, where)
    if origin in (list, Sequence):
        return _list(get_args(hint)[0], value, where)
    if origin is dict or getattr(hint, "__name__", getattr(origin, "__name__", "")) == "UntypedStripeObject":
        return _free_mapping(value, where)
    return _scalar(hint, value, where)


def _union(options: tuple[Any, ...], value: Any, where: str) -> Any:
    """The first member that fits; `Literal[…] | str` is an enumeration the package keeps open for the future,
    and Stripe refuses other values, so we do."""
    literals = [option for option in options if get_origin(option) is Literal]
    allowed = tuple(choice for option in literals for choice in get_args(option))
    if value in allowed if isinstance(value, str) else False:
        return value
    closed = any(choice != "" for choice in allowed)
    rest = [option for option in options if option not in literals and not (closed and option is str)]
    rest = [option for option in rest if option is not type(None)]
    errors: list[ApiError] = []
    for option in rest:
        try:
            return _coerce(option, value, where)
        except ApiError as error:
            errors.append(error)
    if closed and not rest:
        return _literal(allowed, value, where)
    raise errors[0]


def _literal(allowed: tuple[Any, ...], value: Any, where: str) -> Any:
    for choice in allowed:
        if value == (str(choice).lower() if isinstance(choice, bool) else str(choice)):
            return choice
    names = ", ".join(str(choice) for choice in allowed)
    raise invalid(f"Invalid {where}: must be one of {names}", param=where)


def _list(item: Any, value: Any, where: str) -> list[Any]:
    if value == "":
        return []
    if not isinstance(value, dict) or not all(key.isdigit() for key in value):
        raise invalid("Invalid array", param=where)
    ordered = sorted(value.items(), key=lambda pair: int(pair[0]))
    return [_coerce(item, element, f"{where}[{index}]") for index, element in ordered]


def _free_mapping(value: Any, where: str) -> dict[str, str]:
    if not isinstance(value, dict):
        raise invalid("Invalid object", param=where)
    if len(value) > _METADATA_LIMITS["keys"]:
        raise invalid("Metadata can have up to 50 keys", param=where)
    for name, text in value.items():
        if not isinstance(text, str):
            raise invalid("Metadata values must be strings", param=f"{where}[{name}]")
        if len(name) > _METADATA_LIMITS["name"]:
            raise invalid(f"Metadata keys can have up to 40 characters: {name}", param=where)
        if len(text) > _METADATA_LIMITS["value"]:
            raise invalid("Metadata values can have up to 500 characters", param=f"{where}[{name}]")
    return value


def _scalar(hint: Any, value: Any, where: str) -> Any:
    if isinstance(value, dict):
        raise invalid(f"Invalid string: {where}", param=where)
    if hint is int:
        if not _INTEGER.fullmatch(value):
            raise invalid(f"Invalid integer: {value}", param=where, code="parameter_invalid_integer")
        return int(value)
    if hint is bool:
        if value not in ("true", "false"):
            raise invalid(f"Invalid boolean: {value}", param=where)
        return value == "true"
    if value == "" and hint is str:
        message = (
            f"You passed an empty string for '{where}'. We assume empty values are an attempt to unset a parameter."
        )
        raise invalid(message, param=where, code="parameter_invalid_empty")
    return value
