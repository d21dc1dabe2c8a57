"""The copy assistant: facts in, suggestions out, each taken over or left by a person."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.forms.assistant import FactFormSet, fact_rows, read_facts
from campaigns.models import Suggestion
from campaigns.models.suggestions import SuggestionState
from campaigns.selectors import LOCALES, story_pages
from campaigns.services import suggesting
from campaigns.services.checking import NAMES
from campaigns.views.studio.frame import CampaignView
from cms.core.errors import Refusal

SHOWN_DECIDED = 12


class AssistantView(CampaignView):
    """Hints, facts and suggestions of one campaign."""

    template_name = "studio/assistant.html"
    page_title = gettext_lazy("Copy assistant")
    header_icon = "edit"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Draft anew, of the facts as they are kept."""
        locale = request.POST.get("locale", "")
        try:
            made = suggesting.suggest(
                campaign=self.campaign, actor=self.me, locale=locale, by_model="by_model" in request.POST
            )
        except Refusal as refusal:
            self.refuse(refusal)
        else:
            if made:
                self.done(_("The drafts are below. Nothing is taken over until you say so."))
            else:
                self.done(_("There are no facts in that language yet."))
        return self.back("studio:assistant")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything on one page."""
        rows = Suggestion.objects.filter(campaign=self.campaign).select_related("decided_by")
        waiting = list(rows.filter(state=SuggestionState.OPEN))
        decided = rows.filter(decided_at__isnull=False).order_by("-decided_at")[:SHOWN_DECIDED]
        facts = suggesting.facts_of(self.campaign)
        kwargs.setdefault("formset", FactFormSet(initial=fact_rows(facts), prefix="facts"))
        return super().get_context_data(
            hints=self._hints(), has_facts=bool(facts), has_model=suggesting.provider() is not None,
            languages=[{"code": code, "name": NAMES[code]} for code in LOCALES],
            groups=[{"code": code, "name": NAMES[code], "rows": [_shown(row) for row in waiting if row.locale == code]}
                    for code in LOCALES if any(row.locale == code for row in waiting)],
            decided=[_shown(row) for row in decided],
            **kwargs,
        )  # fmt: skip

    def _hints(self) -> list[dict[str, Any]]:
        pages = {page.locale.language_code: page for page in story_pages(self.campaign)}
        return [
            {"hint": hint, "language": NAMES.get(hint.locale, ""), "url": self._place(hint, pages)}
            for hint in suggesting.hints_for(self.campaign)
        ]

    def _place(self, hint: Any, pages: dict[str, Any]) -> str:
        kind, _colon, key = hint.field.partition(":")
        if kind == "reward":
            return reverse("studio:reward_edit", args=[self.campaign.key, key])
        return reverse("wagtailadmin_pages:edit", args=[pages[hint.locale].pk])


class FactsView(AssistantView):
    """Keeps the facts."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form is on the assistant's page."""
        return self.back("studio:assistant")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save them all, or say which two can't both be true."""
        formset = FactFormSet(request.POST, prefix="facts")
        if formset.is_valid():
            facts = read_facts(formset)
            try:
                suggesting.save_facts(campaign=self.campaign, actor=self.me, facts=facts)
            except Refusal as refusal:
                self._show(formset, facts, refusal)
            else:
                self.done(_("The facts are kept."))
                return self.back("studio:assistant")
        return self.render_to_response(self.get_context_data(formset=formset), status=422)

    def _show(self, formset: Any, facts: list[Any], refusal: Refusal) -> None:
        found = refusal.extra.get("contradictions", [])
        if not found:
            formset.non_form_errors().append(str(refusal))
        kept = [form for form in formset.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")
                and (form.cleaned_data.get("text_en") or form.cleaned_data.get("text_zh"))]  # fmt: skip
        forms = {fact.key: form for fact, form in zip(facts, kept, strict=True)}
        for one in found:
            for key in one["facts"]:
                forms[key].add_error("text_en" if forms[key].cleaned_data.get("text_en") else "text_zh", one["message"])


class DecideView(AssistantView):
    """Takes a suggestion over, or leaves it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The buttons are on the assistant's page."""
        return self.back("studio:assistant")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One decision."""
        row = Suggestion.objects.filter(campaign=self.campaign, pk=self.kwargs["pk"]).first()
        if row is None:
            raise Http404
        try:
            if "accept" in request.POST:
                suggesting.accept(suggestion=row, actor=self.me)
                self.done(_("It is in your draft. Read it once more before you submit."))
            else:
                suggesting.reject(suggestion=row, actor=self.me)
                self.done(_("The draft stays as it is."))
        except Refusal as refusal:
            self.refuse(refusal)
        return self.back("studio:assistant")


def part_name(target: str) -> str:
    """Where a suggestion belongs, in words."""
    kind, _colon, rest = target.partition(":")
    names = {
        "title": _("Title"), "summary": _("Summary"), "risks": _("Risks"), "faq": _("Questions and answers"),
        "section": _("Section"), "reward": _("Reward text"),
        "share": {"x": "X", "facebook": "Facebook", "weibo": _("Weibo"), "wechat": _("WeChat")}.get(rest, rest),
    }  # fmt: skip
    return names.get(kind, target)


def _shown(row: Suggestion) -> dict[str, Any]:
    return {
        "row": row, "part": part_name(row.target), "by_rules": row.source == suggesting.RULES,
        "is_post": row.target.startswith("share:"), "facts": list(row.cites.values()),
        "lang": "zh-Hans" if row.locale == "zh-hans" else row.locale,
    }  # fmt: skip
