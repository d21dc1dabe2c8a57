"""Rows as a spreadsheet: written to disk as they come, so that 100,000 of them cost no more memory than ten."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from funding.documents.statements import HEADER, label, safe_cell
from funding.money import EXPONENTS, major
from funding.statements import StatementRow

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What spreadsheets hold at most, less the head.
MOST_ROWS = 1_048_575


def xlsx(title: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> IO[bytes]:
    """An .xlsx file with one sheet, at its beginning. Decimals are numbers, times are times, all else is harmless text.

    More rows than a sheet holds go on the next.
    """
    book = Workbook(write_only=True)
    sheet, written = _sheet(book, title, header), 0
    for row in rows:
        if written == MOST_ROWS:
            sheet, written = _sheet(book, title, header), 0
        sheet.append([_cell(value) for value in row])
        written += 1
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the response
    book.save(file)
    file.seek(0)
    return file


def statement_xlsx(rows: Iterable[StatementRow]) -> IO[bytes]:
    """A statement as a spreadsheet: amounts as numbers of the currency, times in UTC."""
    return xlsx(_("Statement"), [str(name) for name in HEADER], (_line(row) for row in rows))


def amount_cell(amount: int, currency: str) -> Decimal:
    """Minor units as the exact number that a spreadsheet shows."""
    return Decimal(major(amount, currency)).quantize(Decimal(1).scaleb(-EXPONENTS[currency]))


def _line(row: StatementRow) -> list[object]:
    return [
        row.at, label(row), row.name, amount_cell(row.incoming, row.currency) if row.incoming else None,
        amount_cell(row.outgoing, row.currency) if row.outgoing else None, amount_cell(row.balance, row.currency),
        row.currency, row.debit, row.credit, row.journal,
    ]  # fmt: skip


def _sheet(book: Workbook, title: str, header: Sequence[object]) -> Any:
    sheet = book.create_sheet(_name(title))
    sheet.freeze_panes = "A2"
    for place in range(len(header)):
        sheet.column_dimensions[chr(ord("A") + place)].width = 20
    head = [WriteOnlyCell(sheet, value=_plain(name)) for name in header]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    return sheet


def _name(title: str) -> str:
    return "".join(one for one in title if one not in "[]:*?/\\")[:31] or "Sheet"


def _cell(value: object) -> object:
    if value is None or isinstance(value, int | Decimal):
        return value
    if isinstance(value, datetime):
        # Spreadsheets know no zones.
        return value.replace(tzinfo=None, microsecond=0)
    return _plain(value)


def _plain(value: object) -> str:
    # The apostrophe that CSV needs would be shown here; a text that begins like a formula is made text by it all the
    # same wherever the file is turned into CSV.
    return ILLEGAL_CHARACTERS_RE.sub("", safe_cell(value))
