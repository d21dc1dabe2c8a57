"""What a campaign may begin with: skeletons that editors maintain as pages, and a campaign's own checklist.

The pages stand beside the sites, under the root: they have no address, and no public list, feed or API holds them.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from campaigns.blocks import SkeletonStreamBlock
from campaigns.models.campaign import Campaign, CampaignKind
from campaigns.models.taxonomy import Category

# What stands in a template's place of a creator's own words begins with it; a story with any left is not complete.
HINT = "✎"
OFFERED_KINDS = [(CampaignKind.REWARD.value, _("Reward")), (CampaignKind.DONATION.value, _("Donation"))]


class Motif(models.TextChoices):
    """The drawing on the card of a template without a picture of its own."""

    BLANK = "blank", _("Blank sheet")
    DEVICE = "device", _("Device")
    BOOK = "book", _("Book")
    FIGURE = "figure", _("Figure")
    GAME = "game", _("Dice")
    CRAFT = "craft", _("Vase")
    HEART = "heart", _("Hands")
    FIELD = "field", _("Field")
    FILM = "film", _("Film")


class CampaignTemplateIndexPage(Page):
    """All templates of a language, in the order in which creators see them."""

    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = ["campaigns.CampaignTemplatePage"]
    preview_modes: ClassVar = []
    promote_panels: ClassVar = []
    settings_panels: ClassVar = []
    search_fields: ClassVar = Page.search_fields

    class Meta:
        verbose_name = _("campaign templates")
        verbose_name_plural = _("campaign templates")

    def __str__(self) -> str:
        return self.title

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Never: it is no page of a site."""
        raise Http404


class ChecklistItemBlock(blocks.CharBlock):
    """One thing to do that only its maker can call done."""

    class Meta:
        icon = "tick"
        label = _("To do")


class CampaignTemplatePage(Page):
    """One beginning, in one language: a story's skeleton, a checklist, a first reward. Offered while published."""

    summary = models.CharField(
        _("for whom it is"), max_length=160, blank=True, help_text=_("One sentence, on the card that creators choose.")
    )
    kind = models.CharField(
        _("kind"), max_length=10, blank=True, choices=OFFERED_KINDS,
        help_text=_("Left empty, it suits campaigns with rewards and those for donations."),
    )  # fmt: skip
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("category"),
        help_text=_("The new campaign's, where its creator names none."),
    )  # fmt: skip
    motif = models.CharField(_("drawing"), max_length=10, choices=Motif.choices, default=Motif.BLANK)
    picture = models.ForeignKey(
        "images.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("picture"),
        help_text=_("In place of the drawing."),
    )  # fmt: skip
    story = StreamField(
        SkeletonStreamBlock(), blank=True, verbose_name=_("skeleton of the story"),
        help_text=_(
            "What creators are to replace begins with ✎: a story with any such hint left can't be submitted. "
            "Fields may stay empty."
        ),
    )  # fmt: skip
    risks = models.TextField(_("hint for the risks"), blank=True, max_length=1000)
    checklist = StreamField(
        [("item", ChecklistItemBlock(max_length=160))], blank=True, verbose_name=_("checklist"),
        help_text=_("Shown beside what every campaign needs; creators tick it themselves."),
    )  # fmt: skip
    reward_title = models.CharField(_("title"), max_length=80, blank=True)
    reward_description = models.CharField(_("description"), max_length=500, blank=True)
    reward_price = models.PositiveIntegerField(
        _("price in yuan"), null=True, blank=True,
        help_text=_("The first reward is made with it, by mail or in digital form; creators may change or remove it."),
    )  # fmt: skip

    parent_page_types: ClassVar = ["campaigns.CampaignTemplateIndexPage"]
    subpage_types: ClassVar = []
    preview_modes: ClassVar = []
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("category")]),
        MultiFieldPanel([FieldPanel("motif"), FieldPanel("picture")], heading=_("Card")),
        FieldPanel("story"),
        FieldPanel("risks"),
        FieldPanel("checklist"),
        MultiFieldPanel(
            [FieldPanel("reward_title"), FieldPanel("reward_description"), FieldPanel("reward_price")],
            heading=_("First reward"),
        ),
    ]
    promote_panels: ClassVar = []
    search_fields: ClassVar = Page.search_fields

    class Meta:
        verbose_name = _("campaign template")
        verbose_name_plural = _("campaign templates")

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """What names it in forms and the API: one for all its languages."""
        return str(self.translation_key)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Never: it is no page of a site."""
        raise Http404

    def contents(self) -> list[str]:
        """What is in it, in the reader's words and the story's order, each once."""
        labels = [str(block.block.label) for block in self.story if block.block_type not in {"heading", "text"}]
        return list(dict.fromkeys(labels))

    def sections(self) -> list[str]:
        """The headings of its story."""
        return [str(block.value) for block in self.story if block.block_type == "heading"]


class ChecklistItem(models.Model):
    """Something to do that a campaign got from its template; its creator says when it is done."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="checklist_items")
    code = models.CharField(max_length=40)
    position = models.PositiveIntegerField(default=0)
    words_en = models.CharField(max_length=160, blank=True)
    words_zh = models.CharField(max_length=160, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        verbose_name = _("checklist item")
        verbose_name_plural = _("checklist items")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "code"], name="checklist_item_code_unique"),
            models.CheckConstraint(condition=~Q(words_en="", words_zh=""), name="checklist_item_says_something"),
        ]

    def __str__(self) -> str:
        chinese = (get_language() or "en").startswith("zh")
        return (self.words_zh or self.words_en) if chinese else (self.words_en or self.words_zh)
