"""What every page may know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """`demo`: whether this is the demo, whose banner links the mailbox."""
    return {"demo": settings.DEMO, "public_url": settings.PUBLIC_URL}
