"""Mail."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Messages to people, sent once each."""

    name = "cms.mail"
    label = "mail"

    def ready(self) -> None:
        """Look for unsent mail every minute."""
        from cms.core import sweeps
        from cms.mail import services

        sweeps.register("mail", services.send_due, rank=90)
