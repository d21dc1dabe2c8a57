"""Filters of the registers, in words."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin.filters import AllValuesFieldListFilter


def by(title: Any, words: dict[str, Any] | None = None) -> type[AllValuesFieldListFilter]:
    """A filter over the values that occur, shown in words where there are some."""

    class InWords(AllValuesFieldListFilter):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.title = title

        def choices(self, changelist: Any) -> Iterator[Any]:
            """The values, in words."""
            for choice in super().choices(changelist):
                shown = (words or {}).get(str(choice["display"]), choice["display"])
                yield {**choice, "display": shown}

    return InWords
