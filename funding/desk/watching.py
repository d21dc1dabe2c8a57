"""The register of alerts, and how one is closed by hand."""

import json
from typing import ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funding import anomalies
from funding.desk import columns, labels, subjects
from funding.desk.acting import Act
from funding.desk.filters import by
from funding.desk.forms import ReasonForm
from funding.desk.register import Register
from funding.models import Alert
from funding.services import alerting

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
    form_class = ReasonForm
    page_title = gettext_lazy("Close an alert")
    button = gettext_lazy("Close it")
    header_icon = "warning"

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

    def perform(self, form: forms.Form) -> str:
        """Close it."""
        alerting.resolve(alert_id=self.subject.pk, actor=self._actor, reason=form.cleaned_data["reason"])
        return _("The alert is closed.")
