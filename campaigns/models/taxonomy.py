"""Categories: a bilingual tree that editors maintain."""

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Category(models.Model):
    """A node of the tree; one level of children."""

    slug = models.SlugField(_("name in addresses"), unique=True)
    name_en = models.CharField(_("name (English)"), max_length=60)
    name_zh = models.CharField(_("name (Chinese)"), max_length=60)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children",
        verbose_name=_("parent category"),
    )  # fmt: skip
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        ordering: ClassVar = ["position", "slug"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name(get_language() or "en")

    def name(self, locale: str) -> str:
        """The name in a language."""
        return str(getattr(self, self.name_column(locale)))

    @staticmethod
    def name_column(locale: str) -> str:
        """Which column has the names of a language."""
        return "name_zh" if locale.startswith("zh") else "name_en"
