"""The feasibility sheet: how it is to be made and delivered. Reviewers read it, backers don't."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.forms.reviews import SheetForm
from campaigns.services import planning
from campaigns.views.studio.frame import CampaignView
from campaigns.views.studio.terms import show, why_locked
from cms.core.errors import Refusal


class FeasibilityView(CampaignView):
    """Fill in, or read while the terms are locked."""

    template_name = "studio/feasibility.html"
    page_title = gettext_lazy("Feasibility")
    header_icon = "clipboard-list"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The sheet as a form."""
        kwargs.setdefault("form", SheetForm(instance=planning.sheet_of(self.campaign), campaign=self.campaign))
        editable = self.campaign.terms_editable
        if not editable:
            for field in kwargs["form"].fields.values():
                field.disabled = True
        return super().get_context_data(editable=editable, why="" if editable else why_locked(self.campaign), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the whole sheet."""
        form = SheetForm(request.POST, instance=planning.sheet_of(self.campaign), campaign=self.campaign)
        if form.is_valid():
            try:
                planning.save_sheet(campaign=self.campaign, actor=self.me, sheet=form.sheet())
            except Refusal as refusal:
                show(form, refusal, self)
            else:
                self.done(_("Saved. Reviewers read it beside your story."))
                return self.back()
        return self.render_to_response(self.get_context_data(form=form), status=422)
