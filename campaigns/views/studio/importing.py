"""Bringing a text from elsewhere."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.forms.importing import ImportForm
from campaigns.services import importing
from campaigns.views.studio.frame import CampaignView
from campaigns.views.studio.terms import show
from cms.core.errors import Refusal


class ImportView(CampaignView):
    """A file or a pasted text becomes blocks of the draft."""

    template_name = "studio/import.html"
    page_title = gettext_lazy("Bring a text")
    header_icon = "upload"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Read it, write the draft, go on in the editor."""
        form = ImportForm(request.POST, request.FILES)
        if form.is_valid():
            data = form.cleaned_data
            try:
                file = data["file"]
                brought = importing.read_file(file) if file else importing.read_text(data["text"], data["kind"])
                made = importing.bring(
                    campaign=self.campaign, actor=self.me, locale=data["locale"], brought=brought,
                    replace=data["place"] == "replace", source=file.name[:80] if file else data["kind"],
                )  # fmt: skip
            except Refusal as refusal:
                show(form, refusal, self)
            else:
                self.done(told(made))
                return redirect("wagtailadmin_pages:edit", made.page.pk)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, in the language of the first page."""
        kwargs.setdefault("form", ImportForm(initial={"locale": self.request.LANGUAGE_CODE}))
        return super().get_context_data(**kwargs)


def told(made: importing.Imported) -> str:
    """What came in, and what was left out."""
    text = ngettext("%(n)d block is in your draft.", "%(n)d blocks are in your draft.", made.blocks) % {
        "n": made.blocks
    }
    names = {"picture": _("pictures that can't be taken"), "film": _("films of other hosts"), "form": _("forms")}
    left = [f"{names.get(kind, _('other parts'))} ({count})" for kind, count in made.left_out.items()]
    return f"{text} {_('Left out: %(parts)s.') % {'parts': ', '.join(left)}}" if left else text
