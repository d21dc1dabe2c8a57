"""What an operator may set going again by hand; each is harmless to repeat and written to the audit log."""

from cms.core.errors import NotAllowed
from cms.users import audit, roles
from cms.users.models import User
from django.utils.translation import gettext as _

from funding.models import GatewayCommand
from funding.services import commanding


def retry_command(*, command_id: int, actor: User) -> str:
    """Make a planned call now instead of after its pause; returns its state. Finance only."""
    _require_finance(actor)
    audit.record(actor=actor, action="command.retried", subject=f"command:{command_id}")
    commanding.run(command_id, at_once=True)
    return GatewayCommand.objects.values_list("state", flat=True).get(pk=command_id)


def _require_finance(actor: User) -> None:
    if not roles.has_role(actor, roles.FINANCE):
        raise NotAllowed(_("Only finance may do this."))
