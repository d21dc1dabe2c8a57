"""What stands around every page: header, footer, languages, the demo's banner. Each part is given by who knows it.

A package gives its part in `AppConfig.ready()`; the parts are described in `templates/base.html`. A part is worked
out when a template first asks for it, so pages without the frame (the admin, mails) pay nothing.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, reverse, translate_url
from django.utils import formats, timezone
from django.utils.translation import get_language, get_language_info

from cms.core import clock

Part = Callable[[HttpRequest], Any]
_parts: dict[str, Part] = {}


def provide(name: str, part: Part) -> None:
    """Give one part of the frame. The last one given counts."""
    _parts[name] = part


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `chrome`, a table of parts that are called when they are read."""
    return {"chrome": {name: functools.cache(functools.partial(part, request)) for name, part in _parts.items()}}


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named view, or "" where this installation has none."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


def home_url(request: HttpRequest) -> str:
    """The front page in the language of this page."""
    return f"{get_script_prefix()}{get_language() or settings.LANGUAGE_CODE}/"


def languages(request: HttpRequest) -> list[dict[str, Any]]:
    """This same place in each language; where the address carries none, a parameter asks for it."""
    here, current = request.get_full_path(), get_language()
    localised = any(request.path_info.startswith(f"/{code}/") for code, _ in settings.LANGUAGES)
    links = []
    for code, _ in settings.LANGUAGES:
        address = translate_url(here, code)
        if not localised:
            query = request.GET.copy()
            query["lang"] = code
            address = f"{request.path}?{query.urlencode()}"
        name = get_language_info(code)["name_local"]
        links.append({"code": code, "name": name, "url": address, "current": code == current})
    return links


def demo(request: HttpRequest) -> dict[str, Any] | None:
    """The demo's banner, and nothing outside the demo."""
    if not settings.DEMO:
        return None
    sandbox = f"{settings.STRIPE_API_BASE}/" if settings.STRIPE_IS_LOCAL else ""
    now = timezone.localtime(clock.now())
    text = f"{formats.date_format(now, 'DATE_FORMAT')} {now:%H:%M}"
    return {"mailbox_url": url("mailbox"), "sandbox_url": sandbox, "now_text": text}


provide("home_url", home_url)
provide("languages", languages)
provide("demo", demo)
