"""Texts from elsewhere: Word, Markdown and articles become typed blocks of the draft, and nothing else comes along."""

import base64
import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Pillow

from campaigns.bringing import FoundPicture, Unreadable, read_html, read_markdown, read_word
from campaigns.models import Campaign
from campaigns.selectors import story_pages
from campaigns.services import importing
from cms.core.errors import InvalidInput, NotAllowed
from cms.core.fetching import NotFetched, fetch
from cms.images.models import Image
from tests.campaigns import scenes

ARTICLE = """
<html><head><title>x</title></head><body><nav>Menu</nav><h1 id="activity-name">潮汐灯</h1><div id="js_content">
<section><p>一盏<strong>灯</strong>&lt;b&gt;，<a href="javascript:alert(1)">坏</a><a href="https://a.example/?c=1&amp;d=2">好</a></p>
<p><img data-src="https://127.0.0.1/x.jpg" alt="灯"></p><h2>为什么</h2><blockquote>好用<cite>— 李</cite></blockquote>
<ul><li>一<b>二</b><ul><li>三</li></ul></li></ul><script>alert(1)</script><form><input></form>
<iframe src="https://www.youtube.com/embed/abcdef12345"></iframe><iframe src="https://bad.example/"></iframe>
<table><tr><th>天</th><th>我们</th><th>其他</th></tr><tr><td>续航</td><td>14</td><td>2</td></tr></table></section></div></body></html>
"""


def _png() -> bytes:
    buffer = io.BytesIO()
    Pillow.new("RGB", (60, 40), (20, 90, 160)).save(buffer, "PNG")
    return buffer.getvalue()


def _word(body: str, **parts: bytes) -> bytes:
    kinds = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    target = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{target}" Target="word/document.xml"/></Relationships>'
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {"[Content_Types].xml": kinds, "_rels/.rels": links, "word/document.xml": document}.items():
            archive.writestr(name, data)
        for name, more in parts.items():
            archive.writestr(name.replace("__", "/"), more)
    return buffer.getvalue()


def _kinds(found: Any) -> list[str]:
    return ["picture" if isinstance(block, FoundPicture) else block["type"] for block in found.blocks]


def test_an_article_becomes_typed_blocks() -> None:
    found = read_html(ARTICLE)
    assert found.title == "潮汐灯"
    assert _kinds(found) == ["text", "picture", "heading", "quote", "text", "video", "comparison"]
    assert (
        found.blocks[0]["value"] == '<p>一盏<b>灯</b>&lt;b&gt;，坏<a href="https://a.example/?c=1&amp;d=2">好</a></p>'
    )
    assert found.blocks[3]["value"] == {"text": "好用", "attribution": "李"}
    assert found.blocks[4]["value"] == "<ul><li>一<b>二</b></li><li>三</li></ul>"
    assert found.blocks[6]["value"]["rows"] == [{"feature": "续航", "cells": ["14", "2"]}]
    assert found.left_out == {"form": 1, "film": 1}
    assert "alert" not in str(found.blocks)


def test_markdown_and_word_are_read_the_same_way() -> None:
    found = read_markdown(
        "# T\n\nHello *w* <script>x</script>\n\n![alt](https://x.example/z.png)\n\n## H\n\n1. a\n2. b\n"
    )
    assert _kinds(found) == ["text", "picture", "heading", "text"]
    assert found.blocks[0]["value"] == "<p>Hello <i>w</i> &lt;script&gt;x&lt;/script&gt;</p>"

    def paragraph(text: str, style: str = "") -> str:
        dressed = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
        return f"<w:p>{dressed}<w:r><w:t>{text}</w:t></w:r></w:p>"

    word = read_word(_word(paragraph("Why", "Heading1") + paragraph("Because &lt;b&gt;.")))
    assert word.blocks[-1] == {"type": "text", "value": "<p>Because &lt;b&gt;.</p>"}


@pytest.mark.parametrize("data", [
    b"", b"PK nonsense", _word("<w:p/>")[:200], _word("<oops"), _word("", word__bomb=b"\0" * 30_000_000),
    _word('</w:body></w:document><!DOCTYPE a [<!ENTITY b "c">]>'),
])  # fmt: skip
def test_broken_and_hostile_word_files_are_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        found = read_word(data)
        assert found.blocks, "nothing was read, and nothing was said"
        raise AssertionError("it was read")


@pytest.mark.parametrize("address", [
    "http://127.0.0.1/x", "http://localhost:5432/", "http://[::1]/", "http://10.0.0.1/", "http://169.254.169.254/latest",
    "file:///etc/passwd", "ftp://a.example/", "http://user@a.example/", "nonsense", "http://0.0.0.0/",
])  # fmt: skip
def test_only_public_hosts_are_asked(address: str) -> None:
    with pytest.raises(NotFetched):
        fetch(address, most_bytes=100, timeout=1)


@pytest.fixture
def campaign() -> Campaign:
    scenes.site()
    return scenes.complete()


@pytest.mark.django_db
def test_what_is_brought_stands_in_the_draft_with_its_pictures(campaign: Campaign) -> None:
    picture = base64.b64encode(_png()).decode()
    shown = f'<img src="data:image/png;base64,{picture}" alt="A lamp"><figcaption>Ours</figcaption>'
    text = f"<p>Light.</p><figure>{shown}</figure>"
    text += '<img src="data:image/png;base64,AAAA"><img src="http://127.0.0.1/x.png">'
    page = story_pages(campaign)[0]
    before = len(page.get_latest_revision_as_object().story)
    made = importing.bring(campaign=campaign, actor=campaign.creator, locale="en", brought=read_html(text))
    assert (made.blocks, made.pictures, made.left_out) == (2, 1, {"picture": 2})
    story = story_pages(campaign)[0].get_latest_revision_as_object().story
    assert [block.block_type for block in story][before:] == ["text", "image"]
    image = story[-1].value
    assert (image["alt"], image["caption"], image["image"].uploaded_by_user) == ("A lamp", "Ours", campaign.creator)
    importing.bring(
        campaign=campaign, actor=campaign.creator, locale="en", brought=read_markdown("Only this."), replace=True
    )
    assert len(story_pages(campaign)[0].get_latest_revision_as_object().story) == 1
    assert not story_pages(campaign)[0].live


@pytest.mark.django_db
def test_refusals_leave_nothing_behind(campaign: Campaign) -> None:
    count = Image.objects.count()
    for name, data in (("a.exe", b"x"), ("a.docx", b"x"), ("a.md", b""), ("a.html", b"<script>1</script>")):
        with pytest.raises(InvalidInput) as caught:
            importing.bring(
                campaign=campaign, actor=campaign.creator, locale="en",
                brought=importing.read_file(SimpleUploadedFile(name, data)),
            )  # fmt: skip
        assert caught.value.field == "file"
    with pytest.raises(NotAllowed):
        importing.bring(campaign=campaign, actor=scenes.creator(), locale="en", brought=read_markdown("Hello."))
    assert Image.objects.count() == count


@pytest.mark.django_db
def test_the_page_and_the_api(client: Client, campaign: Campaign) -> None:
    client.force_login(campaign.creator)
    url = f"/cms/studio/campaigns/{campaign.key}/import/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"locale": "en", "kind": "markdown", "place": "append"}).status_code == 422
    gbk = SimpleUploadedFile("灯.md", "## 材料\n\n竹子。".encode("gb18030"))
    brought = client.post(url, {"locale": "en", "file": gbk, "kind": "markdown", "place": "append"})
    assert brought.status_code == 302
    story = story_pages(campaign)[0].get_latest_revision_as_object().story
    assert [str(block.value) for block in story][-2:] == ["材料", "<p>竹子。</p>"]
    api = f"/api/v2/creator/campaigns/{campaign.key}/import/"
    made = client.post(api, {"text": "<h2>New</h2><p>Text</p>", "kind": "html", "replace": "true"})
    assert (made.status_code, made.json()) == (201, {"blocks": 2, "pictures": 0, "left_out": {}})
    assert client.post(api, {"text": "x", "kind": "pdf"}).status_code == 400
