"""What a front end asks once: languages, currencies, menus, categories, how search and lists may be ordered."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from wagtail.models import Page, Site

from campaigns.api.browsing import LOCALE
from campaigns.browsing import ORDERS, STATES
from campaigns.models import Category
from campaigns.models.campaign import CampaignKind
from campaigns.selectors import max_duration_days
from cms.core import clock
from cms.core.api import Anonymous, Instant, Shape, instant, locale_of, public
from funding.models.escrow import Mode
from funding.money import EXPONENTS, SYMBOLS


class LocaleData(Shape):
    """A language of the site."""

    code = serializers.CharField()
    name = serializers.CharField()


class CurrencyData(Shape):
    """A currency: `exponent` is how many of an amount's digits stand after the point."""

    code = serializers.CharField()
    exponent = serializers.IntegerField()
    symbol = serializers.CharField()


class MenuItem(Shape):
    """A page that editors show in menus."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    url = serializers.CharField()


class CategoryNode(Shape):
    """A category with its children."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    children = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))


class SiteSettings(Shape):
    """What lists and forms may offer."""

    kinds = serializers.ListField(child=serializers.CharField())
    modes = serializers.ListField(child=serializers.CharField())
    orders = serializers.ListField(child=serializers.CharField())
    states = serializers.ListField(child=serializers.CharField())
    max_duration_days = serializers.IntegerField()


class SiteData(Shape):
    """The site. `now` is the product's own time."""

    name = serializers.CharField()
    locale = serializers.CharField()
    locales = LocaleData(many=True)
    currencies = CurrencyData(many=True)
    menu = MenuItem(many=True)
    categories = CategoryNode(many=True)
    settings = SiteSettings()
    now = Instant()


class SiteView(Anonymous):
    """The frame of every front end."""

    @extend_schema(operation_id="site", tags=["site"], parameters=[LOCALE], responses=SiteData)
    def get(self, request: Request) -> Response:
        """In one language."""
        locale = locale_of(request)
        data = {
            "name": settings.WAGTAIL_SITE_NAME,
            "locale": locale,
            "locales": [{"code": code, "name": name} for code, name in settings.WAGTAILADMIN_PERMITTED_LANGUAGES],
            "currencies": [{"code": c, "exponent": e, "symbol": SYMBOLS[c]} for c, e in EXPONENTS.items()],
            "menu": _menu(request, locale),
            "categories": _categories(locale),
            "settings": {
                "kinds": list(CampaignKind.values),
                "modes": list(Mode.values),
                "orders": list(ORDERS),
                "states": list(STATES),
                "max_duration_days": max_duration_days(),
            },
            "now": instant(clock.now()),
        }
        return public(Response(data), seconds=10, shared=60)


def _menu(request: Request, locale: str) -> list[dict[str, Any]]:
    site = Site.find_for_request(request)
    if site is None:
        return []
    root = site.root_page.get_translations(inclusive=True).filter(locale__language_code=locale).first()
    if root is None:
        return []
    pages = Page.objects.child_of(root).live().public().in_menu().select_related("locale").order_by("path")
    return [{"id": page.pk, "title": page.title, "url": page.get_url(request) or ""} for page in pages]


def _categories(locale: str) -> list[dict[str, Any]]:
    rows = list(Category.objects.all())
    return [
        {
            "slug": root.slug,
            "name": root.name(locale),
            "children": [{"slug": row.slug, "name": row.name(locale)} for row in rows if row.parent_id == root.pk],
        }
        for root in rows
        if root.parent_id is None
    ]
