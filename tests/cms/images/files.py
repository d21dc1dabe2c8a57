"""Files as programs write them, and as attackers do."""

import io
import struct
import zipfile
from pathlib import Path

from tests.cms.images.pictures import picture, talkative

DEMO = Path(__file__).resolve().parents[3] / "home/demo/files"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
VTT = b"WEBVTT\n\n00:00.500 --> 00:02.000\nHello.\n"
PLACE = b"+31.2304+121.4737/"


def docx(parts: dict[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", **(parts or {})}.items():
            archive.writestr(name, data)
    return out.getvalue()


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("payload.class", b"x" * 50)
    return out.getvalue()


def box(kind: bytes, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return struct.pack(">I", len(body) + 8) + kind + body


def mp4(*, codec: bytes = b"avc1", seconds: int = 12, place: bytes = b"", sound: bool = False) -> bytes:
    handler = b"soun" if sound else b"vide"
    header = box(b"mvhd", bytes(12) + struct.pack(">II", 1000, seconds * 1000) + bytes(80))
    track = box(b"tkhd", bytes(76) + struct.pack(">II", 1280 << 16, 720 << 16))
    described = box(b"stsd", bytes(4) + struct.pack(">I", 1) + box(codec, bytes(16)))
    media = box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(12)), box(b"minf", box(b"stbl", described)))
    talk = box(b"udta", box(b"\xa9xyz", place)) if place else b""
    index = box(b"moov", header, box(b"trak", track, media), talk)
    return box(b"ftyp", b"isom", bytes(4)) + index + box(b"mdat", bytes(64))


GIF_SCRIPT = b"GIF89a/*" + picture("GIF")[8:] + b"*/=1;alert(1)//"
GIF_TAIL = picture("GIF") + b"<script>alert(1)</script>"
JPEG_ZIP = picture("JPEG") + zipped()
PDF_PAGE = PDF.replace(b"%%EOF", b"% <script >alert(1)</script>\n%%EOF")
PDF_SCRIPT = PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>")
__all__ = ["DEMO", "talkative"]
