"""Uploaded pictures: told by their bytes, bounded, and freed of what the camera knows of its owner.

Nothing is re-encoded that carries no such data. What lies on its side is turned upright, since the note that says so
goes with the rest; the colour profile stays, for without it a picture would look wrong.
"""

import warnings
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, JpegImagePlugin

from cms.core.polyglots import refuse_polyglot, tail_of

FORMATS = ("AVIF", "GIF", "JPEG", "PNG", "WEBP")
ORIENTATION = 0x0112
# Where Pillow keeps what a file says beside its pixels.
_TALK = ("exif", "xmp", "XML:com.adobe.xmp", "comment", "photoshop", "Raw profile type exif", "Raw profile type iptc")


def clean(upload: File, *, max_bytes: int | None = None) -> File:
    """The same picture without location, camera, comments and other talk. Raises `ValidationError`.

    `max_bytes` is WAGTAILIMAGES_MAX_UPLOAD_SIZE unless given; pixels are WAGTAILIMAGES_MAX_IMAGE_PIXELS at most.
    """
    limit = max_bytes or settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE
    if upload.size > limit:
        raise ValidationError(
            _("This file is too big: %(limit)s at most.") % {"limit": filesizeformat(limit)}, code="file_too_large"
        )
    upload.seek(0)
    data = upload.read()
    upload.seek(0)
    _refuse_drawing(data)
    picture = _open(data)
    refuse_polyglot(data)
    if not _talks(picture) and not tail_of(data, picture.format or ""):
        return upload
    return ContentFile(_quiet(picture), name=upload.name)


def _refuse_drawing(data: bytes) -> None:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<svg") or (
        head.startswith((b"<?xml", b"<!doctype", b"<!--")) and b"<svg" in data[:8192].lower()
    ):
        raise ValidationError(
            _("SVG drawings can carry scripts and aren't taken: export it as PNG or WebP."), code="invalid_image"
        )


def _open(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # Our own limit comes right after; Pillow's warning would only say it twice.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(data), formats=FORMATS)
    except Exception as error:
        raise ValidationError(
            _("This is no picture that we can show: use JPEG, PNG, WebP, AVIF or GIF."), code="invalid_image"
        ) from error
    limit = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
    if picture.width * picture.height * getattr(picture, "n_frames", 1) > limit:
        raise ValidationError(
            _("This picture is too large: %(limit)s million pixels at most.") % {"limit": limit // 1_000_000},
            code="file_too_many_pixels",
        )
    return picture


def _talks(picture: Image.Image) -> bool:
    if picture.getexif():
        return True
    texts = getattr(picture, "text", {}) if picture.format == "PNG" else {}
    return bool(texts) or any(picture.info.get(name) for name in _TALK if name != "exif")


def _quiet(picture: Image.Image) -> bytes:
    options: dict[str, Any] = {"format": picture.format}
    if profile := picture.info.get("icc_profile"):
        options["icc_profile"] = profile
    lying = picture.getexif().get(ORIENTATION, 1) in range(2, 9)
    frames = getattr(picture, "n_frames", 1)
    if picture.format == "JPEG":
        # The same quantisation tables: what the eye sees stays as it was, turned or not.
        options |= {"comment": b"", "xmp": b"", **(_tables(picture) if lying else {"quality": "keep"})}
        if picture.mode == "CMYK":
            options.pop("xmp")
    elif picture.format == "WEBP":
        options |= {"quality": 92, "method": 4, "exif": b"", "xmp": b""}
    elif picture.format == "AVIF":
        options |= {"quality": 90, "exif": b"", "xmp": b""}
    elif picture.format == "GIF":
        options["comment"] = b""
    if frames > 1:
        options["save_all"] = True
    upright = _upright(picture) if lying and frames == 1 else picture
    for name in _TALK:
        upright.info.pop(name, None)
    out = BytesIO()
    upright.save(out, **options)
    return out.getvalue()


def _tables(picture: Any) -> dict[str, Any]:
    subsampling = JpegImagePlugin.get_sampling(picture)
    return {"qtables": picture.quantization, **({"subsampling": subsampling} if subsampling >= 0 else {})}


def _upright(picture: Image.Image) -> Image.Image:
    turned = ImageOps.exif_transpose(picture)
    assert turned is not None
    return turned
