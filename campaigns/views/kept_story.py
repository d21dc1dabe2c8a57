"""A story for its page: the questions by themselves, calls to rewards with the rewards they call to."""

from collections.abc import Iterable
from typing import Any

from campaigns.models import CampaignVersion
from campaigns.services.keeping import kept_blocks

Blocks = list[dict[str, Any]]


def kept_story(version: CampaignVersion) -> tuple[Blocks, Blocks]:
    """(blocks without the questions, the questions by themselves) of a kept version."""
    return parted(kept_blocks(version.content))


def parted(blocks: Iterable[dict[str, Any]]) -> tuple[Blocks, Blocks]:
    """(blocks without the questions, the questions by themselves)."""
    rest: Blocks = []
    questions: Blocks = []
    for block in blocks:
        if block["type"] == "faq":
            questions += block["value"]["items"]
        else:
            rest.append(block)
    return rest, questions


def with_rewards(blocks: Blocks, rewards: Iterable[dict[str, Any]]) -> Blocks:
    """Calls to a reward carry the card of it as `card`, or none where it doesn't exist."""
    cards = {reward["key"]: reward for reward in rewards}
    return [
        {**block, "value": {**block["value"], "card": cards.get(block["value"]["reward"])}}
        if block["type"] == "reward" else block
        for block in blocks
    ]  # fmt: skip
