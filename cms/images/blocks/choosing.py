"""Choosers of uploads: what they read in bulk, which kinds they take, how they look in answers."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.documents.widgets import AdminDocumentChooser
from wagtail.images.blocks import ImageChooserBlock

from cms.core.shaping import Gatherer, Schema
from cms.images.files import wrong_kind
from cms.images.inspecting import FileKind
from cms.images.models import Document, Image

MAYBE_PICTURE: Schema = {"oneOf": [{"$ref": "#/components/schemas/Picture"}, {"type": "null"}]}
MAYBE_FILE: Schema = {"oneOf": [{"$ref": "#/components/schemas/HostedFile"}, {"type": "null"}]}


class PictureChooserBlock(ImageChooserBlock):
    """Reads the pictures of a whole story with their files in two queries."""

    def bulk_to_python(self, values: list[int]) -> list[Image | None]:
        """As Wagtail's, with the renditions."""
        found = Image.objects.prefetch_related("renditions").in_bulk(values)
        return [found.get(pk) for pk in values]

    def deconstruct(self) -> tuple[str, Any, Any]:
        """Migrations know Wagtail's block: how rows are read is none of their business."""
        return ("wagtail.images.blocks.ImageChooserBlock", *super().deconstruct()[1:])

    def api_schema(self) -> Schema:
        """A picture or null."""
        return MAYBE_PICTURE

    def api_data(self, raw: Any, gather: Gatherer) -> Any:
        """With its own description; a block that has a field for one passes that."""
        return gather.picture(raw)


class FileChooser(AdminDocumentChooser):
    """Wagtail's chooser, opened on one kind of files."""

    def __init__(self, *, kind: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind = kind

    def get_chooser_modal_url(self) -> str:
        """With the kind."""
        return f"{super().get_chooser_modal_url()}?{urlencode({'kind': self.kind})}"


class FileChooserBlock(DocumentChooserBlock):
    """An uploaded file of one kind: a document, a film, a sound, captions."""

    def __init__(self, *, kind: FileKind = FileKind.DOCUMENT, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind = kind

    @cached_property
    def widget(self) -> FileChooser:
        """The chooser of that kind."""
        return FileChooser(kind=self.kind)

    def clean(self, value: Document | None) -> Document | None:
        """Refuse files of another kind, saying which this one takes."""
        chosen = super().clean(value)
        if chosen is not None and chosen.kind != self.kind:
            raise ValidationError(wrong_kind(self.kind))
        return chosen

    def deconstruct(self) -> tuple[str, Any, Any]:
        """Migrations know Wagtail's block."""
        _name, args, kwargs = super().deconstruct()
        return ("wagtail.documents.blocks.DocumentChooserBlock", args, {k: v for k, v in kwargs.items() if k != "kind"})

    def api_schema(self) -> Schema:
        """A file or null."""
        return MAYBE_FILE

    def api_data(self, raw: Any, gather: Gatherer) -> Any:
        """The file."""
        return gather.file(raw)
