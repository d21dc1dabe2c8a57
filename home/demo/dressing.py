"""The editor's part of the demo: the home page's words, what is featured and why, and the platform's own pages."""

from __future__ import annotations

import json

from django.db import transaction
from wagtail.models import Locale

from home.demo import casting, drafting, hanging, stories
from home.demo.drawing import Easel
from home.demo.shapes import Article, ImageBlock, Picture
from home.models import ContentPage, FeaturedSlot, HomePage

EDITOR = "editor@example.com"


def dress(easel: Easel) -> None:
    """All of it; twice is once, and what an editor has changed since stays."""
    for article in stories.articles():
        write_article(article, easel)
    for locale in drafting.LOCALES:
        _greet(locale)
    _feature()


def pictures() -> list[Picture]:
    """Everything that the editor's pages show."""
    articles = stories.articles()
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


def _publish(page: ContentPage | HomePage) -> None:
    editor = casting.user(EDITOR)
    page.save_revision(user=editor, log_action=True).publish(user=editor)


@transaction.atomic
def _feature() -> None:
    if FeaturedSlot.objects.exists():
        return
    plans = {plan.slug: plan for plan in stories.campaigns()}
    for position, pick in enumerate(stories.home_content().picks, start=1):
        campaign = drafting.campaign_of(plans[pick.campaign])
        slot = FeaturedSlot(campaign=campaign, position=position, reason=f"{pick.reason.en} {pick.reason.zh}"[:255])
        slot.full_clean()
        slot.save()
