"""The words inside a block's data, whatever its type: passages with the way to each."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_MARKUP = re.compile(r"</?(?:p|h[1-6]|ul|ol|li|b|i|em|strong|a|br|hr|embed|code|sup|sub|blockquote|s)\b[^>]*>", re.I)
_ENDS = re.compile(r"</(?:p|h[1-6]|blockquote|ul|ol)>|<br\s*/?>|<hr\s*/?>", re.IGNORECASE)
_ITEM = re.compile(r"<li\b[^>]*>", re.IGNORECASE)
_LINK = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.IGNORECASE | re.DOTALL)
_EMBED = re.compile(r"<embed\b([^>]*?)/?>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Passage:
    """One text of a block. `key` is the same in two versions for the same item of a list, `path` counts from 1."""

    key: str
    path: str
    text: str

    @property
    def name(self) -> str:
        """The field's own name; empty for a block that is one text."""
        return next((part for part in reversed(self.path.split(".")) if part and not part.isdigit()), "")


def passages(value: Any) -> Iterator[Passage]:
    """Every text of a block's value, in its order; numbers and yes or no are texts too."""
    yield from _walk(value, "", "")


def _walk(value: Any, key: str, path: str) -> Iterator[Passage]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _walk(inner, f"{key}.{name}".lstrip("."), f"{path}.{name}".lstrip("."))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value, start=1):
            yield from _walk(*_item(inner, key, path, number))
    else:
        yield Passage(key, path, _text(value))


def _item(inner: Any, key: str, path: str, number: int) -> tuple[Any, str, str]:
    """An item of a list block comes wrapped, `{type, value, id}`: its id says which it is."""
    if isinstance(inner, dict) and inner.keys() == {"type", "value", "id"}:
        return inner["value"], f"{key}.{inner['id'] or number}", f"{path}.{number}"
    return inner, f"{key}.{number}", f"{path}.{number}"


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "✓"
    text = str(value)
    return without_markup(text) if _MARKUP.search(text) else text.strip()


def without_markup(text: str) -> str:
    """Rich text as plain lines. Where a link leads is part of what is read: it stands behind its words."""
    text = _LINK.sub(lambda match: f"{match[2]} ⟨{_target(match[1])}⟩", text)
    text = _EMBED.sub(lambda match: f"⟨{_target(match[1])}⟩\n", text)
    text = _ITEM.sub("• ", text.replace("</li>", "\n").replace("</LI>", "\n"))
    text = html.unescape(_MARKUP.sub("", _ENDS.sub("\n", text)))
    return "\n".join(line for line in (line.strip() for line in text.split("\n")) if line)


def _target(attributes: str) -> str:
    found = dict(_ATTRIBUTE.findall(attributes))
    kind = found.get("linktype") or found.get("embedtype")
    if kind:
        return f"{kind} {found.get('id') or found.get('url') or ''}".strip()
    return html.unescape(found.get("href", ""))
