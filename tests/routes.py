"""Every address of the site, from Django's resolver, and how to fill in the gaps of one."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

_GAP = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>((?:[^()]|\([^()]*\))*)\)|(\((?:[^()?]|\([^()]*\))+\)[*+]?)")


@dataclass(frozen=True)
class Route:
    """One pattern. `name` is what `reverse` takes; `origin` the module of the view."""

    route: str
    name: str
    origin: str

    @property
    def gaps(self) -> list[str]:
        """The names of its parameters, in order; a nameless one is its place."""
        return [match[2] or match[3] or str(place) for place, match in enumerate(_GAP.finditer(self.route))]

    def url(self, values: Mapping[str, Any]) -> str:
        """The address with these values. Raises `KeyError` for one that is missing."""
        places = iter(self.gaps)
        filled = _GAP.sub(lambda _match: str(values[next(places)]), self.route)
        return "/" + re.sub(r"\\Z|[\^$]", "", filled).replace("\\.", ".")


def routes(prefix: str = "") -> list[Route]:
    """All patterns whose address begins so."""
    found = (route for route in _walk(get_resolver().url_patterns, "", ()))
    return [route for route in found if route.route.startswith(prefix)]


def _walk(patterns: list[URLPattern | URLResolver], before: str, spaces: tuple[str, ...]) -> Iterator[Route]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(
                pattern.url_patterns, route, (*spaces, *([pattern.namespace] if pattern.namespace else []))
            )
        else:
            view = getattr(pattern.callback, "view_class", getattr(pattern.callback, "cls", pattern.callback))
            yield Route(route, ":".join([*spaces, pattern.name or route]), view.__module__)
