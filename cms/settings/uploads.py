"""What may be uploaded, how large, and from where it is handed out."""

import os

WAGTAILIMAGES_IMAGE_MODEL = "images.Image"
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.images.forms.ImageForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]

WAGTAILDOCS_DOCUMENT_MODEL = "images.Document"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cms.images.forms.DocumentForm"
WAGTAILDOCS_EXTENSIONS = [
    "pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "txt", "csv", "vtt", "mp4", "m4v", "webm", "mp3", "m4a", "ogg",
    "oga", "opus", "wav",
]  # fmt: skip
# Through our own view, which knows ranges and never shows a document inside a page.
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []

MEGABYTE = 1024 * 1024
# By kind: bytes, and seconds of what plays.
UPLOAD_MAX_BYTES = {
    "document": 25 * MEGABYTE, "film": 200 * MEGABYTE, "sound": 50 * MEGABYTE, "captions": MEGABYTE,
}  # fmt: skip
UPLOAD_MAX_SECONDS = {"film": 600, "sound": 1800}
# What archives (Word, Excel and the like are such) may unpack to.
UPLOAD_MAX_UNPACKED = 200 * MEGABYTE
# A host of its own for documents, such as https://files.example.org: what somebody uploaded then shares no origin
# with what people are signed in to. Empty: this host, as attachments.
DOCUMENTS_URL = os.environ.get("DOCUMENTS_URL", "").rstrip("/")
