"""What every endpoint of the public API stands on."""

from cms.core.api.anonymous import Anonymous, tag
from cms.core.api.fields import (
    Choice,
    Instant,
    Money,
    Page,
    Shape,
    Stream,
    Strict,
    Text,
    Truth,
    WholeNumber,
    instant,
    money,
)
from cms.core.api.paging import Window, keyset
from cms.core.api.views import ApiView, SignedIn, Throttle, Unknown, locale_of, public, sealed, user_of

__all__ = [
    "Anonymous", "ApiView", "Choice", "Instant", "Money", "Page", "Shape", "SignedIn", "Stream", "Strict", "Text",
    "Throttle", "Truth", "Unknown", "WholeNumber", "Window", "instant", "keyset", "locale_of", "money", "public",
    "sealed", "tag", "user_of",
]  # fmt: skip
