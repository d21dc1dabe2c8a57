"""The demo's mail transport: every mail that leaves lands in the mailbox page."""

from collections.abc import Sequence

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

from cms.mail.models import MailboxEntry

KEY_HEADER = "X-Kindling-Key"


class MailboxBackend(BaseEmailBackend):
    """Stores instead of sending."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep one entry per recipient."""
        for message in email_messages:
            html = next((str(a[0]) for a in getattr(message, "alternatives", []) if a[1] == "text/html"), "")
            for address in message.recipients():
                MailboxEntry.objects.create(
                    to=address, subject=str(message.subject)[:300], text=str(message.body), html=html,
                    key=message.extra_headers.get(KEY_HEADER, ""),
                )  # fmt: skip
        return len(email_messages)
