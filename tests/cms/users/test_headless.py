"""Apps sign in through the headless API and carry a session token."""

import json

import pytest
from django.test import Client, override_settings
from django.urls import path
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from cms.urls import urlpatterns as site_urls
from tests.cms.users.flows import PASSWORD, member

pytestmark = pytest.mark.django_db


@api_view(["GET", "POST"])
@permission_classes([IsAuthenticated])
def whoami(request: Request) -> Response:
    return Response({"email": request.user.email})


urlpatterns = [path("whoami/", whoami), *site_urls]


def call(client: Client, url: str, data: dict, **headers: str):
    return client.post(url, json.dumps(data), content_type="application/json", headers=headers)


@override_settings(ROOT_URLCONF=__name__)
def test_sign_in_and_use_the_token() -> None:
    member("app@example.com")
    client = Client(enforce_csrf_checks=True)
    response = call(client, "/_allauth/app/v1/auth/login", {"email": "app@example.com", "password": PASSWORD})
    assert response.status_code == 200, response.content
    token = response.json()["meta"]["session_token"]
    fresh = Client(enforce_csrf_checks=True)
    assert fresh.get("/whoami/").status_code in {401, 403}
    assert fresh.get("/whoami/", headers={"x-session-token": "made-up"}).status_code in {401, 403}
    assert fresh.get("/whoami/", headers={"x-session-token": token}).json() == {"email": "app@example.com"}
    assert fresh.post("/whoami/", headers={"x-session-token": token}).status_code == 200

    assert fresh.delete("/_allauth/app/v1/auth/session", headers={"x-session-token": token}).status_code == 401
    assert fresh.get("/whoami/", headers={"x-session-token": token}).status_code in {401, 403}


def test_wrong_password() -> None:
    member("app@example.com")
    response = call(
        Client(), "/_allauth/app/v1/auth/login", {"email": "app@example.com", "password": "wrong-lantern-1"}
    )
    assert response.status_code == 400
    assert "session_token" not in response.json().get("meta", {})


def test_an_unconfirmed_account_gets_no_way_in() -> None:
    client = Client()
    response = call(client, "/_allauth/app/v1/auth/signup", {"email": "fresh@example.com", "password": PASSWORD})
    assert response.status_code == 401
    pending = [flow["id"] for flow in response.json()["data"]["flows"] if flow.get("is_pending")]
    assert pending == ["verify_email"]
