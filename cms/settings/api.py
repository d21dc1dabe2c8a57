"""The public API: DRF, Wagtail's v2 and the OpenAPI file."""

import os

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.SessionAuthentication",
        "allauth.headless.contrib.rest_framework.authentication.XSessionTokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "cms.core.problems.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    # How many proxies of ours stand in front: only their word on the caller's address is taken.
    "NUM_PROXIES": int(os.environ.get("NUM_PROXIES", "0")),
}
# Calls for each person, or address; real time.
API_RATES = {
    "pledges": "60/min", "search": "120/min", "uploads": "60/min", "previews": "120/min", "remarks": "6/min",
    "reports": "10/min",
}  # fmt: skip

WAGTAILAPI_RICH_TEXT_FORMAT = "html"
WAGTAILAPI_LIMIT_MAX = 100

SPECTACULAR_SETTINGS = {
    "TITLE": "Kindling",
    "DESCRIPTION": (
        "Campaigns, their money and the pages around them.\n\n"
        "Amounts are `{amount, currency}` in minor units of the currency; times are UTC, ISO 8601. Errors are "
        "`application/problem+json` (RFC 9457) with a stable `code` and, where one input is to blame, its `field`.\n\n"
        "People sign in with a session, or with the `X-Session-Token` of `POST /_allauth/app/v1/auth/login`; guests "
        "reach their own pledge with `Authorization: Bearer <access_token>`."
    ),
    "VERSION": "2.0.0",
    "OAS_VERSION": "3.1.1",
    "LICENSE": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
    "SCHEMA_PATH_PREFIX": r"/api/v2",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "COMPONENT_SPLIT_REQUEST": True,
    "SORT_OPERATIONS": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["cms.openapi.complete"],
    "PREPROCESSING_HOOKS": ["cms.openapi.keep_ours"],
    # `make check` compares openapi.yaml with the code and takes no warning; deployments need not do it again.
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
}
