"""Statements as files to download, in a language of the reader's: CSV streamed, XLSX from disk."""

from collections.abc import Iterable, Iterator

from django.http import FileResponse, StreamingHttpResponse
from django.utils.translation import override

from funding.documents.spreadsheets import CONTENT_TYPE, statement_xlsx
from funding.documents.statements import statement_csv
from funding.statements import StatementRow

FORMS = ("csv", "xlsx")


def statement_file(rows: Iterable[StatementRow], *, form: str, name: str, language: str) -> StreamingHttpResponse:
    """The rows as `csv` or `xlsx`. The file's name must be harmless."""
    response: StreamingHttpResponse
    if form == "xlsx":
        with override(language):
            response = FileResponse(statement_xlsx(rows), as_attachment=True, filename=f"{name}.xlsx")
        response["Content-Type"] = CONTENT_TYPE
    else:
        lines = _spoken(statement_csv(rows), language)
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _spoken(lines: Iterator[str], language: str) -> Iterator[str]:
    # Lines are made while they are sent, when the view is long over.
    with override(language):
        yield from lines
