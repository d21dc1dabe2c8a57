"""How templates of pages reach what the page itself may not know."""

from typing import Any

from django import template

from cms.images import streams
from home.models import ContentPage, HomePage
from home.selectors import home_context

register = template.Library()


@register.simple_tag
def front(page: HomePage) -> dict[str, Any]:
    """`{% front page as home %}`: featured campaigns, what ends soon, what is new."""
    return home_context(page=page)


@register.simple_tag
def content_of(page: ContentPage) -> dict[str, Any]:
    """`{% content_of page as content %}`: a page that the platform writes about itself."""
    return {"title": page.title, "intro": page.introduction, "story": streams.render([page.body])[0]}
