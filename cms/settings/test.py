"""The suite: like a laptop, with tasks run at once and a movable clock."""

from cms.settings.dev import *  # noqa: F403

DEBUG = False
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CLOCK_MOVABLE = True
# Most tests make up money that no provider knows of; those of the proofs ask for them.
LEDGER_PROOFS_NIGHTLY = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "private": {"BACKEND": "tests.storages.PrivateMemory"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# A suite asks more in a minute than any person; the tests of limits set their own.
API_RATES = {}
