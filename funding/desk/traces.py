"""Registers of what was written down on the way: journals and entries, events heard, calls made, states left."""

import json
import re
from typing import Any, ClassVar

from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from funding.desk import columns, labels, offers
from funding.desk.filters import by
from funding.desk.register import CAMPAIGN, CURRENCY, STATE, Register
from funding.documents.statements import KINDS
from funding.models import Entry, GatewayCommand, Journal, TransitionLog, WebhookEvent

# What opens a guest's pledge: the provider repeats the addresses that it was given.
_TOKEN = re.compile(r"\b(token=)[0-9a-f]{64}")


def _without_tokens(payload: Any) -> str:
    return _TOKEN.sub(r"\1…", json.dumps(payload, indent=2, ensure_ascii=False))


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

    name = columns.text("key", _("Journal"), order="key")
    what = columns.word("kind", _("Kind"), KINDS, order="kind")
    campaign = CAMPAIGN
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
    list_filter = (("journal__kind", by(_("kind"), KINDS)), CURRENCY)

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

    number = columns.text("external_id", _("Event"))
    what = columns.text("type", _("Type"), order="type")
    about = columns.text("object_id", _("Object"))
    came = columns.when("received_at", _("Received"))
    done = columns.when("handled_at", _("Handled"))
    result = columns.word("outcome", _("Outcome"), labels.OUTCOMES, order="outcome")
    tries = columns.text("attempts", _("Attempts"))
    trouble = columns.text("last_error", _("Last error"))
    body = columns.block("payload", _("Payload"), _without_tokens)
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
    list_filter = (("kind", by(_("kind"), labels.COMMANDS)), STATE)

    number = columns.text("idempotency_key", _("Idempotency key"))
    what = columns.word("kind", _("Kind"), labels.COMMANDS, order="kind")
    about = columns.text("subject", _("Subject"), order="subject")
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

    number = columns.text("object_id", _("Object"))
    kind = columns.word("machine", _("Kind"), labels.MACHINES, order="machine")
    before = columns.pill("source", _("From"))
    after = columns.pill("target", _("To"))
    who = columns.text("actor", _("By"))
    why = columns.word("reason", _("Reason"), labels.WHY)
    when_done = columns.when("at", _("Time"))
    list_display = ("kind", "number", "before", "after", "who", "why", "when_done")
    inspect_view_fields: ClassVar = ["kind", "number", "before", "after", "who", "why", "when_done"]
