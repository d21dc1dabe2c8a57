"""Differences of stories and texts, word by word. Pure: no database, nothing about blocks but their data."""

from campaigns.diffing.stories import BlockChange, FieldChange, StoryData, diff_story, diff_text, plain_text
from campaigns.diffing.words import Mark, Word, tokens

__all__ = ["BlockChange", "FieldChange", "Mark", "StoryData", "Word", "diff_story", "diff_text", "plain_text", "tokens"]
