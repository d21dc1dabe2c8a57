import os
import socket
import subprocess
import sys

import pytest

from scripts import run


@pytest.fixture
def taken():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.fixture(autouse=True)
def _no_server_is_started(monkeypatch):
    for name in ("STRIPE_SECRET_KEY", "HOST", "PORT", "STRIPE_SANDBOX_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(run.embedded.EMBEDDED_FLAG, "")

    def pretend() -> str:
        os.environ[run.embedded.EMBEDDED_FLAG] = "1"
        return "postgresql://nobody@localhost/nothing"

    monkeypatch.setattr(run.embedded, "ensure_running", pretend)


@pytest.mark.parametrize("variable", ["PORT", "STRIPE_SANDBOX_PORT"])
def test_a_taken_port_is_named_with_the_variable_that_moves_it(monkeypatch, taken, variable):
    monkeypatch.setenv("PORT", "18991")
    monkeypatch.setenv("STRIPE_SANDBOX_PORT", "18992")
    monkeypatch.setenv(variable, str(taken))
    with pytest.raises(SystemExit, match=rf"^kindling: port {taken} can't be used .*: make run {variable}=\d+$"):
        run.make_plan()


@pytest.mark.parametrize("value", ["x", "0", "70000", "-1", "80.5"])
def test_what_is_no_port(monkeypatch, value):
    monkeypatch.setenv("PORT", value)
    with pytest.raises(SystemExit, match="is no port number"):
        run.make_plan()


def test_two_listeners_need_two_ports(monkeypatch):
    monkeypatch.setenv("PORT", "18991")
    monkeypatch.setenv("STRIPE_SANDBOX_PORT", "18991")
    with pytest.raises(SystemExit, match="are both 18991"):
        run.make_plan()


def test_everything_is_started(monkeypatch):
    monkeypatch.setenv("PORT", "18991")
    monkeypatch.setenv("STRIPE_SANDBOX_PORT", "18992")
    plan = run.make_plan()
    assert set(plan.processes()) == {"web", "worker", "beat", "stripe"}
    assert "http://localhost:18991/webhooks/stripe/" in plan.processes()["stripe"]
    assert plan.environment["STRIPE_SANDBOX_PORT"] == "18992"
    assert len(plan.probes()) == 2
    assert plan.environment[run.embedded.EMBEDDED_FLAG] == "1"  # so that `.var/schema` is kept


def test_a_stripe_key_leaves_the_local_stripe_out(monkeypatch, taken):
    monkeypatch.setenv("PORT", "18991")
    monkeypatch.setenv("STRIPE_SANDBOX_PORT", str(taken))
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_test_real")
    plan = run.make_plan()
    assert set(plan.processes()) == {"web", "worker", "beat"}
    assert len(plan.probes()) == 1


def test_a_process_that_ends_by_itself_stops_the_others_and_is_named(tmp_path):
    code = (
        "import sys; from scripts import run\n"
        "class Plan(run.Plan):\n"
        "    def processes(self): return {'steady': 'exec sleep 60', 'weak': 'exit 3'}\n"
        "    def probes(self): return ['http://127.0.0.1:1/']\n"
        "sys.exit(run.supervise(Plan('127.0.0.1', 1, None, {})))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=run.ROOT, env={"PATH": os.environ["PATH"]},
        capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert answer.returncode == 1
    assert "weak ended by itself (exit code 3)" in answer.stdout
    assert answer.stderr == ""
