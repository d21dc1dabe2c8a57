"""The WSGI application: the providers' APIs, the payers' pages and the control API."""

import logging
import re
from collections.abc import Iterable
from typing import Any

from funding.sandbox.direct import alipay_api, control, pages, wechat_api
from funding.sandbox.direct.world import DirectWorld
from funding.sandbox.errors import ApiError
from funding.sandbox.http import Request, Response, html_response, json_response

logger = logging.getLogger(__name__)


class Application:
    """The stand-ins as one WSGI application."""

    def __init__(self, world: DirectWorld) -> None:
        self.world = world

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        try:
            response = self._respond(Request.read(environ))
        except ApiError as error:
            response = json_response(error.body, status=error.status)
        except Exception:
            logger.exception("%s %s failed", environ.get("REQUEST_METHOD"), environ.get("PATH_INFO"))
            response = json_response({"code": "SYSTEM_ERROR", "message": "see the output"}, status=500)
        return response.send(start_response)

    def _respond(self, request: Request) -> Response:
        if request.path.startswith("/v3/"):
            return wechat_api.handle(self.world, request)
        if request.path == "/gateway.do":
            return alipay_api.handle(self.world, request)
        if request.path == "/downloadBillFile.resource":
            return alipay_api.download(self.world, request)
        if request.path.startswith("/_control/"):
            return control.handle(self.world, request)
        with self.world.store.transaction():
            if request.path == "/":
                return pages.listing(self.world, request)
            if match := re.fullmatch(r"/(wechat|alipay)/pay/(\w+)", request.path):
                page = pages.submit if request.method == "POST" else pages.show
                return page(self.world, request, match[1], match[2])
        return html_response("<!doctype html><title>Not found</title><p>Not found.", status=404)
