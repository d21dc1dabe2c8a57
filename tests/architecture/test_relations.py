"""No relation points up: a foreign key named by a string is no import, so import contracts don't see it."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.models import Field, Model

# Low to high; what is not named here is a library and stands below all.
PACKAGES = ["cms.core", "cms.users", "cms.images", "cms.mail", "funding", "campaigns", "search", "home"]


def rank(model: type[Model]) -> int:
    """How high a model stands."""
    module = f"{model.__module__}."
    return next((i for i, package in enumerate(PACKAGES, 1) if module.startswith(f"{package}.")), 0)


def ours() -> list[type[Model]]:
    """Every model of the project, tables made for many-to-many relations included."""
    return [model for model in apps.get_models(include_auto_created=True) if rank(model)]


def relations(model: type[Model]) -> Iterator[Field]:
    """Relations that a model itself declares or inherits, not those that others point at it."""
    for field in model._meta.get_fields():
        if field.is_relation and not field.auto_created and field.related_model:
            yield field


@pytest.mark.parametrize("model", ours(), ids=lambda model: model._meta.label)
def test_no_relation_points_up(model):
    upward = [field for field in relations(model) if rank(field.related_model) > rank(model)]
    assert not upward, [f"{field.name} -> {field.related_model._meta.label}" for field in upward]


def test_there_is_something_to_check():
    checked = [field for model in ours() for field in relations(model)]
    assert len(ours()) > 40
    assert len(checked) > 60


def test_an_upward_relation_would_be_seen():
    by_label = {model._meta.label: model for model in ours()}
    assert rank(by_label["campaigns.Campaign"]) > rank(by_label["funding.Escrow"]) > rank(by_label["users.User"])
    assert any(field.related_model is by_label["funding.Escrow"] for field in relations(by_label["campaigns.Campaign"]))
