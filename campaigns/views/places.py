"""Where things are: addresses of pages in the reader's language."""

from django.conf import settings
from django.urls import reverse


def index_url() -> str:
    """The campaigns index. Its slug is fixed in every language."""
    return reverse("wagtail_serve", args=("campaigns/",))


def api(path: str) -> str:
    """A path of the public interface, which is pinned: `/api/v2/…`."""
    return f"/api/v2/{path}"


def absolute(url: str) -> str:
    """With scheme and host, for mails and machines."""
    return f"{settings.PUBLIC_URL}{url}"
