"""Pictures as cameras and editors make them."""

from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image as Pillow
from PIL import PngImagePlugin

from cms.images.models import Image

SECRET = b"Canon of Ada"


def camera_exif(orientation: int = 6) -> bytes:
    """Location, camera and orientation, as a phone writes them."""
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(0x8825)[2] = (31.0, 14.0, 2.0)
    exif.get_ifd(0x8825)[1] = "N"
    return exif.tobytes()


def picture(form: str = "JPEG", size: tuple[int, int] = (60, 40), **options) -> bytes:
    canvas = Pillow.new("RGB", size, (180, 66, 15))
    canvas.paste((20, 90, 140), (0, 0, size[0] // 2, size[1] // 2))
    out = BytesIO()
    canvas.save(out, form, **options)
    return out.getvalue()


def talkative(form: str) -> bytes:
    """A picture that says who took it and where."""
    if form == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Author", SECRET.decode())
        return picture(form, exif=camera_exif(), pnginfo=text)
    if form == "GIF":
        return picture(form, comment=SECRET)
    xmp = {} if form == "PNG" else {"xmp": b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"}
    return picture(form, exif=camera_exif(), **xmp)


def stored(data: bytes | None = None, name: str = "a.jpg", **fields) -> Image:
    return Image.objects.create(title="A lamp", file=ContentFile(data or picture(), name=name), **fields)
