"""Django's PostgreSQL, told when a connection need not be tried again."""
