"""What finance does to pledges, refunds, payouts, escrows, calls and events."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funding.desk import labels
from funding.desk.acting import Act
from funding.desk.forms import PublicReasonForm, RefundForm
from funding.models import Escrow, GatewayCommand, Payout, PayoutAccount, Pledge, Refund, WebhookEvent
from funding.models.payees import BANK
from funding.money import format_money
from funding.services import closing, late_refunding, operating, paying_out, refunding
from funding.states import PayoutState
from funding.webhooks.handlers import handle


def who_bears_it() -> str:
    """Who pays for a refund after the payout."""
    return _(
        "The money has been paid out: the platform pays, and the creator's next payout is smaller by as much. The "
        "creator reads the reason."
    )


class RefundPledge(Act):
    """Refund part or all of a pledge."""

    model = Pledge
    argument = "pledge_id"
    service = refunding.finance_refund
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
        if late_refunding.is_paid_out(self.subject):
            return f"{who_bears_it()} {_('Another person has to confirm; then it is carried out at once.')}"
        return _("The money goes back the way it came. It leaves the campaign's held money at once.")

    def perform(self, form: forms.Form) -> str:
        """Ask for it, or propose it where the money has been paid out."""
        if late_refunding.is_paid_out(self.subject):
            late_refunding.propose(actor=self._actor, **self.arguments(form))
            return _("Proposed. Another person has to confirm it.")
        super().perform(form)
        amount = format_money(form.cleaned_data["amount"], self.subject.currency)
        return _("%(amount)s is on its way back.") % {"amount": amount}


class RetryRefund(Act):
    """Ask again for a refund that failed."""

    model = Refund
    argument = "refund_id"
    service = refunding.retry_refund
    page_title = gettext_lazy("Try a refund again")
    done = gettext_lazy("The refund has been asked for again.")


def goes_by_bank(payout: Payout) -> bool:
    """Whether finance has to take it to the bank."""
    account = PayoutAccount.current(payout.creator_id)
    return account is not None and account.provider == BANK


class ApprovePayout(Act):
    """One person's yes."""

    model = Payout
    argument = "payout_id"
    service = paying_out.approve_payout
    page_title = gettext_lazy("Approve a payout")
    button = gettext_lazy("Approve")

    def explain(self) -> str:
        """How much, and how many have to agree."""
        return _("%(amount)s to %(creator)s. Above the limit two different people have to approve.") % {
            "amount": format_money(self.subject.amount, self.subject.currency, exact=True),
            "creator": self.subject.creator,
        }

    def told(self, result: Payout) -> str:
        """Whether that was enough."""
        if result.state == PayoutState.SCHEDULED:
            return _("You have approved it. Another person has to as well.")
        if goes_by_bank(result):
            return _("Approved: it goes into the next bank batch.")
        return _("Approved: the transfer goes out now.")


class RetryPayout(Act):
    """Try a payout now."""

    model = Payout
    argument = "payout_id"
    service = paying_out.retry_payout
    page_title = gettext_lazy("Try a payout now")

    def told(self, result: bool) -> str:
        """Whether it went, or waits for the bank."""
        return _("The transfer is on its way.") if result else _("It goes into the next bank batch.")


class EscrowAct(Act):
    """A deed done to an escrow."""

    model = Escrow
    argument = "escrow_id"

    def get_success_url(self) -> str:
        """The escrow's own page."""
        return reverse("funding_desk:escrow", args=[self.subject.pk])


class _PublicEscrowAct(EscrowAct):
    form_class: type[PublicReasonForm] = PublicReasonForm

    def arguments(self, form: PublicReasonForm) -> dict[str, Any]:  # type: ignore[override]
        """The reason in each language."""
        return {self.argument: self.subject.pk, "reason": form.reasons()}


class HoldEscrow(_PublicEscrowAct):
    """Stop taking pledges for now."""

    service = closing.hold_escrow
    page_title = gettext_lazy("Put on hold")
    button = gettext_lazy("Put on hold")
    done = gettext_lazy("The campaign takes no pledges for now.")

    def explain(self) -> str:
        """What it means."""
        return _("No new pledges until it is resumed. The deadline does not move.")


class ResumeEscrow(_PublicEscrowAct):
    """Take pledges again."""

    service = closing.resume_escrow
    page_title = gettext_lazy("Resume")
    button = gettext_lazy("Resume")
    done = gettext_lazy("The campaign takes pledges again.")


class CancelEscrow(_PublicEscrowAct):
    """Call a campaign off."""

    service = closing.cancel_escrow
    page_title = gettext_lazy("Call off and refund everybody")
    button = gettext_lazy("Call off")
    done = gettext_lazy("The campaign is called off; the refunds begin now.")
    serious = True

    def explain(self) -> str:
        """What it means."""
        return _("Every backer gets all the money back. This can't be undone.")


class RetryCommand(Act):
    """Make a planned call now."""

    model = GatewayCommand
    argument = "command_id"
    service = operating.retry_command
    page_title = gettext_lazy("Try a call now")

    def told(self, result: str) -> str:
        """How the call went."""
        return _("The call was made: %(state)s.") % {"state": labels.STATES.get(result, result)}


class HandleEvent(Act):
    """Handle a stored event again."""

    model = WebhookEvent
    argument = "event_id"
    service = operating.note_rehandling
    page_title = gettext_lazy("Handle an event again")

    def explain(self) -> str:
        """Why it is harmless."""
        return _("The event is only a hint: its object is fetched again, and nothing is counted twice.")

    def told(self, result: None) -> str:
        """Whether its object is known by now."""
        handled = handle(self.subject.pk)
        return _("The event was handled again.") if handled else _("Its object is still unknown; it is tried again.")
