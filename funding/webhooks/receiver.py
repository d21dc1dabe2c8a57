"""Where the provider calls: verify, store, answer, and let a worker do the rest."""

import logging
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cms.core import jobs
from funding.exceptions import ProviderUnavailable, WebhookRefused
from funding.gateways import get_gateway
from funding.gateways.base import ProviderEvent
from funding.models import WebhookEvent
from funding.webhooks import refusals

logger = logging.getLogger("kindling.webhooks")

# Far above any event; nobody is allowed to fill our memory unsigned.
MOST_BYTES = 1_000_000
# Providers' numbers have at most so many characters.
LONGEST = 255


@csrf_exempt
@require_POST
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """200 for every genuine event, the first time and again; 400 for what is forged, stale or foreign."""
    if _length(request) > MOST_BYTES:
        return JsonResponse({"code": "too_large"}, status=413)
    try:
        gateway = get_gateway(provider)
    except KeyError:
        return JsonResponse({"code": "unknown_provider"}, status=404)
    try:
        event = gateway.verify_webhook(body=request.body, headers=request.headers)
    except ProviderUnavailable:
        # What proves it can't be fetched now: the provider sends it again.
        return JsonResponse({"code": "unavailable"}, status=503)
    except WebhookRefused as error:
        logger.warning("Refused a webhook: %s", error.extra.get("reason"))
        refusals.note(provider, str(error.extra.get("reason", "")))
        return JsonResponse({"code": error.code, **error.extra}, status=400)
    if not _can_be_kept(event):
        # Genuine by its signature, but no event that the provider's own documents know.
        logger.error("Refused a signed event of an impossible shape from %s", provider)
        refusals.note(provider, "shape")
        return JsonResponse({"code": WebhookRefused.code, "reason": "shape"}, status=400)
    with transaction.atomic():
        stored, new = WebhookEvent.objects.get_or_create(
            provider=provider,
            external_id=event.external_id,
            defaults={
                "type": event.type[:80],
                "object_id": event.object_id,
                "account": event.account,
                "payload": event.payload,
            },
        )
        if new:
            jobs.enqueue("funding.handle_webhook", stored.pk)
    return HttpResponse(gateway.acknowledgement, status=200, content_type="text/plain")


def _can_be_kept(event: ProviderEvent) -> bool:
    words: tuple[Any, ...] = (event.external_id, event.type, event.object_id, event.account)
    return bool(event.external_id) and all(
        isinstance(word, str) and len(word) <= LONGEST and word.isprintable() for word in words
    )


def _length(request: HttpRequest) -> int:
    # What is no number is what Django reads as an empty body; the signature refuses that.
    length = request.headers.get("Content-Length", "")
    return int(length) if length.isascii() and length.isdigit() else 0
