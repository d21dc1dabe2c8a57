"""What WSGI asks of us, in two small types."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from funding.sandbox.errors import ApiError

REASONS = {
    200: "OK", 302: "Found", 303: "See Other", 400: "Bad Request", 401: "Unauthorized", 402: "Payment Required",
    403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict", 429: "Too Many Requests",
    500: "Internal Server Error",
}  # fmt: skip
LARGEST_BODY = 1_000_000


@dataclass(frozen=True)
class Request:
    """One HTTP request, read whole."""

    method: str
    path: str
    query: str
    body: str
    headers: dict[str, str]

    @classmethod
    def read(cls, environ: dict[str, Any]) -> "Request":
        """Read a request whole; ApiError when it is too large or not UTF-8."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > LARGEST_BODY:
            raise ApiError("The request body is too large.", replayable=False)
        headers = {
            key[5:].replace("_", "-").lower(): value for key, value in environ.items() if key.startswith("HTTP_")
        }
        headers["content-type"] = environ.get("CONTENT_TYPE", "")
        try:
            body = environ["wsgi.input"].read(length).decode() if length else ""
        except UnicodeDecodeError as error:
            raise ApiError("The request body is not UTF-8.", replayable=False) from error
        path = environ.get("PATH_INFO", "/").encode("latin-1").decode("utf-8", "replace")
        return cls(environ["REQUEST_METHOD"], path, environ.get("QUERY_STRING", ""), body, headers)

    @property
    def is_form(self) -> bool:
        """Whether a page's form was posted."""
        return self.headers["content-type"].startswith("application/x-www-form-urlencoded")

    def form(self) -> dict[str, str]:
        """The fields of a posted form."""
        return dict(parse_qsl(self.body, keep_blank_values=True))


@dataclass
class Response:
    """One HTTP answer."""

    body: str | bytes
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)

    def send(self, start_response: Any) -> Iterable[bytes]:
        """Hand the answer to the server."""
        payload = self.body.encode() if isinstance(self.body, str) else self.body
        headers = {
            "Content-Type": f"{self.content_type}; charset=utf-8",
            "Content-Length": str(len(payload)),
            "Cache-Control": "no-store",
            **self.headers,
        }
        start_response(f"{self.status} {REASONS.get(self.status, 'Status')}", list(headers.items()))
        return [payload]


def json_response(body: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer in JSON."""
    return Response(json.dumps(body, indent=2, ensure_ascii=False), status=status, headers=headers or {})


def html_response(body: str, *, status: int = 200) -> Response:
    """A page."""
    return Response(body, status=status, content_type="text/html", headers={"Referrer-Policy": "same-origin"})


def redirect(url: str) -> Response:
    """Send a browser elsewhere with GET."""
    return Response("", status=303, content_type="text/plain", headers={"Location": url})
