"""Mail transports that fail in the ways SMTP does. What they were given is kept in `sent`."""

import smtplib
from typing import ClassVar

from django.core.mail.backends.base import BaseEmailBackend


class Scripted(BaseEmailBackend):
    """Raises the next error of `on_open` and `on_send`; delivers where there is none."""

    on_open: ClassVar[list[Exception]] = []
    on_send: ClassVar[list[Exception]] = []
    sent: ClassVar[list] = []

    def open(self) -> bool:
        if self.on_open:
            raise self.on_open.pop(0)
        return True

    def send_messages(self, email_messages) -> int:
        if self.on_send:
            raise self.on_send.pop(0)
        self.sent.extend(email_messages)
        return len(email_messages)


REFUSED_CONNECTION = ConnectionRefusedError(111, "refused")
GREYLISTED = smtplib.SMTPRecipientsRefused({"a@example.com": (450, b"later")})
NO_SUCH_PERSON = smtplib.SMTPRecipientsRefused({"a@example.com": (550, b"unknown")})
REJECTED_TEXT = smtplib.SMTPDataError(554, b"spam")
BUSY = smtplib.SMTPDataError(451, b"try later")
LOST = smtplib.SMTPServerDisconnected("gone")
TIMED_OUT = TimeoutError("timed out")
