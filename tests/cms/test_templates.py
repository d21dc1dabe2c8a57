"""The public templates: they compile, keep to the content policy, and the stick bar counts right."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template, render_to_string

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file())
PAGES = [name for name in NAMES if name.endswith(".html") and not name.startswith("emails/")]
SPRITE = (TEMPLATES / "components/sprite.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_every_template_compiles(name: str) -> None:
    get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_stands_inline_that_a_strict_content_policy_forbids(name: str) -> None:
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=", source)
    assert not re.search(r"\son[a-z]+=\"", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>", source)
    assert not re.search(r"(src|href)=\"https?://", source), "assets of third parties"


@pytest.mark.parametrize("name", PAGES)
def test_every_icon_named_is_drawn(name: str) -> None:
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    for icon in re.findall(r'components/icon\.html" with name="([a-z]+)"', source):
        assert f'id="i-{icon}"' in SPRITE


def test_the_mark_has_five_strokes() -> None:
    mark = re.search(r'<symbol id="mark".*?</symbol>', SPRITE)
    assert mark
    assert mark[0].count("<path") == 5


@pytest.mark.parametrize(
    ("percent", "lit", "over", "top"),
    [(0, 0, 0, 100), (37, 37, 0, 100), (99, 99, 0, 100), (100, 100, 0, 100), (137, 100, 37, 137), (260, 100, 100, 260)],
)
def test_sticks_light_up_and_glow_on(percent: int, lit: int, over: int, top: int) -> None:
    html = render_to_string("components/sticks.html", {"percent": percent, "raised": "¥1", "goal": "¥2"})
    assert f'data-lit width="{lit}"' in html
    assert f'data-over width="{over}"' in html
    assert 'role="progressbar"' in html
    assert f'aria-valuenow="{percent}"' in html
    assert f'aria-valuemax="{top}"' in html


def test_the_row_is_full_at_one_hundred_and_not_before() -> None:
    row = re.search(r'<symbol id="sticks".*?d="([^"]+)"', SPRITE)
    assert row
    starts = [float(x) for x in re.findall(r"M([\d.]+) ", row[1])]
    assert len(starts) == 50
    assert all(start >= 2 * i + 1 for i, start in enumerate(starts)), "a stick lights once its two percent are in"


def test_what_people_write_is_escaped() -> None:
    hostile = "<script>alert(1)</script>"
    card = {
        "url": "/",
        "title": hostile,
        "summary": hostile,
        "creator_name": hostile,
        "category": hostile,
        "percent": 1,
    }
    reward = {
        "key": "a",
        "title": hostile,
        "text": hostile,
        "price": "¥1",
        "available": True,
        "shipping_json": '{"CN": 1}',
    }
    html = render_to_string("components/card.html", {"card": card, "summary": True})
    html += render_to_string("components/reward_choice.html", {"reward": reward})
    assert hostile not in html
    assert "&lt;script&gt;" in html
    assert 'data-shipping="{&quot;CN&quot;: 1}"' in html


def test_the_error_page_needs_nothing() -> None:
    html = render_to_string("500.html")
    assert "Something broke" in html
    assert "我们这边出错了" in html
