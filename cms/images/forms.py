"""Uploading pictures and files in the admin: what is wrong is said on the field."""

from typing import Any

from django.core.files.base import File
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from cms.core import pictures
from cms.images.inspecting import inspect


class ImageForm(BaseImageForm):
    """Pictures."""

    def clean_file(self) -> Any:
        """Check the bytes; the model stores them without location and camera."""
        file = self.cleaned_data["file"]
        if isinstance(file, File) and "file" in self.changed_data:
            pictures.clean(file)
        return file


class DocumentForm(BaseDocumentForm):
    """Documents, films, sounds, captions."""

    def clean_file(self) -> Any:
        """Check the bytes; the model keeps what they say."""
        file = self.cleaned_data["file"]
        if isinstance(file, File) and "file" in self.changed_data:
            inspect(file, name=file.name or "")
        return file
