import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions

from cms.core.errors import InvalidInput, NotAllowed, Refusal
from cms.core.problems import handle


class SoldOut(Refusal):
    code = "sold_out"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (SoldOut("Gone."), 409, "sold_out"),
        (InvalidInput("No.", field="amount"), 400, "invalid_input"),
        (NotAllowed("No."), 403, "not_allowed"),
        (Http404(), 404, "not_found"),
        (PermissionDenied(), 403, "permission_denied"),
        (exceptions.NotAuthenticated(), 401, "not_authenticated"),
        (exceptions.ParseError(), 400, "parse_error"),
        (exceptions.Throttled(wait=12.3), 429, "throttled"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
    ],
)
def test_every_error_is_a_problem_with_a_stable_code(error, status, code):
    response = handle(error, {})
    assert response.status_code == response.data["status"] == status
    assert response.data["code"] == code
    assert response.data["type"] == f"urn:kindling:problem:{code}"
    assert response.content_type == "application/problem+json"
    assert isinstance(response.data["title"], str)


def test_the_field_and_the_reasons_are_named():
    response = handle(InvalidInput("Too much.", field="amount", most=100), {})
    assert (response.data["field"], response.data["most"], response.data["title"]) == ("amount", 100, "Too much.")


def test_validation_names_the_first_field_and_all_errors():
    response = handle(exceptions.ValidationError({"lines": [{"quantity": ["Enter a number."]}]}), {})
    assert (response.status_code, response.data["field"]) == (400, "lines")
    assert response.data["title"] == "Enter a number."
    assert response.data["errors"]["lines"]


def test_a_throttled_caller_learns_when_to_come_back():
    assert handle(exceptions.Throttled(wait=12.3), {})["Retry-After"] == "13"


def test_what_nobody_expected_stays_an_error():
    assert handle(RuntimeError("bug"), {}) is None


@pytest.mark.django_db
def test_healthz(client, monkeypatch):
    assert client.get("/healthz").json() == {"status": "ok"}


def test_healthz_without_a_database(client, monkeypatch):
    from django.db import OperationalError, connection

    def away():
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", away)
    assert client.get("/healthz").status_code == 503
