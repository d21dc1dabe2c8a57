"""What the front door registers with Wagtail."""

from wagtail import hooks

from home.viewsets import FeaturedSlotViewSet


@hooks.register("register_admin_viewset")
def featured_slots() -> FeaturedSlotViewSet:
    """Curation."""
    return FeaturedSlotViewSet("featured", url_prefix="featured")


@hooks.register("register_icons")
def icons(found: list[str]) -> list[str]:
    """Icons of our own."""
    return [*found, "home/icons/pick.svg"]
