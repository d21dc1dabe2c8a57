"""The signed heads of the ledger, and the keys they were signed with."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cms.core.api import ApiView, Instant, Page, Shape, instant, keyset, public
from funding.models import LedgerHead, SigningKey
from funding.services import signing


class HeadData(Shape):
    """A day's signed head. `signature` (Ed25519, hex) is of the exact UTF-8 bytes of `statement`, `hash` their
    SHA-256; the next statement's `previous` is that hash."""

    number = serializers.IntegerField()
    day = serializers.DateField()
    statement = serializers.CharField(
        help_text="JSON: number, made_at, chains, lines, root (Merkle root of all chains' ends), previous."
    )
    hash = serializers.CharField()
    signature = serializers.CharField()
    key = serializers.CharField(help_text="The public key, 32 bytes in hex.")


class KeyData(Shape):
    """A public key, and since when it signs."""

    key = serializers.CharField()
    algorithm = serializers.CharField()
    since = Instant()


class KeyList(Shape):
    """All keys, the newest first."""

    items = KeyData(many=True)


class Heads(ApiView):
    """One head a day, each naming the one before."""

    authentication_classes = ()

    @extend_schema(
        operation_id="ledger_heads", tags=["ledger"], responses=Page(HeadData),
        parameters=[
            OpenApiParameter("cursor", str, description="From `next_cursor` of the window before."),
            OpenApiParameter("limit", int, description="1 to 100, 20 unless given."),
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Newest first."""
        window = keyset(LedgerHead.objects.select_related("key"), by="number", request=request)
        items = [signing.head_data(head) for head in window.rows]
        return public(Response({"items": items, "next_cursor": window.next_cursor}), seconds=60)


class Keys(ApiView):
    """What the heads are verified with. Keep a copy: a key that only this site shows proves little."""

    authentication_classes = ()

    @extend_schema(operation_id="ledger_keys", tags=["ledger"], responses=KeyList)
    def get(self, request: Request) -> Response:
        """All keys that ever signed, newest first."""
        rows = SigningKey.objects.order_by("-pk")
        items = [{"key": row.key, "algorithm": "Ed25519", "since": instant(row.since)} for row in rows]
        return public(Response({"items": items}), seconds=60)
