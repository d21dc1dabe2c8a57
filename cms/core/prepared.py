"""Questions that are asked all the time: Django writes their SQL once, not each time."""

from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


class Given(str):
    """Stands in a prepared queryset for a text that is given later: `filter(key=Given("key"))`."""

    __slots__ = ()


class Prepared(Generic[Row]):
    """A queryset that is asked again and again: `Prepared(rows.filter(key=Given("key"))).rows(key=key)`.

    Writing the SQL of a queryset takes Django longer than answering it takes the database. Rows are the model's, with
    their annotations; `select_related` and `prefetch_related` are not for here.
    """

    def __init__(self, queryset: "QuerySet[Row]") -> None:
        self.queryset = queryset

    def rows(self, **given: str) -> "list[Row]":
        """The rows, one query. Each `Given` of the queryset is given by name."""
        compiler, sql, values = self._written
        filled = [given[value] if isinstance(value, Given) else value for value in values]
        with connection.cursor() as cursor:
            cursor.execute(sql, filled)
            found = cursor.fetchall()
        return [self._row(row) for row in compiler.results_iter([found], tuple_expected=True)]

    def _row(self, values: tuple[Any, ...]) -> Row:
        columns, annotations = self._columns
        row = self.queryset.model.from_db(connection.alias, columns, values[: len(columns)])
        for name, position in annotations:
            setattr(row, name, values[position])
        return row

    @cached_property
    def _written(self) -> tuple[Any, str, tuple[Any, ...]]:
        compiler = self.queryset.query.get_compiler(connection.alias)
        return compiler, *compiler.as_sql()

    @cached_property
    def _columns(self) -> tuple[list[str], list[tuple[str, int]]]:
        """The model's columns, which come first, and where each annotation stands."""
        compiler = self._written[0]
        columns = [compiler.select[index][0].target.attname for index in compiler.klass_info["select_fields"]]
        return columns, list(compiler.annotation_col_map.items())
