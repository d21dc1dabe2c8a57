"""Who may see a pledge: its backer, signed in or by the signed link of the receipt."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from campaigns import selectors
from funding import selectors as funding_selectors
from funding.models import Pledge


@dataclass(frozen=True)
class PledgeAccess:
    """A pledge that this reader may see, and the guest's token if that is why."""

    pledge: Pledge
    token: str

    def url(self, name: str) -> str:
        """A page of this pledge; a guest's link carries the token."""
        return self.carry(reverse(name, kwargs={"pledge_id": self.pledge.pk}))

    def carry(self, path: str) -> str:
        """A path that shows something of this pledge, with the guest's token."""
        return f"{path}?{urlencode({'token': self.token})}" if self.token else path


def pledge_access(request: HttpRequest, pledge_id: str) -> PledgeAccess:
    """The pledge, or a 404 that tells strangers nothing."""
    token = request.GET.get("token", "")
    if token and (found := funding_selectors.pledge_by_token(pledge_id, token)):
        return PledgeAccess(found, token)
    if request.user.is_authenticated:
        own = selectors.pledges_of(request.user).filter(pk=pledge_id).first()
        if own:
            return PledgeAccess(own, "")
    raise Http404


def private(response: HttpResponse) -> HttpResponse:
    """The address may carry a guest's token: it must not travel on in a Referer, a cache or an index."""
    # Not `no-referrer`: browsers then send `Origin: null` with a form of our own, and it is refused.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-store"
    return response
