"""What people do on the desk has one shape: a page that asks, and a POST that calls one service."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.generic.edit import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.core.errors import Refusal
from cms.users.models import User
from funding.desk import labels
from funding.desk.forms import NothingForm
from funding.desk.permissions import ACTORS, require_any


class Deed(WagtailAdminTemplateMixin, FormView):
    """Asks, then does: `service` is called with the form's values and `actor`, and `done` says that it happened."""

    allowed: ClassVar[tuple[str, ...]] = ACTORS
    template_name = "funding/desk/act.html"
    form_class: type[forms.Form] = NothingForm
    breadcrumbs_items: ClassVar[list[Any]] = []
    page_title: Any = ""
    button: Any = gettext_lazy("Yes, do it")
    serious = False
    header_icon = "lock"
    service: ClassVar[Callable[..., Any]]
    done: Any = ""
    _actor: User

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Those who may, whatever the method."""
        self._actor = require_any(request, self.allowed)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Call the service; a refusal is shown, beside its field if it names one."""
        try:
            said = self.perform(form)
        except Refusal as refusal:
            blockers = [str(labels.BLOCKERS.get(code, code)) for code in refusal.extra.get("blockers", [])]
            sentence = " ".join([str(refusal), "; ".join(blockers)]).strip()
            form.add_error(refusal.field if refusal.field in form.fields else None, sentence)
            return self.form_invalid(form)
        messages.success(self.request, said)
        return redirect(self.get_success_url())

    def perform(self, form: forms.Form) -> str:
        """Do it; the sentence that says so."""
        return self.told(type(self).service(actor=self._actor, **self.arguments(form)))

    def arguments(self, form: forms.Form) -> dict[str, Any]:
        """What the service takes beside the actor."""
        return dict(form.cleaned_data)

    def told(self, result: Any) -> str:
        """What happened, given what the service answered."""
        return str(self.done)

    def explain(self) -> str:
        """What it means, before it is done."""
        return ""

    def get_back_url(self) -> str:
        """Where whoever thinks better of it goes."""
        return self.get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the page says."""
        return super().get_context_data(
            explanation=self.explain(), back_url=self.get_back_url(), button=self.button, serious=self.serious,
            **kwargs,
        )  # fmt: skip


class Act(Deed):
    """A deed done to one row of `model`; the service takes its key as `argument`."""

    model: ClassVar[Any] = None
    argument: ClassVar[str]
    subject: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Whoever may not act doesn't learn what rows there are."""
        require_any(request, self.allowed)
        self.subject = get_object_or_404(self.model, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def arguments(self, form: forms.Form) -> dict[str, Any]:
        """The row beside what was entered."""
        return {self.argument: self.subject.pk, **super().arguments(form)}

    def get_success_url(self) -> str:
        """The row again."""
        return reverse(f"funding_{self.model._meta.model_name}_modeladmin_inspect", args=[self.subject.pk])

    def get_page_subtitle(self) -> str:
        """To what it is done."""
        return str(self.subject)
