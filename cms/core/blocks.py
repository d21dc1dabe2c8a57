"""Text blocks that every kind of page shares."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

RICH_TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link", "h4"]
WORDS = _("Words")


class HeadingBlock(blocks.CharBlock):
    """A section's heading."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"max_length": 120, "help_text": _("A few words; no full stop."), **kwargs})

    class Meta:
        icon = "title"
        group = WORDS
        label = _("Heading")
        template = "blocks/heading.html"
        preview_value = _("Why a lamp that runs on salt water")
        description = _("Divides the story into sections that readers can jump to.")


class TextBlock(blocks.RichTextBlock):
    """Paragraphs, lists and links."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"features": RICH_TEXT_FEATURES, **kwargs})

    class Meta:
        icon = "pilcrow"
        group = WORDS
        label = _("Text")
        template = "blocks/text.html"
        preview_value = _("<p>Three winters of prototypes, and one that finally <b>stays lit</b>.</p>")
        description = _("Paragraphs with bold, italics, lists and links.")


class QuoteBlock(blocks.StructBlock):
    """Somebody's words, with a name."""

    text = blocks.TextBlock(
        label=_("Quote"), max_length=600, rows=3, help_text=_("Their words as they said them, without quotation marks.")
    )
    attribution = blocks.CharBlock(
        label=_("Who said it"), max_length=120, required=False, help_text=_("A name, and what they have to do with it.")
    )

    class Meta:
        icon = "openquote"
        group = WORDS
        label = _("Quote")
        template = "blocks/quote.html"
        preview_value: ClassVar = {"text": _("It outlived the storm."), "attribution": _("A test reader")}
        description = _("Somebody's words, set apart, with their name.")


class QuestionBlock(blocks.StructBlock):
    """One question and its answer."""

    question = blocks.CharBlock(label=_("Question"), max_length=200)
    answer = TextBlock(label=_("Answer"))

    class Meta:
        icon = "help"
        label = _("Question")
        label_format = "{question}"


class FAQBlock(blocks.StructBlock):
    """Questions that backers ask."""

    items = blocks.ListBlock(
        QuestionBlock(), label=_("Questions"), min_num=1, max_num=40,
        help_text=_("What people ask before they back: shipping, sizes, what happens when it is late."),
    )  # fmt: skip

    class Meta:
        icon = "help"
        group = WORDS
        label = _("Questions and answers")
        template = "blocks/faq.html"
        preview_value: ClassVar = {
            "items": [{"question": _("Will it ship abroad?"), "answer": _("<p>Yes, to twelve countries.</p>")}]
        }
        description = _("Questions that backers ask, each opening to its answer.")
