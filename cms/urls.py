"""Every URL root on one screen."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from campaigns.studio_urls import overview_door
from campaigns.views.previews import shared_preview
from campaigns.views.proof import verifier
from campaigns.views.short import short
from cms.core.views import healthz
from cms.images.serving import serve as serve_document
from cms.users.urls import admin_door

# On a laptop the product serves what was uploaded; in production a storage or the web server does.
uploads = [re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT})] if settings.DEMO else []

urlpatterns = [
    path("healthz", healthz),
    path("accounts/", include("allauth.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("webhooks/", include("funding.urls")),
    path("mailbox/", include("cms.mail.urls")),
    path("api/v2/", include("cms.api")),
    path("cms/", include(admin_door)),
    path("cms/", include(overview_door)),
    path("cms/", include(wagtailadmin_urls)),
    re_path(r"^documents/(\d+)/(.*)$", serve_document, name="document"),
    path("documents/", include(wagtaildocs_urls)),
    path("c/<slug:key>/", short, name="short"),
    path("p/preview/<str:token>/", shared_preview, name="shared_preview"),
    path("verify_ledger.py", verifier, name="verifier"),
    *uploads,
    *i18n_patterns(
        path("", include("cms.users.urls")),
        path("search/", include("search.urls")),
        path("", include("campaigns.urls")),
        path("", include(wagtail_urls)),
    ),
]
