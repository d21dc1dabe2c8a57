"""MP3, Ogg and WAV: how long they are, and that they are that."""

from typing import IO

from cms.images.inspecting.findings import FileKind, Finding, broken, wrong_codec

_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_BITRATES = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_TAIL = 70_000


def begins(head: bytes) -> bool:
    """Whether a file begins as one of them."""
    return (
        head.startswith((b"ID3", b"OggS"))
        or (head[:4] == b"RIFF" and head[8:12] == b"WAVE")
        or (head[:1] == b"\xff" and len(head) > 2 and head[1] & 0xE6 == 0xE2)
    )


def read(file: IO[bytes], size: int) -> Finding:
    """Which, and how long. Raises `ValidationError`."""
    file.seek(0)
    head = file.read(4096)
    if head.startswith(b"OggS"):
        return _ogg(file, head, size)
    if head[:4] == b"RIFF":
        return _wav(file, size)
    return _mp3(file, head, size)


def _mp3(file: IO[bytes], head: bytes, size: int) -> Finding:
    start = 0
    if head.startswith(b"ID3"):
        length = head[6:10]
        start = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(length, (21, 14, 7, 0), strict=False))
    file.seek(start)
    frame = file.read(4096)
    at = next((i for i in range(len(frame) - 4) if frame[i] == 0xFF and frame[i + 1] & 0xE6 == 0xE2), None)
    if at is None:
        raise broken("MP3")
    frame = frame[at:]
    version, first = frame[1] >> 3 & 3, frame[1] >> 3 & 3 == 3
    bitrate, rate = frame[2] >> 4, frame[2] >> 2 & 3
    if version == 1 or bitrate in {0, 15} or rate == 3:
        raise broken("MP3")
    per_second, samples = _RATES[version][rate], 1152 if first else 576
    for tag in (b"Xing", b"Info"):
        if (place := frame.find(tag, 0, 200)) > 0 and frame[place + 7] & 1:
            frames = int.from_bytes(frame[place + 8 : place + 12], "big")
            return Finding(FileKind.SOUND, "audio/mpeg", ".mp3", frames * samples / per_second)
    return Finding(FileKind.SOUND, "audio/mpeg", ".mp3", (size - start - at) / (_BITRATES[first][bitrate] * 125))


def _ogg(file: IO[bytes], head: bytes, size: int) -> Finding:
    if b"OpusHead" in head[:200]:
        rate = 48_000
    elif (place := head.find(b"\x01vorbis", 0, 200)) > 0:
        rate = int.from_bytes(head[place + 12 : place + 16], "little")
    else:
        raise wrong_codec("Ogg")
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    last = tail.rfind(b"OggS")
    samples = int.from_bytes(tail[last + 6 : last + 14], "little", signed=True)
    if last < 0 or samples <= 0 or not rate:
        raise broken("Ogg")
    return Finding(FileKind.SOUND, "audio/ogg", ".ogg", samples / rate)


def _wav(file: IO[bytes], size: int) -> Finding:
    place, rate, length = 12, 0, 0
    while place + 8 <= size and not length:
        file.seek(place)
        chunk = file.read(24)
        extent = int.from_bytes(chunk[4:8], "little")
        if chunk[:4] == b"fmt ":
            if int.from_bytes(chunk[8:10], "little") not in {1, 3, 0xFFFE}:
                raise wrong_codec("WAV")
            rate = int.from_bytes(chunk[16:20], "little")
        elif chunk[:4] == b"data":
            length = min(extent, size - place - 8)
        place += 8 + extent + extent % 2
    if not rate or not length:
        raise broken("WAV")
    return Finding(FileKind.SOUND, "audio/wav", ".wav", length / rate)
