"""A printed sheet in the product's look: head with the mark, facts, tables, notes, page numbers. A4, pure Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from funding.documents.lettering import BOLD, REGULAR, lines, printable

Colour = tuple[int, int, int]
Align = Literal["L", "R"]

INK: Colour = (30, 26, 21)
MUTED: Colour = (107, 98, 87)
LINE: Colour = (214, 205, 190)
EMBER: Colour = (184, 66, 15)
MARGIN = 20.0
WIDTH = 210 - 2 * MARGIN
BOTTOM = 297 - 26.0

# The strokes of the mark on a square of 32: start, two controls, end.
_MARK = (
    ((9, 27.5), (4.5, 21.5), (7, 15.5), (11.5, 11.5)),
    ((12.8, 28), (9.8, 21.5), (16.5, 15), (16, 3.5)),
    ((16.4, 28.3), (14.8, 23), (19.8, 19), (20.6, 11)),
    ((20, 28), (19.6, 24.5), (23.4, 22), (24, 17)),
    ((23.6, 27), (25.3, 25.3), (26.4, 23.5), (26.4, 21.3)),
)


@dataclass(frozen=True)
class Column:
    """A column of a table: `share` of the width, numbers to the right."""

    title: str
    share: float
    align: Align = "L"


class Sheet(FPDF):
    """Pages of one document in the active language. `issuer` is printed at the foot of each, `code` beside it."""

    def __init__(self, *, title: str, code: str, issuer: str, at: datetime) -> None:
        super().__init__(format="A4")
        self.issuer, self.code = issuer, code
        self.add_font("sans", "", REGULAR)
        self.add_font("sans", "B", BOLD)
        self.set_margins(MARGIN, 16, MARGIN)
        self.set_auto_page_break(False)
        self.c_margin = 0
        self.set_title(printable(f"{title} {code}"))
        self.set_lang("zh-Hans" if (get_language() or "en").startswith("zh") else "en")
        # The same document is the same bytes, whenever it is printed.
        self.set_creation_date(at)
        self.set_producer("Kindling")
        self.alias_nb_pages("{pages}")
        self.add_page()
        self._head(title, code)

    def facts(self, pairs: Sequence[tuple[str, object]]) -> None:
        """Labels over values, in two columns, rows aligned; pairs without a value are left out."""
        width = (WIDTH - 10) / 2
        shown = [(label, value) for label, value in pairs if value not in ("", None)]
        for place in range(0, len(shown), 2):
            row = shown[place : place + 2]
            self.room(14)
            top, end = self.get_y(), self.get_y()
            for column, (label, value) in enumerate(row):
                self.set_xy(MARGIN + column * (width + 10), top)
                self._type(7.5, MUTED)
                self._line(label, width, 4.2)
                self._type(9.5, INK)
                self.text_block(value, width=width, height=5, x=MARGIN + column * (width + 10))
                end = max(end, self.get_y())
            self.set_y(end + 2.6)
        self.ln(2)

    def heading(self, text: str) -> None:
        """A heading between parts, kept with what follows."""
        self.room(24)
        self.ln(2)
        self._type(11.5, INK, bold=True)
        self._line(text, WIDTH, 7)
        self.ln(1)

    def ruled(self, columns: Sequence[Column], rows: Sequence[Sequence[object]]) -> None:
        """A ruled table over as many pages as it takes, its head on each; cells wrap, rows are never parted."""
        self._table_head(columns)
        for row in rows:
            self._type(9, INK)
            cells = [
                list(lines(cell, column.share * WIDTH - 4, self.get_string_width)) or [""]
                for cell, column in zip(row, columns, strict=True)
            ]
            height = 5 * max(map(len, cells)) + 3
            if self.room(height):
                self._table_head(columns)
            self._row(columns, cells, height)
        self.ln(2)

    def totals(self, rows: Sequence[tuple[str, str]]) -> None:
        """Amounts below a table, to the right; the last one is what it all comes to."""
        for place, (label, amount) in enumerate(rows, start=1):
            last = place == len(rows)
            self.room(10 if last else 6)
            self.set_x(MARGIN + WIDTH / 2 - 12)
            self._type(11 if last else 9, INK if last else MUTED, bold=last)
            self.cell(WIDTH / 4 + 12, 8 if last else 6, printable(label))
            self._type(13 if last else 9, EMBER if last else INK, bold=last)
            self.cell(WIDTH / 4, 8 if last else 6, printable(amount), align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(4)

    def note(self, text: str) -> None:
        """A paragraph in small print."""
        self._type(8.5, MUTED)
        self.text_block(text, width=WIDTH, height=4.8)
        self.ln(1.6)

    def printed(self) -> bytes:
        """The file."""
        return bytes(self.output())

    def room(self, height: float) -> bool:
        """Begin a new page if what comes doesn't fit on this one; whether it did."""
        if self.get_y() + height <= BOTTOM:
            return False
        self.add_page()
        return True

    def text_block(self, text: object, *, width: float, height: float, x: float = MARGIN) -> None:
        """Lines of the present type, broken to a width."""
        for line in lines(text, width, self.get_string_width):
            self.room(height)
            self.set_x(x)
            self._line(line, width, height)

    def footer(self) -> None:
        """Who issued it, its number, the page."""
        self.set_y(-20)
        self._rule()
        self.ln(2)
        self._type(7.5, MUTED)
        self.cell(WIDTH * 0.6, 4, printable(self.issuer)[:90])
        page = _("page %(n)s of %(pages)s") % {"n": self.page_no(), "pages": "{pages}"}
        self.cell(WIDTH * 0.4, 4, f"{printable(self.code)}  ·  {page}", align="R")

    def _head(self, title: str, code: str) -> None:
        self._draw_mark(MARGIN, 15, 11)
        self.set_xy(MARGIN + 13, 16)
        self._type(13, INK, bold=True)
        self.cell(60, 9, "Kindling 拾柴")
        self.set_xy(MARGIN, 15)
        self._type(17, INK, bold=True)
        self.cell(WIDTH, 8, printable(title), align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self._type(9.5, EMBER, bold=True)
        self.cell(WIDTH, 6, printable(code), align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(3)
        self._rule()
        self.ln(5)

    def _draw_mark(self, x: float, y: float, size: float) -> None:
        scale = size / 32
        self.set_draw_color(*EMBER)
        self.set_line_width(0.75)
        for stroke in _MARK:
            points = [_on_curve(stroke, step / 16) for step in range(17)]
            self.polyline([(x + a * scale, y + b * scale) for a, b in points])

    def _table_head(self, columns: Sequence[Column]) -> None:
        self.room(18)
        self._type(7.5, MUTED)
        for column in columns:
            gap = _gap(column, columns)
            self.cell(column.share * WIDTH - gap, 5, printable(column.title), align=column.align)
            self.set_x(self.get_x() + gap)
        self.ln(6)
        self._rule(INK)
        self.ln(1)

    def _row(self, columns: Sequence[Column], cells: Sequence[Sequence[str]], height: float) -> None:
        top, x = self.get_y(), MARGIN
        for column, texts in zip(columns, cells, strict=True):
            for place, line in enumerate(texts):
                self.set_xy(x, top + 1.2 + place * 5)
                self.cell(column.share * WIDTH - _gap(column, columns), 5, line, align=column.align)
            x += column.share * WIDTH
        self.set_xy(MARGIN, top + height)
        self._rule()

    def _rule(self, colour: Colour = LINE) -> None:
        self.set_draw_color(*colour)
        self.set_line_width(0.2)
        self.line(MARGIN, self.get_y(), MARGIN + WIDTH, self.get_y())

    def _type(self, size: float, colour: Colour, *, bold: bool = False) -> None:
        self.set_font("sans", "B" if bold else "", size)
        self.set_text_color(*colour)

    def _line(self, text: str, width: float, height: float) -> None:
        self.cell(width, height, printable(text), new_x=XPos.START, new_y=YPos.NEXT)


def _gap(column: Column, columns: Sequence[Column]) -> float:
    return 0 if column is columns[-1] else 2


def _on_curve(stroke: Sequence[tuple[float, float]], t: float) -> tuple[float, float]:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    return (
        sum(weight * point[0] for weight, point in zip(weights, stroke, strict=True)),
        sum(weight * point[1] for weight, point in zip(weights, stroke, strict=True)),
    )
