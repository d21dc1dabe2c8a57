"""Films of the providers we allow, told by their address alone: nobody is asked over the network."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from wagtail.embeds.exceptions import EmbedNotFoundException
from wagtail.embeds.finders.base import EmbedFinder

_YOUTUBE = {"youtube.com", "www.youtube.com", "m.youtube.com", "www.youtube-nocookie.com", "youtube-nocookie.com"}
_VIMEO = {"vimeo.com", "www.vimeo.com", "player.vimeo.com"}
_BILIBILI = {"bilibili.com", "www.bilibili.com", "m.bilibili.com"}
_YOUTUBE_PATH = re.compile(r"^/(?:embed|shorts|live|v)/([\w-]{11})/?$", re.ASCII)
_YOUTUBE_ID = re.compile(r"[\w-]{11}", re.ASCII)
_VIMEO_PATH = re.compile(r"^/(?:video/)?(\d{6,12})(?:/([0-9a-f]{8,12}))?/?$")
_BILIBILI_PATH = re.compile(r"^/video/(BV[0-9A-Za-z]{10})/?$")


@dataclass(frozen=True)
class Film:
    """One film: where it is, and its player, which sets no cookie before it is asked to play."""

    provider: str
    key: str
    player: str


def find(url: str) -> Film | None:
    """The film at an address, or None for anything else."""
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or port is not None or parts.username is not None:
        return None
    query = parse_qs(parts.query)
    if host in _YOUTUBE or host == "youtu.be":
        return _youtube(host, parts.path, query)
    if host in _VIMEO:
        return _vimeo(parts.path, query)
    if host in _BILIBILI:
        return _bilibili(parts.path, query)
    return None


def _youtube(host: str, path: str, query: dict[str, list[str]]) -> Film | None:
    if host == "youtu.be":
        key = path.strip("/")
    elif path.rstrip("/") == "/watch":
        key = query.get("v", [""])[0]
    else:
        key = found[1] if (found := _YOUTUBE_PATH.match(path)) else ""
    if not _YOUTUBE_ID.fullmatch(key):
        return None
    return Film("YouTube", key, f"https://www.youtube-nocookie.com/embed/{key}")


def _vimeo(path: str, query: dict[str, list[str]]) -> Film | None:
    found = _VIMEO_PATH.match(path)
    if found is None:
        return None
    secret = found[2] or query.get("h", [""])[0]
    unlisted = f"&h={secret}" if re.fullmatch(r"[0-9a-f]{8,12}", secret) else ""
    return Film("Vimeo", found[1], f"https://player.vimeo.com/video/{found[1]}?dnt=1{unlisted}")


def _bilibili(path: str, query: dict[str, list[str]]) -> Film | None:
    found = _BILIBILI_PATH.match(path)
    if found is None:
        return None
    part = query.get("p", ["1"])[0]
    page = f"&page={part}" if re.fullmatch(r"[1-9]\d{0,3}", part) else ""
    player = f"https://player.bilibili.com/player.html?bvid={found[1]}{page}&autoplay=0&isOutside=true"
    return Film("Bilibili", found[1], player)


class FilmFinder(EmbedFinder):
    """Wagtail's way to films: only the allow-listed providers exist."""

    def accept(self, url: str) -> bool:
        """Whether the address is a film's."""
        return find(url) is not None

    def find_embed(self, url: str, max_width: int | None = None, max_height: int | None = None) -> dict[str, Any]:
        """The player's frame. The title stays unknown: only the provider knows it."""
        film = find(url)
        if film is None:
            raise EmbedNotFoundException
        source = film.player.replace("&", "&amp;")
        return {
            "title": "",
            "author_name": "",
            "provider_name": film.provider,
            "type": "video",
            "thumbnail_url": "",
            "width": max_width or 960,
            "height": max_height or 540,
            "html": f'<iframe src="{source}" loading="lazy" allowfullscreen referrerpolicy="no-referrer"></iframe>',
        }


embed_finder_class = FilmFinder
