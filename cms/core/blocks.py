"""Text blocks that every kind of page shares."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

RICH_TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link", "h4"]


class HeadingBlock(blocks.CharBlock):
    """A section's heading."""

    class Meta:
        icon = "title"
        label = _("Heading")
        template = "blocks/heading.html"
        preview_value = "Why a lamp that runs on salt water"
        description = _("Divides the story into sections that readers can jump to.")


class TextBlock(blocks.RichTextBlock):
    """Paragraphs, lists and links."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"features": RICH_TEXT_FEATURES, **kwargs})

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "blocks/text.html"
        preview_value = "<p>Three winters of prototypes, and one that finally <b>stays lit</b>.</p>"
        description = _("Paragraphs with bold, italics, lists and links.")


class QuoteBlock(blocks.StructBlock):
    """Somebody's words, with a name."""

    text = blocks.TextBlock(label=_("Quote"), max_length=600)
    attribution = blocks.CharBlock(label=_("Who said it"), max_length=120, required=False)

    class Meta:
        icon = "openquote"
        label = _("Quote")
        template = "blocks/quote.html"
        preview_value: ClassVar = {"text": "It outlived the storm.", "attribution": "A test reader"}
        description = _("Somebody's words, set apart, with their name.")


class QuestionBlock(blocks.StructBlock):
    """One question and its answer."""

    question = blocks.CharBlock(label=_("Question"), max_length=200)
    answer = TextBlock(label=_("Answer"))


class FAQBlock(blocks.StructBlock):
    """Questions that backers ask."""

    items = blocks.ListBlock(QuestionBlock(), label=_("Questions"), min_num=1)

    class Meta:
        icon = "help"
        label = _("Questions and answers")
        template = "blocks/faq.html"
        preview_value: ClassVar = {
            "items": [{"question": "Will it ship abroad?", "answer": "<p>Yes, to twelve countries.</p>"}]
        }
        description = _("Questions that backers ask, each opening to its answer.")
