"""Account mails leave like all others: planned, claimed, sent once, in the language of their reader."""

import uuid
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.utils import translation

from cms.mail import services
from cms.users.models import User

# What allauth calls a mail → our template. Everything else is a notice that something has happened to an account.
_TEMPLATES = {
    "email_confirmation": "account/confirm",
    "email_confirmation_signup": "account/confirm",
    "password_reset_key": "account/reset",
    "account_already_exists": "account/exists",
    "unknown_account": "account/unknown",
}
_PLAIN = ("ip", "user_agent", "from_email", "to_email", "deleted_email")


class AccountAdapter(DefaultAccountAdapter):
    """E-mail addresses in lower case; mails through our own messages."""

    def clean_email(self, email: str) -> str:
        """One spelling per address."""
        return str(super().clean_email(email)).lower()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Plan a mail of allauth's as a message of ours; only the few plain facts that it tells are kept."""
        name = template_prefix.rsplit("/", 1)[-1]
        template = _TEMPLATES.get(name, "account/notice")
        facts: dict[str, Any] = {key: str(context[key]) for key in _PLAIN if context.get(key)}
        facts |= {key: self._public(url) for key, url in context.items() if key.endswith("_url") and url}
        person = context.get("user") or User.objects.filter(email=email.lower()).first()
        if person is not None:
            facts["name"] = person.get_short_name()
        if template == "account/notice":
            facts["notice"] = name
        locale = person.locale if person is not None else translation.get_language()
        services.plan(
            key=f"account:{name}:{uuid.uuid4()}", to=email, locale=locale or "en", template=template, context=facts
        )

    def _public(self, url: Any) -> str:
        # Built by allauth from the request's Host header, which is a stranger's word: ours is in the settings.
        parts = urlsplit(str(url))
        request = allauth_context.request
        if request is not None and parts.netloc and parts.netloc != request.get_host():
            return str(url)  # a front end of its own, named in the settings
        return settings.PUBLIC_URL.rstrip("/") + parts._replace(scheme="", netloc="").geturl()
