"""The registers of the finance desk: what money has done, to look at, search, filter and export. Nothing is edited."""

from typing import Any, ClassVar

from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.desk import columns, labels, offers
from funding.desk.banking import BankBatchRegister
from funding.desk.disputing import DebtRegister, DisputeRegister
from funding.desk.filters import by
from funding.desk.late import LateRefundRegister
from funding.desk.papers import DocumentRegister
from funding.desk.permissions import ReadOnlyForSupport
from funding.desk.register import CAMPAIGN, CURRENCY, STATE, Register, pledge
from funding.desk.returns import ClaimRegister, HoldDecisionRegister, PayoutAccountRegister
from funding.desk.taxing import TaxRemittanceRegister
from funding.desk.traces import (
    CommandRegister,
    EntryRegister,
    JournalRegister,
    TransitionRegister,
    WebhookRegister,
)
from funding.desk.watching import AlertRegister, FreezeRegister, MovementRegister
from funding.models import Amendment, Escrow, Payment, Payout, Pledge, Refund


class PledgeRegister(Register):
    """Backers' promises."""

    model = Pledge
    menu_label = _("Pledges")
    singular = _("Pledge")
    menu_icon = "tag"
    machine = "pledge"
    export_filename = "pledges"
    permission_helper_class = ReadOnlyForSupport
    list_select_related: ClassVar = ["escrow", "backer"]
    search_fields = ("id", "email", "escrow__key", "payments__intent_id", "payments__session_id")
    list_filter = (STATE, CURRENCY, ("locale", by(_("language"), labels.LANGUAGES)))
    ordering = ("-created_at",)

    number = columns.short("id", _("Pledge"))
    campaign = CAMPAIGN
    address = columns.text("email", _("E-mail"), order="email")
    sum_total = columns.money("total", _("Total"))
    sum_rewards = columns.money("rewards_amount", _("Rewards"))
    sum_shipping = columns.money("shipping_amount", _("Shipping"))
    sum_extra = columns.money("extra_amount", _("Extra"))
    sum_refunded = columns.money("refunded_amount", _("Refunded"))
    placed = columns.when("created_at", _("Placed"))
    paid = columns.when("paid_at", pgettext_lazy("when", "Paid"))
    ended = columns.when("ended_at", _("Ended"))
    to_country = columns.text("country", _("Country"), order="country")
    words = columns.text("message", _("Message"))
    list_display = ("number", "campaign", "address", "status", "sum_total", "sum_refunded", "placed")
    inspect_view_fields: ClassVar = [
        "number", "campaign", "address", "status", "sum_total", "sum_rewards", "sum_shipping", "sum_extra",
        "sum_refunded", "to_country", "words", "placed", "paid", "ended",
    ]  # fmt: skip

    def tables(self, row: Model) -> list[dict[str, Any]]:
        """The lines of the pledge and its payments."""
        return [offers.lines_table(row), offers.payments_table(row), offers.amendments_table(row)]


class AmendmentRegister(Register):
    """Changes of paid pledges."""

    model = Amendment
    menu_label = _("Amendments")
    singular = _("Amendment")
    menu_icon = "edit"
    machine = "amendment"
    export_filename = "amendments"
    permission_helper_class = ReadOnlyForSupport
    list_select_related: ClassVar = ["pledge", "pledge__escrow", "proposed_by"]
    search_fields = ("pledge__id", "pledge__email", "pledge__escrow__key")
    list_filter = (STATE,)

    number = columns.text("pk", _("Amendment"))
    of_pledge = pledge("pledge_id")
    campaign = columns.campaign(_("Campaign"), path="pledge.escrow")
    sum_before = columns.money("previous_total", _("Before"), currency="pledge.currency")
    sum_after = columns.money("total", _("After"), currency="pledge.currency")
    who = columns.text("proposed_by", _("By"))
    why = columns.word("why_ended", _("Why it ended"), labels.AMENDMENT_ENDS)
    made = columns.when("created_at", _("Proposed"))
    kept = columns.when("expires_at", _("Kept until"))
    ended = columns.when("ended_at", _("Ended"))
    list_display = ("number", "of_pledge", "campaign", "status", "sum_before", "sum_after", "made")
    inspect_view_fields: ClassVar = [
        "number", "of_pledge", "campaign", "status", "sum_before", "sum_after", "who", "why", "made", "kept", "ended",
    ]  # fmt: skip

    def tables(self, row: Model) -> list[dict[str, Any]]:
        """What it asks for, what was paid for it and what went back."""
        return [offers.amendment_lines_table(row), offers.payments_table(row), offers.refunds_table(row)]


class PaymentRegister(Register):
    """Checkouts and the charges they became."""

    model = Payment
    menu_label = _("Payments")
    singular = _("Payment")
    menu_icon = "success"
    machine = "payment"
    export_filename = "payments"
    permission_helper_class = ReadOnlyForSupport
    list_select_related: ClassVar = ["pledge", "pledge__escrow"]
    search_fields = ("session_id", "intent_id", "charge_id", "pledge__id", "pledge__email", "pledge__escrow__key")
    list_filter = (STATE, ("method", by(_("method"), labels.METHODS)), CURRENCY)

    number = columns.text("pk", _("Payment"))
    of_pledge = pledge("pledge_id")
    campaign = columns.campaign(_("Campaign"), path="pledge.escrow")
    how = columns.word("method", _("Method"), labels.METHODS, order="method")
    sum_amount = columns.money("amount", _("Amount"))
    sum_captured = columns.money("captured", _("Captured"))
    sum_reserved = columns.money("refund_reserved", _("Refunded or promised"))
    sum_fee = columns.money("provider_fee", _("Provider's fee"))
    intent = columns.text("intent_id", _("At the provider"))
    failure = columns.text("failure_code", _("Failure"))
    made = columns.when("created_at", _("Made"))
    landed = columns.when("succeeded_at", _("Succeeded"))
    list_display = ("number", "campaign", "status", "how", "sum_amount", "sum_reserved", "made")
    inspect_view_fields: ClassVar = [
        "number", "of_pledge", "campaign", "status", "how", "sum_amount", "sum_captured", "sum_reserved", "sum_fee",
        "intent", "failure", "made", "landed",
    ]  # fmt: skip


class RefundRegister(Register):
    """Money on its way back."""

    model = Refund
    menu_label = _("Refunds")
    singular = _("Refund")
    menu_icon = "resubmit"
    machine = "refund"
    export_filename = "refunds"
    list_select_related: ClassVar = ["payment", "payment__pledge", "payment__pledge__escrow", "requested_by"]
    search_fields = ("external_id", "payment__pledge__id", "payment__pledge__email", "payment__pledge__escrow__key")
    list_filter = (STATE, ("reason", by(_("reason"), labels.REASONS)), CURRENCY)

    number = columns.text("pk", _("Refund"))
    of_pledge = pledge("payment.pledge_id")
    campaign = columns.campaign(_("Campaign"), path="payment.pledge.escrow")
    sum_amount = columns.money("amount", _("Amount"))
    why = columns.word("reason", _("Reason"), labels.REASONS, order="reason")
    words = columns.text("note", _("Note"))
    who = columns.text("requested_by", _("Asked for by"))
    tries = columns.text("attempt", _("Attempt"))
    there = columns.text("external_id", _("At the provider"))
    failure = columns.text("failure_code", _("Failure"))
    asked = columns.when("requested_at", _("Asked for"))
    landed = columns.when("succeeded_at", _("Succeeded"))
    list_display = ("number", "campaign", "status", "sum_amount", "why", "failure", "asked")
    inspect_view_fields: ClassVar = [
        "number", "of_pledge", "campaign", "status", "sum_amount", "why", "words", "who", "tries", "there", "failure",
        "asked", "landed",
    ]  # fmt: skip


class PayoutRegister(Register):
    """Money on its way to creators."""

    model = Payout
    menu_label = _("Payouts")
    singular = _("Payout")
    menu_icon = "upload"
    machine = "payout"
    export_filename = "payouts"
    list_select_related: ClassVar = ["creator", "account", "release", "release__escrow"]
    search_fields = ("external_id", "creator__email", "release__escrow__key")
    list_filter = (STATE, CURRENCY)

    number = columns.text("pk", _("Payout"))
    campaign = columns.campaign(_("Campaign"), path="release.escrow")
    payee = columns.text("creator", _("Creator"))
    sum_amount = columns.money("amount", _("Amount"))
    in_the_way = columns.codes("blockers", _("In the way"), labels.BLOCKERS)
    at_bank = columns.word("bank_status", _("The bank"), labels.BANK)
    bank_trouble = columns.text("bank_failure", _("The bank's reason"))
    destination = columns.text("account", _("Account"))
    tries = columns.text("attempt", _("Attempt"))
    there = columns.text("external_id", _("At the provider"))
    failure = columns.text("failure_code", _("Failure"))
    due = columns.when("scheduled_at", _("Scheduled"))
    landed = columns.when("paid_at", pgettext_lazy("when", "Paid"))
    list_display = ("number", "campaign", "payee", "status", "sum_amount", "in_the_way", "due")
    inspect_view_fields: ClassVar = [
        "number", "campaign", "payee", "status", "sum_amount", "in_the_way", "at_bank", "bank_trouble", "destination",
        "tries", "there",
        "failure", "due", "landed",
    ]  # fmt: skip

    def tables(self, row: Model) -> list[dict[str, Any]]:
        """Who has approved it."""
        return [offers.approvals_table(row)]


class EscrowRegister(Register):
    """Held money by campaign; each row leads to the escrow's own page."""

    model = Escrow
    menu_label = _("Escrows")
    singular = _("Escrow")
    menu_icon = "lock"
    machine = "escrow"
    export_filename = "escrows"
    list_select_related: ClassVar = ["creator"]
    search_fields = ("key", "names", "creator__email")
    list_filter = (STATE, ("mode", by(_("mode"), labels.MODES)), CURRENCY)
    ordering = ("-launched_at",)

    # Not `campaign`: a relation of that name, from above, would be shown instead.
    titled = columns.campaign(_("Campaign"))
    number = columns.text("key", _("Key"), order="key")
    owner = columns.text("creator", _("Creator"))
    sum_goal = columns.money("goal", _("Goal"))
    sum_captured = columns.money("captured", _("Captured"))
    sum_refunded = columns.money("refunded", _("Refunded"))
    sum_released = columns.money("released", _("Released"))
    people = columns.text("backers", _("Backers"), order="backers")
    ends = columns.when("deadline", _("Deadline"))
    list_display = ("titled", "owner", "status", "sum_goal", "sum_captured", "sum_refunded", "sum_released", "ends")
    list_display_add_buttons = "number"
    inspect_view_fields: ClassVar = [
        "titled", "number", "owner", "status", "sum_goal", "sum_captured", "sum_refunded", "sum_released", "people",
        "ends",
    ]  # fmt: skip


REGISTERS = (
    AlertRegister, EscrowRegister, PledgeRegister, AmendmentRegister, PaymentRegister, RefundRegister, ClaimRegister,
    PayoutRegister, PayoutAccountRegister, BankBatchRegister, HoldDecisionRegister, LateRefundRegister, DisputeRegister,
    DebtRegister, JournalRegister, EntryRegister, WebhookRegister, CommandRegister, TransitionRegister, FreezeRegister,
    MovementRegister, DocumentRegister, TaxRemittanceRegister,
)  # fmt: skip
