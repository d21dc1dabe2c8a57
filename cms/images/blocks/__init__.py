"""Blocks that show media."""

from cms.images.blocks.choosing import FileChooserBlock, PictureChooserBlock
from cms.images.blocks.documents import DocumentBlock
from cms.images.blocks.films import AudioBlock, FilmBlock, VideoBlock
from cms.images.blocks.pictures import BeforeAfterBlock, GalleryBlock, PictureBlock

__all__ = [
    "AudioBlock", "BeforeAfterBlock", "DocumentBlock", "FileChooserBlock", "FilmBlock", "GalleryBlock", "PictureBlock",
    "PictureChooserBlock", "VideoBlock",
]  # fmt: skip
