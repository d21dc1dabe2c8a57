"""Films by address, without asking anybody."""

import pytest
from wagtail.blocks import StructBlockValidationError
from wagtail.embeds.embeds import get_embed
from wagtail.embeds.exceptions import EmbedException

from cms.images import films
from cms.images.blocks import VideoBlock


@pytest.mark.parametrize(
    ("url", "provider", "player"),
    [
        (
            "https://www.youtube.com/watch?v=aqz-KE-bpKQ&t=5",
            "YouTube",
            "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ",
        ),
        ("https://youtu.be/aqz-KE-bpKQ?si=x", "YouTube", "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ"),
        ("https://m.youtube.com/shorts/aqz-KE-bpKQ", "YouTube", "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ"),
        ("https://vimeo.com/76979871", "Vimeo", "https://player.vimeo.com/video/76979871?dnt=1"),
        (
            "https://vimeo.com/76979871/8272103f6e",
            "Vimeo",
            "https://player.vimeo.com/video/76979871?dnt=1&h=8272103f6e",
        ),
        (
            "https://www.bilibili.com/video/BV1xx411c7mD/?p=2",
            "Bilibili",
            "https://player.bilibili.com/player.html?bvid=BV1xx411c7mD&page=2&autoplay=0&isOutside=true",
        ),
    ],
)
def test_known(url: str, provider: str, player: str) -> None:
    film = films.find(url)
    assert film is not None
    assert (film.provider, film.player) == (provider, player)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.test/watch?v=aqz-KE-bpKQ", "https://youtube.com.evil.test/watch?v=aqz-KE-bpKQ",
        "https://www.youtube.com/watch?v=short", 'https://www.youtube.com/watch?v="onload=1"', "https://www.youtube.com/",
        "javascript:alert(1)//youtu.be/aqz-KE-bpKQ", "https://user@youtu.be/aqz-KE-bpKQ", "https://youtu.be:444/aqz-KE-bpKQ",
        "https://vimeo.com/channels/staffpicks", "https://www.bilibili.com/video/av170001", "https://b23.tv/abcdef",
        "https://[::1", "",
    ],
)  # fmt: skip
def test_unknown(url: str) -> None:
    assert films.find(url) is None


def test_another_provider_is_refused_on_the_field() -> None:
    block = VideoBlock()
    with pytest.raises(StructBlockValidationError) as refusal:
        block.clean(block.to_python({"url": "https://www.dailymotion.com/video/x8abcd", "caption": ""}))
    assert set(refusal.value.block_errors) == {"url"}
    value = block.to_python({"url": "https://vimeo.com/76979871", "caption": ""})
    assert block.clean(value)["url"].url == "https://vimeo.com/76979871"


@pytest.mark.django_db
def test_wagtails_embeds_know_only_these_and_ask_nobody(monkeypatch) -> None:
    import socket

    def refuse(*args, **kwargs):
        raise AssertionError("asked the network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert get_embed("https://vimeo.com/76979871").provider_name == "Vimeo"
    with pytest.raises(EmbedException):
        get_embed("https://www.flickr.com/photos/a/1")
