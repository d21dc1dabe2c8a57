"""Where the editor shows a draft: on the site and, where a setting names one, on a headless front end."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

HEADLESS = "headless"
# It asks for a token of what is being written and frames the front end with it.
HEADLESS_TEMPLATE = "pages/wagtail/headless_preview.html"


def preview_modes() -> list[tuple[str, Any]]:
    """The modes of the editor's preview; the first is the usual one."""
    modes: list[tuple[str, Any]] = [("", _("This site"))]
    if settings.HEADLESS_PREVIEW_URL:
        modes.append((HEADLESS, _("Headless front end")))
    return modes
