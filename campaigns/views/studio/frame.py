"""The frame of the studio's views: Wagtail's header and breadcrumbs, and nothing but one's own campaigns."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages as django_messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from campaigns import policies
from campaigns.models import Campaign
from campaigns.selectors import my_campaigns
from campaigns.services import notifying
from cms.core.errors import Refusal
from cms.users import roles
from cms.users.models import User


def has_studio(user: Any) -> bool:
    """Whether the person writes campaigns."""
    return roles.has_role(user, roles.CREATOR) or roles.has_role(user, roles.ADMIN)


class StudioView(WagtailAdminTemplateMixin, TemplateView):
    """A page of the studio."""

    header_icon = "pick"

    @property
    def me(self) -> User:
        """The reader: the admin lets nobody in who isn't signed in."""
        return cast(User, self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Creators and admins only."""
        if not self.allowed():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def allowed(self) -> bool:
        """Who may enter."""
        return has_studio(self.me)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Home › My campaigns › …"""
        here = {"url": "", "label": str(self.get_page_title()), "sublabel": str(self.get_page_subtitle())}
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("studio:campaigns"), "label": _("My campaigns")},
            here,
        ]

    def refuse(self, refusal: Refusal) -> None:
        """Show why not, above the page."""
        messages.error(self.request, str(refusal))

    def done(self, text: str) -> None:
        """Show what was done."""
        django_messages.success(self.request, text)


class CampaignView(StudioView):
    """A page about one campaign; one that the reader takes no part in doesn't exist here.

    `needs` says who may open it: the owner unless a view says otherwise; the rest of the team is refused with a reason.
    """

    needs: Callable[[Any, Any], bool] = staticmethod(policies.may_manage)

    @cached_property
    def campaign(self) -> Campaign:
        """The campaign of the address. 404 for others'."""
        campaign = my_campaigns(self.me).filter(key=self.kwargs["key"]).first()
        if campaign is None:
            raise Http404
        return campaign

    def allowed(self) -> bool:
        """Creators, and only where it is theirs to do."""
        return super().allowed() and type(self).needs(self.me, self.campaign)

    def get_page_subtitle(self) -> str:
        """The campaign's title."""
        return notifying.title_of(self.campaign, self.request.LANGUAGE_CODE)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """… › the campaign › …"""
        items = super().get_breadcrumbs_items()
        overview = {"url": reverse("studio:campaign", args=[self.campaign.key]), "label": self.get_page_subtitle()}
        items[-1] = {"url": "", "label": str(self.get_page_title())}
        return [*items[:-1], overview, items[-1]]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Every page knows its campaign."""
        me, campaign = self.me, self.campaign
        may = {
            "manage": policies.may_manage(me, campaign), "story": policies.may_edit_story(me, campaign),
            "fulfil": policies.may_fulfil(me, campaign), "money": policies.may_see_money(me, campaign),
        }  # fmt: skip
        return super().get_context_data(**{"campaign": campaign, "may": may, **kwargs})

    def back(self, name: str = "studio:campaign", *args: Any) -> HttpResponse:
        """To a page of this campaign."""
        return redirect(name, self.campaign.key, *args)
