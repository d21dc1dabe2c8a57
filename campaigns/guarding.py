"""What Wagtail's own views must not do to campaigns, said kindly; the models refuse it in any case."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages

from campaigns.models import CampaignPage
from campaigns.services import checking


def register() -> None:
    """Ask before each destructive act."""
    hooks.register("before_delete_page", keep_launched)
    hooks.register("before_move_page", keep_place)
    hooks.register("before_convert_alias_page", keep_alias)


def keep_launched(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Nothing below a deleted page may have money behind it."""
    below = CampaignPage.objects.descendant_of(page, inclusive=True)
    if below.filter(campaign__escrow__isnull=False).exists():
        return _refuse(request, page, _("This can't be deleted: backers have paid for what is promised here."))
    if below.filter(campaign__submissions__isnull=False, campaign__submissions__decision=None).exists():
        return _refuse(request, page, _("This can't be deleted while it is in review. Withdraw it first."))
    return None


def keep_place(request: HttpRequest, page: Any, destination: Any) -> HttpResponse | None:
    """A campaign stays under the index of its language, and a launched one where it is."""
    below = CampaignPage.objects.descendant_of(page, inclusive=True)
    if below.filter(campaign__escrow__isnull=False).exists():
        return _refuse(request, page, _("This can't be moved: backers hold its address."))
    if below.exists() and destination.locale_id != page.locale_id:
        return _refuse(request, page, _("A campaign stays under its own language. Translate it instead."))
    return None


def keep_alias(request: HttpRequest, page: Any) -> HttpResponse | None:
    """An alias of a campaign can't become a second page of it."""
    if isinstance(page.specific, CampaignPage):
        text = _("An alias of a campaign can't become a campaign. Create a new one instead.")
        return _refuse(request, page, text)
    return None


def explain_refused_submission(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Why the stock button's submission was cancelled."""
    if not isinstance(page, CampaignPage) or not request.POST.get("action-submit"):
        return None
    for problem in checking.problems(page.campaign):
        messages.error(request, problem.message)
    return redirect("studio:submit", page.campaign.key)


def _refuse(request: HttpRequest, page: Any, text: str) -> HttpResponse:
    messages.error(request, text)
    return redirect("wagtailadmin_pages:edit", page.pk)
