"""A campaign's public ledger: its sealed lines as they were published, and its place under the newest signed head."""

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api import reading
from cms.core.api import Anonymous
from funding.api import chains


class Ledger(Anonymous):
    """Every movement of a campaign's money, one JSON object a line, each holding the hash of the one before."""

    renderer_classes = (chains.Lines, JSONRenderer)

    @extend_schema(
        operation_id="campaign_ledger", tags=["campaigns"], parameters=chains.PARAMETERS, responses=chains.RESPONSES
    )
    def get(self, request: Request, key: str) -> HttpResponseBase:
        """Streamed, oldest first. What waits for its seal is sealed first."""
        escrow = reading.shown(key, "en").campaign.escrow
        return chains.streamed(request, name=key, chain=escrow.key if escrow else None)


class LedgerProof(Anonymous):
    """The newest signed head, and the campaign's place under it."""

    @extend_schema(operation_id="campaign_ledger_head", tags=["campaigns"], responses=chains.ProofData)
    def get(self, request: Request, key: str) -> Response:
        """For `verify_ledger.py --head`. 404 until a head was signed after the campaign's first line."""
        escrow = reading.shown(key, "en").campaign.escrow
        return chains.proved(escrow.key if escrow else None)
