"""Rows of money are read in the desk and changed nowhere, superusers included."""

import pytest
from django.test import Client

from funding.desk.permissions import ReadOnly
from funding.desk.registers import REGISTERS
from tests.campaigns import scenes
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_nobody_adds_changes_or_deletes_in_a_register(client: Client, cast: Cast) -> None:
    client.force_login(scenes.person(is_superuser=True))
    for register in REGISTERS:
        model = register.model
        row = model.objects.order_by("pk").first()
        assert row is not None, model
        before = list(model.objects.order_by("pk").values())
        root = f"/cms/funding/{model._meta.model_name}/"
        assert client.get(root).status_code == 200
        for path in ("create/", f"edit/{row.pk}/", f"delete/{row.pk}/", "add/", f"{row.pk}/", f"copy/{row.pk}/"):
            assert client.post(root + path, {"state": "paid", "amount": "1"}).status_code == 404, root + path
        assert list(model.objects.order_by("pk").values()) == before
    assert cast.pledge.pk


def test_the_permissions_say_no_to_superusers() -> None:
    person = scenes.person(is_superuser=True)
    for register in REGISTERS:
        rights = register.permission_helper_class(register.model)
        assert isinstance(rights, ReadOnly)
        assert not rights.user_can_create(person)
        assert not rights.user_can_edit_obj(person, None)
        assert not rights.user_can_delete_obj(person, None)
