"""The editor's form of a campaign's page: one form begins one page, however often it is sent."""

import uuid
from typing import Any

from django import forms
from wagtail.models import Page

from cms.images.choosing import OwnPicturesPageForm


def free_slug(wanted: str, parent: Page, *, page: Page | None = None) -> str:
    """The slug, with a number behind it where another page than this one has it already below the parent."""
    others = parent.get_children().filter(slug__startswith=wanted)
    if page is not None:
        others = others.exclude(pk=page.pk)
    taken = set(others.values_list("slug", flat=True))
    slug, number = wanted, 1
    while slug in taken:
        number += 1
        slug = f"{wanted[:240]}-{number}"
    return slug


class CampaignPageForm(OwnPicturesPageForm):
    """Two campaigns may have the same title; autosave and a click on "Save draft" must not make two of one."""

    # The page's translation key is made of it, of its writer and of the place: it can't name anything of others'.
    creation = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid.uuid4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            del self.fields["creation"]

    def clean_slug(self) -> str:
        """A draft never stumbles over another's address: after autosave began it, the form still asks for that one."""
        slug: str = self.cleaned_data["slug"]
        is_public = self.instance.live and not self.instance._state.adding
        if is_public or not slug:
            return slug
        return free_slug(slug, self.parent_page, page=self.instance)

    def clean(self) -> dict[str, Any]:
        """Give a new page the key of its form."""
        cleaned = super().clean()
        if (creation := cleaned.get("creation")) is not None:
            self.instance.translation_key = uuid.uuid5(creation, f"{self.for_user.pk}:{self.parent_page.pk}")
        return cleaned
