"""The tables of campaigns, one file an aggregate."""

from campaigns.models.calculations import Calculation
from campaigns.models.campaign import Campaign, RewardDraft, RewardVariantDraft
from campaigns.models.listing import CampaignListing, ListingText
from campaigns.models.pages import (
    CampaignIndexPage,
    CampaignPage,
    DonationCampaignPage,
    EquityCampaignPage,
    RewardCampaignPage,
)
from campaigns.models.review import CampaignReviewTask, Submission, SubmissionDecision
from campaigns.models.taxonomy import Category
from campaigns.models.updates import CampaignUpdate, UpdateLogEntry
from campaigns.models.versions import CampaignVersion

__all__ = [
    "Calculation", "Campaign", "CampaignIndexPage", "CampaignListing", "CampaignPage", "CampaignReviewTask",
    "CampaignUpdate", "CampaignVersion", "Category", "DonationCampaignPage", "EquityCampaignPage", "ListingText",
    "RewardCampaignPage", "RewardDraft", "RewardVariantDraft", "Submission", "SubmissionDecision", "UpdateLogEntry",
]  # fmt: skip
