"""Looks for calls to a provider that have had no definite answer for long. Real time: so is their backoff."""

from datetime import timedelta

from django.utils import timezone

from funding.models import Alert, GatewayCommand
from funding.services import alerting
from funding.services.commanding import UNFINISHED

# From the first sending. By then it has been tried about ten times.
LONG = timedelta(hours=1)
SWEEP_MOST = 500


def watch_commands() -> int:
    """Open an alert for every call that is stuck, once, and close those of calls that have ended; returns how many."""
    known = Alert.objects.filter(code="command_stuck", resolved_at=None).values_list("subject", flat=True)
    told = {int(subject.partition(":")[2]) for subject in known}
    stuck = GatewayCommand.objects.filter(state__in=UNFINISHED, first_sent_at__lte=timezone.now() - LONG)
    new = list(stuck.exclude(pk__in=told).order_by("pk")[:SWEEP_MOST])
    for command in new:
        alerting.alert(
            code="command_stuck", subject=f"command:{command.pk}", severity="warning",
            data={
                "kind": command.kind, "about": command.subject, "amount": command.amount,
                "currency": command.currency, "attempts": command.attempts, "error": command.last_error[:500],
            },
        )  # fmt: skip
    ended = GatewayCommand.objects.filter(pk__in=told).exclude(state__in=UNFINISHED).values_list("pk", "state")
    for pk, state in ended:
        alerting.settled(code="command_stuck", subject=f"command:{pk}", because=state)
    return len(new) + len(ended)
