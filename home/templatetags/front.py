"""How templates of pages reach what the page itself may not know."""

from typing import Any

from django import template
from django.template import Context
from django.utils.translation import gettext

from cms.images import streams
from funding.money import format_money
from home.models import ArticleIndexPage, ContentPage, HomePage, WrittenPage
from home.numbers import MEASURES
from home.selectors.front import home_context
from home.selectors.magazine import magazine_context, written_context

register = template.Library()
MOST_PAGES = 200


@register.simple_tag
def front(page: HomePage) -> dict[str, Any]:
    """`{% front page as home %}`: the home page's sections with what they show."""
    return home_context(page=page)


@register.simple_tag
def content_of(page: ContentPage) -> dict[str, Any]:
    """`{% content_of page as content %}`: a page that the platform writes about itself."""
    return {"title": page.title, "intro": page.introduction, "story": streams.render([page.body])[0]}


@register.simple_tag
def written_of(page: WrittenPage) -> dict[str, Any]:
    """`{% written_of page as article %}`: an article, story or report with what stands below it."""
    return written_context(page)


@register.simple_tag(takes_context=True)
def magazine_of(context: Context, page: ArticleIndexPage) -> dict[str, Any]:
    """`{% magazine_of page as magazine %}`: one screen of the magazine."""
    query = context["request"].GET
    number = query.get("page", "1")
    known = number.isascii() and number.isdigit() and 1 <= int(number[:6]) <= MOST_PAGES
    return magazine_context(page, kind=query.get("kind", ""), number=int(number) if known else 1)


@register.filter
def kind_name(kind: str) -> str:
    """What a page is, in words."""
    names = {"article": gettext("Article"), "story": gettext("Success story"), "report": gettext("Report")}
    return names.get(kind, "")


@register.filter
def kinds_name(kind: str) -> str:
    """Several of them."""
    names = {"article": gettext("Articles"), "story": gettext("Success stories"), "report": gettext("Reports")}
    return names.get(kind, "")


@register.filter
def measure_name(figure: dict[str, Any]) -> str:
    """What a figure counts."""
    if figure["measure"] == "goal_share":
        return gettext("Of the goal")
    return str(MEASURES[figure["measure"]])


@register.filter
def figure_text(figure: dict[str, Any]) -> str:
    """A figure's value for people: money of each currency, a count, or a share."""
    if figure.get("money"):
        return " + ".join(format_money(one["amount"], one["currency"]) for one in figure["money"])
    if figure.get("percent_bps") is not None:
        return f"{figure['percent_bps'] // 100}%"
    if figure.get("count") is not None:
        return f"{figure['count']:,}"
    return "–"
