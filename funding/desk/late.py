"""The desk on refunds after the payout: one person proposes on the pledge's page, another confirms here."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funding.desk import columns
from funding.desk.acting import Act
from funding.desk.acts import who_bears_it
from funding.desk.register import CURRENCY, STATE, Register
from funding.models import LateRefund
from funding.money import format_money
from funding.services import late_refunding


class LateRefundRegister(Register):
    """What goes back to backers after the money was paid out."""

    model = LateRefund
    menu_label = gettext_lazy("Refunds after the payout")
    singular = gettext_lazy("Refund after the payout")
    menu_icon = "undo"
    machine = "laterefund"
    export_filename = "late-refunds"
    list_select_related: ClassVar = ["pledge__escrow", "proposed_by", "decided_by"]
    search_fields = ("pledge__email", "pledge__escrow__key")
    list_filter = (STATE, CURRENCY)
    ordering = ("-id",)

    number = columns.text("pk", gettext_lazy("Proposal"))
    campaign = columns.campaign(gettext_lazy("Campaign"), path="pledge.escrow")
    of_pledge = columns.link(
        "pledge", gettext_lazy("Pledge"), route="funding_pledge_modeladmin_inspect", pk="pledge_id"
    )
    address = columns.text("pledge.email", gettext_lazy("E-mail"))
    status = columns.pill("state", gettext_lazy("State"))
    sum_amount = columns.money("amount", gettext_lazy("Amount"))
    words = columns.text("reason", gettext_lazy("Reason"))
    who = columns.text("proposed_by", gettext_lazy("Proposed by"))
    second = columns.text("decided_by", gettext_lazy("Decided by"))
    asked = columns.when("proposed_at", gettext_lazy("Proposed"))
    ended = columns.when("decided_at", gettext_lazy("Decided"))
    list_display = ("number", "campaign", "address", "status", "sum_amount", "who", "second", "asked")
    inspect_view_fields: ClassVar = [
        "number", "campaign", "of_pledge", "address", "status", "sum_amount", "words", "who", "second", "asked",
        "ended",
    ]  # fmt: skip


class ConfirmLateRefund(Act):
    """The second person's word."""

    model = LateRefund
    argument = "late_id"
    service = late_refunding.confirm
    page_title = gettext_lazy("Confirm the refund")
    button = gettext_lazy("Refund")
    serious = True

    def explain(self) -> str:
        """What was proposed, by whom and why, and who bears it."""
        proposed = _("%(who)s proposes: %(what)s. “%(why)s” This can't be undone.") % {
            "who": self.subject.proposed_by, "why": self.subject.reason,
            "what": format_money(self.subject.amount, self.subject.currency, exact=True),
        }  # fmt: skip
        return f"{proposed} {who_bears_it()}"

    def told(self, result: Any) -> str:
        """How much goes back."""
        amount = format_money(self.subject.amount, self.subject.currency)
        return _("%(amount)s is on its way back.") % {"amount": amount}


class WithdrawLateRefund(Act):
    """Take a proposal back."""

    model = LateRefund
    argument = "late_id"
    service = late_refunding.withdraw
    page_title = gettext_lazy("Withdraw the proposal")
    button = gettext_lazy("Withdraw")
    done = gettext_lazy("The proposal is withdrawn.")
