"""Where things are: addresses of pages in the reader's language."""

from django.conf import settings
from django.urls import reverse, translate_url
from django.utils.translation import override


def index_url() -> str:
    """The campaigns index. Its slug is fixed in every language."""
    return reverse("wagtail_serve", args=("campaigns/",))


def in_language(url: str, code: str) -> str:
    """The same place in another language."""
    return translate_url(url, code)


def absolute(url: str) -> str:
    """With scheme and host, for mails and machines."""
    return f"{settings.PUBLIC_URL}{url}"


def localised(name: str, locale: str, **kwargs: object) -> str:
    """`reverse` under a language that need not be the active one."""
    with override(locale):
        return reverse(name, kwargs=kwargs)
