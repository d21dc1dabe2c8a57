"""What is promised, by whom, and how it is told."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """Campaigns: terms, stories, review, launch, backing, updates."""

    name = "campaigns"

    def ready(self) -> None:
        """Hear of money and of pages, and keep creators to what is theirs."""
        from campaigns import permitting, policies, receivers
        from cms.users.services import verifying
        from funding import selectors

        permitting.register()
        selectors.also_seen_by(policies.money_seen_by)
        verifying.partial_when(policies.work_together)
        receivers.connect()
