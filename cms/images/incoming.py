"""StreamFields written by machines: checked as strictly as by the editor's form, rich text cleaned as there."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.admin.rich_text.converters.editor_html import EditorHTMLConverter
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from cms.core.errors import InvalidInput
from cms.core.mistakes import places
from cms.images.models import Document, Image

MOST_BLOCKS = 200
LONGEST_TEXT = 50_000


def read(
    block: blocks.StreamBlock, data: Any, *, images: QuerySet[Image], field: str, whole: bool = False,
    files: QuerySet[Document] | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """What may be stored of `[{type, value, id?}]`. Pictures and files are named by id, among `images` and `files`.

    `whole` also asks for everything that the editor would ask for at publishing. Raises `InvalidInput` with the
    place named in `at`.
    """
    if not isinstance(data, list) or len(data) > MOST_BLOCKS:
        raise InvalidInput(_("Enter a list of at most %(most)d blocks.") % {"most": MOST_BLOCKS}, field=field)
    reader = _Reader(images, Document.objects.none() if files is None else files, field)
    raw = [reader.item(block, item, f"{field}[{place}]") for place, item in enumerate(data)]
    if whole:
        value = block.to_python(raw)
        try:
            block.clean(value)
        except ValidationError as error:
            told = "; ".join(places(block, value, error))
            raise InvalidInput(_("A block is incomplete: %(error)s") % {"error": told}, field=field) from error
    return raw


class _Reader:
    def __init__(self, images: QuerySet[Image], files: QuerySet[Document], field: str) -> None:
        self.images, self.files, self.field = images, files, field

    def refuse(self, at: str, message: str) -> InvalidInput:
        return InvalidInput(f"{at}: {message}", field=self.field, at=at)

    def item(self, block: blocks.StreamBlock, item: Any, at: str) -> dict[str, Any]:
        if not isinstance(item, dict) or not set(item) <= {"type", "value", "id"} or "value" not in item:
            raise self.refuse(at, _("A block is an object of type, value and id."))
        kind = item.get("type")
        if not isinstance(kind, str) or kind not in block.child_blocks:
            raise self.refuse(at, _("There is no such type of block."))
        if not isinstance(item.get("id", ""), str) or len(item.get("id", "")) > 36:
            raise self.refuse(at, _("The id of a block is text."))
        stored = {"type": kind, "value": self.value(block.child_blocks[kind], item["value"], f"{at}.value")}
        return {**stored, "id": item["id"]} if item.get("id") else stored

    def value(self, block: blocks.Block, value: Any, at: str) -> Any:
        if isinstance(block, blocks.StructBlock):
            return self.struct(block, value, at)
        if isinstance(block, blocks.ListBlock):
            if not isinstance(value, list) or len(value) > MOST_BLOCKS:
                raise self.refuse(at, _("Enter a list."))
            # Wagtail keeps entries in envelopes; both forms are read.
            plain = [v["value"] if isinstance(v, dict) and set(v) == {"type", "value", "id"} else v for v in value]
            return [self.value(block.child_block, entry, f"{at}[{place}]") for place, entry in enumerate(plain)]
        if isinstance(block, blocks.FieldBlock):
            return self.field_value(block, value, at)
        raise self.refuse(at, _("There is no such type of block."))

    def field_value(self, block: blocks.FieldBlock, value: Any, at: str) -> Any:
        if isinstance(block, ImageChooserBlock):
            return self.chosen(self.images, value, at, _("There is no such picture of yours."))
        if isinstance(block, DocumentChooserBlock):
            return self.chosen(self.files, value, at, _("There is no such file of yours."))
        if isinstance(block, blocks.MultipleChoiceBlock):
            if not isinstance(value, list) or not all(isinstance(choice, str) for choice in value):
                raise self.refuse(at, _("Enter a list."))
            return self.checked(block, value, at)
        if isinstance(block, blocks.IntegerBlock | blocks.DecimalBlock):
            return self.number(block, value, at)
        if value is None and (isinstance(block, blocks.DateBlock) or not block.required):
            # As it is stored where nothing was written.
            return None if isinstance(block, blocks.DateBlock) else ""
        return self.text(block, value, at)

    def struct(self, block: blocks.StructBlock, value: Any, at: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.refuse(at, _("Enter an object."))
        if unknown := set(value) - set(block.child_blocks):
            raise self.refuse(f"{at}.{sorted(map(str, unknown))[0][:40]}", _("Unknown field."))
        return {
            name: self.value(block.child_blocks[name], entry, f"{at}.{name}") for name, entry in value.items()
        }  # fmt: skip

    def chosen(self, mine: QuerySet[Any], value: Any, at: str, refusal: str) -> int | None:
        if value is None:
            return None
        if type(value) is not int or not 0 < value < 2**31 or not mine.filter(pk=value).exists():
            raise self.refuse(at, refusal)
        return value

    def number(self, block: blocks.FieldBlock, value: Any, at: str) -> Any:
        if value is None:
            return None
        # A decimal may come as text, as it is stored; a float is never exact.
        exact = type(value) is int or (isinstance(block, blocks.DecimalBlock) and isinstance(value, str))
        if not exact or len(str(value)) > 20:
            raise self.refuse(at, _("Enter a whole number, or a decimal as text."))
        return self.checked(block, value, at)

    def checked(self, block: blocks.FieldBlock, value: Any, at: str) -> Any:
        try:
            if value not in ("", []):
                block.clean(block.normalize(value))
        except (ValidationError, ValueError, ArithmeticError) as error:
            raise self.refuse(at, "; ".join(getattr(error, "messages", [_("Enter a number.")]))) from error
        return value

    def text(self, block: blocks.FieldBlock, value: Any, at: str) -> str:
        if not isinstance(value, str) or "\x00" in value or any("\ud800" <= mark <= "\udfff" for mark in value):
            raise self.refuse(at, _("Enter text."))
        if len(value) > LONGEST_TEXT:
            raise self.refuse(at, _("This text is too long."))
        if isinstance(block, blocks.RichTextBlock):
            return str(EditorHTMLConverter(block.features).to_database_format(value))
        return self.checked(block, value, at) if value else value
