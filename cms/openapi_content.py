"""Wagtail's own endpoints in the OpenAPI file: paths and shapes, the pages' StreamFields from their blocks."""

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.core.shaping import one_of
from cms.openapi import PREFIX

Schema = dict[str, Any]
TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
INSTANT: Schema = {"type": ["string", "null"], "format": "date-time"}
# Field by field of the pages' `api_fields`; what isn't named is text.
FIELDS: dict[str, Schema] = {
    "hero_image": {"oneOf": [{"$ref": "#/components/schemas/Picture"}, {"type": "null"}]},
}
META = {
    "type": TEXT, "detail_url": TEXT, "html_url": MAYBE_TEXT, "slug": TEXT, "show_in_menus": {"type": "boolean"},
    "seo_title": TEXT, "search_description": TEXT, "first_published_at": INSTANT, "alias_of": {}, "parent": {},
    "locale": TEXT,
}  # fmt: skip


def _query(name: str, description: str, schema: Schema = TEXT, *, required: bool = False) -> Schema:
    found = {"name": name, "in": "query", "description": description, "schema": schema}
    return {**found, "required": True} if required else found


LOCALE = _query("locale", "`en` or `zh-hans`.", {"type": "string", "enum": ["en", "zh-hans"]})
LIST = [
    _query("limit", "1 to 100, 20 unless given.", NUMBER),
    _query("cursor", "`meta.next_cursor` of the answer before."),
    _query("offset", "Up to 1000; beyond that walk by `cursor`.", NUMBER),
    _query("fields", "Which fields, as Wagtail's API v2 writes them."),
    _query("order", "A field, with `-` falling."),
]
PAGES = [
    _query("type", "A page type, for example `home.ContentPage`."), LOCALE,
    _query("child_of", "A page's id, or `root`."), _query("descendant_of", "A page's id, or `root`."),
    _query("translation_of", "A page's id."), _query("search", "Words."),
]  # fmt: skip


def _get(operation: str, summary: str, ref: str, parameters: list[Schema]) -> Schema:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{ref}"}}}
    return {
        "get": {
            "operationId": operation, "summary": summary, "tags": ["content"], "parameters": parameters,
            "responses": {"200": {"description": "", "content": content}},
        }
    }  # fmt: skip


def _id() -> Schema:
    return {"name": "id", "in": "path", "required": True, "schema": NUMBER}


PATHS: Schema = {
    f"{PREFIX}pages/": _get("pages", "Live public pages.", "ContentPages", [*LIST, *PAGES]),
    f"{PREFIX}pages/by-path/": _get(
        "page_by_path", "A page or a redirect, in one trip.", "PageByPath",
        [_query("path", "For example `/campaigns/`, or with its language `/en/campaigns/`.", required=True), LOCALE],
    ),
    f"{PREFIX}pages/{{id}}/": _get("page", "One page.", "AnyPage", [_id(), LIST[3]]),
    f"{PREFIX}images/": _get("images", "The platform's pictures.", "ImageList", LIST),
    f"{PREFIX}images/{{id}}/": _get("image", "One picture.", "ImageItem", [_id(), LIST[3]]),
    f"{PREFIX}documents/": _get("documents", "Public documents.", "DocumentList", LIST),
    f"{PREFIX}documents/{{id}}/": _get("document", "One document.", "DocumentItem", [_id(), LIST[3]]),
    f"{PREFIX}redirects/": _get("redirects", "Addresses that moved.", "RedirectList", LIST),
    f"{PREFIX}redirects/{{id}}/": _get("redirect", "One of them.", "RedirectItem", [_id(), LIST[3]]),
}  # fmt: skip


def schemas() -> Schema:
    """Shapes of pages, images, documents and redirects. `fields=` may leave anything out, so little is required."""
    pages = {name: _page(model) for name, model in _page_models().items()}
    refs = [{"$ref": f"#/components/schemas/{name}"} for name in pages]
    redirect = _object({"kind": {"const": "redirect"}, "location": TEXT, "permanent": {"type": "boolean"}})
    page = _object({"kind": {"const": "page"}, "page": {"$ref": "#/components/schemas/AnyPage"}})
    summary = {"id": NUMBER, "meta": _meta(), "title": TEXT}
    image = {**summary, "width": NUMBER, "height": NUMBER, "picture": FIELDS["hero_image"]}
    return {
        **pages,
        **_streams(),
        "AnyPage": {"oneOf": refs},
        "PageByPath": {"oneOf": [page, redirect]},
        "PageSummary": {"type": "object", "properties": summary, "required": ["id", "meta"]},
        "ContentPages": _list("PageSummary"),
        "ImageItem": {"type": "object", "properties": image, "required": ["id", "picture"]},
        "ImageList": _list("ImageItem"),
        "DocumentItem": {"type": "object", "properties": {"id": NUMBER, "meta": {"type": "object"}, "title": TEXT}},
        "DocumentList": _list("DocumentItem"),
        "RedirectItem": {
            "type": "object",
            "properties": {"id": NUMBER, "meta": {"type": "object"}, "old_path": TEXT, "location": MAYBE_TEXT},
        },
        "RedirectList": _list("RedirectItem"),
    }


def _page_models() -> dict[str, type[Page]]:
    models = [model for model in apps.get_models() if issubclass(model, Page) and model is not Page]
    return {model.__name__: model for model in models if not model.__subclasses__()}


def _page(model: type[Page]) -> Schema:
    fields = {field.name: _field(model, field.name) for field in getattr(model, "api_fields", [])}
    kind = {"const": f"{model._meta.app_label}.{model.__name__}"}
    meta = {**_meta(), "properties": {**META, "type": kind}, "required": ["type"]}
    properties = {"id": NUMBER, "meta": meta, "title": TEXT, **fields}
    return {"type": "object", "properties": properties, "required": ["id", "meta"], "additionalProperties": False}


def _field(model: type[Page], name: str) -> Schema:
    if name in FIELDS:
        return FIELDS[name]
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return TEXT
    if not isinstance(field, StreamField):
        return TEXT
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{type(field.stream_block).__name__}"}}


def _streams() -> Schema:
    """The streams of all pages, by the names under which fields refer to them."""
    fields = [field for model in _page_models().values() for field in model._meta.get_fields()]
    found = [field.stream_block for field in fields if isinstance(field, StreamField)]
    return {type(block).__name__: one_of(block) for block in found}


def _meta() -> Schema:
    return {"type": "object", "properties": META, "additionalProperties": False}


def _object(properties: Schema) -> Schema:
    return {
        "type": "object", "properties": properties, "required": list(properties), "additionalProperties": False,
    }  # fmt: skip


def _list(item: str) -> Schema:
    meta = _object({"total_count": NUMBER, "next_cursor": MAYBE_TEXT})
    items = {"type": "array", "items": {"$ref": f"#/components/schemas/{item}"}}
    return _object({"meta": meta, "items": items})
