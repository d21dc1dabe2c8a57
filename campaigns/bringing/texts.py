"""Word and Markdown, by way of HTML."""

import io
import zipfile

import mammoth
from markdown_it import MarkdownIt

from campaigns.bringing.articles import read_html
from campaigns.bringing.parts import Brought, Unreadable

# What a Word file may unpack to: text and pictures of a long story, never a bomb.
MOST_UNPACKED = 200_000_000
MOST_RATIO = 200
_STYLES = "\n".join((
    "p[style-name='Title'] => h1:fresh", "p[style-name='Quote'] => blockquote:fresh",
    "p[style-name='引用'] => blockquote:fresh",
))  # fmt: skip


def read_word(data: bytes) -> Brought:
    """A .docx with its pictures. Raises `Unreadable`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive)
        html = mammoth.convert_to_html(io.BytesIO(data), style_map=_STYLES, external_file_access=False).value
    except Unreadable:
        raise
    except Exception as error:
        # Files of people come broken in every way that there is; the library has no one class for it.
        raise Unreadable(type(error).__name__) from error
    return read_html(html)


def read_markdown(text: str) -> Brought:
    """Markdown with tables; HTML inside it is read as text."""
    return read_html(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))


def _check(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if "word/document.xml" not in {part.filename for part in parts}:
        raise Unreadable("no Word document")
    whole = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if whole > MOST_UNPACKED or whole > packed * MOST_RATIO:
        raise Unreadable("unpacks to too much")
    # An entity that names itself grows without end; documents have no use for them.
    for part in parts:
        if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(part)[:4096].upper():
            raise Unreadable("declares entities")
