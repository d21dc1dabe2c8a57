"""Production fails closed: nothing missing, and nothing of the laptop's."""

import os
import subprocess
import sys

import pytest

from scripts.check import PRODUCTION, ROOT

LOAD = "import django; django.setup(); from django.conf import settings; print(settings.{})"


def load(
    wanted: str = "DEBUG", settings: str = "cms.settings.production", **changes: str
) -> subprocess.CompletedProcess:
    """Read one setting in a process of its own; a variable changed to '' is missing."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {**kept, **PRODUCTION, **changes, "DJANGO_SETTINGS_MODULE": settings}
    return subprocess.run(
        [sys.executable, "-c", LOAD.format(wanted)], cwd=ROOT, env={k: v for k, v in environment.items() if v},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_it_starts_with_everything_named():
    answer = load()
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


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("DEMO", "False"),
        ("CLOCK_MOVABLE", "False"),
        ("STRIPE_IS_LOCAL", "False"),
        ("STAFF_SECOND_FACTOR_REQUIRED", "True"),
        ("CELERY_BROKER_URL", "redis://localhost/0"),
        ("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend"),
    ],
)
def test_nothing_of_the_demo_is_left(setting, value):
    assert load(setting).stdout == value + "\n"


def test_a_laptop_needs_nothing_but_may_name_real_services():
    bare = dict.fromkeys(PRODUCTION, "")
    server = {"DATABASE_URL": PRODUCTION["DATABASE_URL"]}
    dev = "cms.settings.dev"
    assert load("STRIPE_IS_LOCAL", dev, **bare, KINDLING_NO_DATABASE="1").stdout == "True\n"
    assert load("CELERY_BROKER_URL", dev, **bare, KINDLING_NO_DATABASE="1").stdout.startswith("filesystem:")
    real = {**bare, **server, "STRIPE_SECRET_KEY": "sk_test_real", "STRIPE_WEBHOOK_SECRET": "whsec_real"}
    assert load("STRIPE_IS_LOCAL", dev, **real).stdout == "False\n"
    assert load("CLOCK_MOVABLE", dev, **real).stdout == "False\n"
    assert load("CELERY_BROKER_URL", dev, **{**bare, **server, "REDIS_URL": "redis://r/1"}).stdout == "redis://r/1\n"
