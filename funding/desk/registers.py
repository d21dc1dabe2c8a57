"""The registers of the finance desk: what money has done, to look at, search, filter and export. Nothing is edited."""

import json
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import re_path
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.options import ModelAdmin

from funding.desk import columns, labels, offers
from funding.desk.filters import by
from funding.desk.permissions import ReadOnly, ReadOnlyForSupport
from funding.desk.views import RegisterIndexView, RegisterInspectView, TitleOnly
from funding.documents.statements import KINDS
from funding.models import (
    Entry,
    Escrow,
    GatewayCommand,
    Journal,
    Payment,
    Payout,
    Pledge,
    Refund,
    TransitionLog,
    WebhookEvent,
)


class Register(ModelAdmin):
    """What all registers share. Columns are attributes; lists name them. `machine` names the row's timeline."""

    singular: Any = ""
    machine = ""
    permission_helper_class: ClassVar = ReadOnly
    button_helper_class = TitleOnly
    index_view_class = RegisterIndexView
    inspect_view_class = RegisterInspectView
    inspect_view_enabled = True
    history_view_enabled = False
    list_per_page = 50
    export_filename = "kindling"
    index_view_extra_css: ClassVar = ["funding/desk.css"]
    inspect_view_extra_css: ClassVar = ["funding/desk.css"]

    def get_list_export(self, request: HttpRequest) -> tuple[str, ...]:
        """Everything that one row shows."""
        return tuple(self.inspect_view_fields)

    def get_admin_urls_for_registration(self) -> tuple[Any, ...]:
        """List and row only: there is no address to add, change or delete at."""
        views = {"index": self.index_view, "inspect": self.inspect_view}
        return tuple(
            re_path(self.url_helper.get_action_url_pattern(name), view, name=self.url_helper.get_action_url_name(name))
            for name, view in views.items()
        )

    def get_extra_class_names_for_field_col(self, obj: Model, field_name: str) -> list[str]:
        """Numbers stand to the right."""
        return ["desk-number"] if getattr(getattr(self, field_name, None), "numeric", False) else []

    def timeline(self, row: Model) -> QuerySet[TransitionLog] | None:
        """The changes of state of a row."""
        return timeline(self.machine, row.pk) if self.machine else None

    def tables(self, row: Model) -> list[dict[str, Any]]:
        """Tables below the fields: title, header, rows."""
        return []

    def actions(self, user: Any, row: Model) -> list[dict[str, Any]]:
        """Buttons this person may press here: label, url, classname."""
        return offers.for_row(user, row)


def timeline(machine: str, key: object) -> QuerySet[TransitionLog]:
    """The changes of state of one object, oldest first."""
    rows = TransitionLog.objects.filter(machine=machine, object_id=str(key))
    return rows.select_related("actor").order_by("sequence")


_STATE = ("state", by(_("state"), labels.STATES))
_CURRENCY = ("currency", by(_("currency")))
_ESCROW = columns.campaign(_("Campaign"), path="escrow")


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
    list_filter = (_STATE, _CURRENCY, ("locale", by(_("language"))))
    ordering = ("-created_at",)

    number = columns.short("id", _("Pledge"))
    campaign = _ESCROW
    address = columns.text("email", _("E-mail"), order="email")
    status = columns.pill("state", _("State"))
    sum_total = columns.money("total", _("Total"))
    sum_rewards = columns.money("rewards_amount", _("Rewards"))
    sum_shipping = columns.money("shipping_amount", _("Shipping"))
    sum_extra = columns.money("extra_amount", _("Extra"))
    sum_refunded = columns.money("refunded_amount", _("Refunded"))
    placed = columns.when("created_at", _("Placed"))
    paid = columns.when("paid_at", _("Paid"))
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
        return [offers.lines_table(row), offers.payments_table(row)]


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
    list_filter = (_STATE, ("method", by(_("method"), labels.METHODS)), _CURRENCY)
    ordering = ("-id",)

    number = columns.text("pk", _("Payment"))
    of_pledge = columns.link("pledge_id", _("Pledge"), route="funding_pledge_modeladmin_inspect", pk="pledge_id")
    campaign = columns.campaign(_("Campaign"), path="pledge.escrow")
    status = columns.pill("state", _("State"))
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
    list_filter = (_STATE, ("reason", by(_("reason"), labels.REASONS)), _CURRENCY)
    ordering = ("-id",)

    number = columns.text("pk", _("Refund"))
    of_pledge = columns.link(
        "payment.pledge_id", _("Pledge"), route="funding_pledge_modeladmin_inspect", pk="payment.pledge_id"
    )
    campaign = columns.campaign(_("Campaign"), path="payment.pledge.escrow")
    status = columns.pill("state", _("State"))
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
    list_filter = (_STATE, _CURRENCY)
    ordering = ("-id",)

    number = columns.text("pk", _("Payout"))
    campaign = columns.campaign(_("Campaign"), path="release.escrow")
    payee = columns.text("creator", _("Creator"))
    status = columns.pill("state", _("State"))
    sum_amount = columns.money("amount", _("Amount"))
    in_the_way = columns.codes("blockers", _("In the way"), labels.BLOCKERS)
    destination = columns.text("account", _("Account"))
    tries = columns.text("attempt", _("Attempt"))
    there = columns.text("external_id", _("At the provider"))
    failure = columns.text("failure_code", _("Failure"))
    due = columns.when("scheduled_at", _("Scheduled"))
    landed = columns.when("paid_at", _("Paid"))
    list_display = ("number", "campaign", "payee", "status", "sum_amount", "in_the_way", "due")
    inspect_view_fields: ClassVar = [
        "number", "campaign", "payee", "status", "sum_amount", "in_the_way", "destination", "tries", "there",
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
    list_filter = (_STATE, ("mode", by(_("mode"), labels.MODES)), _CURRENCY)
    ordering = ("-launched_at",)

    # Not `campaign`: a relation of that name, from above, would be shown instead.
    titled = columns.campaign(_("Campaign"))
    number = columns.text("key", _("Key"), order="key")
    owner = columns.text("creator", _("Creator"))
    status = columns.pill("state", _("State"))
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


class JournalRegister(Register):
    """Every event of money."""

    model = Journal
    menu_label = _("Journal")
    singular = _("Journal")
    menu_icon = "list-ul"
    export_filename = "journal"
    list_select_related: ClassVar = ["escrow", "reverses"]
    search_fields = ("key", "kind", "escrow__key")
    list_filter = (("kind", by(_("kind"), KINDS)),)
    ordering = ("-id",)

    name = columns.text("key", _("Journal"), order="key")
    what = columns.word("kind", _("Kind"), KINDS, order="kind")
    campaign = _ESCROW
    at = columns.when("occurred_at", _("Time"))
    undoes = columns.text("reverses", _("Reverses"))
    seal = columns.text("fingerprint", _("Fingerprint"))
    list_display = ("name", "what", "campaign", "at")
    inspect_view_fields: ClassVar = ["name", "what", "campaign", "at", "undoes", "seal"]

    def tables(self, row: Model) -> list[dict[str, Any]]:
        """The entries."""
        return [offers.entries_table(row)]


class EntryRegister(Register):
    """One debit, one credit, one amount."""

    model = Entry
    menu_label = _("Entries")
    singular = _("Entry")
    menu_icon = "table"
    export_filename = "entries"
    list_select_related: ClassVar = ["journal", "journal__escrow", "debit", "credit"]
    search_fields = ("journal__key", "debit__code", "credit__code")
    list_filter = (("journal__kind", by(_("kind"), KINDS)), _CURRENCY)
    ordering = ("-id",)

    number = columns.text("pk", _("Entry"))
    name = columns.link("journal.key", _("Journal"), route="funding_journal_modeladmin_inspect", pk="journal_id")
    debited = columns.text("debit.code", _("Debit"), order="debit__code")
    credited = columns.text("credit.code", _("Credit"), order="credit__code")
    sum_amount = columns.money("amount", _("Amount"))
    unit = columns.text("currency", _("Currency"))
    at = columns.when("journal.occurred_at", _("Time"))
    list_display = ("number", "name", "debited", "credited", "sum_amount", "at")
    inspect_view_fields: ClassVar = ["number", "name", "debited", "credited", "sum_amount", "unit", "at"]


class WebhookRegister(Register):
    """What the provider told us."""

    model = WebhookEvent
    menu_label = _("Webhook events")
    singular = _("Webhook event")
    menu_icon = "mail"
    export_filename = "webhook-events"
    search_fields = ("external_id", "object_id", "type")
    list_filter = (("type", by(_("type"))), ("outcome", by(_("outcome"), labels.OUTCOMES)))
    ordering = ("-id",)

    number = columns.text("external_id", _("Event"))
    what = columns.text("type", _("Type"), order="type")
    about = columns.text("object_id", _("Object"))
    came = columns.when("received_at", _("Received"))
    done = columns.when("handled_at", _("Handled"))
    result = columns.word("outcome", _("Outcome"), labels.OUTCOMES, order="outcome")
    tries = columns.text("attempts", _("Attempts"))
    trouble = columns.text("last_error", _("Last error"))
    body = columns.block("payload", _("Payload"), lambda value: json.dumps(value, indent=2, ensure_ascii=False))
    list_display = ("number", "what", "about", "came", "done", "result")
    inspect_view_fields: ClassVar = ["number", "what", "about", "came", "done", "result", "tries", "trouble", "body"]

    def get_list_export(self, request: HttpRequest) -> tuple[str, ...]:
        """All but the payload."""
        return tuple(self.inspect_view_fields[:-1])


class CommandRegister(Register):
    """What we asked of the provider."""

    model = GatewayCommand
    menu_label = _("Provider commands")
    singular = _("Provider command")
    menu_icon = "rotate"
    export_filename = "commands"
    search_fields = ("idempotency_key", "subject", "external_id")
    list_filter = (("kind", by(_("kind"), labels.COMMANDS)), _STATE)
    ordering = ("-id",)

    number = columns.text("idempotency_key", _("Idempotency key"))
    what = columns.word("kind", _("Kind"), labels.COMMANDS, order="kind")
    about = columns.text("subject", _("Subject"), order="subject")
    status = columns.pill("state", _("State"))
    sum_amount = columns.money("amount", _("Amount"))
    tries = columns.text("attempts", _("Attempts"))
    there = columns.text("external_id", _("At the provider"))
    trouble = columns.text("last_error", _("Last error"))
    made = columns.when("created_at", _("Made"))
    ended = columns.when("finished_at", _("Finished"))
    again = columns.when("next_attempt_at", _("Next attempt"))
    list_display = ("number", "what", "status", "sum_amount", "tries", "made", "ended")
    inspect_view_fields: ClassVar = [
        "number", "what", "about", "status", "sum_amount", "tries", "there", "trouble", "made", "ended", "again",
    ]  # fmt: skip


class TransitionRegister(Register):
    """Every change of state."""

    model = TransitionLog
    menu_label = _("State changes")
    singular = _("State change")
    menu_icon = "history"
    export_filename = "state-changes"
    list_select_related: ClassVar = ["actor"]
    search_fields = ("object_id", "reason")
    list_filter = (("machine", by(_("kind"), labels.MACHINES)), ("target", by(_("state"), labels.STATES)))
    ordering = ("-id",)

    number = columns.text("object_id", _("Object"))
    kind = columns.word("machine", _("Kind"), labels.MACHINES, order="machine")
    before = columns.pill("source", _("From"))
    after = columns.pill("target", _("To"))
    who = columns.text("actor", _("By"))
    why = columns.text("reason", _("Reason"))
    when_done = columns.when("at", _("Time"))
    list_display = ("kind", "number", "before", "after", "who", "why", "when_done")
    inspect_view_fields: ClassVar = ["kind", "number", "before", "after", "who", "why", "when_done"]


REGISTERS = (
    EscrowRegister, PledgeRegister, PaymentRegister, RefundRegister, PayoutRegister, JournalRegister, EntryRegister,
    WebhookRegister, CommandRegister, TransitionRegister,
)  # fmt: skip
