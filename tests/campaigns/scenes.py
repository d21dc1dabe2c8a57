"""Scenes that tests of campaigns begin with: people, a complete draft, a campaign in each state."""

import io
import itertools
from datetime import date
from typing import Any

from django.core.files.images import ImageFile
from PIL import Image as Pillow
from wagtail.models import Collection, Locale

from campaigns.models import Campaign, CampaignIndexPage, CampaignPage, Category, RewardCampaignPage, Submission
from campaigns.services import launching, reviewing, revising, rewarding, submitting
from campaigns.services.revising import TermsInput
from campaigns.services.rewarding import RewardInput, VariantInput
from cms.images.models import Image
from cms.users import roles
from cms.users.models import User
from home.services import install_site
from tests.factories.users import UserFactory

_numbers = itertools.count(1)
STORY_EN = " ".join(["We build a lamp that runs on salt water and lasts a whole night."] * 12)
STORY_ZH = "我们做一盏用盐水点亮的灯,一整夜都不会熄灭。" * 8
# The checks ask for a prototype; these campaigns have none to show.
SEEN = "We have seen a prototype."


def site() -> None:
    """Home pages, indexes, roles, review; templates are made where they are asked about: they are many pages."""
    install_site(templates=False)


def person(*held: str, **fields: Any) -> User:
    """Somebody with roles."""
    user = UserFactory(**fields)
    for role in held:
        roles.assign(user, role)
    return User.objects.get(pk=user.pk)


def creator(**fields: Any) -> User:
    """A creator with a name, in China, paid as a person."""
    return person(roles.CREATOR, **{"display_name": "Lin Wei", "country": "CN", "payee_kind": "person", **fields})


def reviewer() -> User:
    """A reviewer."""
    return person(roles.REVIEWER)


def picture(owner: User, title: str = "A lamp") -> Image:
    """A small uploaded picture."""
    buffer = io.BytesIO()
    Pillow.new("RGB", (120, 80), (184, 66, 15)).save(buffer, "PNG")
    buffer.seek(0)
    collection = Collection.objects.filter(name="Creators").first() or Collection.get_first_root_node()
    return Image.objects.create(
        title=title, file=ImageFile(buffer, name=f"lamp-{next(_numbers)}.png"), uploaded_by_user=owner,
        collection=collection, description=title,
    )  # fmt: skip


def index(locale: str = "en") -> CampaignIndexPage:
    """The campaigns index of a language."""
    return CampaignIndexPage.objects.get(locale=Locale.objects.get(language_code=locale))


def story(text: str) -> list[tuple[str, Any]]:
    """A story of a heading and a paragraph, with the sections that every campaign has."""
    return [("heading", "Why"), ("text", f"<p>{text}</p>"), *sections()]


def sections() -> list[tuple[str, Any]]:
    """Budget, questions and answers, use of AI."""
    lines = [{"title": "Glass 玻璃", "amount": "700", "note": ""}, {"title": "Salt 盐", "amount": "300", "note": ""}]
    return [
        ("budget", {"currency": "CNY", "lines": lines, "note": ""}),
        ("faq", {"items": [{"question": "Does it ship? 发货吗?", "answer": "<p>Yes. 发。</p>"}]}),
        ("ai_use", {"uses": ["none"], "statement": ""}),
    ]


def page(owner: User, title: str = "Salt lamp", *, image: Image | None = None, **fields: Any) -> CampaignPage:
    """A complete page in English, as a draft with a revision."""
    values = {
        "summary": "A lamp that runs on salt water.", "hero_image": image or picture(owner),
        "hero_alt": "A lamp on a table", "story": story(STORY_EN), "risks": "Glass may be late; we have two makers.",
    }  # fmt: skip
    made = RewardCampaignPage(title=title, slug=f"c-{next(_numbers)}", owner=owner, live=False, **{**values, **fields})
    index().add_child(instance=made)
    made.save_revision(user=owner)
    return made


def translated(source: CampaignPage) -> CampaignPage:
    """The page's Chinese translation, complete."""
    copy = source.copy_for_translation(Locale.objects.get(language_code="zh-hans"))
    copy.title, copy.summary, copy.hero_alt = "盐水灯", "一盏用盐水点亮的灯。", "桌上的灯"
    copy.story, copy.risks = story(STORY_ZH), "玻璃可能迟到;我们有两家供应商。"
    copy.save_revision(user=source.owner)
    return copy


def terms(**fields: Any) -> TermsInput:
    """Complete terms: 1,000.00 CNY in 30 days, all or nothing."""
    values: dict[str, Any] = {
        "currency": "CNY", "goal": 100_000, "mode": "all_or_nothing", "duration_days": 30,
        "category": Category.objects.get(slug="hardware"),
    }  # fmt: skip
    return TermsInput(**{**values, **fields})


def reward(**fields: Any) -> RewardInput:
    """A complete physical reward of 100.00."""
    values: dict[str, Any] = {
        "kind": "physical", "title_en": "One lamp", "title_zh": "一盏灯", "price": 10_000,
        "shipping": {"CN": 0, "*": 5_000}, "delivery_month": date(2027, 9, 1),
    }  # fmt: skip
    return RewardInput(**{**values, **fields})


def variants() -> list[VariantInput]:
    """Two colours, one of them scarce."""
    return [VariantInput("Red", "红"), VariantInput("Blue", "蓝", 5)]


def complete(owner: User | None = None, *, both: bool = True, **changes: Any) -> Campaign:
    """A draft with nothing missing."""
    made = page(owner or creator())
    if both:
        translated(made)
    campaign = made.campaign
    revising.revise_terms(campaign=campaign, actor=campaign.creator, terms=terms(**changes), revision=None)
    rewarding.add_reward_draft(campaign=campaign, actor=campaign.creator, reward=reward(), revision=None)
    return Campaign.objects.get(pk=campaign.pk)


def submitted(owner: User | None = None, **options: Any) -> Submission:
    """One in review."""
    campaign = complete(owner, **options)
    return submitting.submit_campaign(campaign=campaign, actor=campaign.creator)


def approved(owner: User | None = None, **options: Any) -> Campaign:
    """One that may be launched."""
    submission = submitted(owner, **options)
    reviewing.approve(submission=submission, actor=reviewer(), reason=SEEN)
    return Campaign.objects.get(pk=submission.campaign_id)


def launched(owner: User | None = None, **options: Any) -> Campaign:
    """One that takes money."""
    campaign = approved(owner, **options)
    return launching.launch_campaign(campaign=campaign, actor=campaign.creator)
