"""Blocks of the home page: editors say which, how many and where; what is shown comes from slots, cards and books."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms.core.blocks import WORDS, TextBlock
from cms.core.shaping import TEXT, Gatherer, Schema, record
from cms.images.blocks import PictureChooserBlock
from cms.images.blocks.choosing import MAYBE_PICTURE
from cms.images.samples import sample_picture
from cms.images.streams import ToldBlock
from home.blocks.live import NumbersBlock, category_choices

CAMPAIGNS = _("Campaigns")
PAGES = _("Pages")
ORDER_CHOICES = [
    ("ending", _("Ending soon")), ("newest", _("Newest")), ("trending", _("Trending")),
    ("most_funded", _("Furthest beyond their goal")),
]  # fmt: skip
KINDS = [("article", _("Articles")), ("report", _("Reports"))]
# What a home page without blocks shows.
USUAL: tuple[dict[str, Any], ...] = (
    {"type": "featured", "value": {"title": "", "lead": True}},
    {"type": "campaigns", "value": {"title": "", "order": "ending", "category": "", "count": 3}},
    {"type": "campaigns", "value": {"title": "", "order": "newest", "category": "", "count": 6}},
    {"type": "stories", "value": {"title": "", "count": 3}},
    {"type": "articles", "value": {"title": "", "kind": "", "count": 3}},
    {"type": "categories", "value": {"title": ""}},
    {"type": "money", "value": {"title": ""}},
)


def _title() -> blocks.CharBlock:
    usual = _("Leave empty for the usual one.")
    return blocks.CharBlock(label=_("Heading"), max_length=80, required=False, help_text=usual)


def _count(default: int) -> blocks.IntegerBlock:
    return blocks.IntegerBlock(label=_("How many"), min_value=1, max_value=12, default=default)


def sample_cards(count: int) -> list[dict[str, Any]]:
    """Cards for previews."""
    titles = [_("A lamp that runs on salt water"), _("A reading room in the valley"), _("The kiln on the hill")]
    return [
        {
            "url": "#", "title": str(title), "summary": "", "creator_name": "Lin Mu", "image": sample_picture(number),
            "category": "", "raised": "¥8,120", "goal": "¥6,000", "percent": 135, "days_left_text": "", "state": "open",
        }
        for number, title in list(enumerate(titles, start=1))[:count]
    ]  # fmt: skip


class HeroBlock(ToldBlock):
    """The page's largest words, with a picture and one way on."""

    headline = blocks.CharBlock(label=_("Headline"), max_length=120, help_text=_("One calm line."))
    text = blocks.TextBlock(label=_("Text"), max_length=400, rows=3, required=False)
    image = PictureChooserBlock(label=_("Picture"), required=False)
    alt = blocks.CharBlock(label=_("What the picture shows"), max_length=200, required=False)
    button = blocks.CharBlock(label=_("On the button"), max_length=40, required=False)
    page = blocks.PageChooserBlock(label=_("Leads to"), required=False)

    class Meta:
        icon = "title"
        group = WORDS
        label = _("Opening")
        template = "components/home/hero.html"
        description = _("The page's largest words, with a picture and a button; one at the top of the page.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            text = str(_("Stories worth making, told well."))
            headline = str(_("Many thin sticks make one flame."))
            return {"headline": headline, "text": text, "image": sample_picture(2), "button": "", "url": ""}

    def api_schema(self) -> Schema:
        """`{headline, text, image, button, page}`; `page` is an id of `/pages/`."""
        number = {"type": ["integer", "null"]}
        return record({"headline": TEXT, "text": TEXT, "image": MAYBE_PICTURE, "button": TEXT, "page": number})

    def api_data(self, raw: Any, gather: Gatherer) -> Any:
        """The text alternative goes into the picture."""
        raw = raw or {}
        words = {name: raw.get(name) or "" for name in ("headline", "text", "button")}
        return {**words, "image": gather.picture(raw.get("image"), raw.get("alt") or ""), "page": raw.get("page")}


class SplitBlock(ToldBlock):
    """Text beside a picture."""

    title = blocks.CharBlock(label=_("Heading"), max_length=80, required=False)
    text = TextBlock(label=_("Text"))
    image = PictureChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(label=_("What the picture shows"), max_length=200)
    side = blocks.ChoiceBlock(
        choices=[("left", _("Left")), ("right", _("Right"))], default="right", label=_("Where the picture is")
    )

    class Meta:
        icon = "image"
        group = WORDS
        label = _("Text with picture")
        template = "components/home/text_picture.html"
        description = _("A heading and a few paragraphs beside a picture; below each other on phones.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            text = str(_("Every campaign was read by a person before it opened."))
            return {"title": str(_("Read first")), "text": text, "image": sample_picture(3), "side": "right"}

    def api_schema(self) -> Schema:
        """`{title, text, image, side}`."""
        html = {"type": "string", "contentMediaType": "text/html"}
        return record({"title": TEXT, "text": html, "image": MAYBE_PICTURE, "side": TEXT})

    def api_data(self, raw: Any, gather: Gatherer) -> Any:
        """The text alternative goes into the picture."""
        raw = raw or {}
        picture = gather.picture(raw.get("image"), raw.get("alt") or "")
        words = {"title": raw.get("title") or "", "side": raw.get("side") or "right"}
        return {**words, "text": gather.html(raw.get("text") or ""), "image": picture}


class FeaturedBlock(ToldBlock):
    """What editors chose under “Featured”."""

    title = _title()
    lead = blocks.BooleanBlock(
        label=_("Show the first one large"), required=False, default=True, help_text=_("The one in position 1.")
    )

    class Meta:
        icon = "pick"
        group = CAMPAIGNS
        label = _("Featured campaigns")
        template = "components/home/featured.html"
        description = _("The campaigns that are chosen under “Featured” for now; paid ones are labelled.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            return {"title": str(_("Chosen by our editors")), "lead": None, "cards": sample_cards(3)}


class CampaignRowBlock(ToldBlock):
    """A row of campaigns in an order."""

    title = _title()
    order = blocks.ChoiceBlock(choices=ORDER_CHOICES, default="ending", label=_("Which first"))
    category = blocks.ChoiceBlock(choices=category_choices, required=False, label=_("Only of a category"))
    count = _count(3)

    class Meta:
        icon = "list-ul"
        group = CAMPAIGNS
        label = _("Row of campaigns")
        template = "components/home/campaigns.html"
        description = _("Campaigns that end soon, are new, move fast or went furthest; of all or of one category.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            return {"title": str(_("Ending soon")), "cards": sample_cards(3)}


class CategoriesBlock(ToldBlock):
    """The ways into the catalogue."""

    title = _title()

    class Meta:
        icon = "folder-open-inverse"
        group = CAMPAIGNS
        label = _("Categories")
        template = "components/home/categories.html"
        description = _("All categories with how many campaigns each has.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            rows = [(_("Technology"), 12), (_("Publishing"), 8), (_("Food and farming"), 5)]
            return {"title": "", "categories": [{"title": str(t), "url": "#", "count_text": n} for t, n in rows]}


def _sample_pages() -> list[dict[str, Any]]:
    titles = [_("What a proof sheet is for"), _("The kiln, a year later"), _("How long things really take")]
    return [
        {"title": str(title), "url": "#", "intro": "", "image": sample_picture(number), "kind_label": ""}
        for number, title in enumerate(titles, start=1)
    ]


class ArticlesBlock(ToldBlock):
    """The latest articles and reports."""

    title = _title()
    kind = blocks.ChoiceBlock(choices=KINDS, required=False, label=_("Only"))
    count = _count(3)

    class Meta:
        icon = "doc-full-inverse"
        group = PAGES
        label = _("Articles")
        template = "components/home/pages.html"
        description = _("The latest articles and reports.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            return {"title": str(_("From the magazine")), "pages": _sample_pages()}


class StoriesBlock(ToldBlock):
    """What came of campaigns."""

    title = _title()
    count = _count(3)

    class Meta:
        icon = "success"
        group = PAGES
        label = _("Success stories")
        template = "components/home/pages.html"
        description = _("The latest success stories, each with what its campaign raised.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            return {"title": str(_("What came of it")), "pages": _sample_pages()}


class MoneyPathBlock(ToldBlock):
    """What happens to a backer's money, in three lines."""

    title = _title()

    class Meta:
        icon = "lock"
        group = WORDS
        label = _("What happens to your money")
        template = "components/home/money.html"
        description = _("Three lines on where the money waits, and the way to start a campaign.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            return {"title": "", "path": [{"text": str(_("You pay, and the money waits with us.")), "state": "now"}]}


class HomeStreamBlock(blocks.StreamBlock):
    """The home page, from top to bottom."""

    hero = HeroBlock()
    featured = FeaturedBlock()
    campaigns = CampaignRowBlock()
    categories = CategoriesBlock()
    articles = ArticlesBlock()
    stories = StoriesBlock()
    text_picture = SplitBlock()
    numbers = NumbersBlock()
    money = MoneyPathBlock()

    class Meta:
        required: ClassVar = False
        block_counts: ClassVar = {
            "hero": {"max_num": 1}, "featured": {"max_num": 1}, "categories": {"max_num": 1}, "money": {"max_num": 1},
        }  # fmt: skip
