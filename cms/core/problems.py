"""RFC 9457 answers: every error of the API is problem+json with a stable code."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.fields import get_error_detail
from rest_framework.response import Response
from rest_framework.views import set_rollback

from cms.core.errors import Refusal


def problem(*, status: int, code: str, detail: str, headers: dict[str, str] | None = None, **extra: Any) -> Response:
    """One problem+json response; `extra` adds members such as `field` or `errors`."""
    body = {"type": f"urn:kindling:problem:{code}", "title": detail, "status": status, "code": code, **extra}
    return Response(body, status=status, headers=headers, content_type="application/problem+json")


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: refusals, validation and HTTP errors become problems; the rest is a 500."""
    if isinstance(error, Refusal):
        set_rollback()
        field: dict[str, Any] = {"field": error.field} if error.field else {}
        return problem(status=error.status, code=error.code, detail=str(error), **field, **error.extra)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, ValidationError):
        error = exceptions.ValidationError(get_error_detail(error))
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    if isinstance(error, exceptions.ValidationError):
        return problem(
            status=400, code="invalid_input", detail=_first(error.detail), headers=headers, errors=error.detail,
            field=next(iter(error.detail), "") if isinstance(error.detail, dict) else "",
        )  # fmt: skip
    code = error.get_codes()
    return problem(
        status=error.status_code, code=code if isinstance(code, str) else "error", detail=_first(error.detail),
        headers=headers,
    )  # fmt: skip


def _first(detail: Any) -> str:
    if isinstance(detail, dict):
        return _first(next(iter(detail.values()), ""))
    if isinstance(detail, list):
        return _first(detail[0]) if detail else ""
    return str(detail)
