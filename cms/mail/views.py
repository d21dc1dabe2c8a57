"""The demo's mailbox: everything that was sent, to anyone. Nowhere else."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.core.content_policy import shows_mail
from cms.mail.models import MailboxEntry

PER_PAGE = 50
JSON_LIMIT = 500


@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """All mail, newest first, or `?to=` one address; as JSON for who asks for that. `?before=` pages on."""
    _demo_only()
    to = request.GET.get("to", "").strip()
    entries = MailboxEntry.objects.order_by("-pk")
    if to:
        entries = entries.filter(to__iexact=to)
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse([_as_json(entry) for entry in entries[:JSON_LIMIT]], safe=False)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        entries = entries.filter(pk__lt=int(before))
    rows = list(entries[: PER_PAGE + 1])
    pager = {}
    if len(rows) > PER_PAGE:
        query = {"to": to, "before": rows[PER_PAGE - 1].pk}
        pager = {"next_url": f"{request.path}?{urlencode(query)}"}
    context = {"action": request.path, "to": to, "mails": [_as_row(row) for row in rows[:PER_PAGE]], "pager": pager}
    return render(request, "pages/mailbox.html", {"mailbox": context})


@never_cache
@require_safe
@shows_mail  # type: ignore[arg-type]  # it passes on what an address names
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail as it left."""
    _demo_only()
    entry = get_object_or_404(MailboxEntry, pk=pk)
    shown = {**_as_row(entry), "text": entry.text}
    if entry.html:
        # A frame without scripts; its links open in the whole window.
        shown["frame"] = f'<base target="_top">{entry.html}'
    context = {"action": reverse("mailbox"), "to": "", "open": shown}
    return render(request, "pages/mailbox.html", {"mailbox": context})


def _demo_only() -> None:
    if not settings.DEMO:
        raise Http404


def _as_json(entry: MailboxEntry) -> dict[str, Any]:
    return {
        "to": entry.to, "subject": entry.subject, "key": entry.key, "sent_at": entry.sent_at.isoformat(),
        "text": entry.text,
    }  # fmt: skip


def _as_row(entry: MailboxEntry) -> dict[str, Any]:
    return {
        "url": reverse("mail", args=[entry.pk]),
        "to": entry.to,
        "subject": entry.subject,
        "key": entry.key,
        "sent_text": date_format(timezone.localtime(entry.sent_at), "DATETIME_FORMAT"),
        "excerpt": Truncator(" ".join(entry.text.split())).chars(140),
    }
