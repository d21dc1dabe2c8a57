"""The committed file is what the code says."""

import io
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command

from campaigns.blocks import StoryStreamBlock
from cms.core.shaping import one_of
from tests.api.caller import check, document

ROOT = Path(__file__).resolve().parents[2]


def test_the_file_is_up_to_date(tmp_path):
    fresh = tmp_path / "openapi.yaml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(fresh), stderr=io.StringIO())
    assert fresh.read_text() == (ROOT / "openapi.yaml").read_text(), "run: make openapi"


def test_it_is_3_1_and_every_operation_answers_problems():
    assert document()["openapi"].startswith("3.1")
    ids = []
    for operations in document()["paths"].values():
        for operation in operations.values():
            ids.append(operation["operationId"])
            assert "application/problem+json" in operation["responses"]["default"]["content"]
    assert len(ids) == len(set(ids))


def test_no_path_is_missing():
    from cms.api import urlpatterns

    names = {pattern.name for pattern in urlpatterns if getattr(pattern, "name", None)} - {"api-schema"}
    described = {path for path in document()["paths"] if not path.startswith(("/api/v2/pages", "/api/v2/images"))}
    assert len(names) <= len(described)


def test_blocks_are_told_exactly():
    schema = one_of(StoryStreamBlock())
    check(schema, {"type": "heading", "id": "x", "value": "Why"})
    for wrong in (
        {"type": "heading", "id": "x", "value": {"text": "Why"}}, {"type": "poem", "id": "x", "value": "Why"},
        {"type": "quote", "id": "x", "value": {"text": "Why"}}, {"type": "heading", "value": "Why"},
    ):  # fmt: skip
        with pytest.raises(AssertionError):
            check(schema, wrong)


def test_the_file_is_yaml_that_anybody_can_read():
    assert yaml.safe_load((ROOT / "openapi.yaml").read_text())["info"]["title"] == "Kindling"
