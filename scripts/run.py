"""`make run`: PostgreSQL, web server, worker, beat and the local Stripe together, until Ctrl-C.

PORT and STRIPE_SANDBOX_PORT move the two listeners, HOST the address they listen on. With wechatpay or alipay among
the PAYMENT_PROVIDERS the local WeChat Pay and Alipay run too, on DIRECT_SANDBOX_PORT. A STRIPE_SECRET_KEY leaves the
local Stripe out, a WECHATPAY_MCHID or ALIPAY_APP_ID those; a DATABASE_URL leaves the embedded PostgreSQL out, and is
never stopped. KINDLING_SEED=no leaves the demo out.
"""

import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import FrameType

import fasteners
from honcho.manager import Manager
from honcho.printer import Message, Printer

from cms.core import embedded

ROOT = embedded.ROOT
START_LIMIT = 90  # seconds until web server and local Stripe must answer
LOG_INS = ["creator", "reviewer", "editor", "backer", "finance", "admin"]


def fail(line: str) -> None:
    """End with one line for people."""
    raise SystemExit(f"kindling: {line}")


def say(line: str = "") -> None:
    """One line of our own between those of the processes."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


@dataclass(frozen=True)
class Plan:
    """What is started, and where."""

    host: str
    port: int
    stripe_port: int | None
    direct_port: int | None = None
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where people look."""
        return f"http://localhost:{self.port}/"

    def processes(self) -> dict[str, str]:
        """Name → command line, run by a shell that replaces itself."""
        python = shlex.quote(sys.executable)
        celery = f"exec {python} -W ignore -m celery -q -A cms"
        beat = shlex.quote(str(_var() / "beat-schedule"))
        found = {
            # One process with threads: a laptop's memory goes to the browser.
            "web": f"exec {python} -m granian --interface wsgi --host {shlex.quote(self.host)} --port {self.port} "
            "--workers 1 --blocking-threads 8 --no-ws --log-level error cms.wsgi:application",
            "worker": f"{celery} worker --pool threads --concurrency 2 --loglevel warning "
            "--without-gossip --without-mingle --without-heartbeat",
            "beat": f"{celery} beat --loglevel warning --pidfile= --schedule {beat}",
        }
        if self.stripe_port:
            store = shlex.quote(str(_var() / "stripe.sqlite3"))
            found["stripe"] = (
                f"exec {python} -m funding.sandbox --host {shlex.quote(self.host)} --port {self.stripe_port} "
                f"--store {store} --webhook-url http://localhost:{self.port}/webhooks/stripe/"
            )
        if self.direct_port:
            folder = shlex.quote(str(_var() / "direct"))
            found["direct"] = (
                f"exec {python} -m funding.sandbox.direct --host {shlex.quote(self.host)} --port {self.direct_port} "
                f"--folder {folder}"
            )
        return found

    def probes(self) -> list[str]:
        """Addresses that answer once everything is up."""
        stand_ins = [port for port in (self.stripe_port, self.direct_port) if port]
        clocks = [f"http://127.0.0.1:{port}/_control/clock/" for port in stand_ins]
        return [f"http://127.0.0.1:{self.port}/healthz", *clocks]


class Lines(Printer):
    """Honcho's prefixed lines, without empty ones."""

    def write(self, message: Message) -> None:
        """Print what says something."""
        if message.data.strip():
            super().write(message)


class Processes(Manager):
    """Honcho's manager, quieter: it says only what went wrong."""

    def __init__(self) -> None:
        super().__init__(Lines(sys.stdout))
        self.seeding: subprocess.Popen[str] | None = None
        self.returncode: int | None = None

    def _system_print(self, data: str) -> None:
        pass

    def terminate(self) -> None:
        """Stop all, and name the process that ended by itself if one did."""
        if not self._all_started():
            # A signal in the first moments: a process that has not reported its id could not be told.
            threading.Timer(0.2, self.terminate).start()
            return
        if not self._terminating:
            ended = [(name, p["returncode"]) for name, p in self._processes.items() if "returncode" in p]
            for name, code in ended[: 0 if self.returncode in (130, 143) else 1]:
                how = f"was killed by signal {-code}" if code < 0 else f"ended by itself (exit code {code})"
                say(f"kindling: {name} {how}; its last lines are above. Stopping the rest.")
                self.returncode = 1
        super().terminate()

    def say_for(self, name: str, line: str) -> None:
        """A line of a process that is not supervised."""
        self.events.put(Message(type="line", data=line, time=datetime.now(), name=name, colour=None))


def _var() -> Path:
    return embedded.data_directory().parent


def _port(variable: str, usual: int) -> int:
    value = os.environ.get(variable) or str(usual)
    if not value.isdecimal() or not 0 < int(value) < 65536:
        fail(f"{variable}={value} is no port number.")
    return int(value)


def _check_free(host: str, port: int, variable: str) -> None:
    with socket.socket() as probe:
        # As servers do: a port whose last connections are fading out is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            fail(f"port {port} can't be used ({error.strerror}). Choose another: make run {variable}={port + 100}")


def _check_ports(host: str, listeners: dict[str, int]) -> None:
    """Each listener has a port of its own, and it is free."""
    for variable, port in listeners.items():
        other = next((name for name, number in listeners.items() if number == port), variable)
        if other != variable:
            fail(f"{other} and {variable} are both {port}.")
    for variable, port in listeners.items():
        _check_free(host, port, variable)


def _needs_direct() -> bool:
    """Whether a direct channel is wanted that nothing is set for."""
    wanted = [name.strip() for name in os.environ.get("PAYMENT_PROVIDERS", "").split(",")]
    known = {"wechatpay": "WECHATPAY_MCHID", "alipay": "ALIPAY_APP_ID"}
    return any(name in wanted and not os.environ.get(variable) for name, variable in known.items())


def make_plan() -> Plan:
    """Read and check the environment; ends with one line where something is in the way."""
    host = os.environ.get("HOST", "127.0.0.1")
    port = _port("PORT", 8000)
    local_stripe = not os.environ.get("STRIPE_SECRET_KEY")
    stripe_port = _port("STRIPE_SANDBOX_PORT", 8001) if local_stripe else None
    direct_port = _port("DIRECT_SANDBOX_PORT", 8002) if _needs_direct() else None
    listeners = {"PORT": port, "STRIPE_SANDBOX_PORT": stripe_port, "DIRECT_SANDBOX_PORT": direct_port}
    _check_ports(host, {variable: number for variable, number in listeners.items() if number})
    database = embedded.ensure_running()  # marks the environment, which is copied next
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "cms.settings.dev"),
        "DATABASE_URL": database,
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "KINDLING_DEBUG": "1",
    }
    if stripe_port:
        environment["STRIPE_SANDBOX_PORT"] = str(stripe_port)
        environment.setdefault("STRIPE_WEBHOOK_SECRET", "whsec_local")
    if direct_port:
        environment["DIRECT_SANDBOX_PORT"] = str(direct_port)
    return Plan(host=host, port=port, stripe_port=stripe_port, direct_port=direct_port, environment=environment)


def prepare(plan: Plan) -> None:
    """Tables, the cache's table, translations."""
    say("kindling: preparing the database and the translations …")
    for order in (["-m", "scripts.messages", "compile"], ["manage.py", "prepare", "-v0"]):
        result = subprocess.run(
            [sys.executable, *order], cwd=ROOT, env=plan.environment, check=False, text=True, stderr=subprocess.PIPE
        )
        if result.returncode:
            lines = result.stderr.strip().removeprefix("CommandError: ").splitlines() or ["it did not say why"]
            if len(lines) > 1:
                say(result.stderr)
            fail(lines[-1])


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def welcome(plan: Plan, processes: Processes) -> None:
    """Wait until everything answers, say so, and seed the demo through what is running."""
    limit = time.monotonic() + START_LIMIT
    waiting = plan.probes()
    while waiting := [address for address in waiting if not _answers(address)]:
        if processes._terminating:
            return
        if time.monotonic() > limit:
            say(f"kindling: {waiting[0]} did not answer within {START_LIMIT} seconds.")
            os.kill(os.getpid(), signal.SIGTERM)
            return
        time.sleep(0.2)
    say(f"kindling: running at {plan.address} — filling the demo where it is not yet …")
    if os.environ.get("KINDLING_SEED") != "no":
        _seed(plan, processes)
    if not processes._terminating:
        _print_banner(plan)


def _seed(plan: Plan, processes: Processes) -> None:
    seeding = subprocess.Popen(
        [sys.executable, "manage.py", "seed_demo"], cwd=ROOT, env=plan.environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    processes.seeding = seeding
    for line in seeding.stdout or ():
        processes.say_for("demo", line)
    if seeding.wait() and not processes._terminating:
        say("kindling: the demo is not complete; the lines above say why. The next `make run` goes on with it.")


def _print_banner(plan: Plan) -> None:
    say()
    say("  Kindling · 拾柴")
    say(f"  Site      {plan.address}")
    say(f"  Admin     {plan.address}cms/")
    say(f"  Mailbox   {plan.address}mailbox/")
    if plan.stripe_port:
        say(f"  Stripe    http://localhost:{plan.stripe_port}/  (the local one)")
    if plan.direct_port:
        say(f"  Wallets   http://localhost:{plan.direct_port}/  (the local WeChat Pay and Alipay)")
    say("  Log-ins   " + ", ".join(f"{name}@example.com" for name in LOG_INS[:3]) + ",")
    say("            " + ", ".join(f"{name}@example.com" for name in LOG_INS[3:]))
    say("  Password  kindling-demo")
    say("  Ctrl-C stops everything.")
    say()


def supervise(plan: Plan) -> int:
    """Run all processes until one ends or somebody stops them; returns the exit status."""
    processes = Processes()
    for name, command in plan.processes().items():
        processes.add_process(name, command, env=plan.environment, cwd=str(ROOT))
    welcoming = threading.Thread(target=welcome, args=(plan, processes), daemon=True)
    welcoming.start()
    processes.loop()
    if processes.seeding and processes.seeding.poll() is None:
        processes.seeding.terminate()
        processes.seeding.wait(10)
    say("kindling: stopped.")
    # Asked to stop, it stopped: that is no failure.
    return 0 if processes.returncode in (130, 143) else processes.returncode or 0


def _end(_signum: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _main() -> int:
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, _end)
    own_server = not os.environ.get("DATABASE_URL")
    embedded.data_directory().parent.mkdir(parents=True, exist_ok=True)
    lock = fasteners.InterProcessLock(embedded.data_directory().parent / "run.lock")
    if not lock.acquire(blocking=False):
        fail("`make run` is already running in this folder; stop it there with Ctrl-C first.")
    try:
        plan = make_plan()
        prepare(plan)
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
        return supervise(plan)
    finally:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        if own_server:
            embedded.stop()
        lock.release()


if __name__ == "__main__":
    sys.exit(_main())
