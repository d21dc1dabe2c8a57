"""What a picture looks like in an answer of the API."""

from typing import Any

from rest_framework import serializers

from cms.core.api import Shape


class Source(Shape):
    """One format of a picture, in several widths."""

    type = serializers.CharField()
    srcset = serializers.CharField()


class FocalPoint(Shape):
    """What must stay in sight when the picture is cropped: shares of width and height."""

    x = serializers.FloatField(min_value=0, max_value=1)
    y = serializers.FloatField(min_value=0, max_value=1)


class Picture(Shape):
    """A picture: what it shows, how large it is, and its files by format, the best first."""

    alt = serializers.CharField(allow_blank=True)
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    focal_point = FocalPoint(allow_null=True)
    src = serializers.CharField(help_text="A file that every browser reads.")
    srcset = serializers.CharField(allow_blank=True, help_text="The same format in several widths.")
    sources = Source(many=True)


class HostedFile(Shape):
    """An uploaded file: a document to download, a film or a sound to play. Sizes in bytes, durations in seconds."""

    title = serializers.CharField()
    url = serializers.CharField()
    type = serializers.CharField(help_text="Its media type, told by its bytes.")
    size = serializers.IntegerField()
    seconds = serializers.IntegerField(allow_null=True)
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    sha256 = serializers.CharField(allow_blank=True)


def pinned(data: dict[str, Any] | None) -> dict[str, Any] | None:
    """What `Picture` says of a picture that was kept with a card or a version; None for none.

    Those are cut already: their focal point says nothing any more.
    """
    if not data or not data.get("src"):
        return None
    names = ("alt", "width", "height", "src", "sources")
    point = data.get("focal_point")
    focus = point if isinstance(point, dict) else None
    return {**{name: data[name] for name in names}, "focal_point": focus, "srcset": data.get("srcset", "")}
