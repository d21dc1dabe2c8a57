"""Who may write where in the page tree: our roles, below the home pages, and nobody beside them."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import GroupPagePermission, Page, WorkflowPage

from cms.users import roles
from home.models import HomePage
from tests.campaigns import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def test_nobody_has_rights_on_the_root() -> None:
    root = Page.get_first_root_node()
    assert not GroupPagePermission.objects.filter(page=root).exists()
    assert not WorkflowPage.objects.filter(page=root).exists()
    assert not Group.objects.filter(name="Moderators").exists()
    assert set(Group.objects.values_list("name", flat=True)) == set(roles.ALL)


@pytest.mark.parametrize("role", [roles.EDITOR, roles.ADMIN])
def test_editors_publish_below_the_home_pages_and_not_beside_them(role: str) -> None:
    person = scenes.person(role)
    for home in HomePage.objects.all():
        assert home.permissions_for_user(person).can_publish()
        assert home.permissions_for_user(person).can_add_subpage()
    assert not Page.get_first_root_node().permissions_for_user(person).can_add_subpage()


@pytest.mark.parametrize("role", [roles.CREATOR, roles.REVIEWER, roles.FINANCE, roles.SUPPORT, roles.AUDITOR])
def test_the_others_write_no_home_page(role: str) -> None:
    rights = HomePage.objects.first().permissions_for_user(scenes.person(role))
    assert not rights.can_edit()
    assert not rights.can_publish()


def test_every_sign_in_leads_to_the_one_that_knows_second_factors(client: Client) -> None:
    for path in ("/cms/login/", "/en/_util/login/", "/zh-hans/_util/login/"):
        for answer in (client.get(path), client.post(path, {"username": "a@example.com", "password": "x"})):
            assert answer.status_code == 302
            assert answer["Location"].startswith("/accounts/login/")
