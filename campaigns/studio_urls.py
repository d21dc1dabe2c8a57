"""URLs of the studio, under /cms/studio/."""

from django.urls import path
from wagtail.admin.auth import require_admin_access

from campaigns.filtering import suggest_tags
from campaigns.views.studio import (
    assistant,
    calculator,
    campaigns,
    counting,
    creator,
    feasibility,
    importing,
    journey,
    payouts,
    previews,
    reports,
    review,
    reviews,
    rewards,
    starting,
    team,
    terms,
    updates,
    verifying,
)

app_name = "studio"
urlpatterns = [
    path("", campaigns.CampaignsView.as_view(), name="campaigns"),
    path("new/", starting.StartView.as_view(), name="start"),
    path("campaigns/<slug:key>/checklist/", starting.ChecklistView.as_view(), name="checklist"),
    path("campaigns/<slug:key>/", campaigns.CampaignOverview.as_view(), name="campaign"),
    path("campaigns/<slug:key>/terms/", terms.TermsView.as_view(), name="terms"),
    path("campaigns/<slug:key>/rewards/add/", rewards.RewardView.as_view(), name="reward_add"),
    path("campaigns/<slug:key>/rewards/<slug:reward>/", rewards.RewardView.as_view(), name="reward_edit"),
    path("campaigns/<slug:key>/rewards/<slug:reward>/remove/", rewards.RewardRemove.as_view(), name="reward_remove"),
    path("campaigns/<slug:key>/rewards/<slug:reward>/move/", rewards.RewardMove.as_view(), name="reward_move"),
    path(
        "campaigns/<slug:key>/rewards/<slug:reward>/delivery/", rewards.DeliveryView.as_view(), name="reward_delivery"
    ),
    path("campaigns/<slug:key>/rewards/<slug:reward>/secret/", rewards.SecretRenew.as_view(), name="reward_secret"),
    path(
        "campaigns/<slug:key>/rewards/<slug:reward>/quantity/", rewards.RewardQuantity.as_view(), name="reward_quantity"
    ),
    path("campaigns/<slug:key>/assistant/", assistant.AssistantView.as_view(), name="assistant"),
    path("campaigns/<slug:key>/assistant/facts/", assistant.FactsView.as_view(), name="assistant_facts"),
    path("campaigns/<slug:key>/assistant/<int:pk>/", assistant.DecideView.as_view(), name="suggestion"),
    path("campaigns/<slug:key>/import/", importing.ImportView.as_view(), name="import"),
    path("campaigns/<slug:key>/calculator/", calculator.CalculatorView.as_view(), name="calculator"),
    path("campaigns/<slug:key>/feasibility/", feasibility.FeasibilityView.as_view(), name="feasibility"),
    path("campaigns/<slug:key>/submit/", journey.SubmitView.as_view(), name="submit"),
    path("campaigns/<slug:key>/withdraw/", journey.WithdrawView.as_view(), name="withdraw"),
    path("campaigns/<slug:key>/reopen/", journey.ReopenView.as_view(), name="reopen"),
    path("campaigns/<slug:key>/launch/", journey.LaunchView.as_view(), name="launch"),
    path("campaigns/<slug:key>/updates/add/", updates.UpdateAdd.as_view(), name="update_add"),
    path("updates/<slug:key>/translate/", updates.UpdateTranslate.as_view(), name="update_translate"),
    path("campaigns/<slug:key>/team/", team.TeamView.as_view(), name="team"),
    path("campaigns/<slug:key>/team/<int:pk>/", team.CollaboratorView.as_view(), name="collaborator"),
    path("campaigns/<slug:key>/previews/", previews.PreviewsView.as_view(), name="previews"),
    path("campaigns/<slug:key>/previews/<int:pk>/", previews.PreviewLinkView.as_view(), name="preview_link"),
    path(
        "campaigns/<slug:key>/previews/<int:pk>/comments.csv", previews.CommentsView.as_view(), name="preview_comments"
    ),
    path("campaigns/<slug:key>/money/", team.MoneyView.as_view(), name="money"),
    path("creator/", creator.CreatorView.as_view(), name="creator"),
    path("creator/documents/<slug:type>/add/", creator.DocumentAdd.as_view(), name="document_add"),
    path("creator/documents/<int:pk>/withdraw/", creator.DocumentWithdraw.as_view(), name="document_withdraw"),
    path("documents/<int:pk>/file/", creator.DocumentFile.as_view(), name="document_file"),
    path("verifications/", verifying.VerificationsView.as_view(), name="verifications"),
    path("verifications/<slug:key>/", verifying.VerificationView.as_view(), name="verification"),
    path("payouts/", payouts.PayoutsView.as_view(), name="payouts"),
    path("reports/", reports.ReportsView.as_view(), name="reports"),
    path("reports/<int:pk>/", reports.ReportView.as_view(), name="report"),
    path("reviews/", reviews.ReviewsView.as_view(), name="reviews"),
    path("reviews/rules/", reviews.ReviewRulesView.as_view(), name="review_rules"),
    path("reviews/<int:pk>/", review.ReviewView.as_view(), name="review"),
]

# Mounted before Wagtail's own of the same address.
overview_door = [
    path("reports/page-types-usage/", require_admin_access(counting.OverseersPageTypes.as_view())),
    path(
        "reports/page-types-usage/results/",
        require_admin_access(counting.OverseersPageTypes.as_view(results_only=True)),
    ),
    path("tag-autocomplete/", require_admin_access(suggest_tags)),
    path("tag-autocomplete/<slug:app_name>/<slug:model_name>/", require_admin_access(suggest_tags)),
]
