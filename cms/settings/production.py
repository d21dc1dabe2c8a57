"""Production: everything from the environment, and a refusal to start where something is missing."""

import os

from django.core.exceptions import ImproperlyConfigured

from cms.settings import database, payments, proof, queue
from cms.settings.accounts import person_hash_key
from cms.settings.base import *  # noqa: F403
from cms.settings.base import VAR


def _required(name: str) -> str:
    if not (value := os.environ.get(name, "")):
        raise ImproperlyConfigured(f"{name} must be set in production.")
    return value


SECRET_KEY = _required("SECRET_KEY")
PERSON_HASH_KEY = person_hash_key(SECRET_KEY)
LEDGER_SIGNING_KEY = proof.signing_key(None)
ALLOWED_HOSTS = _required("ALLOWED_HOSTS").split(",")
PUBLIC_URL = WAGTAILADMIN_BASE_URL = WAGTAILAPI_BASE_URL = _required("PUBLIC_URL")
if not queue.broker_url():
    raise ImproperlyConfigured("REDIS_URL, or CELERY_BROKER_URL (RabbitMQ), must be set in production.")
DATABASES = database.databases(allow_embedded=False)
globals().update(queue.celery(VAR))
globals().update(payments.stripe(allow_local=False))
globals().update(payments.direct(allow_local=False, public_url=PUBLIC_URL, var=VAR))

EMAIL_HOST = _required("EMAIL_HOST")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = True

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
STORAGES |= {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
