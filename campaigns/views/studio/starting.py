"""A new campaign: kind, category, template; and the template's checklist, ticked."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaigns import policies, selectors
from campaigns.forms.starting import StartForm
from campaigns.models import CampaignTemplatePage
from campaigns.services import beginning
from campaigns.views.studio.frame import CampaignView, StudioView
from campaigns.views.studio.terms import show
from cms.core.errors import Refusal


class StartView(StudioView):
    """One page: a few questions, and cards to choose from."""

    template_name = "studio/start.html"
    page_title = _("New campaign")
    header_icon = "plus"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and the templates in the reader's language."""
        templates = self._templates()
        form = kwargs.pop("form", None) or StartForm(templates=templates, initial={"language": self._language()})
        return super().get_context_data(form=form, cards=[_card(page, form) for page in templates], **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Begin, and go on in the editor."""
        form = StartForm(request.POST, templates=self._templates())
        if form.is_valid():
            data = form.cleaned_data
            try:
                page = beginning.begin_campaign(
                    actor=self.me, title=data["title"], locale=data["language"], kind=data["kind"],
                    category=data["category"], template=data["template"],
                )  # fmt: skip
            except Refusal as refusal:
                show(form, refusal, self)
            else:
                return redirect("wagtailadmin_pages:edit", page.pk)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _language(self) -> str:
        language = get_language() or "en"
        return language if language in selectors.LOCALES else selectors.LOCALES[0]

    def _templates(self) -> list[CampaignTemplatePage]:
        return selectors.templates(self._language())


class ChecklistView(CampaignView):
    """Ticks one line of the template's checklist."""

    http_method_names = ["post"]  # noqa: RUF012
    needs = staticmethod(policies.may_edit_story)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Done, or not yet."""
        try:
            beginning.tick(
                campaign=self.campaign, actor=self.me, code=request.POST.get("code", ""),
                done=request.POST.get("done") == "yes",
            )  # fmt: skip
        except Refusal as refusal:
            self.refuse(refusal)
        return redirect(reverse("studio:campaign", args=[self.campaign.key]) + "#checklist")


def _card(page: CampaignTemplatePage, form: StartForm) -> dict[str, Any]:
    return {
        "page": page,
        "motif": f"studio/motifs/{page.motif}.html",
        "parts": [*page.sections(), *page.contents()],
        "todo": len(page.checklist),
        "chosen": form["template"].value() == page.key,
    }
