"""The whole public API on one screen. Everything stands under /api/v2/; openapi.yaml describes it."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView
from wagtail.api.v2.router import WagtailAPIRouter

from campaigns.api import (
    browsing,
    changing,
    creators,
    ledger,
    pledging,
    previews,
    reporting,
    reviewing,
    studio,
    studio_reviews,
    studio_terms,
    studio_updates,
)
from campaigns.api.studio_assistant import AcceptSuggestion, Assistant, RejectSuggestion
from campaigns.api.studio_calculations import Calculations
from campaigns.api.studio_importing import Import
from campaigns.api.studio_starting import Checklist, Templates
from cms import openapi  # noqa: F401  its extensions register themselves
from cms.core.api import Unknown
from cms.users.api import Me
from funding.api import chains, documents, payouts, pledges, proof, statements
from home.api import content, curation, site
from search import api as search

router = WagtailAPIRouter("content")
router.register_endpoint("pages", content.Pages)
router.register_endpoint("images", content.Images)
router.register_endpoint("documents", content.Documents)
router.register_endpoint("redirects", content.Redirects)

urlpatterns = [
    path("openapi.json", SpectacularJSONAPIView.as_view(), name="api-schema"),
    path("site/", site.SiteView.as_view(), name="api-site"),
    path("preview/", previews.Preview.as_view(), name="api-preview"),
    path("search/", search.Search.as_view(), name="api-search"),
    path("featured/", curation.FeaturedView.as_view(), name="api-featured"),
    path("", include(router.urls[:2])),

    path("campaigns/", search.Campaigns.as_view(), name="api-campaigns"),
    path("campaigns/<slug:key>/", browsing.Campaign.as_view(), name="api-campaign"),
    path("campaigns/<slug:key>/rewards/", browsing.Rewards.as_view(), name="api-campaign-rewards"),
    path("campaigns/<slug:key>/updates/", browsing.Updates.as_view(), name="api-campaign-updates"),
    path("campaigns/<slug:key>/funding/", browsing.Funding.as_view(), name="api-campaign-funding"),
    path("campaigns/<slug:key>/history/", browsing.History.as_view(), name="api-campaign-history"),
    path("campaigns/<slug:key>/history/<int:number>/", browsing.Version.as_view(), name="api-campaign-version"),
    path("campaigns/<slug:key>/ledger/", ledger.Ledger.as_view(), name="api-campaign-ledger"),
    path("campaigns/<slug:key>/ledger/head/", ledger.LedgerProof.as_view(), name="api-campaign-ledger-head"),
    path("campaigns/<slug:key>/reports/", reporting.Reports.as_view(), name="api-campaign-reports"),
    path("campaigns/<slug:key>/pledges/", pledging.Pledges.as_view(), name="api-campaign-pledges"),
    path(
        "pledges/<uuid:pledge_id>/documents/", documents.PledgeDocuments.as_view(), name="api-pledge-documents"
    ),
    path(
        "pledges/<uuid:pledge_id>/documents/<int:document_id>.pdf", documents.PledgeDocument.as_view(),
        name="api-pledge-document",
    ),
    path("pledges/<uuid:pledge_id>/", changing.OnePledge.as_view(), name="api-pledge"),
    path("pledges/<uuid:pledge_id>/amendment/", changing.OpenChange.as_view(), name="api-pledge-amendment"),
    path("pledges/<uuid:pledge_id>/leave/", changing.LeaveView.as_view(), name="api-pledge-leave"),
    path("pledges/<uuid:pledge_id>/retry/", changing.RetryView.as_view(), name="api-pledge-retry"),

    path("creators/<slug:key>/", creators.CreatorPage.as_view(), name="api-creator"),

    path("ledger/heads/", proof.Heads.as_view(), name="api-ledger-heads"),
    path("ledger/keys/", proof.Keys.as_view(), name="api-ledger-keys"),
    path("ledger/platform/", chains.PlatformLedger.as_view(), name="api-ledger-platform"),
    path("ledger/platform/head/", chains.PlatformProof.as_view(), name="api-ledger-platform-head"),

    path("me/", Me.as_view(), name="api-me"),
    path("me/creator/", creators.MyCreator.as_view(), name="api-my-creator"),
    path("me/creator/documents/", creators.MyPapers.as_view(), name="api-my-papers"),
    path("me/pledges/", pledges.MyPledges.as_view(), name="api-my-pledges"),
    path("me/statements/", statements.MyStatements.as_view(), name="api-my-statements"),
    path("me/statements.csv", statements.MyStatementCsv.as_view(), name="api-my-statements-csv"),
    path("me/statements.xlsx", statements.MyStatementXlsx.as_view(), name="api-my-statements-xlsx"),
    path("me/documents/", documents.MyDocuments.as_view(), name="api-my-documents"),
    path("me/documents/<int:document_id>.pdf", documents.MyDocument.as_view(), name="api-my-document"),
    path("me/years/", documents.MyYears.as_view(), name="api-my-years"),
    path("me/years/<int:year>/<slug:currency>.pdf", documents.MyYear.as_view(), name="api-my-year"),

    path("creator/payout-account/", payouts.PayoutAccountView.as_view(), name="api-payout-account"),
    path("creator/templates/", Templates.as_view(), name="api-templates"),
    path("creator/campaigns/", studio.OwnCampaigns.as_view(), name="api-own-campaigns"),
    path("creator/campaigns/<slug:key>/", studio.OwnCampaign.as_view(), name="api-own-campaign"),
    path("creator/campaigns/<slug:key>/checklist/", Checklist.as_view(), name="api-checklist"),
    path("creator/campaigns/<slug:key>/terms/", studio_terms.Terms.as_view(), name="api-terms"),
    path("creator/campaigns/<slug:key>/terms/rewards/", studio_terms.Rewards.as_view(), name="api-terms-rewards"),
    path(
        "creator/campaigns/<slug:key>/terms/rewards/<str:reward>/", studio_terms.Reward.as_view(),
        name="api-terms-reward",
    ),
    path(
        "creator/campaigns/<slug:key>/terms/rewards/<str:reward>/delivery/", studio_terms.Delivery.as_view(),
        name="api-terms-reward-delivery",
    ),
    path(
        "creator/campaigns/<slug:key>/terms/rewards/<str:reward>/secret/", studio_terms.SecretLink.as_view(),
        name="api-terms-reward-secret",
    ),
    path("creator/campaigns/<slug:key>/assistant/", Assistant.as_view(), name="api-assistant"),
    path(
        "creator/campaigns/<slug:key>/assistant/<int:suggestion_id>/accept/", AcceptSuggestion.as_view(),
        name="api-suggestion-accept",
    ),
    path(
        "creator/campaigns/<slug:key>/assistant/<int:suggestion_id>/reject/", RejectSuggestion.as_view(),
        name="api-suggestion-reject",
    ),
    path("creator/campaigns/<slug:key>/import/", Import.as_view(), name="api-import"),
    path("creator/campaigns/<slug:key>/calculations/", Calculations.as_view(), name="api-calculations"),
    path("creator/campaigns/<slug:key>/submit/", studio.Submit.as_view(), name="api-submit"),
    path("creator/campaigns/<slug:key>/launch/", studio.Launch.as_view(), name="api-launch"),
    path("creator/campaigns/<slug:key>/cancel/", studio.Cancel.as_view(), name="api-cancel"),
    path("creator/campaigns/<slug:key>/backers.csv", studio.Backers.as_view(), name="api-backers"),
    path(
        "creator/campaigns/<slug:key>/statement/", statements.CampaignStatement.as_view(),
        name="api-campaign-statement",
    ),
    path(
        "creator/campaigns/<slug:key>/statement.csv", statements.CampaignStatementCsv.as_view(),
        name="api-campaign-statement-csv",
    ),
    path(
        "creator/campaigns/<slug:key>/statement.xlsx", statements.CampaignStatementXlsx.as_view(),
        name="api-campaign-statement-xlsx",
    ),
    path("creator/campaigns/<slug:key>/collaborators/", creators.Team.as_view(), name="api-team"),
    path(
        "creator/campaigns/<slug:key>/collaborators/<int:collaborator>/", creators.TeamMember.as_view(),
        name="api-team-member",
    ),
    path("creator/campaigns/<slug:key>/preview-tokens/", previews.PreviewTokens.as_view(), name="api-preview-tokens"),
    path(
        "creator/campaigns/<slug:key>/preview-tokens/<int:link>/", previews.PreviewToken.as_view(),
        name="api-preview-token",
    ),
    path("creator/campaigns/<slug:key>/media/", studio.Media.as_view(), name="api-media"),
    path("creator/campaigns/<slug:key>/reviews/", studio_reviews.Attempts.as_view(), name="api-own-reviews"),
    path("creator/campaigns/<slug:key>/files/", studio.Files.as_view(), name="api-files"),
    path("creator/campaigns/<slug:key>/updates/", studio_updates.OwnUpdates.as_view(), name="api-own-updates"),

    path("review/", reviewing.Queue.as_view(), name="api-review"),
    path("review/<int:submission_id>/", reviewing.Decision.as_view(), name="api-review-decision"),
    path("review/<int:submission_id>/claim/", reviewing.Claim.as_view(), name="api-review-claim"),

    re_path(r"^.*$", Unknown.as_view()),
]  # fmt: skip
