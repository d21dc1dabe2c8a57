"""Mail."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Messages to people, sent once each."""

    name = "cms.mail"
    label = "mail"
