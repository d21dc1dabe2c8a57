"""What creators bring from elsewhere, as blocks of a story. Pure: no database, no network."""

from campaigns.bringing.articles import read_html
from campaigns.bringing.parts import Brought, FoundPicture, Unreadable
from campaigns.bringing.texts import read_markdown, read_word

__all__ = ["Brought", "FoundPicture", "Unreadable", "read_html", "read_markdown", "read_word"]
