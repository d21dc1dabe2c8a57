"""The desk on payouts by bank transfer: checking creators' bank accounts, batches, and what the bank said."""

from typing import Any, ClassVar

from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_GET

from cms.core.errors import Refusal
from funding.desk import columns, subjects
from funding.desk.acting import Act, Deed
from funding.desk.columns import instant
from funding.desk.forms import BankReferenceForm, ReasonForm
from funding.desk.permissions import ACTORS, holds_any, require_any
from funding.desk.register import Register
from funding.desk.views import csv_response
from funding.documents.statements import csv_lines
from funding.models import BankBatch, Payout, PayoutAccount
from funding.money import format_money
from funding.services import bank_batches, banking

HEADER = (
    gettext_lazy("Our reference"), gettext_lazy("Account holder"), gettext_lazy("Account number"),
    gettext_lazy("Bank"), gettext_lazy("Branch"), gettext_lazy("SWIFT code"), gettext_lazy("Amount"),
    gettext_lazy("Currency"), gettext_lazy("Campaign"),
)  # fmt: skip


class BankBatchRegister(Register):
    """Payouts that were handed to the bank together."""

    model = BankBatch
    menu_label = gettext_lazy("Bank batches")
    singular = gettext_lazy("Bank batch")
    menu_icon = "upload"
    export_filename = "bank-batches"
    list_select_related: ClassVar = ["made_by"]

    number = columns.text("pk", gettext_lazy("Bank batch"))
    who = columns.text("made_by", gettext_lazy("By"))
    made = columns.when("made_at", gettext_lazy("Made"))
    list_display = ("number", "who", "made")
    inspect_view_fields: ClassVar = ["number", "who", "made"]

    def actions(self, user: Any, row: Model) -> list[dict[str, Any]]:
        """The file, for finance."""
        if not holds_any(user, ACTORS):
            return []
        url = reverse("funding_desk:bank_file", args=[row.pk])
        return [{"label": _("Download for the bank (CSV)"), "url": url, "serious": False}]

    def tables(self, row: Any) -> list[dict[str, Any]]:
        """Its payouts, each with what the bank said."""
        orders = row.orders.select_related("payout", "account__creator").order_by("pk")
        rows = [
            [
                subjects.show(f"payout:{order.payout_id}"), order.account.creator, f"…{order.account.bank_last4}",
                format_money(order.amount, order.currency, exact=True), order.reference,
                instant(order.booked_at), instant(order.returned_at),
            ]
            for order in orders
        ]  # fmt: skip
        header = [
            _("Payout"), _("Creator"), _("Bank account ends in"), _("Amount"), _("Bank's reference"),
            pgettext("when", "Paid"), _("Sent back"),
        ]  # fmt: skip
        return [{"title": _("Payouts"), "header": header, "rows": rows}]


class MakeBatch(Deed):
    """Hand every payout that can go to the bank."""

    service = bank_batches.make_batch
    page_title = gettext_lazy("Pay creators by bank transfer")
    button = gettext_lazy("Make a batch")
    header_icon = "upload"
    success_url = reverse_lazy("funding_bankbatch_modeladmin_index")

    def explain(self) -> str:
        """How many, to how much, and what happens then."""
        sums: dict[str, int] = {}
        payouts = bank_batches.waiting()
        for payout in payouts:
            sums[payout.currency] = sums.get(payout.currency, 0) + payout.amount
        if not payouts:
            return _("No approved payout waits for the bank.")
        what = ngettext("%(count)s payout waits: %(sum)s.", "%(count)s payouts wait: %(sum)s.", len(payouts)) % {
            "count": len(payouts),
            "sum": ", ".join(format_money(amount, unit, exact=True) for unit, amount in sorted(sums.items())),
        }
        then = _("What our bank account in the books covers goes into one file; each payout goes into one batch only.")
        return f"{what} {then}"

    def told(self, result: BankBatch | None) -> str:
        """Which batch it is, or that nothing could go."""
        if result is None:
            return _("Nothing can go to the bank now. Each payout says what stands in its way.")
        return _("Batch %(number)s is made. Download its file, and enter here what the bank says.") % {
            "number": result.pk
        }


class CheckBank(Act):
    """Say that a creator's bank account is theirs."""

    model = PayoutAccount
    argument = "account_id"
    service = banking.verify
    page_title = gettext_lazy("Check a bank account")
    button = gettext_lazy("It is the creator's")
    done = gettext_lazy("Checked: payouts may go there.")

    def explain(self) -> str:
        """The account in clear; that somebody read it is written down."""
        try:
            bank = banking.read(account_id=self.subject.pk, actor=self._actor, purpose="check")
        except Refusal as refusal:
            return str(refusal)
        where = " · ".join(part for part in (bank.bank_name, bank.branch, bank.swift) if part)
        return _(
            "%(creator)s has given: %(holder)s, %(number)s, %(where)s. Is the holder whom the creator's papers name? "
            "That you have read this is written down."
        ) % {"creator": self.subject.creator, "holder": bank.holder, "number": bank.number, "where": where}


class RefuseBank(Act):
    """Send a bank account back to its creator."""

    model = PayoutAccount
    argument = "account_id"
    service = banking.refuse
    form_class = ReasonForm
    page_title = gettext_lazy("Send a bank account back")
    button = gettext_lazy("Send back")
    serious = True
    done = gettext_lazy("The creator is asked to enter it again.")

    def explain(self) -> str:
        """Who reads the reason."""
        return _("The creator reads the reason and enters the account again.")


class EnterPaid(Act):
    """Enter that the bank has paid."""

    model = Payout
    argument = "payout_id"
    service = bank_batches.record_paid
    form_class = BankReferenceForm
    page_title = gettext_lazy("Paid by the bank")
    button = gettext_lazy("Enter the payment")
    done = gettext_lazy("The payout is paid.")

    def explain(self) -> str:
        """What it means."""
        return _("Say this only once %(amount)s has left our bank account for %(person)s.") % {
            "amount": format_money(self.subject.amount, self.subject.currency, exact=True),
            "person": self.subject.creator,
        }


class EnterReturned(Act):
    """Enter that the bank did not pay, or sent it back."""

    model = Payout
    argument = "payout_id"
    service = bank_batches.record_returned
    form_class = ReasonForm
    page_title = gettext_lazy("Sent back by the bank")
    button = gettext_lazy("Enter it")
    serious = True
    done = gettext_lazy("The payout waits for another bank account, or for you to try it again.")

    def explain(self) -> str:
        """What it means."""
        return _("Say this only when the money is on our bank account again, or never left it. The creator is told.")


@require_GET
def bank_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A batch as the bank wants it. Finance only; each download is written down."""
    actor = require_any(request, ACTORS)
    rows = bank_batches.lines(batch_id=pk, actor=actor)
    return csv_response(csv_lines(HEADER, rows), f"bank-batch-{pk}")
