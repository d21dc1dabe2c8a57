"""Planning and sending mail: planned → sending → sent | failed | unknown, each message at most once.

Planned rows are written with the fact they tell of; a worker claims one before it speaks SMTP. What may have left
although nobody can say so is `unknown` and is never sent again by itself. A context, which may hold a reset link,
is kept no longer than the sending needs it.
"""

import logging
import re
import smtplib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from cms.core import jobs
from cms.core.clock import AppNow
from cms.mail import rendering
from cms.mail.models import MailboxEntry, Message

logger = logging.getLogger("kindling.mail")

MAX_ATTEMPTS = 8
STALE_AFTER = timedelta(minutes=10)
# Whose messages were blanked; mail to it reaches nobody (RFC 6761).
ERASED_ADDRESS = "erased@erased.invalid"


@dataclass(frozen=True)
class Plan:
    """One mail to plan: see `plan`."""

    key: str
    to: str
    locale: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


def plan(*, key: str, to: str, locale: str, template: str, context: dict[str, Any]) -> Message | None:
    """Write one message in the caller's transaction and nudge a worker; a key that exists already: None, nothing done.

    `template` names `templates/emails/<template>.{subject.txt,txt,html}`; `context` is JSON.
    """
    with transaction.atomic():
        message, created = Message.objects.get_or_create(
            key=key, defaults={"to": to, "locale": locale, "template": template, "context": context}
        )
        if created:
            jobs.enqueue("mail.send_message", message.pk)
    return message if created else None


def plan_many(plans: Iterable[Plan]) -> None:
    """`plan` for a crowd in a few statements: keys that exist already are left alone, one nudge sends the rest."""
    rows = [
        Message(key=plan.key, to=plan.to, locale=plan.locale, template=plan.template, context=plan.context)
        for plan in plans
    ]
    Message.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    jobs.enqueue("mail.send_due")


def send(message_id: int) -> bool:
    """Claim one planned message, render it in its language and hand it to SMTP; whether it left.

    A temporary refusal puts it back with a growing delay, eight times at most; a permanent one makes it `failed`;
    a connection lost after the text had begun makes it `unknown`.
    """
    message = _claim(message_id)
    if message is None:
        return False
    try:
        email = _compose(message)
        connection = get_connection()
        connection.open()
    except Exception as error:  # nothing has left yet, whatever it was
        _put_back(message, error)
        return False
    try:
        with connection:
            connection.send_messages([email])
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        _refused(message, refused, permanent=all(code >= 500 for code in codes))
        return False
    except smtplib.SMTPResponseException as refused:
        _refused(message, refused, permanent=refused.smtp_code >= 500)
        return False
    except (smtplib.SMTPException, OSError) as lost:
        _finish(message, Message.State.UNKNOWN, last_error=_words(lost, message))
        return False
    _finish(message, Message.State.SENT, sent_at=AppNow(), subject=email.subject[:300], last_error="")
    return True


def send_due(limit: int = 500) -> int:
    """Send what a lost nudge or a delay left behind, oldest first; mark what a crash left in the middle as unknown."""
    stale = Message.objects.filter(state=Message.State.SENDING, claimed_at__lt=timezone.now() - STALE_AFTER)
    for message in stale:
        logger.warning("Mail %s was being sent when its worker died; it may have left.", message.key)
        _finish(message, Message.State.UNKNOWN, last_error="The worker died while sending.")
    due = Message.objects.filter(
        Q(next_attempt_at=None) | Q(next_attempt_at__lte=timezone.now()), state=Message.State.PLANNED
    ).order_by("pk")
    return sum(send(pk) for pk in due.values_list("pk", flat=True)[:limit])


def forget(*, addresses: Iterable[str]) -> int:
    """Blank every message to these addresses, in the caller's transaction; returns how many. Their keys stay.

    What has not left is not sent any more; what is just leaving ends as `unknown`.
    """
    theirs = Q(pk__in=[])
    for address in addresses:
        theirs |= Q(to__iexact=address)
    MailboxEntry.objects.filter(theirs).delete()
    found = Message.objects.filter(theirs)
    found.filter(state=Message.State.PLANNED).update(state=Message.State.FAILED)
    found.filter(state=Message.State.SENDING).update(state=Message.State.UNKNOWN)
    return found.update(to=ERASED_ADDRESS, subject="", context={}, last_error="")


def forget_words(*, keys: Iterable[str]) -> int:
    """Blank what messages to others say, by their keys: they named somebody who is forgotten. Returns how many.

    To whom they went stays; what has not left is not sent any more.
    """
    found = Message.objects.filter(key__in=list(keys))
    MailboxEntry.objects.filter(key__in=list(keys)).delete()
    found.filter(state=Message.State.PLANNED).update(state=Message.State.FAILED)
    found.filter(state=Message.State.SENDING).update(state=Message.State.UNKNOWN)
    return found.update(subject="", context={}, last_error="")


def _words(error: Exception, message: Message) -> str:
    """What went wrong, without the address that servers like to repeat."""
    return re.sub(re.escape(message.to), "<address>", repr(error), flags=re.IGNORECASE)[:2000]


def _claim(message_id: int) -> Message | None:
    now = timezone.now()
    claimed = Message.objects.filter(
        Q(next_attempt_at=None) | Q(next_attempt_at__lte=now), pk=message_id, state=Message.State.PLANNED
    ).update(state=Message.State.SENDING, claimed_at=now, attempts=F("attempts") + 1)
    return Message.objects.get(pk=message_id) if claimed else None


def _compose(message: Message) -> EmailMultiAlternatives:
    subject, text, html = rendering.render(
        template=message.template, locale=message.locale, context=message.context, to=message.to
    )
    email = EmailMultiAlternatives(subject, text, to=[message.to], headers=rendering.headers(message.key))
    if html:
        email.attach_alternative(html, "text/html")
    return email


def _refused(message: Message, error: Exception, *, permanent: bool) -> None:
    if permanent:
        _finish(message, Message.State.FAILED, last_error=_words(error, message))
    else:
        _put_back(message, error)


def _put_back(message: Message, error: Exception) -> None:
    words = _words(error, message)
    logger.warning("Mail %s was not sent (attempt %s): %s", message.key, message.attempts, words)
    if message.attempts >= MAX_ATTEMPTS:
        _finish(message, Message.State.FAILED, last_error=words)
        return
    Message.objects.filter(pk=message.pk, state=Message.State.SENDING).update(
        state=Message.State.PLANNED,
        next_attempt_at=timezone.now() + timedelta(seconds=30 * 4 ** (message.attempts - 1)),
        last_error=words,
    )


def _finish(message: Message, state: Message.State, **fields: Any) -> None:
    # The links of an account mail open the account: gone with the sending, however it ended.
    if state == Message.State.SENT or message.template.startswith("account/"):
        fields["context"] = {}
    Message.objects.filter(pk=message.pk, state=Message.State.SENDING).update(state=state, **fields)
