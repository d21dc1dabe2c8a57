"""Small pieces of HTML that speak the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from funding.sandbox.control_page.texts import CHINESE
from funding.sandbox.currencies import EXPONENTS, format_amount

Cell = object
Options = Iterable[tuple[str, str]]


def money(amount: int, currency: str) -> str:
    """Minor units as people read them; what is owed has a minus."""
    return ("−" if amount < 0 else "") + format_amount(abs(amount), currency)


@dataclass(frozen=True)
class Html:
    """HTML already; everything else is escaped."""

    text: str


@dataclass(frozen=True)
class Section:
    """A part of the page, at `#id`; its forms lead back to it."""

    language: str
    id: str

    def say(self, text: str) -> str:
        """The text in the reader's language. KeyError where it was never translated."""
        return text if self.language == "en" else CHINESE[text]

    def whole(self, title: str, *content: str) -> str:
        """Title and content."""
        return f'<section id="{self.id}"><h2>{escape(self.say(title))}</h2>{"".join(content)}</section>'

    def note(self, text: str) -> str:
        """A sentence of explanation."""
        return f'<p class="muted">{escape(self.say(text))}</p>'

    def table(self, heads: Iterable[str], rows: list[str], empty: str = "None yet.") -> str:
        """A table with heads in words; "" heads the column of buttons."""
        if not rows:
            return self.note(empty)
        head = "".join(f"<th>{escape(self.say(name)) if name else ''}</th>" for name in heads)
        return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'

    def form(self, action: str, label: str, *fields: str, quiet: bool = True) -> str:
        """A button, with its fields before it."""
        style = "small quiet" if quiet else "small"
        hidden = self.hidden("section", self.id)
        button = f'<button class="{style}">{escape(self.say(label))}</button>'
        return f'<form class="inline" method="post" action="{escape(action)}">{hidden}{"".join(fields)}{button}</form>'

    def hidden(self, name: str, value: object) -> str:
        """What a form says by itself."""
        return f'<input type="hidden" name="{name}" value="{escape(str(value))}">'

    def field(self, name: str, label: str, value: str = "", *, kind: str = "text", size: int = 12) -> str:
        """One line to type in."""
        said = escape(self.say(label))
        return (
            f'<input name="{name}" aria-label="{said}" placeholder="{said}" type="{kind}" size="{size}"'
            f' value="{escape(value)}">'
        )

    def choice(self, name: str, label: str, options: Options, chosen: str = "") -> str:
        """One of several; values as Stripe names them, labels as given."""
        inner = "".join(
            f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(text)}</option>'
            for value, text in options
        )
        return f'<select name="{name}" aria-label="{escape(self.say(label))}">{inner}</select>'

    def currency(self, chosen: str = "cny") -> str:
        """Which currency."""
        return self.choice("currency", "Currency", [(code, code.upper()) for code in sorted(EXPONENTS)], chosen)


def row(*cells: Cell) -> str:
    """One line of a table."""
    shown = (cell.text if isinstance(cell, Html) else escape("" if cell is None else str(cell)) for cell in cells)
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in shown)}</tr>"


def code(text: object) -> Html:
    """An id: small, never broken."""
    return Html(f"<code>{escape('' if text is None else str(text))}</code>")


def buttons(*forms: str) -> Html:
    """What can be done to a row."""
    return Html(f'<div class="actions">{"".join(forms)}</div>')
