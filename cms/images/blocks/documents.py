"""Papers to download."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms.images.blocks.choosing import FileChooserBlock
from cms.images.blocks.pictures import MEDIA
from cms.images.samples import sample_document
from cms.images.streams import ToldBlock


class DocumentBlock(ToldBlock):
    """A document with what it is."""

    document = FileChooserBlock(
        label=_("Document"), help_text=_("PDF, Word, Excel, PowerPoint, OpenDocument, text or CSV.")
    )
    title = blocks.CharBlock(
        label=_("Title"),
        max_length=120,
        required=False,
        help_text=_("What readers will find in it; else the file's own title."),
    )
    description = blocks.CharBlock(label=_("In one sentence"), max_length=200, required=False)

    class Meta:
        icon = "doc-full"
        group = MEDIA
        label = _("Document")
        template = "blocks/document.html"
        description = _("A file to download, with its kind and size: a certificate, a drawing, a rule book.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            return {
                "document": sample_document(),
                "title": "",
                "description": str(_("Measured by an independent laboratory.")),
            }
