"""A campaign's public ledger: its sealed lines as they were published, and its place under the newest signed head."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api import reading
from cms.core.api import Anonymous, Shape, public
from cms.core.errors import InvalidInput
from funding.api.proof import HeadData
from funding.services import proving, signing

NDJSON = "application/x-ndjson"


class Lines(BaseRenderer):
    """Names the media type; the lines are streamed as they are. Whatever is asked for is served so."""

    media_type = NDJSON
    format = "jsonl"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """Errors only: they are problem+json under any name."""
        return JSONRenderer().render(data, accepted_media_type, renderer_context)


class LeafData(Shape):
    """Where the campaign's chain stood."""

    chain = serializers.CharField()
    seq = serializers.IntegerField()
    hash = serializers.CharField()


class StepData(Shape):
    """A sibling on the way up to the root: it stands on one of the two sides."""

    left = serializers.CharField(required=False)
    right = serializers.CharField(required=False)


class ProofData(Shape):
    """That a chain stood at `leaf` when `head` was signed: hashing the leaf with `path` gives the statement's root."""

    head = HeadData()
    leaf = LeafData()
    path = StepData(many=True)


class Ledger(Anonymous):
    """Every movement of a campaign's money, one JSON object a line, each holding the hash of the one before."""

    renderer_classes = (Lines, JSONRenderer)

    @extend_schema(
        operation_id="campaign_ledger", tags=["campaigns"],
        parameters=[
            OpenApiParameter("after", int, description="Leave out the lines up to this `seq`: you have them."),
            OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER),
        ],
        responses={
            (200, NDJSON): OpenApiResponse(
                OpenApiTypes.STR,
                description="Lines `{seq, occurred_at, kind, journal, debit, credit, amount, currency, party, "
                "prev_hash, hash}`, amounts in minor units; docs/proof.md has the format byte for byte.",
            ),
            304: OpenApiResponse(description="No line was added since that ETag."),
        },
    )  # fmt: skip
    def get(self, request: Request, key: str) -> HttpResponseBase:
        """Streamed, oldest first. What waits for its seal is sealed first."""
        found = reading.shown(key, "en")
        after = _after(request)
        escrow = found.campaign.escrow
        end = proving.chain_end(escrow.key) if escrow else proving.ChainEnd(0, proving.ZEROS, None)
        tag = quote_etag(f"{end.hash[:32]}-{after}")
        known = [etag.removeprefix("W/") for etag in parse_etags(request.headers.get("If-None-Match", ""))]
        response: HttpResponseBase
        if tag in known:
            response = Response(status=status.HTTP_304_NOT_MODIFIED)
        else:
            lines: Iterator[str] = proving.lines(chain=key, after=after, upto=end.seq)
            response = StreamingHttpResponse(lines, content_type=NDJSON)
            response["Content-Disposition"] = f'inline; filename="ledger-{key}.jsonl"'
            response["X-Content-Type-Options"] = "nosniff"
        response["ETag"] = tag
        return public(response, seconds=1, shared=2)  # type: ignore[arg-type]


class LedgerProof(Anonymous):
    """The newest signed head, and the campaign's place under it."""

    @extend_schema(operation_id="campaign_ledger_head", tags=["campaigns"], responses=ProofData)
    def get(self, request: Request, key: str) -> Response:
        """For `verify_ledger.py --head`. 404 until a head was signed after the campaign's first line."""
        found = reading.shown(key, "en")
        proof = signing.proof_of(found.campaign.escrow.key) if found.campaign.escrow else None
        if proof is None:
            raise Http404
        return public(Response(proof), seconds=60)


def _after(request: Request) -> int:
    text = request.GET.get("after", "") or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidInput(_("Enter a whole number."), field="after")
    return int(text)
