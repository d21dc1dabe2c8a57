"""Mail goes to the demo's mailbox, where the tests read it."""

import pytest


@pytest.fixture(autouse=True)
def _mailbox(settings) -> None:
    settings.EMAIL_BACKEND = "cms.mail.backends.MailboxBackend"
