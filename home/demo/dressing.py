"""The editor's part of the demo: the home page's words, what is featured and why, and the platform's own pages."""

from __future__ import annotations

import json

from django.db import transaction
from wagtail.models import Locale, Page

from campaigns.models import Category
from home.demo import casting, drafting, hanging, stories
from home.demo.drawing import Easel
from home.demo.shapes import Article, ImageBlock, Picture
from home.models import WRITTEN, ArticleIndexPage, ContentPage, FeaturedSlot, HomePage
from home.services.curating import feature

EDITOR = "editor@example.com"


def dress(easel: Easel) -> None:
    """All of it; twice is once, and what an editor has changed since stays."""
    for article in stories.articles():
        write_article(article, easel)
    publish_magazine(easel)
    for locale in drafting.LOCALES:
        _greet(locale)
    _feature()


def pictures() -> list[Picture]:
    """Everything that the editor's pages show."""
    articles = (*stories.articles(), *stories.magazine().pages)
    return [picture for article in articles for picture in (article.hero, *hanging.pictures(article.story))]


def write_article(article: Article, easel: Easel) -> None:
    """A page of text in both languages, under each home page."""
    if ContentPage.objects.filter(slug=article.slug).exists():
        return
    hung = hanging.hang(article.story, article.hero, owner=casting.user(EDITOR), easel=easel)
    with transaction.atomic():
        home = HomePage.objects.get(locale__language_code="en")
        page = ContentPage(slug=article.slug, title=article.title.en, locale=home.locale, live=False)
        _tell(page, article, "en", hung)
        home.add_child(instance=page)
        _publish(page)
        translated = page.copy_for_translation(Locale.objects.get(language_code="zh-hans"))
        _tell(translated, article, "zh-hans", hung)
        translated.save()
        _publish(translated)


@transaction.atomic
def publish_magazine(easel: Easel) -> None:
    """The magazine in both languages, with an article, a success story and a report."""
    if ArticleIndexPage.objects.exists():
        return
    content, chinese = stories.magazine(), Locale.objects.get(language_code="zh-hans")
    home = HomePage.objects.get(locale__language_code="en")
    words = {"title": content.title.en, "introduction": content.intro.en}
    index = home.add_child(instance=ArticleIndexPage(slug="magazine", locale=home.locale, **words))
    translated = index.copy_for_translation(chinese)
    translated.title = translated.draft_title = content.title.zh
    translated.introduction = content.intro.zh
    _publish(index)
    _publish(translated)
    for page in content.pages:
        _write_page(page, index, chinese, easel)


def _write_page(plan: Article, index: ArticleIndexPage, chinese: Locale, easel: Easel) -> None:
    hung = hanging.hang(plan.story, plan.hero, owner=casting.user(EDITOR), easel=easel)
    campaigns = {found.slug: found for found in stories.campaigns()}
    told = {"campaign": drafting.campaign_of(campaigns[plan.campaign])} if plan.campaign else {}
    page = WRITTEN[plan.kind](
        slug=plan.slug, title=plan.title.en, locale=index.locale, live=False, hero_image=hung.images[plan.hero],
        category=Category.objects.filter(slug=plan.category).first(), byline=casting.STAFF[EDITOR][0], **told,
    )  # fmt: skip
    index.add_child(instance=page)
    for locale, made in (("en", page), ("zh-hans", None)):
        shown = made or page.copy_for_translation(chinese)
        shown.title = shown.draft_title = plan.title.in_(locale)
        shown.introduction, shown.hero_alt = plan.intro.in_(locale), plan.hero.alt.in_(locale)
        shown.body = json.dumps(hanging.stream(plan.story, locale=locale, of=plan.slug, hung=hung))
        shown.save()
        _publish(shown)


def _tell(page: ContentPage, article: Article, locale: str, hung: hanging.Hung) -> None:
    page.title = page.draft_title = article.title.in_(locale)
    page.introduction = article.intro.in_(locale)
    story = (ImageBlock(article.hero), *article.story)
    page.body = json.dumps(hanging.stream(story, locale=locale, of=article.slug, hung=hung))


def _greet(locale: str) -> None:
    page = HomePage.objects.get(locale__language_code=locale)
    content = stories.home_content()
    if page.latest_revision_id is None:
        page.headline, page.introduction = content.headline.in_(locale), content.intro.in_(locale)
        _publish(page)


def _publish(page: Page) -> None:
    editor = casting.user(EDITOR)
    page.save_revision(user=editor, log_action=True).publish(user=editor)


@transaction.atomic
def _feature() -> None:
    if FeaturedSlot.objects.exists():
        return
    plans = {plan.slug: plan for plan in stories.campaigns()}
    for position, pick in enumerate(stories.home_content().picks, start=1):
        campaign = drafting.campaign_of(plans[pick.campaign])
        assert campaign is not None
        feature(
            actor=casting.user(EDITOR), campaign=campaign, position=position,
            reason=f"{pick.reason.en} {pick.reason.zh}"[:255],
        )  # fmt: skip
