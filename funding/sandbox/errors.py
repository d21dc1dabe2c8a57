"""Stripe's error answers."""

from typing import Any


class ApiError(Exception):
    """One error answer of the API: HTTP status, type, code, parameter and message, as Stripe words them.

    `replayable` says whether an idempotency key remembers it: Stripe remembers errors met while an endpoint
    ran, never those of validation, authentication, limits or conflicts.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        type: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        replayable: bool = True,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.replayable = replayable
        fields = {"type": type, "message": message, "code": code, "param": param, **extra}
        if code:
            fields["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"
        self.body = {"error": {key: value for key, value in fields.items() if value is not None}}


def invalid(message: str, *, param: str, code: str | None = None) -> ApiError:
    """A parameter that has the wrong shape; found before anything ran, so never remembered."""
    return ApiError(message, code=code, param=param, replayable=False)


def missing(kind: str, id: str, *, param: str = "id", status: int = 404) -> ApiError:
    """An object that does not exist: 404 when the path names it, 400 when a parameter does."""
    return ApiError(f"No such {kind}: '{id}'", status=status, code="resource_missing", param=param)
