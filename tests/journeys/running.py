"""The whole product as `make run` starts it, in a folder and on ports of its own, without the big demo."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.funding.sandbox_server import free_port

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT = 240
# What the suite's own settings left in the environment must not reach a product that stands by itself.
_FOREIGN = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "KINDLING_EMBEDDED", "KINDLING_VAR", "STRIPE_", "REDIS_URL")


class Product:
    """Addresses, commands and the mailbox of a running product."""

    def __init__(self, folder: Path) -> None:
        self.port, self.stripe_port = free_port(), free_port()
        self.url = f"http://localhost:{self.port}"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
        self.environment = {
            **inherited, "KINDLING_VAR": str(folder), "KINDLING_SEED": "no", "PORT": str(self.port),
            "STRIPE_SANDBOX_PORT": str(self.stripe_port), "PYTHONUNBUFFERED": "1",
        }  # fmt: skip
        self.lines: list[str] = []
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start everything and wait for the line that closes the banner."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "scripts.run"], cwd=ROOT, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        threading.Thread(target=self._listen, daemon=True).start()
        eventually(self._is_up, seconds=START_LIMIT, what="the start of the product")

    def stop(self) -> None:
        """As Ctrl-C does."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(40)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)

    def said(self) -> list[str]:
        """The last lines that its processes printed: what went wrong, where something did."""
        return self.lines[-60:]

    def manage(self, *order: str) -> str:
        """A command of the product; what it printed."""
        result = subprocess.run(
            [sys.executable, "manage.py", *order], cwd=ROOT, env=self.environment, text=True, capture_output=True,
            timeout=240, check=False,
        )  # fmt: skip
        assert result.returncode == 0, f"{' '.join(order)}: {result.stdout}{result.stderr}"
        return result.stdout

    def mails(self, to: str) -> list[dict[str, Any]]:
        """What was sent to an address, newest first."""
        request = urllib.request.Request(
            f"{self.url}/mailbox/?to={urllib.parse.quote(to)}", headers={"Accept": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            found: list[dict[str, Any]] = json.load(answer)
            return found

    def mail(self, to: str, key: str) -> dict[str, Any]:
        """The one mail to an address whose key begins so, once it is there. More than one is a failure."""
        return self.mails_of(to, key, 1)[0]

    def mails_of(self, to: str, key: str, count: int) -> list[dict[str, Any]]:
        """Just so many mails of a kind, newest first, once they are there."""

        def arrived() -> list[dict[str, Any]]:
            found = [mail for mail in self.mails(to) if mail["key"].startswith(key)]
            return found if len(found) >= count else []

        found: list[dict[str, Any]] = eventually(arrived, seconds=90, what=f"{count} of {key}… to {to}")
        assert len(found) == count, [mail["key"] for mail in found]
        return found

    def get(self, path: str) -> Any:
        """An answer of the public API."""
        with urllib.request.urlopen(f"{self.url}/api/v2{path}", timeout=20) as answer:
            return json.load(answer)

    def funding(self, key: str) -> dict[str, Any]:
        """The live numbers of a campaign, as anybody reads them."""
        found: dict[str, Any] = self.get(f"/campaigns/{key}/funding/")
        return found

    def raised(self, key: str, amount: int) -> None:
        """The API says this total, in minor units, within a minute."""
        eventually(
            lambda: self.funding(key)["raised"]["amount"] == amount, seconds=60,
            what=f"raised {amount}, but {self.funding(key)['raised']}",
        )  # fmt: skip

    def becomes(self, key: str, state: str) -> None:
        """The campaign's money gets there within a minute and a half."""
        eventually(lambda: self.funding(key)["state"] == state, seconds=90, what=f"{state} of {key}")

    def _listen(self) -> None:
        assert self._process is not None
        for line in self._process.stdout or ():
            self.lines.append(line)

    def _is_up(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise AssertionError("the product ended:\n" + "".join(self.lines[-30:]))
        return any("Ctrl-C stops everything" in line for line in self.lines)


@contextmanager
def running_product() -> Iterator[Product]:
    """The product for the length of a `with`."""
    # A short path: PostgreSQL's socket lives in it.
    with tempfile.TemporaryDirectory(prefix="kj-") as folder:
        product = Product(Path(folder))
        try:
            product.start()
            yield product
        finally:
            product.stop()


def eventually(check: Callable[[], Any], *, seconds: float, what: str) -> Any:
    """The first true value of `check`, polled; AssertionError when time is up."""
    limit = time.monotonic() + seconds
    while not (value := check()):
        if time.monotonic() > limit:
            raise AssertionError(f"{what} did not happen within {seconds:.0f} s")
        time.sleep(0.3)
    return value
