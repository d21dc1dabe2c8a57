"""Brokers as processes of their own, on ports of their own, that may be killed."""

import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Protocol

import redis
from amqp import Connection

from tests.funding.sandbox_server import eventually, free_port

REDIS = shutil.which("redis-server")
# Not Debian's wrapper: that one runs as a user of its own, on the machine's own node.
RABBITMQ = shutil.which("rabbitmq-server", path="/usr/lib/rabbitmq/bin:/usr/local/lib/rabbitmq/bin")


class Broker(Protocol):
    """What carries messages."""

    url: str
    settings: dict[str, str]

    def start(self) -> None: ...

    def kill(self) -> None: ...

    def stop(self) -> None: ...


class Redis:
    """A Redis that forgets everything when it is killed."""

    def __init__(self, folder: Path) -> None:
        self.port, self.folder = free_port(), folder
        self.url = f"redis://127.0.0.1:{self.port}/0"
        # The cache goes with it.
        self.settings = {"REDIS_URL": self.url}

    def start(self) -> None:
        command = [str(REDIS), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL)
        eventually(self.answers, what="the start of Redis")

    def answers(self) -> bool:
        try:
            return bool(redis.Redis.from_url(self.url).ping())
        except redis.ConnectionError:
            return False

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.kill()


class RabbitMQ:
    """A node in a folder of its own. What it has confirmed is on its disk, and there again after a kill."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "rabbitmq"
        self.folder.mkdir()
        self.port, self.names, distribution = free_port(), free_port(), free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{self.port}//"
        self.settings = {"CELERY_BROKER_URL": self.url}
        self.environment = {
            **os.environ, "HOME": str(self.folder), "RABBITMQ_NODENAME": f"kindling{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1", "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(distribution), "ERL_EPMD_PORT": str(self.names),
            "ERL_EPMD_ADDRESS": "127.0.0.1", "ERL_EPMD_RELAXED_COMMAND_CHECK": "1",
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"), "RABBITMQ_CONF_ENV_FILE": str(self.folder / "none"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "none"), "RABBITMQ_PID_FILE": str(self.folder / "pid"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
        }  # fmt: skip

    def start(self) -> None:
        (self.folder / "plugins").write_text("[].")
        self.process = subprocess.Popen(
            [str(RABBITMQ)], cwd=self.folder, env=self.environment, stdout=subprocess.DEVNULL, start_new_session=True
        )
        eventually(self.answers, seconds=90, what="the start of RabbitMQ")

    def answers(self) -> bool:
        assert self.process.poll() is None, "RabbitMQ did not start"
        try:
            with Connection(f"127.0.0.1:{self.port}", "guest", "guest", connect_timeout=2):
                return True
        except OSError:
            return False

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """The node, and the name server that it started beside itself."""
        self.kill()
        subprocess.run(["epmd", "-kill"], env=self.environment, check=False, capture_output=True)


BROKERS = {"redis": (REDIS, Redis, "redis-server"), "rabbitmq": (RABBITMQ, RabbitMQ, "rabbitmq-server")}
