"""What is promised, by whom, and how it is told."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """Campaigns: terms, stories, review, launch, backing, updates."""

    name = "campaigns"
