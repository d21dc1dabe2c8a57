"""Money's part of the public API."""
