"""Files by their bytes: what is taken, what is refused and why, what is blanked."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from PIL import Image as Pillow

from cms.core import pictures
from cms.images.inspecting import inspect
from cms.images.models import Document
from home.demo.art import sounds
from tests.cms.images import files
from tests.cms.images.pictures import SECRET, picture, talkative
from tests.cms.users.flows import member, sign_in


def look(data: bytes, name: str = "a.bin"):
    return inspect(ContentFile(data, name=name), name=name)


@pytest.mark.parametrize(
    ("data", "kind", "media_type", "seconds"),
    [
        (files.PDF, "document", "application/pdf", None), (files.VTT, "captions", "text/vtt", None),
        (b"a,b\n1,2\n", "document", "text/plain", None), (sounds.gong(), "sound", "audio/wav", 8),
        (files.mp4(), "film", "video/mp4", 12), (files.mp4(codec=b"mp4a", sound=True), "sound", "audio/mp4", 12),
        ((files.DEMO / "curtain.webm").read_bytes(), "film", "video/webm", 8),
        (files.docx(), "document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", None),
    ],
)  # fmt: skip
def test_what_is_taken(data: bytes, kind: str, media_type: str, seconds: int | None) -> None:
    found = look(data, "whatever.txt")
    assert (found.kind, found.media_type, found.seconds) == (kind, media_type, seconds)
    assert found.size == len(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (files.PDF_PAGE, "polyglot"), (files.PDF_SCRIPT, "active_content"), (files.PDF + files.zipped(), "polyglot"),
        (files.PDF[:-7], "damaged"), (b"<html><script>1</script>", "unknown_type"), (b"MZ\x00\x01", "unknown_type"),
        (b"text <script >alert(1)</script>", "polyglot"), (picture(), "unknown_type"), (files.zipped(), "unknown_type"),
        (files.docx({"word/vbaProject.bin": b"x"}), "has_macros"),
        (files.docx({"word/bomb.xml": bytes(3_000_000)}), "too_much_inside"),
        (files.docx({"word/media/a.jpg": files.JPEG_ZIP}), "polyglot"),
        (files.mp4(codec=b"hvc1"), "wrong_codec"), (files.mp4(seconds=601), "too_long"), (files.mp4()[:60], "damaged"),
        (files.mp4() + files.box(b"free", b"<script>1</script>"), "polyglot"), (b"RIFF\x00\x00\x00\x00WAVE", "damaged"),
    ],
)  # fmt: skip
def test_what_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        look(data)
    assert refusal.value.code == code


def test_the_reason_is_told_in_both_languages() -> None:
    for language, words in (("en", r"H.265 \(HEVC\), which many browsers"), ("zh-hans", "许多浏览器无法播放")):
        with translation.override(language), pytest.raises(ValidationError, match=words):
            look(files.mp4(codec=b"hvc1"))


def test_where_it_was_filmed_is_blanked_and_nothing_moves() -> None:
    data = files.mp4(place=files.PLACE)
    found = look(data)
    cleaned = found.file.read()
    assert files.PLACE not in cleaned
    assert len(cleaned) == len(data)
    assert look(cleaned).seconds == 12


def test_pictures_inside_documents_are_quieted() -> None:
    found = look(files.docx({"word/media/a.jpg": talkative("JPEG")}))
    with zipfile.ZipFile(io.BytesIO(found.file.read())) as archive:
        assert archive.testzip() is None
        assert SECRET not in archive.read("word/media/a.jpg")


@pytest.mark.parametrize("data", [files.GIF_SCRIPT, files.GIF_TAIL, files.JPEG_ZIP, picture("PNG") + files.PDF])
def test_pictures_that_are_something_else_too(data: bytes) -> None:
    with pytest.raises(ValidationError) as refusal:
        pictures.clean(ContentFile(data, name="a.gif"))
    assert refusal.value.code in {"polyglot", "invalid_image"}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
def test_what_lies_behind_a_picture_is_left_behind(form: str) -> None:
    data = picture(form)
    cleaned = pictures.clean(ContentFile(data + b"left behind", name="a")).read()
    assert b"left behind" not in cleaned
    assert Pillow.open(io.BytesIO(cleaned)).size == (60, 40)


@pytest.mark.django_db
def test_forms_and_many_at_once_say_why(client: Client) -> None:
    sign_in(client, member("root@example.com", is_superuser=True).email)
    for name, data in (("a.pdf", files.PDF_PAGE), ("a.pdf", picture()), ("a.mp4", files.mp4(codec=b"hvc1"))):
        answer = client.post("/cms/documents/add/", {"title": "T", "file": SimpleUploadedFile(name, data)})
        assert answer.context["form"].errors["file"], name
        many = client.post(
            "/cms/documents/multiple/add/", {"title": "T", "files[]": SimpleUploadedFile(name, data)},
            headers={"x-requested-with": "XMLHttpRequest"},
        )  # fmt: skip
        assert not many.json()["success"]
        assert many.json()["error_message"]
    picture_too = client.post(
        "/cms/images/multiple/add/", {"title": "T", "files[]": SimpleUploadedFile("a.jpg", files.JPEG_ZIP)},
        headers={"x-requested-with": "XMLHttpRequest"},
    )  # fmt: skip
    assert not picture_too.json()["success"]
    assert not Document.objects.exists()
    good = {"title": "T", "file": SimpleUploadedFile("a.pdf", files.PDF)}
    assert client.post("/cms/documents/add/", good).status_code == 302
    assert Document.objects.get().media_type == "application/pdf"


def stored(data: bytes, name: str) -> Document:
    return Document.objects.create(title="T", file=ContentFile(data, name=name))


@pytest.mark.django_db
def test_documents_are_attachments_at_addresses_nobody_guesses(client: Client, settings) -> None:
    paper = stored(files.PDF, "plan.pdf")
    answer = client.get(paper.url)
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''plan.pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content) == files.PDF
    assert client.get(f"/documents/{paper.pk}/plan.pdf").status_code == 404
    settings.DOCUMENTS_URL = "https://files.example.org"
    settings.ALLOWED_HOSTS = ["*"]
    assert paper.url.startswith("https://files.example.org/documents/")
    path = paper.url.removeprefix("https://files.example.org")
    assert client.get(path)["Location"] == paper.url
    there = {"headers": {"host": "files.example.org"}, "secure": True}
    assert client.get(path, **there).status_code == 200
    assert client.get("/en/", **there).status_code == 404
    assert client.get(stored(files.VTT, "a.vtt").url, **there).status_code == 404


@pytest.mark.django_db
def test_films_play_in_ranges(client: Client) -> None:
    data = files.mp4()
    film = stored(data, "a.mp4")
    whole = client.get(film.url)
    assert (whole["Accept-Ranges"], whole["Content-Length"]) == ("bytes", str(len(data)))
    assert whole["Content-Type"] == "video/mp4"
    assert whole["Content-Disposition"].startswith("inline")
    for asked, expected in (("bytes=4-9", data[4:10]), ("bytes=10-", data[10:]), ("bytes=-5", data[-5:])):
        part = client.get(film.url, headers={"range": asked})
        assert part.status_code == 206
        assert b"".join(part.streaming_content) == expected
    assert client.get(film.url, headers={"range": f"bytes={len(data)}-"}).status_code == 416
    assert client.get(film.url, headers={"range": "bytes=0-1", "if-range": '"other"'}).status_code == 200
    assert client.get(film.url, headers={"if-none-match": whole["ETag"]}).status_code == 304
