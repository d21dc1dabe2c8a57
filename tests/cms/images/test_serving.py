"""Sizes and formats: rendered ahead, never by a reader."""

import pytest
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page
from wagtail.signals import published

from campaigns.blocks import StoryStreamBlock
from cms.images import services, streams
from cms.images.models import Image, Rendition
from cms.images.serializers import image_sources
from tests.cms.images.pictures import picture, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def image() -> Image:
    return stored(picture(size=(1000, 600)), focal_point_x=250, focal_point_y=300, description="A lamp")


def test_before_rendering_the_original_serves(image: Image) -> None:
    data = image_sources(image, "")
    assert data == {
        "alt": "A lamp", "width": 1000, "height": 600, "focal_point": {"x": 0.25, "y": 0.5},
        "src": image.file.url, "srcset": "", "sources": [],
    }  # fmt: skip
    assert not Rendition.objects.exists()


def test_after_rendering_avif_webp_and_jpeg(image: Image) -> None:
    services.render_sources(image)
    data = image_sources(image, "Another", base_url="https://k.example")
    assert data["alt"] == "Another"
    assert [source["type"] for source in data["sources"]] == ["image/avif", "image/webp"]
    for source in data["sources"]:
        assert [part.split()[1] for part in source["srcset"].split(", ")] == ["480w", "960w"]
    assert data["src"].startswith("https://k.example/media/")
    assert data["src"].endswith(".jpg")
    assert "1440w" not in data["srcset"]


def test_rendering_again_renders_nothing(image: Image, django_assert_max_num_queries) -> None:
    services.render_sources(image)
    before = set(Rendition.objects.values_list("pk", flat=True))
    services.render_sources(Image.objects.get(pk=image.pk))
    assert set(Rendition.objects.values_list("pk", flat=True)) == before


def test_small_and_see_through_pictures() -> None:
    small = stored(picture("PNG", size=(100, 80)), name="a.png")
    services.render_sources(small)
    data = image_sources(small)
    assert data["src"].endswith(".png")
    assert data["srcset"].endswith(" 100w")


def test_no_image_is_none() -> None:
    assert image_sources(None) is None


def story(*images: Image) -> list[dict]:
    films = [{"type": "video", "value": {"url": "https://youtu.be/aqz-KE-bpKQ", "caption": "Rain"}}]
    return films + [
        {"type": "image", "value": {"image": image.pk, "alt": "Alt <b>", "caption": "Cap"}} for image in images
    ]


def test_a_story_renders_in_two_queries_whatever_its_pictures(image: Image) -> None:
    from django.db import connection

    counts = []
    for images in ([image], [image, *(stored(picture(size=(700, 300))) for _ in range(4))]):
        for one in images:
            services.render_sources(one)
        before = Rendition.objects.count()
        with CaptureQueriesContext(connection) as queries:
            blocks = streams.render([StoryStreamBlock().to_python(story(*images))])[0]
            html = render_to_string("components/story.html", {"blocks": blocks})
        counts.append(len(queries))
        assert Rendition.objects.count() == before
        assert html.count("image/avif") == len(images)
        assert "Alt &lt;b&gt;" in html
        assert 'data-embed="https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ"' in html
    assert counts == [2, 2]


def test_a_reader_never_renders(image: Image) -> None:
    StoryStreamBlock().to_python(story(image)).render_as_block()
    assert not Rendition.objects.exists()


def test_api_form_of_blocks(image: Image) -> None:
    services.render_sources(image)
    block = StoryStreamBlock()
    film, pic = block.get_api_representation(block.to_python(story(image)))
    assert film["value"] == {
        "url": "https://youtu.be/aqz-KE-bpKQ", "provider": "YouTube", "caption": "Rain",
        "embed_url": "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ", "title": "", "poster": None,
    }  # fmt: skip
    assert pic["value"]["image"]["alt"] == "Alt <b>"
    assert pic["value"]["image"]["sources"][0]["type"] == "image/avif"


def test_components_show_all_sources(image: Image) -> None:
    services.render_sources(image)
    html = render_to_string("components/picture.html", {"image": image_sources(image, 'A "lamp"')})
    assert 'type="image/avif"' in html
    assert "A &quot;lamp&quot;" in html


def test_publishing_renders_what_a_page_shows(image: Image, django_capture_on_commit_callbacks) -> None:
    from campaigns.models import RewardCampaignPage

    page = RewardCampaignPage(title="T", hero_image=image)
    other = stored(picture(size=(500, 300)))
    page.story = StoryStreamBlock().to_python(story(other))
    assert services.image_ids(page) == {image.pk, other.pk}
    with django_capture_on_commit_callbacks(execute=True):
        published.send(sender=RewardCampaignPage, instance=page)
    assert set(Rendition.objects.values_list("image", flat=True)) == {image.pk, other.pk}
    assert services.image_ids(Page(title="none")) == set()
