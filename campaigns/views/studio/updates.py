"""Doors to updates that Wagtail's own views don't have: a new one of a campaign, and another language."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import policies
from campaigns.models import CampaignUpdate
from campaigns.selectors import LOCALES
from campaigns.services import checking, updating
from campaigns.views.studio.frame import CampaignView, StudioView
from cms.core.errors import Refusal


class UpdateAdd(CampaignView):
    """An empty draft in the writer's language, then Wagtail's editor."""

    template_name = "studio/confirm.html"
    page_title = gettext_lazy("Write an update")
    needs = staticmethod(policies.may_edit_story)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The question."""
        return super().get_context_data(
            question=_("A draft is made, which only you see until you publish it."), label=_("Begin"),
            back="studio:campaign", **kwargs,
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make it."""
        locale = request.LANGUAGE_CODE if request.LANGUAGE_CODE in LOCALES else "en"
        update = updating.create_update(
            campaign=self.campaign, actor=self.me, locale=locale, title=_("News"), body=[], audience="public"
        )
        return redirect(CampaignUpdate.snippet_viewset.get_url_name("edit"), update.pk)


class UpdateTranslate(StudioView):
    """The same news in another language."""

    template_name = "studio/translate_update.html"
    page_title = gettext_lazy("Translate the update")
    header_icon = "globe"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which languages are left."""
        update = self._update()
        there = CampaignUpdate.objects.filter(translation_key=update.translation_key)
        taken = set(there.values_list("locale", flat=True))
        left = [(code, checking.NAMES.get(code, code)) for code in LOCALES if code not in taken]
        back = reverse(CampaignUpdate.snippet_viewset.get_url_name("list"))
        return super().get_context_data(update=update, left=left, back_url=back, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make the draft."""
        update = self._update()
        try:
            copy = updating.translate_update(update=update, actor=self.me, locale=request.POST.get("locale", ""))
        except Refusal as refusal:
            self.refuse(refusal)
            return self.get(request)
        return redirect(CampaignUpdate.snippet_viewset.get_url_name("edit"), copy.pk)

    def _update(self) -> CampaignUpdate:
        found = CampaignUpdate.objects.editable_by(self.me).filter(key=self.kwargs["key"]).first()
        if found is None:
            raise Http404
        return found
