"""What finance does on the desk: a page that asks, a POST that calls one service."""

from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.edit import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.core.errors import Refusal
from cms.users.models import User
from funding.desk import labels
from funding.desk.forms import NothingForm, PublicReasonForm, RefundForm
from funding.desk.permissions import ACTORS, require_any
from funding.models import Escrow, GatewayCommand, Payout, Pledge, Refund, WebhookEvent
from funding.money import format_money
from funding.services import closing, operating, paying_out, refunding
from funding.webhooks.handlers import handle


class Act(WagtailAdminTemplateMixin, FormView):
    """Asks, then does. `model` names what it is done to; subclasses say what in `perform`."""

    allowed: ClassVar[tuple[str, ...]] = ACTORS
    template_name = "funding/desk/act.html"
    form_class: type[forms.Form] = NothingForm
    breadcrumbs_items: ClassVar[list[Any]] = []
    model: ClassVar[Any] = None
    page_title: Any = ""
    button: Any = gettext_lazy("Yes, do it")
    serious = False
    header_icon = "lock"
    _actor: User
    subject: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Finance only, whatever the method."""
        self._actor = require_any(request, self.allowed)
        self.subject = get_object_or_404(self.model, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Call the service; a refusal is shown, beside its field if it names one."""
        try:
            done = self.perform(form)
        except Refusal as refusal:
            blockers = [str(labels.BLOCKERS.get(code, code)) for code in refusal.extra.get("blockers", [])]
            sentence = " ".join([str(refusal), "; ".join(blockers)]).strip()
            form.add_error(refusal.field if refusal.field in form.fields else None, sentence)
            return self.form_invalid(form)
        messages.success(self.request, done)
        return redirect(self.get_success_url())

    def perform(self, form: forms.Form) -> str:
        """Do it; the sentence that says so."""
        raise NotImplementedError

    def explain(self) -> str:
        """What it means, before it is done."""
        return ""

    def get_success_url(self) -> str:
        """The row again."""
        return reverse(f"funding_{self.model._meta.model_name}_modeladmin_inspect", args=[self.subject.pk])

    def get_page_subtitle(self) -> str:
        """To what it is done."""
        return str(self.subject)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the page says."""
        return super().get_context_data(
            explanation=self.explain(), back_url=self.get_success_url(), button=self.button, serious=self.serious,
            **kwargs,
        )  # fmt: skip


class RefundPledge(Act):
    """Refund part or all of a pledge."""

    model = Pledge
    form_class = RefundForm
    page_title = gettext_lazy("Refund a pledge")
    button = gettext_lazy("Refund")
    serious = True

    def get_form_kwargs(self) -> dict[str, Any]:
        """What is left to refund."""
        return super().get_form_kwargs() | {
            "remaining": refunding.remaining(pledge_id=self.subject.pk), "currency": self.subject.currency,
        }  # fmt: skip

    def explain(self) -> str:
        """What happens to the money."""
        return _("The money goes back the way it came. It leaves the campaign's held money at once.")

    def perform(self, form: forms.Form) -> str:
        """Ask for it."""
        amount = form.cleaned_data["amount"]
        refunding.finance_refund(
            pledge_id=self.subject.pk, amount=amount, reason=form.cleaned_data["reason"], actor=self._actor
        )
        return _("%(amount)s is on its way back.") % {"amount": format_money(amount, self.subject.currency)}


class RetryRefund(Act):
    """Ask again for a refund that failed."""

    model = Refund
    page_title = gettext_lazy("Try a refund again")

    def perform(self, form: forms.Form) -> str:
        """Ask again."""
        refunding.retry_refund(refund_id=self.subject.pk, actor=self._actor)
        return _("The refund has been asked for again.")


class ApprovePayout(Act):
    """One person's yes."""

    model = Payout
    page_title = gettext_lazy("Approve a payout")
    button = gettext_lazy("Approve")

    def explain(self) -> str:
        """How much, and how many have to agree."""
        return _("%(amount)s to %(creator)s. Above the limit two different people have to approve.") % {
            "amount": format_money(self.subject.amount, self.subject.currency, exact=True),
            "creator": self.subject.creator,
        }

    def perform(self, form: forms.Form) -> str:
        """Say yes."""
        payout = paying_out.approve_payout(payout_id=self.subject.pk, actor=self._actor)
        if payout.state == "scheduled":
            return _("You have approved it. Another person has to as well.")
        return _("Approved: the transfer goes out now.")


class RetryPayout(Act):
    """Try a payout now."""

    model = Payout
    page_title = gettext_lazy("Try a payout now")

    def perform(self, form: forms.Form) -> str:
        """Submit it."""
        paying_out.retry_payout(payout_id=self.subject.pk, actor=self._actor)
        return _("The transfer is on its way.")


class _EscrowAct(Act):
    model = Escrow
    form_class: type[PublicReasonForm] = PublicReasonForm

    def get_success_url(self) -> str:
        """The escrow's own page."""
        return reverse("funding_desk:escrow", args=[self.subject.pk])


class HoldEscrow(_EscrowAct):
    """Stop taking pledges for now."""

    page_title = gettext_lazy("Put on hold")
    button = gettext_lazy("Put on hold")

    def explain(self) -> str:
        """What it means."""
        return _("No new pledges until it is resumed. The deadline does not move.")

    def perform(self, form: PublicReasonForm) -> str:  # type: ignore[override]
        """Hold."""
        closing.hold_escrow(escrow_id=self.subject.pk, actor=self._actor, reason=form.reasons())
        return _("The campaign takes no pledges for now.")


class ResumeEscrow(_EscrowAct):
    """Take pledges again."""

    page_title = gettext_lazy("Resume")
    button = gettext_lazy("Resume")

    def perform(self, form: PublicReasonForm) -> str:  # type: ignore[override]
        """Resume."""
        closing.resume_escrow(escrow_id=self.subject.pk, actor=self._actor, reason=form.reasons())
        return _("The campaign takes pledges again.")


class CancelEscrow(_EscrowAct):
    """Call a campaign off."""

    page_title = gettext_lazy("Call off and refund everybody")
    button = gettext_lazy("Call off")
    serious = True

    def explain(self) -> str:
        """What it means."""
        return _("Every backer gets all the money back. This can't be undone.")

    def perform(self, form: PublicReasonForm) -> str:  # type: ignore[override]
        """Cancel."""
        closing.cancel_escrow(escrow_id=self.subject.pk, actor=self._actor, reason=form.reasons())
        return _("The campaign is called off; the refunds begin now.")


class RetryCommand(Act):
    """Make a planned call now."""

    model = GatewayCommand
    page_title = gettext_lazy("Try a call now")

    def perform(self, form: forms.Form) -> str:
        """Run it."""
        state = operating.retry_command(command_id=self.subject.pk, actor=self._actor)
        return _("The call was made: %(state)s.") % {"state": labels.STATES.get(state, state)}


class HandleEvent(Act):
    """Handle a stored event again."""

    model = WebhookEvent
    page_title = gettext_lazy("Handle an event again")

    def explain(self) -> str:
        """Why it is harmless."""
        return _("The event is only a hint: its object is fetched again, and nothing is counted twice.")

    def perform(self, form: forms.Form) -> str:
        """Handle it."""
        operating.note_rehandling(event_id=self.subject.pk, actor=self._actor)
        handled = handle(self.subject.pk)
        return _("The event was handled again.") if handled else _("Its object is still unknown; it is tried again.")
