"""Blocks of pages that the platform itself writes."""

from home.blocks.content import ArticleStreamBlock, ContentStreamBlock
from home.blocks.front import USUAL, HomeStreamBlock

__all__ = ["USUAL", "ArticleStreamBlock", "ContentStreamBlock", "HomeStreamBlock"]
