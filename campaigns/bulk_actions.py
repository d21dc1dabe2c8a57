"""Wagtail's bulk actions name what one may not touch; a creator shall not learn other creators' titles that way."""

from typing import Any

from wagtail.admin.views.pages import bulk_actions as pages
from wagtail.images.views import bulk_actions as images
from wagtail.snippets import bulk_actions as snippets

from campaigns.querysets import oversees


class DiscreetBulkAction:
    """What isn't one's own is passed over in silence."""

    def get_actionable_objects(self) -> tuple[list[Any], dict[str, list[Any]]]:
        """The permitted rows; the others by name only for those who oversee them."""
        objects, without = super().get_actionable_objects()  # type: ignore[misc]
        if not oversees(self.request.user):  # type: ignore[attr-defined]
            without = {name: [] for name in without}
        return objects, without


def _discreet(action: type) -> type:
    return type(f"Discreet{action.__name__}", (DiscreetBulkAction, action), {})


ACTIONS = [
    _discreet(action)
    for action in (
        pages.DeleteBulkAction, pages.MoveBulkAction, pages.PublishBulkAction, pages.UnpublishBulkAction,
        images.AddTagsBulkAction, images.AddToCollectionBulkAction, images.DeleteBulkAction,
        snippets.DeleteBulkAction,
    )
]  # fmt: skip
