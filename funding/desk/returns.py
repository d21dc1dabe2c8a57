"""The desk on money that can't go its way: claims, decisions on held money, payouts that a bank sent back."""

from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funding.desk import columns, labels
from funding.desk.acting import Act
from funding.desk.acts import EscrowAct
from funding.desk.columns import instant
from funding.desk.filters import by
from funding.desk.forms import BankForm, HoldForm, ReasonForm
from funding.desk.register import STATE, Register
from funding.models import HoldDecision, Payout, PayoutAccount, RefundClaim
from funding.models.holds import HoldChoice
from funding.money import format_money
from funding.services import claiming, deciding, returning


class ClaimRegister(Register):
    """What could not be sent back to backers."""

    model = RefundClaim
    menu_label = gettext_lazy("Claims")
    singular = gettext_lazy("Claim")
    menu_icon = "warning"
    machine = "refundclaim"
    export_filename = "claims"
    list_select_related: ClassVar = ["refund__payment__pledge__escrow", "resolved_by"]
    search_fields = ("proof", "refund__payment__pledge__email", "refund__payment__pledge__escrow__key")
    list_filter = (STATE, ("code", by(gettext_lazy("reason"), labels.FAILURES)))

    number = columns.text("pk", gettext_lazy("Claim"))
    campaign = columns.campaign(gettext_lazy("Campaign"), path="refund.payment.pledge.escrow")
    address = columns.text("refund.payment.pledge.email", gettext_lazy("E-mail"))
    sum_amount = columns.money("refund.amount", gettext_lazy("Amount"), currency="refund.currency")
    why = columns.word("code", gettext_lazy("Why"), labels.FAILURES)
    of_refund = columns.link(
        "refund", gettext_lazy("Refund"), route="funding_refund_modeladmin_inspect", pk="refund_id"
    )
    how = columns.word("resolution", gettext_lazy("How it ended"), labels.RESOLUTIONS)
    reference = columns.text("proof", gettext_lazy("Bank's reference"))
    words = columns.text("note", gettext_lazy("Note"))
    who = columns.text("resolved_by", gettext_lazy("By"))
    opened = columns.when("opened_at", gettext_lazy("Opened"))
    ended = columns.when("resolved_at", gettext_lazy("Resolved"))
    list_display = ("number", "campaign", "address", "status", "sum_amount", "why", "opened")
    inspect_view_fields: ClassVar = [
        "number", "campaign", "of_refund", "address", "status", "sum_amount", "why", "how", "reference", "words", "who",
        "opened", "ended",
    ]  # fmt: skip


class HoldDecisionRegister(Register):
    """What two people decide before money may not be held any longer."""

    model = HoldDecision
    menu_label = gettext_lazy("Decisions on held money")
    singular = gettext_lazy("Decision")
    menu_icon = "time"
    machine = "holddecision"
    export_filename = "hold-decisions"
    list_select_related: ClassVar = ["escrow", "proposed_by", "decided_by"]
    list_filter = (STATE,)

    number = columns.text("pk", gettext_lazy("Decision"))
    campaign = columns.campaign(gettext_lazy("Campaign"), path="escrow")
    what = columns.word("choice", gettext_lazy("What"), labels.CHOICES)
    words = columns.text("reason", gettext_lazy("Reason"))
    who = columns.text("proposed_by", gettext_lazy("Proposed by"))
    second = columns.text("decided_by", gettext_lazy("Decided by"))
    asked = columns.when("proposed_at", gettext_lazy("Proposed"))
    ended = columns.when("decided_at", gettext_lazy("Decided"))
    list_display = ("number", "campaign", "what", "status", "who", "second", "asked")
    inspect_view_fields: ClassVar = [
        "number", "campaign", "what", "status", "words", "who", "second", "asked", "ended",
    ]  # fmt: skip


class PayoutAccountRegister(Register):
    """Where creators' money goes, and what keeps it back."""

    model = PayoutAccount
    menu_label = gettext_lazy("Payout accounts")
    singular = gettext_lazy("Payout account")
    menu_icon = "user"
    export_filename = "payout-accounts"
    list_select_related: ClassVar = ["creator"]
    search_fields = ("external_id", "creator__email")

    number = columns.text("pk", gettext_lazy("Payout account"))
    payee = columns.text("creator", gettext_lazy("Creator"))
    there = columns.text("external_id", gettext_lazy("At the provider"))
    pays = columns.text("transfers_enabled", gettext_lazy("Transfers enabled"))
    last = columns.text("bank_last4", gettext_lazy("Bank account ends in"))
    held = columns.when("held_until", gettext_lazy("Held until"))
    seen = columns.when("checked_at", gettext_lazy("Looked at"))
    gone = columns.when("replaced_at", gettext_lazy("Replaced"))
    list_display = ("number", "payee", "there", "pays", "last", "held", "gone")
    inspect_view_fields: ClassVar = ["number", "payee", "there", "pays", "last", "held", "seen", "gone"]


class PayClaim(Act):
    """Enter that a claim was paid by bank transfer."""

    model = RefundClaim
    argument = "claim_id"
    service = claiming.pay_by_bank
    form_class = BankForm
    page_title = gettext_lazy("Paid by bank transfer")
    button = gettext_lazy("Enter the transfer")
    serious = True
    done = gettext_lazy("The claim is settled.")

    def explain(self) -> str:
        """What it means."""
        return _("Say this only once %(amount)s has left the bank for %(person)s. It closes the claim.") % {
            "amount": format_money(self.subject.refund.amount, self.subject.refund.currency, exact=True),
            "person": self.subject.refund.payment.pledge.email,
        }


class TakePayoutBack(Act):
    """Reverse the transfer of a payout that the bank returned."""

    model = Payout
    argument = "payout_id"
    service = returning.take_back
    form_class = ReasonForm
    page_title = gettext_lazy("Take the transfer back")
    button = gettext_lazy("Take it back")
    serious = True
    done = gettext_lazy("The provider has been asked to take it back.")

    def explain(self) -> str:
        """What it means."""
        return _("The provider takes the money from the creator's account; the payout is then scheduled again.")


class DecideHold(EscrowAct):
    """Propose what is to become of held money."""

    service = deciding.propose
    form_class = HoldForm
    page_title = gettext_lazy("Decide on held money")
    button = gettext_lazy("Propose")
    serious = True
    done = gettext_lazy("Proposed. Another person has to confirm it.")

    def explain(self) -> str:
        """Until when there is time, what is possible, and that another person has to confirm."""
        ends = deciding.ends_at(self.subject)
        told = [_("The provider holds the oldest of this money until %(when)s.") % {"when": instant(ends)}]
        for choice in HoldChoice.values:
            if obstacle := deciding.why_not(self.subject, choice):
                told.append(f"{labels.CHOICES[choice]}: {obstacle.sentence}")
        return " ".join([*told, _("Another person has to confirm; then it is carried out at once.")])


class ConfirmHold(Act):
    """The second person's word."""

    model = HoldDecision
    argument = "decision_id"
    service = deciding.confirm
    page_title = gettext_lazy("Confirm the decision")
    button = gettext_lazy("Confirm")
    serious = True
    done = gettext_lazy("Confirmed: it is being carried out.")

    def explain(self) -> str:
        """What was proposed, by whom and why."""
        return _("%(who)s proposes: %(what)s. “%(why)s” This can't be undone.") % {
            "who": self.subject.proposed_by, "what": labels.CHOICES[self.subject.choice], "why": self.subject.reason,
        }  # fmt: skip


class WithdrawHold(Act):
    """Take a proposal back."""

    model = HoldDecision
    argument = "decision_id"
    service = deciding.withdraw
    page_title = gettext_lazy("Withdraw the proposal")
    button = gettext_lazy("Withdraw")
    done = gettext_lazy("The proposal is withdrawn.")
