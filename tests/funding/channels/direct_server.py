"""The stand-ins for direct channels: a real process on a free port, with keys and a store of its own."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.funding.sandbox_server import ROOT, ControlError, Json, eventually, free_port


class DirectSandbox:
    """A running process and the handles of its control API."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        command = [sys.executable, "-m", "funding.sandbox.direct", "--port", str(self.port), "--folder", str(folder)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "KINDLING_DEBUG": "1"}, stdout=subprocess.DEVNULL
        )
        eventually(self._answers, seconds=20, what="the start of the stand-ins")

    def _answers(self) -> bool:
        assert self._process.poll() is None, "the stand-ins ended"
        try:
            self.control("GET", "clock")
        except OSError:
            return False
        return True

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)

    def control(self, method: str, path: str, body: Json | None = None) -> Json:
        """One call of the control API; raises ControlError when it refuses."""
        request = urllib.request.Request(
            f"{self.url}/_control/{path}/", method=method, data=json.dumps(body or {}).encode(),
            headers={"Content-Type": "application/json"},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                found: Json = json.load(answer)
                return found
        except urllib.error.HTTPError as error:
            raise ControlError(error.code, json.load(error)) from error

    def clock(self, offset: float) -> None:
        self.control("PUT", "clock", {"offset": offset})

    def post(self, path: str, **body: Any) -> Json:
        return self.control("POST", path, body)

    def wechat_settings(self, notify_url: str = "http://localhost:1/webhooks/wechatpay/") -> dict[str, str]:
        """What `settings.WECHATPAY` has to be to speak to this process."""
        return {
            "mchid": "1900000001", "appid": "wxlocal0000000001", "api_key": "local-wechat-pay-api-key-32bytes",
            "certificate": str(self.folder / "wechat-merchant.pem"),
            "private_key": str(self.folder / "wechat-merchant.key"), "root": str(self.folder / "wechat-root.pem"),
            "notify_url": notify_url, "base": self.url,
        }  # fmt: skip

    def alipay_settings(self, notify_url: str = "http://localhost:1/webhooks/alipay/") -> dict[str, str]:
        """What `settings.ALIPAY` has to be to speak to this process."""
        return {
            "app_id": "2021000000000001", "seller_id": "2088000000000001",
            "certificate": str(self.folder / "alipay-merchant.pem"),
            "private_key": str(self.folder / "alipay-merchant.key"),
            "alipay_certificate": str(self.folder / "alipay-chain.pem"), "root": str(self.folder / "alipay-root.pem"),
            "notify_url": notify_url, "base": f"{self.url}/gateway.do",
        }  # fmt: skip

    def visit(self, address: str) -> str:
        """What a payer's browser does with an address of Alipay's; returns the page."""
        with urllib.request.urlopen(address, timeout=20) as answer:
            return str(answer.read().decode())


@contextmanager
def running_direct() -> Iterator[DirectSandbox]:
    with TemporaryDirectory() as folder:
        sandbox = DirectSandbox(Path(folder))
        try:
            yield sandbox
        finally:
            sandbox.stop()
