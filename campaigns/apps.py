"""What is promised, by whom, and how it is told."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """Campaigns: terms, stories, review, launch, backing, updates."""

    name = "campaigns"

    def ready(self) -> None:
        """Hear of money and of pages, and keep creators to what is theirs."""
        from campaigns import policies, receivers

        policies.register()
        receivers.connect()
