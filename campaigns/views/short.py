"""Short links for sharing: Chinese slugs percent-encode, keys don't."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language_from_request

from campaigns import selectors


def short(request: HttpRequest, key: str) -> HttpResponse:
    """`/c/<key>/` leads to the campaign in the visitor's language, with the secret of a link to a reward."""
    page = selectors.campaign_page(key, get_language_from_request(request))
    if page is None:
        raise Http404
    secret = request.GET.get("secret", "")
    return redirect(f"{page.url}?{urlencode({'secret': secret})}" if secret else page.url)
