"""What all environments share. Each integration has a file beside this one."""

import os
from pathlib import Path
from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _

from cms.settings import queue
from cms.settings.accounts import *  # noqa: F403
from cms.settings.api import *  # noqa: F403
from cms.settings.assistant import *  # noqa: F403
from cms.settings.documents import *  # noqa: F403
from cms.settings.headless import *  # noqa: F403
from cms.settings.promises import *  # noqa: F403
from cms.settings.security import *  # noqa: F403
from cms.settings.uploads import *  # noqa: F403

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("KINDLING_VAR", ROOT / ".var"))

DEBUG = False
DEMO = False
ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"
ASGI_APPLICATION = "cms.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_ID = None

INSTALLED_APPS = [
    "home.apps.HomeConfig",
    "search.apps.SearchConfig",
    "campaigns.apps.CampaignsConfig",
    "funding.apps.FundingConfig",
    "cms.mail.apps.MailConfig",
    "cms.images.apps.ImagesConfig",
    "cms.users.apps.UsersConfig",
    "cms.core.apps.CoreConfig",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "cms.users.apps.AdminUsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.locales",
    "wagtail.admin",
    "wagtail.api.v2",
    "wagtail_modeladmin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "cms.core.content_policy.ContentPolicyMiddleware",
    "cms.images.middleware.DocumentsHostMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cms.core.middleware.SiteLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cms.users.middleware.SessionActivityMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cms.users.middleware.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cms.core.middleware.ClockMiddleware",
    "campaigns.middleware.OwnPagesMiddleware",
    "campaigns.middleware.AdminRefusalsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cms.core.context_processors.site",
                "cms.core.chrome.context",
            ]
        },
    }
]

CACHES = queue.caches()
# A transaction belongs to a service, never to a whole request: no HTTP call may happen inside one.
ATOMIC_REQUESTS = False

LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [ROOT / "cms" / "locale"]
USE_I18N = WAGTAIL_I18N_ENABLED = True
USE_TZ = True
CSRF_FAILURE_VIEW = "cms.core.views.form_refused"
TIME_ZONE = "UTC"
# "localtime" and the like are files on some machines, and no place that a browser knows.
WAGTAIL_USER_TIME_ZONES = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "cms" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"
# Creators' papers: outside of MEDIA_ROOT, so that no web server can show them.
PRIVATE_ROOT = VAR / "private"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "private": {
        "BACKEND": "cms.core.private.PrivateFiles",
        "OPTIONS": {"location": PRIVATE_ROOT, "file_permissions_mode": 0o600},
    },
}
CREATOR_DOCUMENT_BYTES = 10 * 1024 * 1024

WAGTAIL_SITE_NAME = "Kindling · 拾柴"
WAGTAILADMIN_BASE_URL = PUBLIC_URL = os.environ.get("PUBLIC_URL", f"http://localhost:{os.environ.get('PORT', '8000')}")
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# The admin asks nobody outside.
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.backend", "SEARCH_CONFIG": "english"}}
WAGTAILAPI_BASE_URL = PUBLIC_URL
WAGTAIL_FINISH_WORKFLOW_ACTION = "campaigns.workflow.finish_workflow"
WAGTAILEMBEDS_FINDERS = [{"class": "cms.images.films"}]
# Rows are indexed by the search app's own signals of editing, never on the money path.
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
TAGGIT_CASE_INSENSITIVE = True

DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Kindling · 拾柴 <hello@kindling.example>")
CLOCK_MOVABLE = False
# Audit, reconciliation and rebuilt balances, each night by the sweeps.
LEDGER_PROOFS_NIGHTLY = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"kindling": {"level": "INFO"}},
}
