"""The local Stripe for tests: a real process on a free port, with a store of its own.

    from tests.funding.sandbox_server import Sandbox, running_sandbox

    @pytest.fixture(scope="session")
    def stripe_sandbox():
        with running_sandbox() as sandbox:
            yield sandbox

    sandbox.url                        "http://localhost:40123", base address of API, pay pages and control API
    sandbox.client()                   a stripe.StripeClient that talks to it (no retries of its own)
    sandbox.play(session, method="card", outcome="succeed", seconds=60)   the customer; session or its id
    sandbox.fault("drop", event_type="payment_intent.succeeded", count=1) order a fault; `path=` for requests,
                                       where `*` stands for anything: path="/v1/checkout/sessions/*/expire"
    sandbox.clear_faults()
    sandbox.clock(86400)               set the offset in seconds; without argument, read {offset, now}
    sandbox.advance(3600)              move the clock on by so much
    sandbox.log()                      {"requests": […], "webhooks": […]}
    sandbox.webhooks("refund.updated") the webhooks of a type, parsed bodies under "event"
    sandbox.top_up(100_00, "usd")      platform float
    sandbox.onboard(account)           complete a connected account without a browser
    sandbox.switch_account(account, transfers_enabled=False)
    sandbox.dispute(intent, reason="fraudulent", amount=None); sandbox.close_dispute(dispute, "won")
    sandbox.return_payout(payout)
    sandbox.listen(url)                register a webhook endpoint (hears connected accounts too), returns its secret
    sandbox.reset()                    no faults, real time, an empty log
    sandbox.stop(); sandbox.start()    the process may be stopped and started again on the same port and store

`WebhookSink` is a small HTTP receiver that keeps what it was sent; `sink.wait_for(type)` waits for an event.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import stripe

ROOT = Path(__file__).resolve().parents[2]
API_KEY = "sk_test_kindling"

Json = dict[str, Any]


class ControlError(Exception):
    """The control API refused; `status` and the parsed `body` say why."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(f"{status}: {body}")
        self.status, self.body = status, body


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(check: Callable[[], Any], *, seconds: float = 10, what: str = "it") -> Any:
    """The first true value of `check`, polled; AssertionError when time is up."""
    deadline = time.monotonic() + seconds
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not happen within {seconds} s")
        time.sleep(0.02)


class Sandbox:
    """A running local Stripe and the handles of its control API."""

    def __init__(self, store: Path, *, port: int | None = None, env: dict[str, str] | None = None) -> None:
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}"
        self.store = store
        self._env = env or {}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process and wait until it answers."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("STRIPE_")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "funding.sandbox", "--port", str(self.port), "--store", str(self.store)],
            cwd=ROOT,
            env={**inherited, "KINDLING_DEBUG": "1", **self._env},
            stdout=subprocess.DEVNULL,
        )
        eventually(self._answers, seconds=20, what="the start of the local Stripe")

    def _answers(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise AssertionError(f"the local Stripe ended with {self._process.returncode}")
        try:
            self.control("GET", "clock")
        except OSError:
            return False
        return True

    def stop(self) -> int:
        """Stop it politely; returns its exit status."""
        assert self._process is not None
        self._process.terminate()
        try:
            return self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait(10)

    def client(self, *, key: str = API_KEY, account: str | None = None, retries: int = 0) -> stripe.StripeClient:
        """A client whose requests go to the sandbox."""
        addresses: Any = {"api": self.url}
        return stripe.StripeClient(
            key,
            base_addresses=addresses,
            max_network_retries=retries,
            stripe_account=account,
            stripe_version=stripe.api_version,
            http_client=stripe.RequestsClient(timeout=10),
        )

    def control(self, method: str, path: str, body: Json | None = None) -> Json:
        """One call of the control API; raises ControlError when it refuses."""
        request = urllib.request.Request(
            f"{self.url}/_control/{path}/",
            method=method,
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                answer: Json = json.load(response)
                return answer
        except urllib.error.HTTPError as error:
            raise ControlError(error.code, json.load(error)) from error

    def play(self, session: Any, *, method: str = "card", outcome: str = "succeed", seconds: float = 60) -> Json:
        body = {"method": method, "outcome": outcome, "seconds": seconds}
        return self.control("POST", f"checkout/{_id(session)}", body)

    def fault(
        self,
        fault: str,
        *,
        path: str | None = None,
        event_type: str | None = None,
        count: int = 1,
        seconds: float | None = None,
    ) -> Json:
        match = {k: v for k, v in (("path", path), ("event_type", event_type)) if v}
        return self.control("POST", "faults", {"fault": fault, "match": match, "count": count, "seconds": seconds})

    def faults(self) -> list[Json]:
        found: list[Json] = self.control("GET", "faults")["faults"]
        return found

    def clear_faults(self) -> None:
        self.control("DELETE", "faults")

    def clock(self, offset: float | None = None) -> Json:
        return self.control("GET", "clock") if offset is None else self.control("PUT", "clock", {"offset": offset})

    def advance(self, seconds: float) -> Json:
        return self.clock(self.clock()["offset"] + seconds)

    def log(self) -> Json:
        return self.control("GET", "log")

    def webhooks(self, type: str | None = None) -> list[Json]:
        found = [w for w in self.log()["webhooks"] if type in (None, w["type"])]
        return [{**webhook, "event": json.loads(webhook["body"])} for webhook in found]

    def top_up(self, amount: int, currency: str) -> Json:
        return self.control("POST", "topups", {"amount": amount, "currency": currency})

    def onboard(self, account: Any) -> Json:
        return self.control("POST", f"accounts/{_id(account)}/onboard", {})

    def switch_account(self, account: Any, **switches: bool) -> Json:
        return self.control("POST", f"accounts/{_id(account)}", dict(switches))

    def change_bank(self, account: Any, last4: str = "4321") -> Json:
        return self.control("POST", f"accounts/{_id(account)}/bank", {"last4": last4})

    def withdraw(self, amount: int, currency: str) -> Json:
        return self.control("POST", "withdrawals", {"amount": amount, "currency": currency})

    def dispute(self, intent: Any, *, reason: str = "fraudulent", amount: int | None = None, **more: Any) -> Json:
        body = {"payment_intent": _id(intent), "reason": reason, "amount": amount, **more}
        return self.control("POST", "disputes", body)

    def close_dispute(self, dispute: Any, outcome: str, **more: Any) -> Json:
        return self.control("POST", f"disputes/{_id(dispute)}/close", {"outcome": outcome, **more})

    def return_payout(self, payout: Any) -> Json:
        return self.control("POST", f"payouts/{_id(payout)}/return", {})

    def listen(self, url: str, *, events: list[str] | None = None) -> str:
        """Register an endpoint that hears the platform and its connected accounts; returns its signing secret."""
        return str(self.control("POST", "listen", {"url": url, "enabled_events": events or ["*"]})["secret"])

    def reset(self) -> None:
        self.clear_faults()
        self.clock(0)
        self.control("DELETE", "log")


def _id(subject: Any) -> str:
    if isinstance(subject, str):
        return subject
    return str(subject["id"])


@contextlib.contextmanager
def running_sandbox(
    store: Path | None = None, *, port: int | None = None, env: dict[str, str] | None = None
) -> Iterator[Sandbox]:
    """A local Stripe for the length of a `with`; `env` adds variables such as STRIPE_SANDBOX_WEBHOOK_URL."""
    with tempfile.TemporaryDirectory(prefix="stripe-sandbox-") as folder:
        sandbox = Sandbox(store or Path(folder) / "stripe.sqlite3", port=port, env=env)
        sandbox.start()
        try:
            yield sandbox
        finally:
            sandbox.stop()


class WebhookSink:
    """Receives webhooks; answers `answers` in turn, then 200."""

    def __init__(self) -> None:
        self.received: list[Json] = []
        self.answers: list[int] = []
        sink = self

        class Receiver(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status = sink.answers.pop(0) if sink.answers else 200
                event = json.loads(body)
                entry = {"body": body, "signature": self.headers["Stripe-Signature"], "event": event, "status": status}
                sink.received.append(entry)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhooks/stripe/"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def of(self, type: str, object_id: str | None = None) -> list[Json]:
        return [
            entry
            for entry in list(self.received)
            if entry["event"]["type"] == type and object_id in (None, entry["event"]["data"]["object"].get("id"))
        ]

    def wait_for(self, type: str, object_id: str | None = None, *, count: int = 1, seconds: float = 10) -> list[Json]:
        def enough() -> list[Json] | None:
            found = self.of(type, object_id)
            return found if len(found) >= count else None

        found: list[Json] = eventually(enough, seconds=seconds, what=f"webhook {type}")
        return found
