"""A person's own."""

import pytest

from tests.campaigns import scenes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/me/"), ("PATCH", "/me/"), ("GET", "/me/pledges/"), ("GET", "/me/statements/"),
        ("GET", "/creator/campaigns/"), ("POST", "/creator/campaigns/"), ("GET", "/creator/payout-account/"),
        ("PUT", "/creator/payout-account/"), ("GET", "/review/"), ("POST", "/review/1/"),
    ],
)  # fmt: skip
def test_signed_out(api, method, path):
    answer = api.call(method, path, {} if method != "GET" else None)
    assert (answer.status_code in (401, 403), answer.data["code"]) == (True, "not_authenticated")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_profile(api):
    person = scenes.person(display_name="Ada")
    caller = api.as_(person)
    assert caller.get("/me/").data["display_name"] == "Ada"
    changed = caller.patch("/me/", {"bio": "I make lamps.", "locale": "zh-hans"}).data
    assert (changed["bio"], changed["locale"], changed["display_name"]) == ("I make lamps.", "zh-hans", "Ada")
    assert caller.get("/me/").headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"locale": "fr"}, "locale"), ({"timezone": "Mars/Base"}, "timezone"), ({"bio": "x" * 601}, "bio"),
        ({"bio": 5}, "bio"), ({"email": "other@example.com"}, "email"), ({"is_superuser": True}, "is_superuser"),
    ],
)  # fmt: skip
def test_profile_refuses(api, change, field):
    answer = api.as_(scenes.person()).patch("/me/", change)
    assert (answer.status_code, answer.data["field"]) == (400, field)


def test_statements_of_nobody_are_empty(api):
    caller = api.as_(scenes.person())
    assert caller.get("/me/statements/").data == {"items": [], "next_cursor": None}
    assert caller.get("/me/statements/?cursor=x").data["field"] == "cursor"


def test_payout_account_is_for_creators(api, site):
    assert api.as_(scenes.person()).get("/creator/payout-account/").status_code == 403
    shown = api.as_(scenes.creator()).get("/creator/payout-account/").data
    assert (shown["kind"], shown["transfers_enabled"]) == (None, False)
    assert "email_unverified" in shown["blockers"]


def test_onboarding_starts(api, site, sandbox):
    caller = api.as_(scenes.creator())
    body = {"kind": "person", "country": "CN"}
    started = caller.put("/creator/payout-account/", body).data
    assert started["onboarding_url"].startswith("http")
    refused = caller.put("/creator/payout-account/", {**body, "return_url": "javascript:alert(1)"})
    assert (refused.status_code, refused.data["field"]) == (400, "return_url")
