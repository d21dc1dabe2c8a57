"""The home page and the platform's own pages."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from campaigns.models import CampaignIndexPage
from campaigns.services import installing
from cms.core.trees import WholeDeletion
from home.blocks import ContentStreamBlock, HomeStreamBlock


class HomePage(WholeDeletion, Page):
    """The front door of one language, from blocks. Which campaigns it shows is decided in "Featured"."""

    headline = models.CharField(_("headline"), max_length=120, blank=True)
    introduction = models.TextField(_("introduction"), max_length=400, blank=True)
    body = StreamField(
        HomeStreamBlock(), blank=True, verbose_name=_("page"),
        help_text=_("From top to bottom. Left empty, the page shows what is featured, what ends soon and what is new."),
    )  # fmt: skip

    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = ["campaigns.CampaignIndexPage", "home.ArticleIndexPage", "home.ContentPage"]
    template = "pages/wagtail/home.html"

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("headline", help_text=_("One calm line; the page's largest words.")),
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]
    api_fields: ClassVar = [APIField("headline"), APIField("introduction"), APIField("body")]
    search_fields: ClassVar = [*Page.search_fields, index.SearchField("introduction")]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """As Wagtail's, but the way to campaigns doesn't ask first of which kind their index is."""
        if path_components[:1] == [installing.SLUG]:
            index = CampaignIndexPage.objects.live().child_of(self).filter(slug=installing.SLUG).first()
            if index is not None:
                return index.route(request, path_components[1:])
        return super().route(request, path_components)


class ContentPage(WholeDeletion, Page):
    """A page that the platform writes about itself: how it works, fees, trust."""

    introduction = models.TextField(_("introduction"), max_length=400, blank=True)
    body = StreamField(ContentStreamBlock(), blank=True)

    parent_page_types: ClassVar = ["home.HomePage", "home.ContentPage"]
    subpage_types: ClassVar = ["home.ContentPage"]
    template = "pages/wagtail/content.html"

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("body")]
    api_fields: ClassVar = [APIField("introduction"), APIField("body")]
    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("introduction"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("content page")
        verbose_name_plural = _("content pages")
