"""The whole public API on one screen. Everything stands under /api/v2/; openapi.yaml describes it."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView
from wagtail.api.v2.router import WagtailAPIRouter

from campaigns.api import browsing, pledging
from cms import openapi  # noqa: F401  its extensions register themselves
from cms.core.api import Unknown
from cms.users.api import Me
from funding.api import payouts, pledges, statements
from home.api import content, site
from search import api as search

router = WagtailAPIRouter("content")
router.register_endpoint("pages", content.Pages)
router.register_endpoint("images", content.Images)
router.register_endpoint("documents", content.Documents)
router.register_endpoint("redirects", content.Redirects)

urlpatterns = [
    path("openapi.json", SpectacularJSONAPIView.as_view(), name="api-schema"),
    path("site/", site.SiteView.as_view(), name="api-site"),
    path("search/", search.Search.as_view(), name="api-search"),
    path("", include(router.urls[:2])),

    path("campaigns/", search.Campaigns.as_view(), name="api-campaigns"),
    path("campaigns/<str:key>/", browsing.Campaign.as_view(), name="api-campaign"),
    path("campaigns/<str:key>/rewards/", browsing.Rewards.as_view(), name="api-campaign-rewards"),
    path("campaigns/<str:key>/updates/", browsing.Updates.as_view(), name="api-campaign-updates"),
    path("campaigns/<str:key>/funding/", browsing.Funding.as_view(), name="api-campaign-funding"),
    path("campaigns/<str:key>/history/", browsing.History.as_view(), name="api-campaign-history"),
    path("campaigns/<str:key>/pledges/", pledging.Pledges.as_view(), name="api-campaign-pledges"),
    path("pledges/<uuid:pledge_id>/", pledges.PledgeView.as_view(), name="api-pledge"),

    path("me/", Me.as_view(), name="api-me"),
    path("me/pledges/", pledges.MyPledges.as_view(), name="api-my-pledges"),
    path("me/statements/", statements.MyStatements.as_view(), name="api-my-statements"),

    path("creator/payout-account/", payouts.PayoutAccountView.as_view(), name="api-payout-account"),

    re_path(r"^.*$", Unknown.as_view()),
]  # fmt: skip
