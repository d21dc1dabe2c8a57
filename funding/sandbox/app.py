"""The WSGI application: routes a request to the API, the control API or a page."""

import logging
import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from funding.sandbox import control, control_page, jobs, onboarding_page, pay_page
from funding.sandbox.api import Api
from funding.sandbox.errors import ApiError
from funding.sandbox.http import Request, Response, html_response, json_response
from funding.sandbox.world import World

logger = logging.getLogger(__name__)

Page = Callable[[World, Request, str], Response]

PAGES: Final[list[tuple[str, str, Page]]] = [
    ("GET", r"/()", control_page.show),
    ("GET", r"/pay/(\w+)", pay_page.show),
    ("POST", r"/pay/(\w+)", pay_page.submit),
    ("GET", r"/pay/(\w+)/authorise", pay_page.show_challenge),
    ("POST", r"/pay/(\w+)/authorise", pay_page.answer_challenge),
    ("GET", r"/onboarding/(\w+)", onboarding_page.show),
    ("POST", r"/onboarding/(\w+)", onboarding_page.submit),
]


class Application:
    """The local Stripe as a WSGI application."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._api = Api(world)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        try:
            response = self._respond(Request.read(environ))
        except ConnectionAbortedError:
            raise
        except ApiError as error:
            response = json_response(error.body, status=error.status)
        except Exception:
            logger.exception("%s %s failed", environ.get("REQUEST_METHOD"), environ.get("PATH_INFO"))
            body = {"error": {"type": "api_error", "message": "The local Stripe failed: see its output."}}
            response = json_response(body, status=500)
        return response.send(start_response)

    def _respond(self, request: Request) -> Response:
        if request.path.startswith(("/v1/", "/v2/")):
            return self._api.handle(request)
        if request.path.startswith("/_control/"):
            return control.handle(self.world, request)
        for method, pattern, page in PAGES:
            match = re.fullmatch(pattern, request.path.rstrip("/") or "/")
            if match and method == request.method:
                return self._page(page, request, match[1])
        return html_response("<!doctype html><title>Not found</title><p>Not found.", status=404)

    def _page(self, page: Page, request: Request, id: str) -> Response:
        jobs.run_due(self.world)
        with self.world.store.transaction():
            response = page(self.world, request, id)
        self.world.deliver_now.set()
        return response
