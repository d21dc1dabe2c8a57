"""What an uploaded file is: told by its bytes, bounded, freed of places and people, refused with a reason."""

from cms.images.inspecting.inspecting import FileKind, Inspected, inspect

__all__ = ["FileKind", "Inspected", "inspect"]
