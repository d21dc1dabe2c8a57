"""What was out of order: alerts, frozen payouts, the provider's movements; and what finance does about them."""

import json
from typing import Any, ClassVar

from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funding import anomalies
from funding.desk import columns, labels, subjects
from funding.desk.acting import Act, Deed
from funding.desk.columns import instant
from funding.desk.filters import by
from funding.desk.forms import FloatForm, ReasonForm
from funding.desk.register import Register
from funding.models import Alert, PayoutFreeze, ProviderMovement
from funding.money import major
from funding.services import alerting, freezing, treasury

TITLES = {code: anomaly.title for code, anomaly in anomalies.ANOMALIES.items()}


class AlertRegister(Register):
    """What is or was out of order."""

    model = Alert
    menu_label = gettext_lazy("Alerts")
    singular = gettext_lazy("Alert")
    menu_icon = "warning"
    menu_order = 1
    export_filename = "alerts"
    list_select_related: ClassVar = ["resolved_by"]
    search_fields = ("code", "subject", "resolution")
    list_filter = (
        ("resolved_at", subjects.OpenFilter),
        ("severity", by(gettext_lazy("severity"), labels.SEVERITIES)),
        ("code", by(gettext_lazy("kind"), TITLES)),
    )
    ordering = ("-last_seen_at",)

    what = columns.word("code", gettext_lazy("What"), TITLES, order="code")
    grave = columns.toned("severity", gettext_lazy("Severity"), labels.SEVERITIES, labels.SEVERITY_TONES)
    about = subjects.column("subject", gettext_lazy("About"))
    how_often = columns.text("times", gettext_lazy("Times seen"), order="times")
    opened = columns.when("opened_at", gettext_lazy("First seen"))
    seen = columns.when("last_seen_at", gettext_lazy("Last seen"))
    closed = columns.when("resolved_at", gettext_lazy("Closed"))
    by_whom = columns.text("resolved_by", gettext_lazy("By"))
    words = columns.text("resolution", gettext_lazy("Found and done"))
    meaning = columns.Column(
        gettext_lazy("What to do"), lambda row: anomalies.advice(row.code), lambda row: str(anomalies.advice(row.code))
    )
    known = columns.block("data", gettext_lazy("What is known"), lambda value: json.dumps(value, indent=2))
    list_display = ("what", "grave", "about", "how_often", "opened", "seen", "closed")
    inspect_view_fields: ClassVar = [
        "what", "grave", "meaning", "about", "how_often", "opened", "seen", "closed", "by_whom", "words", "known",
    ]  # fmt: skip


class ResolveAlert(Act):
    """Close an alert, with what was found and done."""

    model = Alert
    argument = "alert_id"
    service = alerting.resolve
    form_class = ReasonForm
    page_title = gettext_lazy("Close an alert")
    button = gettext_lazy("Close it")
    header_icon = "warning"
    done = gettext_lazy("The alert is closed.")

    def get_page_subtitle(self) -> str:
        """What was out of order."""
        return f"{anomalies.title(self.subject.code)} · {self.subject.subject}"

    def explain(self) -> str:
        """What to do, and what closing means."""
        return " ".join(
            [
                str(anomalies.advice(self.subject.code)),
                _("Closed alerts are kept. Should it be seen again, it opens again."),
            ]
        )


class FreezeRegister(Register):
    """When payouts were frozen, and how that ended."""

    model = PayoutFreeze
    menu_label = gettext_lazy("Payout freezes")
    singular = gettext_lazy("Payout freeze")
    menu_icon = "lock"
    export_filename = "payout-freezes"
    search_fields = ("source",)
    list_filter = (("lifted_at", subjects.OpenFilter),)

    number = columns.text("pk", gettext_lazy("Payout freeze"))
    cause = columns.word("source", gettext_lazy("Found by"), labels.PROOFS, order="source")
    since = columns.when("frozen_at", gettext_lazy("Frozen since"))
    until = columns.when("lifted_at", gettext_lazy("Lifted"))
    how = columns.word("lifted_because", gettext_lazy("How"), labels.LIFTED)
    known = columns.block("data", gettext_lazy("What is known"), lambda value: json.dumps(value, indent=2))
    list_display = ("number", "cause", "since", "until", "how")
    inspect_view_fields: ClassVar = ["number", "cause", "since", "until", "how", "known"]

    def tables(self, row: Any) -> list[dict[str, Any]]:
        """Who has agreed to lift it, and why."""
        rows = [
            [one.person, instant(one.given_at), one.reason]
            for one in row.consents.select_related("person").order_by("pk")
        ]
        return [{"title": _("Consents"), "header": [_("Who"), _("Time"), _("Reason")], "rows": rows}]


class MovementRegister(Register):
    """The provider's own list of what moved our balance."""

    model = ProviderMovement
    menu_label = gettext_lazy("Provider's movements")
    singular = gettext_lazy("Provider's movement")
    menu_icon = "order"
    export_filename = "provider-movements"
    search_fields = ("external_id", "source", "subject", "booked")
    list_filter = (
        ("state", by(gettext_lazy("state"), labels.MATCHES)), ("type", by(gettext_lazy("kind"))),
        ("currency", by(gettext_lazy("currency"))),
    )  # fmt: skip
    ordering = ("-created_at", "-pk")

    number = columns.text("external_id", gettext_lazy("At the provider"))
    what = columns.text("type", gettext_lazy("Kind"), order="type")
    about = columns.text("subject", gettext_lazy("Object"), order="subject")
    status = columns.toned("state", gettext_lazy("State"), labels.MATCHES, labels.MATCH_TONES)
    sum_amount = columns.money("amount", gettext_lazy("Amount"))
    sum_fee = columns.money("fee", gettext_lazy("Provider's fee"))
    sum_net = columns.money("net", gettext_lazy("Net"))
    when_moved = columns.when("created_at", gettext_lazy("Time"))
    when_read = columns.when("first_seen_at", gettext_lazy("First seen"))
    journal = columns.text("booked", gettext_lazy("Journal"))
    list_display = ("number", "what", "about", "status", "sum_amount", "sum_fee", "when_moved")
    inspect_view_fields: ClassVar = [
        "number", "what", "about", "status", "sum_amount", "sum_fee", "sum_net", "when_moved", "when_read", "journal",
    ]  # fmt: skip


class AgreeToLift(Act):
    """One person's yes to letting payouts go on."""

    model = PayoutFreeze
    argument = "freeze_id"
    service = freezing.agree_to_lift
    form_class = ReasonForm
    page_title = gettext_lazy("Let payouts go on")
    button = gettext_lazy("I agree")
    serious = True

    def explain(self) -> str:
        """What it means, and that it takes two."""
        return _(
            "The difference is still there. Two different people of finance have to agree, each with a reason; a clean"
            " run lifts the freeze by itself."
        )

    def told(self, result: bool) -> str:
        """Whether that was enough."""
        return _("Payouts go on.") if result else _("You have agreed. Another person has to as well.")


class PutFloatIn(Deed):
    """Book money that the owner put into the platform's bank account."""

    service = treasury.put_float_in
    form_class = FloatForm
    page_title = gettext_lazy("Put float in")
    button = gettext_lazy("Book it")
    header_icon = "download"
    success_url = reverse_lazy("funding_desk:today")

    def get_initial(self) -> dict[str, Any]:
        """What is missing in the currency that was asked for."""
        currency = self.request.GET.get("currency", "")
        spare = next((one.spare for one in treasury.positions() if one.currency == currency), 0)
        return {"currency": currency, "amount": major(-spare, currency) if spare < 0 else ""}

    def explain(self) -> str:
        """What it means, and what comes after."""
        return _(
            "First transfer the money to the platform's bank account, then write it down here. When you send it on to"
            " the provider, the next reconciliation books its arrival by itself."
        )

    def told(self, result: bool) -> str:
        """Whether it was booked now."""
        return _("The money is in the books.") if result else _("This transfer was in the books already.")
