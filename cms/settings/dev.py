"""A laptop and the demo: embedded PostgreSQL, local Stripe, mail into the mailbox page."""

import os

from cms.settings import database, payments, proof, queue
from cms.settings.accounts import person_hash_key
from cms.settings.base import *  # noqa: F403
from cms.settings.base import INSTALLED_APPS, PUBLIC_URL, VAR

# Visitors of the demo see the pages that visitors see; `DEBUG=1` shows tracebacks in the browser.
DEBUG = os.environ.get("DEBUG", "") == "1"
DEMO = True
SECRET_KEY = "only-for-a-laptop-" + "x" * 40
PERSON_HASH_KEY = person_hash_key(SECRET_KEY)
LEDGER_SIGNING_KEY = proof.signing_key(VAR)
ALLOWED_HOSTS = ["*"]
INTERNAL_IPS = ["127.0.0.1"]
DATABASES = database.databases(allow_embedded=True)
globals().update(queue.celery(VAR))
globals().update(payments.stripe(allow_local=True))
globals().update(payments.direct(allow_local=True, public_url=PUBLIC_URL, var=VAR))
CLOCK_MOVABLE = bool(globals()["STRIPE_IS_LOCAL"])
EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "cms.mail.backends.MailboxBackend")
# Staff may sign in without a second factor in the demo only.
STAFF_SECOND_FACTOR_REQUIRED = False
ACCOUNT_RATE_LIMITS = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
INSTALLED_APPS = [*INSTALLED_APPS]
