"""Calls the API as a front end would and checks every answer against openapi.yaml."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

ROOT = Path(__file__).resolve().parents[2]
BASE = "/api/v2"
called: set[tuple[str, str]] = set()


@cache
def document() -> dict[str, Any]:
    """The committed file."""
    return yaml.safe_load((ROOT / "openapi.yaml").read_text())


@cache
def _registry() -> Registry:
    resource = Resource(contents=document(), specification=DRAFT202012)
    return Registry().with_resource("urn:api", resource)


def check(schema: dict[str, Any], value: Any) -> None:
    """Raise where a value is not what the schema promises."""
    absolute = json.loads(json.dumps(schema).replace('"#/components', '"urn:api#/components'))
    errors = list(
        Draft202012Validator(absolute, registry=_registry(), format_checker=FormatChecker()).iter_errors(value)
    )
    assert not errors, "\n".join(f"{error.json_path}: {error.message[:300]}" for error in errors)


def operation(method: str, path: str) -> tuple[str, dict[str, Any]]:
    """The operation of the file that a call is; AssertionError for one that it doesn't name."""
    plain = path.split("?")[0]
    routes = sorted(document()["paths"], key=lambda route: route.count("{"))
    for route in routes:
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(route))
        if re.fullmatch(pattern, plain) and method.lower() in document()["paths"][route]:
            return route, document()["paths"][route][method.lower()]
    raise AssertionError(f"openapi.yaml knows no {method} {plain}")


class Caller:
    """A client of the API."""

    def __init__(self, user: Any = None, token: str = "") -> None:
        self.client = Client()
        self.token = token
        if user is not None:
            self.client.force_login(user)

    def as_(self, user: Any) -> "Caller":
        """The same, signed in."""
        return Caller(user)

    def bearing(self, token: str) -> "Caller":
        """The same, with a guest's token."""
        return Caller(token=token)

    def call(self, method: str, path: str, body: Any = None, *, checked: bool = True, raw: str = "", **headers: str):
        """One call; the answer's JSON is at `.data`."""
        options: dict[str, Any] = {"headers": headers}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if body is not None or raw:
            options |= {"data": raw or json.dumps(body), "content_type": "application/json"}
        response = self.client.generic(method, f"{BASE}{path}", **options)
        plain = not response.streaming and "json" in response.headers.get("Content-Type", "")
        response.data = json.loads(response.content) if plain else None
        if response.status_code >= 400:
            assert response.headers["Content-Type"] == "application/problem+json", response.content[:500]
            check({"$ref": "#/components/schemas/Problem"}, response.data)
        elif checked:
            self._check(method, path, response)
        return response

    def _check(self, method: str, path: str, response: Any) -> None:
        route, found = operation(method, f"{BASE}{path}")
        called.add((method, route))
        assert str(response.status_code) in found["responses"], f"{response.status_code} of {method} {route}"
        content = found["responses"][str(response.status_code)].get("content", {})
        if "application/json" in content:
            check(content["application/json"]["schema"], response.data)

    def get(self, path: str, **options: Any):
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any):
        return self.call("POST", path, body if body is not None else {}, **options)

    def patch(self, path: str, body: Any, **options: Any):
        return self.call("PATCH", path, body, **options)

    def put(self, path: str, body: Any, **options: Any):
        return self.call("PUT", path, body, **options)

    def delete(self, path: str, **options: Any):
        return self.call("DELETE", path, **options)
