"""A public chain as it is served: its lines as they were sealed, and its place under the newest signed head."""

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

from cms.core.api import ApiView, Shape, public
from cms.core.errors import InvalidInput
from funding.api.proof import HeadData
from funding.models.sealing import PLATFORM_CHAIN
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
    """Where the chain stood."""

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


PARAMETERS = [
    OpenApiParameter("after", int, description="Leave out the lines up to this `seq`: you have them."),
    OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER),
]
RESPONSES = {
    (200, NDJSON): OpenApiResponse(
        OpenApiTypes.STR,
        description="Lines `{seq, occurred_at, kind, journal, debit, credit, amount, currency, party, "
        "prev_hash, hash}`, amounts in minor units; docs/proof.md has the format byte for byte.",
    ),
    304: OpenApiResponse(description="No line was added since that ETag."),
}


def streamed(request: Request, *, name: str, chain: str | None) -> HttpResponseBase:
    """A chain's lines, oldest first, what waits for its seal sealed first; `chain` None for what has none yet."""
    after = _after(request)
    end = proving.chain_end(chain) if chain else proving.ChainEnd(0, proving.ZEROS, None)
    tag = quote_etag(f"{end.hash[:32]}-{after}")
    known = [etag.removeprefix("W/") for etag in parse_etags(request.headers.get("If-None-Match", ""))]
    response: HttpResponseBase
    if tag in known:
        response = Response(status=status.HTTP_304_NOT_MODIFIED)
    else:
        lines = proving.lines(chain=chain or "", after=after, upto=end.seq)
        response = StreamingHttpResponse(lines, content_type=NDJSON)
        response["Content-Disposition"] = f'inline; filename="ledger-{name}.jsonl"'
        response["X-Content-Type-Options"] = "nosniff"
    response["ETag"] = tag
    return public(response, seconds=1, shared=2)  # type: ignore[arg-type]


def proved(chain: str | None) -> Response:
    """A chain's place under the newest head; 404 until a head was signed after its first line."""
    proof = signing.proof_of(chain) if chain else None
    if proof is None:
        raise Http404
    return public(Response(proof), seconds=60)


def _after(request: Request) -> int:
    text = request.GET.get("after", "") or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidInput(_("Enter a whole number."), field="after")
    return int(text)


class PlatformLedger(ApiView):
    """Every movement of money that is no campaign's: the float, transfers to and from the bank, taxes handed over."""

    authentication_classes = ()
    renderer_classes = (Lines, JSONRenderer)

    @extend_schema(operation_id="platform_ledger", tags=["ledger"], parameters=PARAMETERS, responses=RESPONSES)
    def get(self, request: Request) -> HttpResponseBase:
        """Streamed, oldest first: the chain named `platform`, in the form of a campaign's."""
        return streamed(request, name=PLATFORM_CHAIN, chain=PLATFORM_CHAIN)


class PlatformProof(ApiView):
    """The newest signed head, and the place of the chain `platform` under it."""

    authentication_classes = ()

    @extend_schema(operation_id="platform_ledger_head", tags=["ledger"], responses=ProofData)
    def get(self, request: Request) -> Response:
        """For `verify_ledger.py --head`. 404 until a head was signed after the chain's first line."""
        return proved(PLATFORM_CHAIN)
