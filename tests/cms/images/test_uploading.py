"""What may be uploaded, and what is taken out of it."""

import hashlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Pillow
from PIL import ImageOps

from cms.core import pictures
from cms.core.errors import InvalidInput
from cms.images.models import Image
from cms.users import services
from tests.cms.images.pictures import SECRET, picture, stored, talkative
from tests.cms.users.flows import member, sign_in

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF"]


def upload(data: bytes, name: str = "a.jpg") -> ContentFile:
    return ContentFile(data, name=name)


@pytest.mark.parametrize("form", FORMATS)
def test_location_and_camera_are_taken_out(form: str) -> None:
    data = talkative(form)
    assert SECRET in data
    clean = pictures.clean(upload(data)).read()
    assert SECRET not in clean
    before, after = Pillow.open(BytesIO(data)), Pillow.open(BytesIO(clean))
    assert after.format == form
    assert not after.getexif().get_ifd(0x8825)
    # What lay on its side stands upright now, and no note is left that would turn it again.
    upright = ImageOps.exif_transpose(before)
    assert after.size == upright.size
    assert not after.getexif()
    pairs = zip(after.convert("RGB").getpixel((5, 5)), upright.convert("RGB").getpixel((5, 5)), strict=True)
    assert all(abs(one - other) < 12 for one, other in pairs)


@pytest.mark.parametrize("form", FORMATS)
def test_a_silent_picture_stays_byte_for_byte(form: str) -> None:
    data = picture(form)
    assert pictures.clean(upload(data)).read() == data


def test_the_colour_profile_stays() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    clean = pictures.clean(upload(picture(icc_profile=profile, comment=SECRET))).read()
    assert SECRET not in clean
    assert Pillow.open(BytesIO(clean)).info["icc_profile"] == profile


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (SVG, "invalid_image"), (b"", "invalid_image"), (b"GIF89a nonsense", "invalid_image"),
        (picture("TIFF"), "invalid_image"), (picture("BMP"), "invalid_image"), (picture("PPM"), "invalid_image"),
    ],
)  # fmt: skip
def test_bytes_decide_not_the_name(data: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        pictures.clean(upload(data, "a.jpg"))
    assert refusal.value.code == code


def test_limits(settings) -> None:
    data = picture()
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60 * 40
    pictures.clean(upload(data))
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60 * 40 - 1
    with pytest.raises(ValidationError, match="too large"):
        pictures.clean(upload(data))
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 10**6
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = len(data) - 1
    with pytest.raises(ValidationError, match="too big"):
        pictures.clean(upload(data))


@pytest.mark.django_db
def test_whoever_stores_an_image_stores_it_clean() -> None:
    image = stored(talkative("JPEG"))
    with image.file.open() as file:
        data = file.read()
    assert SECRET not in data
    assert (image.file_size, image.file_hash) == (len(data), hashlib.sha1(data).hexdigest())
    with pytest.raises(ValidationError):
        stored(SVG, "a.svg")


@pytest.mark.django_db
def test_the_admin_says_what_is_wrong_with_a_file(client: Client) -> None:
    sign_in(client, member("root@example.com", is_superuser=True).email)

    def add(data: bytes, name: str):
        return client.post("/cms/images/add/", {"title": "T", "file": SimpleUploadedFile(name, data)})

    for data, name in [(SVG, "a.svg"), (SVG, "a.jpg"), (picture("PNG"), "a.jpg"), (picture("TIFF"), "a.png")]:
        response = add(data, name)
        assert response.status_code == 200, name
        assert response.context["form"].errors["file"]
    assert not Image.objects.exists()
    assert add(talkative("JPEG"), "a.jpg").status_code == 302
    with Image.objects.get().file.open() as file:
        assert SECRET not in file.read()


@pytest.mark.django_db
def test_profile_photos_are_cleaned_and_lose_their_name() -> None:
    user = member("who@example.com")
    profile = {"display_name": "Who", "bio": "", "locale": "en", "timezone": "UTC"}
    services.edit_profile(user=user, photo=SimpleUploadedFile("ada-at-home.jpg", talkative("JPEG")), **profile)
    user.refresh_from_db()
    assert "ada" not in user.photo.name
    with user.photo.open() as file:
        assert SECRET not in file.read()
    with pytest.raises(InvalidInput) as refusal:
        services.edit_profile(user=user, photo=SimpleUploadedFile("a.png", SVG), **profile)
    assert refusal.value.field == "photo"
