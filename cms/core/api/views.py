"""The view that all endpoints extend: language, parser, caching, limits."""

import codecs
import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.parsers import JSONParser
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from cms.core.errors import InvalidInput

LOCALES = tuple(code for code, _name in settings.LANGUAGES)
PRIVATE = "private, no-store"


class Utf8JSONParser(JSONParser):
    """JSON in UTF-8, whatever charset the header dreams of; nesting without end is a parse error too."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Read the body. Raises `ParseError`."""
        try:
            return json.load(codecs.getreader("utf-8")(stream), parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise ParseError(_("The body is no valid JSON.")) from error


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


class Throttle(SimpleRateThrottle):
    """So many calls a minute for each person, or address; the rates stand in `API_RATES`, none is no limit."""

    scope = "all"

    def get_rate(self) -> str | None:
        """Read each time, so that settings may differ."""
        return settings.API_RATES.get(self.scope)

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        """By person, else by address."""
        user = getattr(request, "user", None)
        ident = user.pk if user is not None and user.is_authenticated else self.get_ident(request)
        return f"throttle:{self.scope}:{ident}"

    @classmethod
    def of(cls, scope: str) -> type["Throttle"]:
        """The limit of one kind of call."""
        return type(f"{scope.title()}Throttle", (cls,), {"scope": scope})


class ApiView(APIView):
    """Answers in one language for the whole call: `?locale=`, else the person's, else English. Never by header on GET,
    for that would shred shared caches."""

    parser_classes = (Utf8JSONParser,)
    permission_classes: Sequence[Any] = (AllowAny,)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Run the call in its language."""
        chosen = request.GET.get("locale", "")
        with translation.override(chosen if chosen in LOCALES else "en"):
            return super().dispatch(request, *args, **kwargs)


class SignedIn(ApiView):
    """For people with an account; never stored on the way."""

    permission_classes: Sequence[Any] = (IsAuthenticated,)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Keep it out of every cache."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = PRIVATE
        return response


class Unknown(ApiView):
    """Every address under the API that isn't one."""

    schema = None
    authentication_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """404, whatever the method."""
        raise NotFound(_("There is nothing at this address."))

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Never reached."""
        raise NotFound


def locale_of(request: Request | HttpRequest) -> str:
    """The language that content is asked in. Raises `InvalidInput`."""
    chosen = request.GET.get("locale", "") or "en"
    if chosen not in LOCALES:
        raise InvalidInput(_("There is no such language here."), field="locale")
    return chosen


def user_of(request: Request) -> Any:
    """The person who calls, or None."""
    return request.user if request.user.is_authenticated else None


def public(response: Response, *, seconds: int, shared: int | None = None) -> Response:
    """Let everybody keep the answer: browsers for `seconds`, shared caches for `shared` and, stale, while they ask."""
    shared = seconds if shared is None else shared
    response["Cache-Control"] = f"public, max-age={seconds}, s-maxage={shared}, stale-while-revalidate={shared}"
    return response


def sealed(response: Response) -> Response:
    """Let nobody keep the answer."""
    response["Cache-Control"] = PRIVATE
    return response
