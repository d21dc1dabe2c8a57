"""Finance's first page: what we have and owe, what is out of order, what waits for somebody, what was proved last."""

from typing import Any

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funding import anomalies
from funding.desk import labels, reports, subjects
from funding.desk.columns import instant
from funding.desk.pages import DeskPage
from funding.desk.permissions import ACTORS, holds_any
from funding.models import Alert, Payout, PayoutFreeze
from funding.money import format_money
from funding.services import bank_batches, checking, treasury
from funding.services.freezing import PEOPLE
from funding.services.treasury import Position
from funding.states import PayoutState

SHOWN_ALERTS = 8
# The chart's own units: its width is this many, whatever the amounts.
WIDE = 1000


class TodayPage(DeskPage):
    """Everything that finance looks at in the morning."""

    template_name = "funding/desk/today.html"
    page_title = gettext_lazy("Today")
    header_icon = "decimal"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The four parts, each in plain words."""
        acts = holds_any(self.request.user, ACTORS)
        open_alerts = Alert.objects.filter(resolved_at=None)
        return super().get_context_data(
            positions=[_position(one, acts) for one in treasury.positions()],
            freezes=[_freeze(one, acts) for one in PayoutFreeze.objects.filter(lifted_at=None).order_by("pk")],
            alerts=[_alert(one) for one in open_alerts.order_by("-last_seen_at")[:SHOWN_ALERTS]],
            alert_count=open_alerts.count(), alerts_url=reverse("funding_alert_modeladmin_index"),
            approvals=_approvals(), for_bank=len(bank_batches.waiting()) if acts else 0,
            at_bank=bank_batches.unanswered(), proofs=[_proof(kind) for kind in reports.KINDS], acts=acts, **kwargs,
        )  # fmt: skip


def _position(one: Position, acts: bool) -> dict[str, Any]:
    def money(amount: int) -> str:
        return format_money(amount, one.currency, exact=True)

    have = [
        ("provider", _("With the provider"), one.provider), ("bank", _("At the bank"), one.bank),
    ]  # fmt: skip
    owed = [
        ("held", _("Held for campaigns"), one.held), ("refund", _("To refund"), one.to_refund),
        ("payout", _("To pay out"), one.to_pay_out), ("tax", _("Tax withheld"), one.tax),
        ("fund", _("Compensation fund"), one.fund),
    ]  # fmt: skip
    widest = max(sum(max(0, amount) for _name, _label, amount in side) for side in (have, owed)) or 1
    spare = _("%(amount)s more than is owed") if one.spare >= 0 else _("%(amount)s is missing")
    return {
        "currency": one.currency, "covered": one.spare >= 0, "spare": spare % {"amount": money(abs(one.spare))},
        "bars": [
            {"label": _("What we have"), "parts": _parts(have, widest)},
            {"label": _("What we owe"), "parts": _parts(owed, widest)},
        ],
        "rows": [(name, label, money(amount)) for name, label, amount in [*have, *owed] if amount],
        "others": [(_("Of it the platform's own float"), money(one.float_)), (_("Disputed"), money(one.disputed))],
        "float_url": f"{reverse('funding_desk:put_float_in')}?currency={one.currency}" if acts else "",
    }  # fmt: skip


def _parts(side: list[tuple[str, str, int]], widest: int) -> list[dict[str, Any]]:
    parts, x = [], 0
    for name, label, amount in side:
        # Even a cent is seen.
        width = max(3, round(max(0, amount) * WIDE / widest)) if amount > 0 else 0
        if width:
            parts.append({"name": name, "label": label, "x": x, "width": width})
        x += width
    return parts


def _freeze(one: PayoutFreeze, acts: bool) -> dict[str, Any]:
    given = one.consents.count()
    return {
        "since": instant(one.frozen_at), "source": reports.KINDS[one.source], "given": given, "needed": PEOPLE,
        "url": reverse("funding_payoutfreeze_modeladmin_inspect", args=[one.pk]),
        "report_url": reverse(f"funding_desk:{one.source}"),
        "agree_url": reverse("funding_desk:agree_to_lift", args=[one.pk]) if acts else "",
    }  # fmt: skip


def _alert(one: Alert) -> dict[str, Any]:
    return {
        "title": anomalies.title(one.code), "about": subjects.show(one.subject), "times": one.times,
        "tone": labels.SEVERITY_TONES[one.severity], "severity": labels.SEVERITIES[one.severity],
        "seen": instant(one.last_seen_at), "url": reverse("funding_alert_modeladmin_inspect", args=[one.pk]),
    }  # fmt: skip


def _approvals() -> list[dict[str, Any]]:
    """Payouts that wait for people, by currency."""
    waiting = Payout.objects.filter(state=PayoutState.SCHEDULED, failure_code="")
    rows = waiting.values("currency").annotate(count=Count("pk"), total=Sum("amount")).order_by("currency")
    index = reverse("funding_payout_modeladmin_index")
    return [
        {
            "count": row["count"], "amount": format_money(row["total"], row["currency"], exact=True),
            "url": f"{index}?state__exact=scheduled&currency={row['currency']}",
        }
        for row in rows
    ]  # fmt: skip


def _proof(kind: str) -> dict[str, Any]:
    run = checking.latest(kind)
    return {
        "name": reports.KINDS[kind], "words": reports.in_words(run), "tone": reports.tone(run),
        "url": reverse(f"funding_desk:{kind}"),
    }  # fmt: skip
