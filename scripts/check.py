"""`make check`: everything that can be said about the code without running the product.

`python -m scripts.check [name …]` runs only the steps named. Nothing here needs a database.
"""

import difflib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PACKAGES = ["cms", "campaigns", "funding", "home", "search", "scripts"]
OPENAPI = ROOT / "openapi.yaml"
READING = {"KINDLING_NO_DATABASE": "1", "DJANGO_SETTINGS_MODULE": "cms.settings.test"}
# Long enough, and of no use anywhere.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "cms.settings.production",
    "SECRET_KEY": "checking-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "ALLOWED_HOSTS": "kindling.example",
    "PUBLIC_URL": "https://kindling.example",
    "DATABASE_URL": "postgresql://nobody@localhost/nothing",
    "REDIS_URL": "redis://localhost/0",
    "EMAIL_HOST": "localhost",
    "STRIPE_SECRET_KEY": "sk_test_checking",
    "LEDGER_SIGNING_KEY": "c4ec" * 16,
    "STRIPE_WEBHOOK_SECRET": "whsec_checking",
}


@dataclass(frozen=True)
class Outcome:
    """What a step said; silence is success where `ok`."""

    ok: bool
    output: str


def _run(*command: str, **environment: str) -> Outcome:
    inherited = {name: value for name, value in os.environ.items() if name not in PRODUCTION}
    result = subprocess.run(
        command, cwd=ROOT, env={**inherited, **environment}, check=False, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return Outcome(result.returncode == 0, result.stdout.strip())


def _tool(name: str, *arguments: str, **environment: str) -> Outcome:
    return _run(str(BIN / name), *arguments, **{**READING, **environment})


def _manage(*arguments: str, **environment: str) -> Outcome:
    # Warnings: there is no database to compare the migrations' history with.
    return _run(sys.executable, "-W", "ignore", "manage.py", *arguments, **{**READING, **environment})


def style() -> Outcome:
    """Ruff's rules and its format."""
    rules, form = _tool("ruff", "check", "."), _tool("ruff", "format", "--check", ".")
    return Outcome(rules.ok and form.ok, "\n".join(part.output for part in (rules, form) if not part.ok))


def types() -> Outcome:
    """Full annotations, and that they are true."""
    return _tool("mypy", *PACKAGES)


def imports() -> Outcome:
    """Which package may know which."""
    return _tool("lint-imports")


def architecture() -> Outcome:
    """Directions of relations, sizes, names, docstrings."""
    return _tool("pytest", "tests/architecture", "-m", "not django_db")


def migrations() -> Outcome:
    """No model differs from its migrations."""
    return _manage("makemigrations", "--check", "--dry-run")


def openapi() -> Outcome:
    """The API's file is what the code says."""
    if not OPENAPI.exists():
        return Outcome(True, "")
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "openapi.yaml"
        made = _manage("spectacular", "--validate", "--fail-on-warn", "--file", str(fresh))
        if not made.ok:
            return made
        old, new = OPENAPI.read_text().splitlines(), fresh.read_text().splitlines()
    lines = list(difflib.unified_diff(old, new, "openapi.yaml", "the code", lineterm="", n=1))
    return Outcome(not lines, "\n".join([*lines[:60], "Run: make openapi"] if lines else []))


def documents() -> Outcome:
    """The page of states is what their tables say."""
    return _run(sys.executable, "-m", "scripts.states", "check")


def translations() -> Outcome:
    """Every text has its Chinese."""
    return _run(sys.executable, "-m", "scripts.messages", "check")


def production() -> Outcome:
    """Django's own checks of a deployment, warnings included."""
    return _manage("check", "--deploy", "--fail-level", "WARNING", **{**PRODUCTION, "KINDLING_NO_DATABASE": ""})


STEPS: dict[str, Callable[[], Outcome]] = {
    step.__name__: step
    for step in (types, style, imports, architecture, migrations, openapi, documents, translations, production)
}


def _timed(name: str) -> tuple[str, Outcome, float]:
    started = time.monotonic()
    return name, STEPS[name](), time.monotonic() - started


def main(names: list[str]) -> int:
    """Run the steps, two at a time, and print what failed."""
    unknown = [name for name in names if name not in STEPS]
    if unknown:
        sys.exit(f"kindling: there is no step {unknown[0]!r}; there are {', '.join(STEPS)}.")
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for name, outcome, seconds in pool.map(_timed, names or list(STEPS)):
            sys.stdout.write(f"{'ok    ' if outcome.ok else 'FAILED'} {name} ({seconds:.1f} s)\n")
            if not outcome.ok:
                failed.append(name)
                sys.stdout.write("".join(f"    {line}\n" for line in outcome.output.splitlines()))
            sys.stdout.flush()
    sys.stdout.write(f"check: {', '.join(failed)} failed\n" if failed else "check: all is well\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
