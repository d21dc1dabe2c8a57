"""A text from elsewhere, brought into a campaign's draft over the API."""

from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.browsing import LOCALE
from campaigns.api.studio import Studio
from campaigns.services import importing
from cms.core.api import Shape, Throttle, locale_of, user_of


class ImportedData(Shape):
    """What came in; `left_out` counts by kind what has no place in a story."""

    blocks = serializers.IntegerField()
    pictures = serializers.IntegerField()
    left_out = serializers.DictField(child=serializers.IntegerField())


class Import(Studio):
    """A file, or a text with its kind."""

    parser_classes = (MultiPartParser,)  # type: ignore[assignment]
    throttle_classes = (Throttle.of("uploads"),)

    @extend_schema(
        operation_id="bring_text", tags=["creator"], parameters=[LOCALE], responses={201: ImportedData},
        request={
            "multipart/form-data": {
                "type": "object",
                "properties": {
                    "file": {"type": "string", "contentMediaType": "application/octet-stream"},
                    "text": {"type": "string"}, "kind": {"type": "string", "enum": list(importing.KINDS)},
                    "replace": {"type": "boolean"},
                },
            }
        },
    )  # fmt: skip
    def post(self, request: Request, key: str) -> Response:
        """Word (.docx), Markdown or HTML becomes blocks of the draft in the language of `?locale=`."""
        row, file = self.own(request, key), request.FILES.get("file")
        if isinstance(file, UploadedFile):
            brought, source = importing.read_file(file), str(file.name)[:80]
        else:
            source = str(request.data.get("kind", ""))
            brought = importing.read_text(str(request.data.get("text", "")), source)
        made = importing.bring(
            campaign=row, actor=user_of(request), locale=locale_of(request), brought=brought, source=source,
            replace=str(request.data.get("replace", "")).lower() in {"1", "true", "on"},
        )  # fmt: skip
        return Response(
            {"blocks": made.blocks, "pictures": made.pictures, "left_out": made.left_out}, status=201
        )  # fmt: skip
