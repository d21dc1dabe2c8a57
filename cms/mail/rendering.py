"""A message's text in the language of its reader."""

import hashlib
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import translation

from cms.mail.backends import KEY_HEADER


def render(*, template: str, locale: str, context: dict[str, Any], to: str) -> tuple[str, str, str]:
    """Subject, plain text and HTML ("" where a mail has none). Only HTML is escaped; links start at PUBLIC_URL."""
    url, name = settings.PUBLIC_URL, settings.WAGTAIL_SITE_NAME
    values = {**context, "public_url": url, "site_url": url, "site_name": name, "locale": locale, "to": to}
    with translation.override(locale):
        subject = " ".join(_plain(f"emails/{template}.subject.txt", values).split())
        text = _plain(f"emails/{template}.txt", values).strip() + "\n"
        try:
            html = get_template(f"emails/{template}.html").render(values)
        except TemplateDoesNotExist as missing:
            if str(missing) != f"emails/{template}.html":
                raise
            html = ""
    return subject, text, html


def headers(key: str) -> dict[str, str]:
    """Its key; a Message-ID that is the same for a second copy; and that no out-of-office need answer."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    digest = hashlib.sha256(key.encode()).hexdigest()[:40]
    return {KEY_HEADER: key, "Message-ID": f"<{digest}@{host}>", "Auto-Submitted": "auto-generated"}


def _plain(name: str, values: dict[str, Any]) -> str:
    backend = get_template(name)
    return str(backend.template.render(Context(values, autoescape=False)))  # type: ignore[attr-defined]
