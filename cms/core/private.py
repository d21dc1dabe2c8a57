"""Files that no address leads to: kept apart from public uploads, streamed by views that ask who wants them."""

from django.core.files.storage import FileSystemStorage, Storage, storages


class NoAddress:
    """A storage that makes no URLs: Django's own would fall back to MEDIA_URL."""

    def url(self, name: str | None) -> str:
        """Refused."""
        raise ValueError("A private file has no URL.")


class PrivateFiles(NoAddress, FileSystemStorage):
    """On disk, below PRIVATE_ROOT."""


def private_storage() -> Storage:
    """The storage of private files."""
    return storages["private"]
