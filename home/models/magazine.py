"""What editors write: articles, success stories and reports, under an index of their own."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from campaigns.models import Campaign, Category
from campaigns.states import PUBLIC, CampaignState
from cms.core.shaping import Gatherer, Schema
from cms.core.trees import WholeDeletion
from home.blocks import ArticleStreamBlock

LAUNCHED = PUBLIC - {CampaignState.APPROVED}


class PinBlock(blocks.PageChooserBlock):
    """One page that editors put below another."""

    def api_schema(self) -> Schema:
        """An id of `/pages/`, or null."""
        return {"type": ["integer", "null"]}

    def api_data(self, raw: Any, gather: Gatherer) -> Any:
        """The id."""
        return raw

    def deconstruct(self) -> tuple[str, Any, Any]:
        """Migrations know Wagtail's block."""
        return ("wagtail.blocks.PageChooserBlock", *super().deconstruct()[1:])


class RelatedStreamBlock(blocks.StreamBlock):
    """What stands below a page, in the editors' order."""

    page = PinBlock(
        page_type=["home.ArticlePage", "home.StoryPage", "home.ReportPage", "campaigns.CampaignPage"], label=_("Page")
    )

    class Meta:
        required: ClassVar = False
        max_num = 6


class ArticleIndexPage(WholeDeletion, Page):
    """The magazine of one language."""

    introduction = models.TextField(_("introduction"), max_length=400, blank=True)

    parent_page_types: ClassVar = ["home.HomePage"]
    subpage_types: ClassVar = ["home.ArticlePage", "home.StoryPage", "home.ReportPage"]
    max_count_per_parent = 1
    template = "pages/wagtail/magazine.html"

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction")]
    api_fields: ClassVar = [APIField("introduction")]
    search_fields: ClassVar = [*Page.search_fields, index.SearchField("introduction")]

    class Meta:
        verbose_name = _("magazine")
        verbose_name_plural = _("magazines")


WRITTEN_TEMPLATE = "pages/wagtail/written.html"


class WrittenPage(WholeDeletion, Page):
    """What articles, stories and reports share."""

    introduction = models.TextField(
        _("introduction"), max_length=400, blank=True, help_text=_("Two sentences: on cards, and above the text.")
    )
    byline = models.CharField(_("written by"), max_length=120, blank=True)
    hero_image = models.ForeignKey(
        "images.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("main picture"),
    )  # fmt: skip
    hero_alt = models.CharField(_("what the picture shows"), max_length=200, blank=True)
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("category"),
        help_text=_("What belongs to it is shown below the page, unless you pin something else."),
    )  # fmt: skip
    body = StreamField(ArticleStreamBlock(), blank=True, verbose_name=_("text"))
    related = StreamField(
        RelatedStreamBlock(), blank=True, verbose_name=_("shown below"),
        help_text=_("Up to six pages or campaigns in your order; left empty, it is filled by category."),
    )  # fmt: skip

    parent_page_types: ClassVar = ["home.ArticleIndexPage"]
    subpage_types: ClassVar = []

    about_panels: ClassVar = [
        FieldPanel("introduction"),
        MultiFieldPanel([FieldPanel("hero_image"), FieldPanel("hero_alt")], heading=_("Main picture")),
        FieldPanel("byline"),
        FieldPanel("category"),
    ]
    content_panels: ClassVar = [*Page.content_panels, *about_panels, FieldPanel("body"), FieldPanel("related")]
    api_fields: ClassVar = [
        APIField("introduction"), APIField("byline"), APIField("hero_image"), APIField("body"), APIField("related"),
    ]  # fmt: skip
    search_fields: ClassVar = [
        *Page.search_fields, index.SearchField("introduction"), index.SearchField("body"),
    ]  # fmt: skip

    class Meta:
        abstract = True


class ArticlePage(WrittenPage):
    """An article: how things are made, by whom, and why."""

    # Wagtail gives each class a template of its own unless told.
    template = WRITTEN_TEMPLATE

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")


class StoryPage(WrittenPage):
    """What came of a campaign. Its numbers are the campaign's own, as they are when the page is read."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="success_stories", verbose_name=_("campaign"),
        help_text=_("Its numbers are shown as the escrow has them; there is nothing to type."),
    )  # fmt: skip

    template = WRITTEN_TEMPLATE

    content_panels: ClassVar = [
        *Page.content_panels, FieldPanel("campaign"), *WrittenPage.about_panels, FieldPanel("body"),
        FieldPanel("related"),
    ]  # fmt: skip

    api_fields: ClassVar = [*WrittenPage.api_fields, APIField("campaign_key")]

    class Meta:
        verbose_name = _("success story")
        verbose_name_plural = _("success stories")

    @property
    def campaign_key(self) -> str:
        """For the API: `/campaigns/{key}/funding/` has its numbers."""
        return str(self.campaign.key)

    def clean(self) -> None:
        """A story is told of what has been launched."""
        super().clean()
        if self.campaign_id and self.campaign.state not in LAUNCHED:
            raise ValidationError({"campaign": _("Only a campaign that has been launched has a story to tell.")})


class ReportPage(WrittenPage):
    """A report on the platform or a branch of it, with live numbers in its text."""

    template = WRITTEN_TEMPLATE

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")


WRITTEN: dict[str, type[WrittenPage]] = {"article": ArticlePage, "story": StoryPage, "report": ReportPage}
