"""Factories: rows as they are in real life. One module per package of the product."""

from tests.factories.users import PASSWORD, UserFactory

__all__ = ["PASSWORD", "UserFactory"]
