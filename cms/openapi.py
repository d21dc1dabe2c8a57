"""What the OpenAPI file needs beyond the code: Wagtail's endpoints, exact StreamFields, problems."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.plumbing import ResolvedComponent

from cms.core.api import Anonymous
from cms.core.api.fields import Money
from cms.core.shaping import one_of
from cms.images.shapes import HostedFile, Picture

PREFIX = "/api/v2/"
# Wagtail builds these from models at run time: described below, by hand.
WAGTAILS = tuple(f"{PREFIX}{name}/" for name in ("pages", "images", "documents", "redirects"))
TEXT = {"type": "string"}
Schema = dict[str, Any]


def keep_ours(endpoints: list[Any], **kwargs: Any) -> list[Any]:
    """Before the file is made: only this API, and of it what describes itself."""
    return [entry for entry in endpoints if entry[0].startswith(PREFIX) and not entry[0].startswith(WAGTAILS)]


class StreamExtension(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """StreamFields: one component for each block type, found by walking the block's children."""

    target_class = "cms.core.api.fields.Stream"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> Schema:
        """A list of `oneOf` the block's children."""
        block = self.target.stream_block
        # Pictures, files and amounts inside are the same components as everywhere.
        for shape in (Picture, HostedFile, Money):
            auto_schema.resolve_serializer(shape, "response")
        name = type(block).__name__
        if direction == "request":
            return {"type": "array", "items": {"type": "object", "required": ["type", "value"]}}
        component: Any = ResolvedComponent(name, "schemas", one_of(block), name)  # type: ignore[no-untyped-call]
        auto_schema.registry.register_on_missing(component)
        return {"type": "array", "items": component.ref}


def complete(result: Schema, generator: Any, **kwargs: Any) -> Schema:
    """After the file is made: Wagtail's paths, one shape for all errors, the guest's token."""
    from cms.openapi_content import PATHS, schemas

    for path, _regex, method, view in generator.endpoints:
        if method == "GET" and issubclass(view.cls, Anonymous):
            _conditional(result["paths"][path]["get"])
    result["paths"].update(PATHS)
    components = result["components"]
    components["schemas"].update(schemas())
    components["schemas"]["Problem"] = PROBLEM
    components["securitySchemes"]["pledgeToken"] = {
        "type": "http", "scheme": "bearer", "description": "A guest's `access_token`, for that one pledge.",
    }  # fmt: skip
    for route, operations in result["paths"].items():
        for operation in operations.values():
            operation["responses"]["default"] = {
                "description": "What went wrong.",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
            if route == f"{PREFIX}pledges/{{pledge_id}}/":
                operation.setdefault("security", []).append({"pledgeToken": []})
    result["paths"] = dict(sorted(result["paths"].items()))
    components["schemas"] = dict(sorted(components["schemas"].items()))
    return result


def _conditional(operation: Schema) -> None:
    """What is the same for everybody carries an ETag."""
    if "304" in operation["responses"]:
        return  # it describes that itself
    operation.setdefault("parameters", []).append({
        "in": "header", "name": "If-None-Match", "schema": TEXT, "description": "The `ETag` of an earlier answer.",
    })  # fmt: skip
    operation["responses"]["200"]["headers"] = {"ETag": {"schema": TEXT}}
    operation["responses"]["304"] = {"description": "Nothing changed since that ETag."}


PROBLEM: Schema = {
    "type": "object",
    "description": "RFC 9457. `code` is stable; `field` names the input that is to blame, `errors` details it.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "field": {"type": "string"},
        "errors": {},
    },
    "required": ["type", "title", "status", "code"],
}
