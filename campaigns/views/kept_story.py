"""A kept version's story in the shapes that templates/blocks/ show."""

from typing import Any

from django.utils.safestring import mark_safe

from campaigns.models import CampaignVersion


def kept_story(version: CampaignVersion) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(blocks without the questions, the questions by themselves)."""
    blocks: list[dict[str, Any]] = []
    questions: list[dict[str, Any]] = []
    for block in version.content["story"]:
        if block["type"] == "faq":
            questions += [{**item, "answer": _html(item["answer"])} for item in block["value"]]
        else:
            blocks.append({"type": block["type"], "id": block["id"], "value": _value(block["type"], block["value"])})
    return blocks, questions


def _value(kind: str, value: Any) -> Any:
    if kind == "text":
        return _html(value)
    if kind == "image":
        return {"image": value, "alt": value["alt"], "caption": value.get("caption", "")}
    return value


def _html(text: str) -> str:
    # Wagtail's editor whitelisted it when it was written, and versions can't be changed since.
    return mark_safe(text)  # noqa: S308
