"""How templates of pages reach what the page itself may not know."""

from typing import Any

from django import template

from home.models import HomePage
from home.selectors import home_context

register = template.Library()


@register.simple_tag
def front(page: HomePage) -> dict[str, Any]:
    """`{% front page as home %}`: featured campaigns, what ends soon, what is new."""
    return home_context(page=page)
