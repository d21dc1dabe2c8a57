"""MP4 and WebM: how long, how large, which codecs; where it was filmed is blanked in place."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import IO

from cms.images.inspecting.findings import FileKind, Finding, broken, wrong_codec

_PICTURE = {"avc1": "H.264", "avc3": "H.264", "av01": "AV1", "vp09": "VP9"}
_SOUND = {"mp4a": "AAC", ".mp3": "MP3", "Opus": "Opus", "fLaC": "FLAC"}
_KNOWN = {"hvc1": "H.265 (HEVC)", "hev1": "H.265 (HEVC)", "mp4v": "MPEG-4 Part 2", "ap4h": "ProRes", "apcn": "ProRes",
          "apch": "ProRes", "jpeg": "Motion JPEG", "ac-3": "AC-3", "ec-3": "E-AC-3", "alac": "ALAC"}  # fmt: skip
_CONTAINERS = {"moov", "trak", "mdia", "minf", "stbl", "mvex"}
# Where phones write places, people and devices.
_TALK = {"udta", "meta", "uuid"}
_READ = {"mvhd", "tkhd", "hdlr", "stsd"}
_MOST_ELEMENTS = 500_000

Box = tuple[str, int, int, int]


@dataclass
class _Mp4:
    """What the boxes said so far."""

    file: IO[bytes]
    seconds: float = 0.0
    width: int = 0
    height: int = 0
    handler: str = ""
    indexed: bool = False
    pictures: list[str] = field(default_factory=list)
    sounds: list[str] = field(default_factory=list)
    blank: list[tuple[int, bytes]] = field(default_factory=list)

    def take(self, kind: str, start: int, body: int, end: int) -> None:
        """Read one box."""
        if kind in _TALK:
            # A box of nothing, as long as what stood there.
            self.blank.append((start + 4, b"free" + (bytes(end - start - 8) if body - start == 8 else b"")))
        elif kind == "moov":
            self.indexed = True
        elif kind in _READ:
            part = _part(self.file, body, min(end, body + 4096))
            getattr(self, f"_{kind}")(part)

    def _mvhd(self, part: bytes) -> None:
        self.seconds = max(self.seconds, _length(part))

    def _tkhd(self, part: bytes) -> None:
        self.width, self.height = max(self.width, _fixed(part, -8)), max(self.height, _fixed(part, -4))

    def _hdlr(self, part: bytes) -> None:
        self.handler = part[8:12].decode("latin-1")

    def _stsd(self, part: bytes) -> None:
        codec = part[12:16].decode("latin-1").strip("\x00")
        {"vide": self.pictures, "soun": self.sounds}.get(self.handler, []).append(codec)


def read_mp4(file: IO[bytes], size: int) -> Finding:
    """A film, or a sound where nothing is to be seen (M4A). Raises `ValidationError`."""
    told = _Mp4(file)
    for box in _boxes(file, 0, size, ()):
        told.take(*box)
    if not told.indexed or not (told.pictures or told.sounds) or told.seconds <= 0:
        raise broken("MP4")
    strange = [codec for codec in told.pictures if codec not in _PICTURE]
    strange += [codec for codec in told.sounds if codec not in _SOUND]
    if strange:
        raise wrong_codec(_KNOWN.get(strange[0], strange[0] or "?"))
    if not told.pictures:
        return Finding(FileKind.SOUND, "audio/mp4", ".m4a", told.seconds, blank=told.blank)
    size_of_it = (told.width or None, told.height or None)
    return Finding(FileKind.FILM, "video/mp4", ".mp4", told.seconds, *size_of_it, told.blank)


def _boxes(file: IO[bytes], start: int, end: int, path: tuple[str, ...]) -> Iterator[Box]:
    """(type, start, start of its content, end) of each box, containers before what is in them."""
    count = 0
    while start + 8 <= end:
        count += 1
        file.seek(start)
        header = file.read(16)
        length, body = int.from_bytes(header[:4], "big"), start + 8
        if length == 1:
            length, body = int.from_bytes(header[8:16], "big"), start + 16
        elif length == 0:
            length = end - start
        if length < body - start or start + length > end or count > _MOST_ELEMENTS:
            raise broken("MP4")
        kind = header[4:8].decode("latin-1")
        yield kind, start, body, start + length
        if kind in _CONTAINERS and len(path) < 6:
            yield from _boxes(file, body, start + length, (*path, kind))
        start += length


def _part(file: IO[bytes], start: int, end: int) -> bytes:
    file.seek(start)
    return file.read(end - start)


def _length(header: bytes) -> float:
    wide = header[:1] == b"\x01"
    scale = int.from_bytes(header[20:24] if wide else header[12:16], "big")
    length = int.from_bytes(header[24:32] if wide else header[16:20], "big")
    unknown = 2 ** (64 if wide else 32) - 1
    return length / scale if scale and length != unknown else 0.0


def _fixed(part: bytes, at: int) -> int:
    return int.from_bytes(part[at : at + 4 or None], "big") >> 16


# WebM: https://www.webmproject.org/docs/container/
class Ident(IntEnum):
    """Elements that say something."""

    EBML = 0x1A45DFA3
    DOCTYPE = 0x4282
    SEGMENT = 0x18538067
    CLUSTER = 0x1F43B675
    TIME = 0xE7
    INFO = 0x1549A966
    SCALE = 0x2AD7B1
    DURATION = 0x4489
    TRACKS = 0x1654AE6B
    ENTRY = 0xAE
    CODEC = 0x86
    VIDEO = 0xE0
    WIDTH = 0xB0
    HEIGHT = 0xBA
    TAGS = 0x1254C367


_INSIDE = {Ident.EBML, Ident.SEGMENT, Ident.CLUSTER, Ident.INFO, Ident.TRACKS, Ident.ENTRY, Ident.VIDEO}
_TOLD = set(Ident) - _INSIDE - {Ident.TAGS}
_WEBM_PICTURE = {"V_VP8", "V_VP9", "V_AV1"}
_WEBM_SOUND = {"A_OPUS", "A_VORBIS"}


@dataclass
class _WebM:
    """What the elements said so far."""

    scale: int = 1_000_000
    duration: float = 0.0
    last: int = 0
    width: int = 0
    height: int = 0
    codecs: list[str] = field(default_factory=list)

    def take(self, ident: int, value: bytes) -> None:
        """Read one element."""
        number = int.from_bytes(value, "big")
        match ident:
            case Ident.SCALE:
                self.scale = number
            case Ident.DURATION:
                self.duration = _float(value)
            case Ident.TIME:
                self.last = max(self.last, number)
            case Ident.CODEC:
                self.codecs.append(value.decode("latin-1").strip("\x00"))
            case Ident.WIDTH:
                self.width = number
            case Ident.HEIGHT:
                self.height = number
            case Ident.DOCTYPE if value.strip(b"\x00") not in {b"webm", b"matroska"}:
                raise broken("WebM")

    @property
    def seconds(self) -> float:
        """How long; recorders that write as they go leave the length out, then the last picture tells it."""
        return max(self.duration, float(self.last)) * self.scale / 1e9


def read_webm(file: IO[bytes], size: int) -> Finding:
    """A film. Raises `ValidationError`."""
    told, blank = _WebM(), []
    for ident, start, body, end in _elements(file, size):
        if ident == Ident.TAGS and end - start >= 9:
            # As much nothing in its place.
            blank.append((start, b"\xec" + (2**56 + end - start - 9).to_bytes(8, "big") + bytes(end - start - 9)))
        elif ident in _TOLD and end - body <= 64:
            file.seek(body)
            told.take(ident, file.read(end - body))
    for codec in told.codecs:
        if codec not in _WEBM_PICTURE | _WEBM_SOUND:
            raise wrong_codec(codec.partition("_")[2] or codec)
    if not _WEBM_PICTURE & set(told.codecs) or told.seconds <= 0:
        raise broken("WebM")
    return Finding(
        FileKind.FILM, "video/webm", ".webm", told.seconds, told.width or None, told.height or None, blank
    )  # fmt: skip


def _elements(file: IO[bytes], size: int) -> Iterator[tuple[int, int, int, int]]:
    """(id, start, start of its content, end) of each element; what may hold others is walked into."""
    place, count = 0, 0
    while place < size:
        count += 1
        file.seek(place)
        head = file.read(12)
        width = 9 - head[0].bit_length() if head and head[0] else 9
        if width > 4 or count > _MOST_ELEMENTS:
            raise broken("WebM")
        ident = int.from_bytes(head[:width], "big")
        mark = head[width] if len(head) > width else 0
        long = 9 - mark.bit_length()
        if not mark or len(head) < width + long:
            raise broken("WebM")
        length = int.from_bytes(head[width : width + long], "big") & (2 ** (7 * long) - 1)
        body = place + width + long
        endless = length == 2 ** (7 * long) - 1
        end = size if endless else body + length
        if end > size or (endless and ident not in _INSIDE):
            raise broken("WebM")
        yield ident, place, body, end
        place = body if ident in _INSIDE else end


def _float(value: bytes) -> float:
    return float(struct.unpack(">f" if len(value) == 4 else ">d", value)[0]) if len(value) in {4, 8} else 0.0
