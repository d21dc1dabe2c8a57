"""The search backend of the site and the admin: modelsearch on PostgreSQL, with CJK text as bigrams."""

from functools import reduce
from typing import Any

from django.contrib.postgres.search import SearchQuery
from modelsearch.backends.database.postgres import postgres
from modelsearch.backends.database.postgres.query import Lexeme
from modelsearch.query import Phrase, PlainText

from cms.core import cjk


class CJKObjectIndexer(postgres.ObjectIndexer):
    """Writes every value the way that queries will look for it."""

    def prepare_value(self, value: Any) -> str:
        """Text with CJK runs as bigrams."""
        return cjk.index_text(super().prepare_value(value))


# The stock index names its indexer by this module's global, and offers no other hook.
postgres.ObjectIndexer = CJKObjectIndexer


class _CJKQueries:
    """Builds the terms of a query the way the index was written."""

    LAST_TERM_IS_PREFIX = False
    query: Any
    queryset: Any

    def search(self, *args: Any, **kwargs: Any) -> Any:
        """The matching rows; none for a query without a single word."""
        if isinstance(self.query, PlainText | Phrase) and not cjk.query_terms(self.query.query_string):
            return self.queryset.none()
        return super().search(*args, **kwargs)  # type: ignore[misc]

    def build_tsquery_content(self, query: Any, config: str | None = None, invert: bool = False) -> Any:
        """A tsquery of all terms; None where there are none."""
        if not isinstance(query, PlainText | Phrase):
            return super().build_tsquery_content(query, config=config, invert=invert)  # type: ignore[misc]
        terms = cjk.query_terms(query.query_string)
        if not terms:
            return None
        lexemes = [Lexeme(term.text, prefix=term.prefix, invert=invert) for term in terms]
        if self.LAST_TERM_IS_PREFIX:
            lexemes[-1].prefix = True
        every = isinstance(query, Phrase) or query.operator == "and"
        joined = reduce(lambda a, b: a & b if every else a | b, lexemes)
        return SearchQuery(joined, search_type="raw", config=config)


class CJKSearchQueryCompiler(_CJKQueries, postgres.PostgresSearchQueryCompiler):
    """Search."""


class CJKAutocompleteQueryCompiler(_CJKQueries, postgres.PostgresAutocompleteQueryCompiler):
    """Search as one types: the last term is a prefix."""

    LAST_TERM_IS_PREFIX = True


class SearchBackend(postgres.PostgresSearchBackend):
    """Named in WAGTAILSEARCH_BACKENDS."""

    query_compiler_class = CJKSearchQueryCompiler
    autocomplete_query_compiler_class = CJKAutocompleteQueryCompiler
