"""Uploading an image in the admin."""

from typing import Any

from django.core.files.base import File
from wagtail.images.forms import BaseImageForm

from cms.core import pictures


class ImageForm(BaseImageForm):
    """Says on the field what is wrong with a file."""

    def clean_file(self) -> Any:
        """Check the bytes; the model stores them without location and camera."""
        file = self.cleaned_data["file"]
        if isinstance(file, File) and "file" in self.changed_data:
            pictures.clean(file)
        return file
