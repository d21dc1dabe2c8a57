"""Production fails closed: nothing missing, and nothing of the laptop's."""

import os
import subprocess
import sys

import pytest

from scripts.check import PRODUCTION, ROOT

READ = "from django.conf import settings; print(*({}), sep='\\n')"
START = "import django; django.setup(); "


def load(
    *wanted: str, settings: str = "cms.settings.production", start: bool = False, **changes: str
) -> subprocess.CompletedProcess:
    """Read settings, one a line, in a process of its own; a variable changed to '' is missing."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {**kept, **PRODUCTION, **changes, "DJANGO_SETTINGS_MODULE": settings}
    names = "".join(f"settings.{name}, " for name in wanted or ("DEBUG",))
    program = (START if start else "") + READ.format(names)
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env={k: v for k, v in environment.items() if v},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_it_starts_with_everything_named():
    answer = load(start=True)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout == "False\n"


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "DJANGO_SETTINGS_MODULE"])
def test_each_missing_variable_is_refused_by_name(name):
    answer = load(**{name: ""})
    assert answer.returncode != 0
    assert "ImproperlyConfigured" in answer.stderr
    assert name in answer.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"KINDLING_EMBEDDED": "1"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///db.sqlite3"}, "PostgreSQL only"),
        ({"STRIPE_API_BASE": "http://localhost:8001"}, "STRIPE_API_BASE"),
        ({"REDIS_URL": ""}, "REDIS_URL"),
    ],
)
def test_the_laptops_parts_are_refused(changes, word):
    answer = load(**changes)
    assert answer.returncode != 0
    assert word in answer.stderr.splitlines()[-1]


def test_nothing_of_the_demo_is_left():
    wanted = {
        "DEMO": "False",
        "CLOCK_MOVABLE": "False",
        "STRIPE_IS_LOCAL": "False",
        "STAFF_SECOND_FACTOR_REQUIRED": "True",
        "CELERY_BROKER_URL": "redis://localhost/0",
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    }
    assert dict(zip(wanted, load(*wanted).stdout.splitlines(), strict=True)) == wanted


def test_a_laptop_needs_nothing_but_may_name_real_services():
    bare = dict.fromkeys(PRODUCTION, "")
    server = {"DATABASE_URL": PRODUCTION["DATABASE_URL"]}
    dev = "cms.settings.dev"
    alone = load("STRIPE_IS_LOCAL", "CELERY_BROKER_URL", settings=dev, **bare, KINDLING_NO_DATABASE="1")
    assert alone.stdout.startswith("True\nfilesystem:")
    real = {**bare, **server, "STRIPE_SECRET_KEY": "sk_test_real", "STRIPE_WEBHOOK_SECRET": "whsec_real"}
    assert load("STRIPE_IS_LOCAL", "CLOCK_MOVABLE", settings=dev, **real).stdout == "False\nFalse\n"
    queued = {**bare, **server, "REDIS_URL": "redis://r/1"}
    assert load("CELERY_BROKER_URL", settings=dev, **queued).stdout == "redis://r/1\n"


def test_production_may_run_on_rabbitmq_without_redis():
    named = {"REDIS_URL": "", "BROKER_URL": "amqp://r//"}
    told = load("CELERY_BROKER_URL", "CELERY_BROKER_TRANSPORT_OPTIONS", **named).stdout
    assert told == "amqp://r//\n{'confirm_publish': True}\n"
