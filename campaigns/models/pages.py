"""The story of a campaign, in one language. No term, price, stock or counter is ever a page field."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import OuterRef, ProtectedError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.locks import BaseLock
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index

from campaigns.blocks import StoryStreamBlock
from campaigns.models.campaign import Campaign, CampaignKind
from campaigns.models.collaborators import CampaignPicture
from campaigns.models.page_form import CampaignPageForm, free_slug
from campaigns.models.permissions import CampaignPagePermissionTester, ReviewLock
from campaigns.previewing import HEADLESS, HEADLESS_TEMPLATE, preview_modes
from campaigns.states import PUBLIC
from cms.core.errors import Refusal
from cms.core.trees import WholeDeletion
from cms.images.models import Image
from cms.images.services import image_ids
from cms.users.selectors import badge_rows


class PageKeepsItsCampaign(Refusal):
    """The step would part a page from what backers rely on."""

    code = "page_keeps_its_campaign"


class PageBegunAlready(Refusal):
    """The same form was sent before: `page` is what it made."""

    code = "page_begun_already"

    def __init__(self, page: "CampaignPage") -> None:
        super().__init__(_("This page was saved already."))
        self.page = page


class CampaignIndexPage(WholeDeletion, Page):
    """The parent of all campaigns of a language; creators add theirs here."""

    introduction = models.CharField(_("introduction"), max_length=255, blank=True)

    template = "pages/wagtail/campaign_index.html"
    subpage_types: ClassVar = [
        "campaigns.RewardCampaignPage", "campaigns.DonationCampaignPage", "campaigns.EquityCampaignPage",
    ]  # fmt: skip
    max_count_per_parent = 1

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction")]
    api_fields: ClassVar = [APIField("introduction")]
    search_fields: ClassVar = [*Page.search_fields, index.SearchField("introduction")]

    class Meta:
        verbose_name = _("campaigns index")
        verbose_name_plural = _("campaigns indexes")

    def __str__(self) -> str:
        return self.title

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """As Wagtail's, but a campaign of the common kind comes in one query with all that its page shows of it."""
        if len(path_components) == 1:
            pages = RewardCampaignPage.objects.live().child_of(self).filter(slug=path_components[0])
            shown = ("campaign__escrow__decision", "campaign__creator__creator_profile", "campaign__category")
            badges = badge_rows(OuterRef("campaign__creator"))
            if (page := pages.select_related(*shown).annotate(creator_badges=badges).first()) is not None:
                page.campaign.creator_badges = page.creator_badges
                return page.route(request, [])
        return super().route(request, path_components)


class CampaignPage(WholeDeletion, Page):
    """What all kinds share: promise, picture, story, risks. The shared `Campaign` has everything that counts.

    Whatever Wagtail does to a page (revise, revert, copy, alias, translate, schedule …), the row keeps its campaign.
    """

    campaign = models.ForeignKey(Campaign, blank=True, editable=False, on_delete=models.PROTECT, related_name="pages")
    summary = models.CharField(
        _("promise in one sentence"), max_length=255, blank=True,
        help_text=_("What will exist because of your backers? Shown under the title and on cards."),
    )  # fmt: skip
    hero_image = models.ForeignKey(
        "images.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("main picture"), help_text=_("At least 1200 × 800 pixels; cards crop it to 3:2."),
    )  # fmt: skip
    hero_alt = models.CharField(
        _("what the picture shows"), max_length=200, blank=True,
        help_text=_("Read aloud to people who can't see the picture."),
    )  # fmt: skip
    story = StreamField(StoryStreamBlock(), blank=True, verbose_name=_("story"))
    risks = models.TextField(
        _("risks and how you meet them"), blank=True, max_length=3000,
        help_text=_("What could go wrong or take longer, and what you will do then. Backers trust those who say so."),
    )  # fmt: skip

    # Also left out when a page is copied or translated; `save` finds the right one.
    exclude_fields_in_copy: ClassVar = ["campaign"]
    parent_page_types: ClassVar = ["campaigns.CampaignIndexPage"]
    subpage_types: ClassVar = []
    is_creatable = False
    campaign_kind: ClassVar = CampaignKind.REWARD
    template = "pages/wagtail/campaign.html"

    content_panels: ClassVar = [
        HelpPanel(template="studio/panels/status.html", heading=_("Your campaign")),
        *Page.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel([FieldPanel("hero_image"), FieldPanel("hero_alt")], heading=_("Picture")),
        FieldPanel("story"),
        FieldPanel("risks"),
    ]
    promote_panels: ClassVar = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            heading=_("For search engines"),
        )
    ]
    # No settings tab: a page's own schedule means nothing here (deadlines and launches are the campaign's).
    edit_handler = TabbedInterface(
        [ObjectList(content_panels, heading=_("Story")), ObjectList(promote_panels, heading=_("Promote"))],
        base_form_class=CampaignPageForm,
    )
    api_fields: ClassVar = [
        APIField("key"), APIField("summary"), APIField("hero_image"), APIField("hero_alt"), APIField("story"),
        APIField("risks"),
    ]  # fmt: skip
    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("summary"), index.SearchField("story"), index.SearchField("risks"),
    ]  # fmt: skip

    class Meta:
        verbose_name = _("campaign page")
        verbose_name_plural = _("campaign pages")

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """The campaign's public id."""
        return self.campaign.key

    def save(self, *args: Any, **kwargs: Any) -> None:
        """On insert, join the campaign of the page with the same translation key, else begin a draft one."""
        if self._state.adding:
            self._begin()
            self._join_campaign()
        elif "alias_of_id" in (kwargs.get("update_fields") or ()) or "alias_of" in (kwargs.get("update_fields") or ()):
            self._refuse_conversion()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Refused once money exists: backers' pledges point to what this page promised."""
        if self.campaign.escrow_id is not None:
            raise ProtectedError("A launched campaign's page can't be deleted.", {self})
        return super().delete(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> "CampaignPage":
        """A revision never brings a campaign with it: copied revisions carry the original's."""
        page = super().with_content_json({**content, "campaign": self.campaign_id})
        page.campaign_id = self.campaign_id
        return page

    def get_lock(self) -> BaseLock | None:
        """Every language is locked while any is in review."""
        # A page that is only being written has no campaign yet.
        if self.campaign_id is not None and self.campaign.under_review:
            return ReviewLock(self)
        return super().get_lock()

    def permissions_for_user(self, user: Any) -> CampaignPagePermissionTester:
        """Wagtail's permissions within what review and money allow."""
        return CampaignPagePermissionTester(user, self.specific_deferred if type(self) is Page else self)

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        """Wagtail's; what the draft shows is the whole team's to use from then on."""
        revision = super().save_revision(*args, **kwargs)
        if self.campaign_id is not None and (shown := image_ids(self)):
            rows = [CampaignPicture(campaign_id=self.campaign_id, image_id=pk) for pk in sorted(shown)]
            known = Image.objects.filter(pk__in=shown).values_list("pk", flat=True)
            there = set(known)
            CampaignPicture.objects.bulk_create([row for row in rows if row.image_id in there], ignore_conflicts=True)
        return revision

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """404 until a review has approved the campaign, whoever published the page: an editor may, an alias is."""
        if self.campaign.state not in PUBLIC and not getattr(request, "is_preview", False):
            raise Http404
        return super().serve(request, *args, **kwargs)

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """The site and, where a setting names one, a front end of one's own."""
        return preview_modes()

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Wagtail's; a front end fetches what it shows by a token."""
        if mode_name == HEADLESS:
            return TemplateResponse(request, HEADLESS_TEMPLATE, {"draft": self})
        return super().serve_preview(request, mode_name)

    def get_view_restrictions(self) -> Any:
        """Wagtail's. Where nothing at all is restricted, as a rule, one question answers it."""
        found = PageViewRestriction.objects.all()
        return super().get_view_restrictions() if found.exists() else found.none()

    def _begin(self) -> None:
        # The tree holds the parent's row by now: of two that come at once, the second sees the first.
        locale = self.locale_id or self.get_default_locale().pk
        twin = CampaignPage.objects.filter(translation_key=self.translation_key, locale=locale).first()
        if twin is not None:
            raise PageBegunAlready(twin)
        wanted: str = self.slug  # type: ignore[has-type]
        if wanted and (parent := self.get_parent()) is not None:
            self.slug = free_slug(wanted, parent)

    def _join_campaign(self) -> None:
        siblings = CampaignPage.objects.filter(translation_key=self.translation_key).exclude(pk=self.pk)
        found = siblings.order_by("pk").values_list("campaign_id", flat=True).first()
        if found is not None:
            self.campaign_id = found
        elif self.campaign_id is None or CampaignPage.objects.filter(campaign_id=self.campaign_id).exists():
            # An alias arrives with its source's campaign: another page in the tree is another campaign.
            self.campaign = Campaign.objects.create(creator=self.owner, kind=self.campaign_kind)

    def _refuse_conversion(self) -> None:
        if self.alias_of_id is None and CampaignPage.objects.filter(pk=self.pk, alias_of__isnull=False).exists():
            raise PageKeepsItsCampaign(_("An alias of a campaign can't become a campaign. Create a new one instead."))


class RewardCampaignPage(CampaignPage):
    """Backers get rewards."""

    is_creatable = True
    template = "pages/wagtail/campaign.html"
    page_description = _("Backers get rewards: a product, a ticket, a copy. The most common kind.")

    class Meta:
        verbose_name = _("reward campaign")
        verbose_name_plural = _("reward campaigns")


class DonationCampaignPage(CampaignPage):
    """Backers give."""

    is_creatable = True
    campaign_kind: ClassVar = CampaignKind.DONATION
    template = "pages/wagtail/campaign.html"
    page_description = _("Backers give and expect nothing back but to hear what became of it.")

    class Meta:
        verbose_name = _("donation campaign")
        verbose_name_plural = _("donation campaigns")


class EquityCampaignPage(CampaignPage):
    """Backers become holders. Not offered until its compliance rules exist."""

    is_creatable = False
    campaign_kind: ClassVar = CampaignKind.EQUITY
    template = "pages/wagtail/campaign.html"

    class Meta:
        verbose_name = _("equity campaign")
        verbose_name_plural = _("equity campaigns")
