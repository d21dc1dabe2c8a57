"""Statements as CSV: streamed, readable by spreadsheets in any language, harmless to open."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from funding.money import major
from funding.statements import StatementRow

BOM = "\ufeff"
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")
# What a spreadsheet takes for the beginning of a formula, in narrow and full width, and what hides it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Where commas are decimal, spreadsheets part cells at semicolons and know no quotes amid them: what follows is a cell.
_NEXT_CELL = re.compile(r"([;\t\r\n][ \u00a0\u3000\"']*)(?=[=+@－＝＋＠-])")

KINDS: dict[str, Any] = {
    "capture": gettext_lazy("Pledge received"),
    "provider_fee": gettext_lazy("Payment provider's fee"),
    "refund_asked": gettext_lazy("Refund under way"),
    "refund_succeeded": gettext_lazy("Refund paid back"),
    "refund_by_bank": gettext_lazy("Refund paid back by bank transfer"),
    "refund_failed": gettext_lazy("Refund failed; the money is held again"),
    "refund_returned": gettext_lazy("Refund sent back by the bank"),
    "late_refund_asked": gettext_lazy("Refunded to a backer after the payout"),
    "late_refund_failed": gettext_lazy("Refund after the payout failed"),
    "release": gettext_lazy("Released"),
    "transfer": gettext_lazy("Paid out to the creator"),
    "transfer_returned": gettext_lazy("Payout sent back"),
    "dispute_withdrawn": gettext_lazy("Withdrawn by the backer's bank"),
    "dispute_fee": gettext_lazy("Provider's fee for a dispute"),
    "dispute_lost": gettext_lazy("Taken back for good by the backer's bank"),
    "dispute_reinstated": gettext_lazy("Given back by the backer's bank"),
    "dispute_fee_returned": gettext_lazy("Provider's fee for a dispute given back"),
    "dispute_lost_returned": gettext_lazy("Dispute won after all"),
    "debt_netted": gettext_lazy("Kept for what the creator owes"),
    "debt_recovered": gettext_lazy("Debt paid by the creator"),
    "debt_written_off": gettext_lazy("Debt written off"),
    "tax_remitted": gettext_lazy("Tax paid to the authority"),
    "float": gettext_lazy("Platform's own money put in"),
}
PARTS: dict[str, Any] = {
    "commission": gettext_lazy("Platform fee"),
    "compensation_fund": gettext_lazy("Share of the compensation fund"),
    "tax_withheld": gettext_lazy("Tax withheld"),
    "payable": gettext_lazy("Set aside for the payout"),
}


def label(row: StatementRow) -> str:
    """What a line was, for people, in the active language."""
    if row.kind == "release":
        return str(PARTS.get(row.credit.split(":")[0], KINDS["release"]))
    return str(KINDS.get(row.kind, row.kind))


def safe_cell(value: Any) -> str:
    """A cell that no spreadsheet runs as a formula; plain numbers stay numbers."""
    text = "" if value is None else str(value)
    if _NUMBER.match(text):
        return text
    text = _NEXT_CELL.sub(r"\1'", text)
    return f"'{text}" if text.lstrip(" \u00a0\u3000").startswith(_FORMULA) else text


class _Echo:
    def write(self, value: str) -> str:
        return value


def csv_lines(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """CSV text, line by line, with a UTF-8 byte order mark first; every cell made safe."""
    writer = csv.writer(_Echo())
    yield BOM + writer.writerow([safe_cell(cell) for cell in header])
    for row in rows:
        yield writer.writerow([safe_cell(cell) for cell in row])


HEADER: tuple[Any, ...] = (
    gettext_lazy("Time (UTC)"), gettext_lazy("Description"), gettext_lazy("Campaign"), gettext_lazy("In"),
    gettext_lazy("Out"), gettext_lazy("Balance"), gettext_lazy("Currency"), gettext_lazy("Debit"),
    gettext_lazy("Credit"), gettext_lazy("Journal"),
)  # fmt: skip


def statement_csv(rows: Iterable[StatementRow]) -> Iterator[str]:
    """A statement as CSV lines; amounts as plain decimals of the currency, times in UTC ISO 8601."""
    return csv_lines(HEADER, (_cells(row) for row in rows))


def _cells(row: StatementRow) -> list[str]:
    def amount(value: int) -> str:
        return major(value, row.currency) if value else ""

    return [
        row.at.strftime("%Y-%m-%dT%H:%M:%SZ"), label(row), row.name, amount(row.incoming), amount(row.outgoing),
        major(row.balance, row.currency), row.currency, row.debit, row.credit, row.journal,
    ]  # fmt: skip
