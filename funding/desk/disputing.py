"""The registers of disputes and of creators' debts, and what finance answers."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funding.desk import columns, labels
from funding.desk.acting import Act
from funding.desk.columns import instant
from funding.desk.filters import by
from funding.desk.forms import ReasonForm, RecoveryForm
from funding.desk.register import CAMPAIGN, CURRENCY, STATE, Register, pledge
from funding.models import CreatorDebt, Dispute
from funding.money import format_money
from funding.services import disputing, owing


class DisputeRegister(Register):
    """Charges that backers dispute at their bank."""

    model = Dispute
    menu_label = gettext_lazy("Disputes")
    singular = gettext_lazy("Dispute")
    menu_icon = "warning"
    machine = "dispute"
    export_filename = "disputes"
    list_select_related: ClassVar = ["payment", "payment__pledge", "payment__pledge__escrow"]
    search_fields = ("external_id", "payment__intent_id", "payment__pledge__email", "payment__pledge__escrow__key")
    list_filter = (STATE, ("reason", by(gettext_lazy("reason"), labels.DISPUTE_REASONS)), CURRENCY)

    number = columns.text("pk", gettext_lazy("Dispute"))
    of_pledge = pledge("payment.pledge_id")
    campaign = columns.campaign(gettext_lazy("Campaign"), path="payment.pledge.escrow")
    why = columns.word("reason", gettext_lazy("Reason"), labels.DISPUTE_REASONS, order="reason")
    sum_amount = columns.money("amount", gettext_lazy("Disputed"))
    sum_withdrawn = columns.money("withdrawn", gettext_lazy("Withdrawn"))
    sum_back = columns.money("reinstated", gettext_lazy("Given back"))
    sum_fee = columns.money("fee", gettext_lazy("Provider's fee"))
    sum_escrow = columns.money("from_escrow", gettext_lazy("Lost from the held money"))
    sum_creator = columns.money("from_creator", gettext_lazy("Lost, owed by the creator"))
    sum_platform = columns.money("from_platform", gettext_lazy("Lost by the platform"))
    there = columns.text("external_id", gettext_lazy("At the provider"))
    opened = columns.when("opened_at", gettext_lazy("Opened"))
    due = columns.when("evidence_due_at", gettext_lazy("Evidence due"))
    sent = columns.when("evidence_sent_at", gettext_lazy("Evidence sent"))
    words = columns.text("evidence", gettext_lazy("Evidence"))
    ended = columns.when("closed_at", gettext_lazy("Decided"))
    list_display = ("number", "campaign", "status", "why", "sum_amount", "due", "opened")
    inspect_view_fields: ClassVar = [
        "number", "of_pledge", "campaign", "status", "why", "sum_amount", "sum_withdrawn", "sum_fee", "sum_back",
        "sum_escrow", "sum_creator", "sum_platform", "there", "opened", "due", "sent", "words", "ended",
    ]  # fmt: skip


class DebtRegister(Register):
    """What creators owe the platform."""

    model = CreatorDebt
    menu_label = gettext_lazy("Creators' debts")
    singular = gettext_lazy("Creator's debt")
    menu_icon = "minus"
    export_filename = "creator-debts"
    list_select_related: ClassVar = ["creator", "escrow", "written_off_by"]
    search_fields = ("creator__email", "escrow__key")
    list_filter = (("cause", by(gettext_lazy("cause"), labels.DEBT_CAUSES)), CURRENCY)

    number = columns.text("pk", gettext_lazy("Debt"))
    debtor = columns.text("creator", gettext_lazy("Creator"))
    campaign = CAMPAIGN
    why = columns.word("cause", gettext_lazy("Cause"), labels.DEBT_CAUSES, order="cause")
    of_dispute = columns.link(
        "dispute_id", gettext_lazy("Dispute"), route="funding_dispute_modeladmin_inspect", pk="dispute_id"
    )
    sum_amount = columns.money("amount", gettext_lazy("Amount"))
    sum_open = columns.money("open_amount", gettext_lazy("Still owed"), order="amount")
    sum_recovered = columns.money("recovered", gettext_lazy("Made good"))
    sum_written_off = columns.money("written_off", gettext_lazy("Written off"))
    sum_returned = columns.money("returned", gettext_lazy("No longer owed"))
    sum_credited = columns.money("credited", gettext_lazy("Owed back to the creator"))
    words = columns.text("write_off_reason", gettext_lazy("Why it was written off"))
    who = columns.text("written_off_by", gettext_lazy("Written off by"))
    since = columns.when("incurred_at", gettext_lazy("Since"))
    list_display = ("number", "debtor", "campaign", "why", "sum_amount", "sum_open", "since")
    inspect_view_fields: ClassVar = [
        "number", "debtor", "campaign", "why", "of_dispute", "sum_amount", "sum_open", "sum_recovered",
        "sum_written_off", "sum_returned", "sum_credited", "words", "who", "since",
    ]  # fmt: skip

    def tables(self, row: Model) -> list[dict[str, Any]]:
        """What was kept from which payout."""
        debt: Any = row
        rows = [
            [made.payout or _("by bank"), format_money(made.amount, debt.currency, exact=True),
             instant(made.recovered_at), made.note]
            for made in debt.recoveries.select_related("payout").order_by("pk")
        ]  # fmt: skip
        return [{"title": _("Made good"), "header": [_("Payout"), _("Amount"), _("Time"), _("Note")], "rows": rows}]


class EvidenceForm(forms.Form):
    """What speaks for the charge."""

    evidence = forms.CharField(
        label=gettext_lazy("Evidence"), widget=forms.Textarea(attrs={"rows": 10}), max_length=disputing.MOST_EVIDENCE,
        help_text=gettext_lazy("It goes to the backer's bank as it stands, once; it can't be changed afterwards."),
    )  # fmt: skip


class _DisputeAct(Act):
    model = Dispute
    argument = "dispute_id"
    header_icon = "warning"


class SubmitEvidence(_DisputeAct):
    """Send the bank what speaks for us."""

    service = disputing.submit_evidence
    form_class = EvidenceForm
    page_title = gettext_lazy("Submit evidence")
    button = gettext_lazy("Send to the bank")
    done = gettext_lazy("The evidence is on its way; the bank decides.")

    def arguments(self, form: forms.Form) -> dict[str, Any]:
        """The words for the bank."""
        return {self.argument: self.subject.pk, "text": form.cleaned_data["evidence"]}


class AcceptDispute(_DisputeAct):
    """Concede."""

    service = disputing.accept_dispute
    form_class = ReasonForm
    page_title = gettext_lazy("Accept a dispute")
    button = gettext_lazy("Accept it")
    serious = True
    done = gettext_lazy("The dispute is accepted.")

    def explain(self) -> str:
        """What it means."""
        return _("%(amount)s stays with the backer for good. This can't be undone.") % {
            "amount": format_money(self.subject.amount, self.subject.currency, exact=True)
        }


class WriteOffDebt(Act):
    """Give up what is left of a debt."""

    model = CreatorDebt
    argument = "debt_id"
    service = owing.write_off
    form_class = ReasonForm
    page_title = gettext_lazy("Write a debt off")
    button = gettext_lazy("Write it off")
    header_icon = "minus"
    serious = True
    done = gettext_lazy("The debt is written off.")

    def explain(self) -> str:
        """What it means."""
        return _("The platform bears %(amount)s that %(creator)s owes. This can't be undone.") % {
            "amount": format_money(self.subject.open_amount, self.subject.currency, exact=True),
            "creator": self.subject.creator,
        }


class EnterRecovery(Act):
    """Enter that a creator has paid a debt, or a part of it, to the bank."""

    model = CreatorDebt
    argument = "debt_id"
    service = owing.recover
    form_class = RecoveryForm
    page_title = gettext_lazy("Paid by bank transfer")
    button = gettext_lazy("Enter the transfer")
    header_icon = "minus"

    def get_form_kwargs(self) -> dict[str, Any]:
        """What is still owed."""
        return super().get_form_kwargs() | {
            "remaining": self.subject.open_amount, "currency": self.subject.currency,
        }  # fmt: skip

    def explain(self) -> str:
        """When to say it."""
        return _("Say this only once the money has reached the bank. What is left is kept from the next payout.")

    def perform(self, form: forms.Form) -> str:
        """Book it."""
        super().perform(form)
        amount = format_money(form.cleaned_data["amount"], self.subject.currency, exact=True)
        return _("%(amount)s of the debt is made good.") % {"amount": amount}
