"""What an operator may set going again by hand; each is harmless to repeat and written to the audit log."""

from django.db import transaction
from django.utils.translation import gettext as _

from cms.core.errors import NotAllowed
from cms.users import audit, roles
from cms.users.models import User
from funding.models import GatewayCommand, WebhookEvent
from funding.services import commanding


def retry_command(*, command_id: int, actor: User) -> str:
    """Make a planned call now instead of after its pause; returns its state. Finance only."""
    _require_finance(actor)
    audit.record(actor=actor, action="command.retried", subject=f"command:{command_id}")
    commanding.run(command_id, at_once=True)
    return GatewayCommand.objects.values_list("state", flat=True).get(pk=command_id)


def note_rehandling(*, event_id: int, actor: User) -> None:
    """Make a stored event due again, before it is handled once more. Finance only."""
    _require_finance(actor)
    with transaction.atomic():
        audit.record(actor=actor, action="webhook.rehandled", subject=f"webhook:{event_id}")
        WebhookEvent.objects.filter(pk=event_id).update(handled_at=None, outcome="", next_attempt_at=None)


def _require_finance(actor: User) -> None:
    if not roles.has_role(actor, roles.FINANCE):
        raise NotAllowed(_("Only finance may do this."))
