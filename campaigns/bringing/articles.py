"""HTML, also of articles of WeChat's public accounts, into blocks.

Nothing of the page's own markup survives but paragraphs, lists, bold, italics and links: whatever else comes, scripts
included, is left behind by being no word of the text.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote_to_bytes, urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from django.utils.html import escape

from campaigns.bringing.parts import Brought, FoundPicture

LONGEST_HEADING = 120
MOST_NESTED = 60
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_INLINE = {"b": "b", "strong": "b", "i": "i", "em": "i"}
_NOTHING = frozenset(
    {"script", "style", "noscript", "template", "form", "button", "input", "select", "nav", "svg", "object", "head"}
)
_BLOCKS = frozenset(
    {"p", "div", "section", "article", "main", "figure", "header", "footer", "li", "td", "th", "tr", "dl", "dt", "dd"}
    | {"pre", "address", "center", "body", "html"}
)
_FILMS = re.compile(r"^https://(?:www\.)?(?:youtube\.com|youtube-nocookie\.com|youtu\.be|player\.vimeo\.com|vimeo\.com"
                    r"|player\.bilibili\.com|bilibili\.com)/", re.IGNORECASE)  # fmt: skip
_YOUTUBE = re.compile(r"youtube(?:-nocookie)?\.com/embed/([\w-]{6,20})")
_VIMEO = re.compile(r"player\.vimeo\.com/video/(\d+)")
_BILIBILI = re.compile(r"bvid=(BV\w{10})")


def read_html(text: str) -> Brought:
    """The article of a page: what WeChat, `<article>` or `<main>` hold, else all of it."""
    soup = BeautifulSoup(text, "html.parser")
    root = soup.select_one("#js_content") or soup.find("article") or soup.find("main") or soup.body or soup
    reader = _Reader()
    heading = soup.select_one("#activity-name") or soup.find("h1")
    if isinstance(heading, Tag):
        reader.found.title = _plain(heading)[:255]
    reader.walk(root, 0)
    reader.flush()
    return reader.found


class _Reader:
    def __init__(self) -> None:
        self.found = Brought()
        # Rich text that waits for its end: finished paragraphs, and the one that is being read.
        self.paragraphs: list[str] = []
        self.line: list[str] = []
        self._readers: dict[str, Callable[[Tag], None]] = {
            **dict.fromkeys(_HEADINGS, self.heading), **dict.fromkeys(("iframe", "video", "audio", "embed"), self.film),
            **dict.fromkeys(("ul", "ol"), self.items), "img": self.picture, "blockquote": self.quote,
            "table": self.table, "br": lambda tag: self.end_line(),
        }  # fmt: skip

    def walk(self, node: Tag, depth: int) -> None:
        """Everything below a node, in the order of reading."""
        if depth > MOST_NESTED:
            self.found.leave_out("nesting")
            return
        for child in node.children:
            if isinstance(child, Tag):
                self.tag(child, depth)
            elif type(child) is NavigableString:
                self.line.append(escape(re.sub(r"\s+", " ", str(child))))

    def tag(self, tag: Tag, depth: int) -> None:
        """One element."""
        name = tag.name.lower()
        read = self._readers.get(name)
        if name in _NOTHING:
            if name in {"form", "object", "svg"}:
                self.found.leave_out(name)
        elif read is not None:
            read(tag)
        elif name in _BLOCKS:
            self.end_line()
            self.walk(tag, depth + 1)
            self.end_line()
        else:
            self.inline(tag, depth)

    def inline(self, tag: Tag, depth: int) -> None:
        """Bold, italics, links; what else there is, is only its text."""
        if tag.find(["img", "iframe", "table", "p", "div", "section", *_HEADINGS]) is not None:
            self.walk(tag, depth + 1)
        else:
            self.line.append(_rich(tag))

    def heading(self, tag: Tag) -> None:
        """A heading ends what was before it. The page's title is none of its story."""
        words = _plain(tag)
        self.pictures_of(tag)
        if words and not (words == self.found.title and not self.found.blocks and not self.paragraphs):
            self.flush()
            self.found.blocks.append({"type": "heading", "value": words[:LONGEST_HEADING]})

    def items(self, tag: Tag) -> None:
        """A list, its pictures behind it."""
        self.end_line()
        self.paragraphs.append(_list(tag, tag.name.lower()))
        self.pictures_of(tag)

    def quote(self, tag: Tag) -> None:
        """Words of somebody, with a name where one is cited."""
        self.pictures_of(tag)
        cited = tag.find(["cite", "footer"])
        name = _plain(cited).lstrip("—– -") if isinstance(cited, Tag) else ""
        if isinstance(cited, Tag):
            cited.extract()
        if words := _plain(tag, keep_lines=True):
            if len(words) > 600:
                self.paragraphs.append(f"<p>{escape(words)}</p>")
                return
            self.flush()
            self.found.blocks.append({"type": "quote", "value": {"text": words, "attribution": name[:120]}})

    def picture(self, tag: Tag) -> None:
        """A picture with its words; tracking dots are none."""
        if str(tag.get("width", "")) in {"0", "1"} or str(tag.get("height", "")) in {"0", "1"}:
            return
        # WeChat keeps the address of a picture that is not yet shown beside it.
        source = str(tag.get("data-src") or tag.get("src") or "").strip()
        figure = tag.find_parent("figure")
        said = figure.find("figcaption") if isinstance(figure, Tag) else None
        caption = _plain(said) if isinstance(said, Tag) else ""
        if isinstance(said, Tag):
            said.extract()
        found = _picture(source, str(tag.get("alt") or "").strip()[:200], caption[:200])
        if found is None:
            self.found.leave_out("picture")
            return
        self.flush()
        self.found.blocks.append(found)

    def pictures_of(self, tag: Tag) -> None:
        """Pictures inside what holds only words."""
        for image in tag.find_all("img"):
            if isinstance(image, Tag):
                self.picture(image)

    def film(self, tag: Tag) -> None:
        """A film of a host that stories may show; others are left out."""
        address = _film(str(tag.get("data-src") or tag.get("src") or ""))
        if address is None:
            self.found.leave_out("film")
            return
        self.flush()
        self.found.blocks.append({"type": "video", "value": {"url": address, "caption": ""}})

    def table(self, tag: Tag) -> None:
        """A comparison where it is one: a row of names, then rows of as many cells; else its lines."""
        rows = [[_plain(cell)[:200] for cell in row.find_all(["td", "th"])] for row in tag.find_all("tr")]
        rows = [row for row in rows if any(row)]
        self.pictures_of(tag)
        if len(rows) < 2 or not 3 <= len(rows[0]) <= 6 or any(len(row) != len(rows[0]) for row in rows):
            self.end_line()
            self.paragraphs += [f"<p>{escape(' · '.join(filter(None, row)))}</p>" for row in rows]
            return
        self.flush()
        names = [name[:60] for name in rows[0][1:]]
        if not all(names):
            self.paragraphs += [f"<p>{escape(' · '.join(filter(None, row)))}</p>" for row in rows]
            return
        lines = [{"feature": row[0][:80], "cells": [cell[:80] for cell in row[1:]]} for row in rows[1:31]]
        caption = tag.find("caption")
        title = (_plain(caption) if isinstance(caption, Tag) else "") or rows[0][0] or names[0]
        value = {"caption": title[:120], "columns": names, "rows": lines}
        self.found.blocks.append({"type": "comparison", "value": value})

    def end_line(self) -> None:
        """The paragraph that is being read is over."""
        words = re.sub(r" {2,}", " ", "".join(self.line)).strip()
        self.line = []
        if re.sub(r"<[^>]+>|&nbsp;|\s", "", words):
            self.paragraphs.append(f"<p>{words}</p>")

    def flush(self) -> None:
        """Text so far is one block."""
        self.end_line()
        if text := "".join(self.paragraphs):
            self.found.blocks.append({"type": "text", "value": text})
        self.paragraphs = []


def _plain(tag: Tag, *, keep_lines: bool = False) -> str:
    words = tag.get_text("\n" if keep_lines else " ")
    lines = (re.sub(r"\s+", " ", line).strip() for line in words.split("\n"))
    return ("\n" if keep_lines else " ").join(line for line in lines if line)


def _rich(node: Tag) -> str:
    parts = "".join(_rich_parts(node))
    name = _INLINE.get(node.name.lower())
    if name and parts.strip():
        return f"<{name}>{parts}</{name}>"
    if node.name.lower() == "a" and parts.strip() and (address := _address(str(node.get("href") or ""))):
        return f'<a href="{escape(address)}">{parts}</a>'
    return parts


def _rich_parts(node: Tag) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, Tag):
            if child.name.lower() not in _NOTHING:
                yield _rich(child)
        elif type(child) is NavigableString:
            yield escape(re.sub(r"\s+", " ", str(child)))


def _list(tag: Tag, name: str) -> str:
    items = []
    for item in tag.find_all("li", recursive=False):
        if isinstance(item, Tag):
            inner = [part.extract() for part in item.find_all(["ul", "ol"], recursive=False)]
            deeper = [entry for part in inner if isinstance(part, Tag) for entry in part.find_all("li")]
            nested = [f"<li>{escape(_plain(entry))}</li>" for entry in deeper if isinstance(entry, Tag)]
            if words := _rich(item).strip():
                items.append(f"<li>{words}</li>")
            items += nested
    return f"<{name}>{''.join(items)}</{name}>" if items else ""


def _address(text: str) -> str:
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return ""
    return text.strip() if parts.scheme in {"http", "https", "mailto"} else ""


def _film(source: str) -> str | None:
    source = f"https:{source}" if source.startswith("//") else source
    for pattern, address in (
        (_YOUTUBE, "https://www.youtube.com/watch?v={}"), (_VIMEO, "https://vimeo.com/{}"),
        (_BILIBILI, "https://www.bilibili.com/video/{}"),
    ):  # fmt: skip
        if match := pattern.search(source):
            return address.format(match[1])
    return source if _FILMS.match(source) else None


def _picture(source: str, alt: str, caption: str) -> FoundPicture | None:
    if source.startswith("data:"):
        head, comma, body = source.partition(",")
        if not comma or not head.startswith("data:image/"):
            return None
        try:
            data = base64.b64decode(body, validate=False) if head.endswith(";base64") else unquote_to_bytes(body)
        except (binascii.Error, ValueError):
            return None
        return FoundPicture(data=data, alt=alt, caption=caption) if data else None
    source = f"https:{source}" if source.startswith("//") else source
    return FoundPicture(address=source, alt=alt, caption=caption) if _address(source).startswith("http") else None
