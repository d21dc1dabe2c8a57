"""Mails to the people of finance, each in their own language."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from cms.mail import services as mail
from cms.users import roles
from cms.users.models import User
from funding import anomalies
from funding.models import Alert

# More than so many openings within an hour are told in one mail: a flood says no more than its beginning.
MOST_AN_HOUR = 20


def alert_opened(payload: dict[str, Any]) -> None:
    """Tell finance of an alert, once per opening and once more if it became graver."""
    alert = Alert.objects.filter(pk=payload["alert"]).first()
    if alert is None:
        return
    begun = alert.opened_at - timedelta(hours=1)
    before = Alert.objects.filter(opened_at__gt=begun, opened_at__lte=alert.opened_at, pk__lt=alert.pk).count()
    if before > MOST_AN_HOUR and payload["severity"] != "critical":
        _to_finance(
            key=f"alerts:{alert.opened_at:%Y%m%d%H}", template="alerts_many", path="funding_alert_modeladmin_index"
        )
        return
    key = f"alert:{alert.pk}:{payload['severity']}"
    _to_finance(key=key, template="alert", path="funding_alert_modeladmin_inspect", args=[alert.pk], alert=alert)


def _to_finance(
    *, key: str, template: str, path: str, args: list[Any] | None = None, alert: Alert | None = None
) -> None:
    people = User.objects.filter(groups__name=roles.FINANCE, is_active=True).order_by("pk")
    mail.plan_many(
        mail.Plan(
            key=f"{key}:{person.pk}", to=person.email, locale=person.locale, template=template,
            context=_context(person, settings.PUBLIC_URL + reverse(path, args=args), alert),
        )
        for person in people
    )  # fmt: skip


def _context(person: User, url: str, alert: Alert | None) -> dict[str, Any]:
    with translation.override(person.locale):
        context = {"name": person.display_name, "action_url": url, "action_label": str(_("Look at it"))}
        if alert is None:
            return context
        return context | {
            "title": str(anomalies.title(alert.code)), "advice": str(anomalies.advice(alert.code)),
            "subject": alert.subject, "critical": alert.severity == "critical",
        }  # fmt: skip
