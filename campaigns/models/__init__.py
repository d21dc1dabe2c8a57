"""The tables of campaigns, one file an aggregate."""

from campaigns.models.calculations import Calculation
from campaigns.models.campaign import Campaign, RewardDraft, RewardVariantDraft
from campaigns.models.checks import CheckResult, PictureFingerprint, Severity, StoryFingerprint
from campaigns.models.collaborators import CampaignPicture, Collaborator, PayoutProposal
from campaigns.models.deliveries import DeliveryMove
from campaigns.models.feasibility import FeasibilitySheet
from campaigns.models.listing import CampaignListing, ListingText
from campaigns.models.pages import (
    CampaignIndexPage,
    CampaignPage,
    DonationCampaignPage,
    EquityCampaignPage,
    RewardCampaignPage,
)
from campaigns.models.previews import PreviewComment, PreviewLink
from campaigns.models.reports import CampaignReport, CaseState, ReportCase, ReportKind
from campaigns.models.review import CampaignReviewTask, Submission, SubmissionDecision
from campaigns.models.reviewers import ReviewApproval, ReviewClaim, ReviewPolicy
from campaigns.models.suggestions import FactSheet, Suggestion
from campaigns.models.taxonomy import Category
from campaigns.models.templates import CampaignTemplateIndexPage, CampaignTemplatePage, ChecklistItem
from campaigns.models.updates import CampaignUpdate, UpdateLogEntry
from campaigns.models.versions import CampaignVersion

__all__ = [
    "Calculation",
    "Campaign",
    "CampaignIndexPage",
    "CampaignListing",
    "CampaignPage",
    "CampaignPicture",
    "CampaignReport",
    "CampaignReviewTask",
    "CampaignTemplateIndexPage",
    "CampaignTemplatePage",
    "CampaignUpdate",
    "CampaignVersion",
    "CaseState",
    "Category",
    "CheckResult",
    "ChecklistItem",
    "Collaborator",
    "DeliveryMove",
    "DonationCampaignPage",
    "EquityCampaignPage",
    "FactSheet",
    "FeasibilitySheet",
    "ListingText",
    "PayoutProposal",
    "PictureFingerprint",
    "PreviewComment",
    "PreviewLink",
    "ReportCase",
    "ReportKind",
    "ReviewApproval",
    "ReviewClaim",
    "ReviewPolicy",
    "RewardCampaignPage",
    "RewardDraft",
    "RewardVariantDraft",
    "Severity",
    "StoryFingerprint",
    "Submission",
    "SubmissionDecision",
    "Suggestion",
    "UpdateLogEntry",
]
