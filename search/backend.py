"""The search backend of the site and the admin."""

from modelsearch.backends.database.postgres.postgres import (
    PostgresSearchBackend as SearchBackend,
)

__all__ = ["SearchBackend"]
