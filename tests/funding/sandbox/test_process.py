import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import stripe
from django.core.management import CommandError, call_command

from tests.funding.sandbox.conftest import headers
from tests.funding.sandbox_server import ROOT, Sandbox, running_sandbox

PACKAGE = ROOT / "funding" / "sandbox"
PROJECT = {"cms", "campaigns", "home", "search", "django", "wagtail", "rest_framework", "celery"}


def _run(*arguments: str, debug: bool) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name != "KINDLING_DEBUG"}
    if debug:
        env["KINDLING_DEBUG"] = "1"
    command = [sys.executable, "-m", "funding.sandbox", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=20, check=False)


def test_it_refuses_to_start_outside_debug(tmp_path: Path) -> None:
    result = _run("--port", "0", "--store", str(tmp_path / "s.sqlite3"), debug=False)
    assert result.returncode == 2
    assert "refuses to start outside debug" in result.stderr
    assert not (tmp_path / "s.sqlite3").exists()


def test_a_taken_port_is_one_clear_line(server: Sandbox, tmp_path: Path) -> None:
    result = _run("--port", str(server.port), "--store", str(tmp_path / "s.sqlite3"), debug=True)
    assert result.returncode == 1
    assert "can't serve" in result.stderr
    assert "Traceback" not in result.stderr


def test_it_stops_cleanly_and_loses_nothing(tmp_path: Path) -> None:
    with running_sandbox(tmp_path / "s.sqlite3") as sandbox:
        client = sandbox.client()
        account = client.v1.accounts.create({"country": "US"}, {"idempotency_key": "once"})
        sandbox.clock(-86_400)
        secret = sandbox.listen("http://127.0.0.1:9/hook")
        assert sandbox.stop() == 0
        sandbox.start()
        assert client.v1.accounts.create({"country": "US"}, {"idempotency_key": "once"}).id == account.id
        assert sandbox.clock()["offset"] == -86_400
        assert [e.secret for e in client.v1.webhook_endpoints.list().data] == [secret]


def test_the_command_lines_endpoint_keeps_its_secret(tmp_path: Path) -> None:
    env = {"STRIPE_SANDBOX_WEBHOOK_URL": "http://127.0.0.1:9/hook", "STRIPE_WEBHOOK_SECRET": "whsec_given"}
    with running_sandbox(tmp_path / "s.sqlite3", env=env) as sandbox:
        for _ in range(2):
            found = sandbox.client().v1.webhook_endpoints.list().data
            assert [(e.url, e.secret) for e in found] == [("http://127.0.0.1:9/hook", "whsec_given")]
            sandbox.stop()
            sandbox.start()


def test_it_imports_nothing_of_the_project() -> None:
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                assert name.split(".")[0] not in PROJECT, f"{path.name} imports {name}"
                if name.startswith("funding"):
                    assert name.startswith("funding.sandbox"), f"{path.name} imports {name}"


def test_running_it_loads_no_django() -> None:
    code = "import sys, funding.sandbox.server; print([m for m in sys.modules if m.split('.')[0] == 'django'])"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_files_and_functions_stay_small() -> None:
    for path in PACKAGE.glob("*.py"):
        text = path.read_text()
        assert len(text.splitlines()) <= 400, path.name
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.end_lineno:
                assert node.end_lineno - node.lineno < 60, f"{path.name}: {node.name}"


def test_any_test_key_opens_the_same_account(sandbox: Sandbox) -> None:
    account = sandbox.client(key="sk_test_one").v1.accounts.create({"country": "US"})
    assert sandbox.client(key="sk_test_two").v1.accounts.retrieve(account.id).id == account.id


@pytest.mark.parametrize("key", ["sk_live_abc", "pk_test_abc", "nonsense"])
def test_other_keys_are_refused(sandbox: Sandbox, key: str) -> None:
    with pytest.raises(stripe.AuthenticationError):
        sandbox.client(key=key).v1.balance.retrieve()


def test_another_api_version_is_refused(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="Invalid Stripe API version"):
        client.v1.balance.retrieve({}, {"stripe_version": "2020-08-27"})


def test_an_unknown_account_or_path_is_refused(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.PermissionError):
        client.v1.balance.retrieve({}, {"stripe_account": "acct_nobody"})
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
        client.v1.customers.create({})


def test_answers_carry_the_request_id_and_version(client: stripe.StripeClient) -> None:
    found = headers(client.v1.balance.retrieve())
    assert found["request-id"].startswith("req_")
    assert found["stripe-version"] == stripe.api_version


def test_the_management_command_refuses_outside_debug_too(settings: Any) -> None:
    settings.DEBUG = settings.DEMO = False
    with pytest.raises(CommandError, match="refuses to start outside debug"):
        call_command("stripe_sandbox")
