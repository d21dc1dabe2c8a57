"""Registrations with the Wagtail admin."""

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from campaigns import bulk_actions
from campaigns.viewsets import CategoryViewSet, UpdateViewSet

register_snippet(UpdateViewSet)


@hooks.register("register_admin_viewset")
def category_viewset() -> CategoryViewSet:
    """Categories."""
    return CategoryViewSet("categories", url_prefix="categories")


for action in bulk_actions.ACTIONS:
    # After Wagtail's own, which they replace.
    hooks.register("register_bulk_action", action, order=100)
