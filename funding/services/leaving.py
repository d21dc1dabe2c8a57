"""A backer leaves because what was promised has moved: all that is left goes back, or finance is asked for it."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cms.core.errors import NotAllowed
from cms.users.models import User
from funding.exceptions import PledgeNotCancellable
from funding.models import Pledge
from funding.models.refunds import RefundReason
from funding.services import alerting, cancelling, late_refunding
from funding.states import PledgeState


def leave(*, pledge_id: UUID | str, actor: User | None, note: str) -> bool:
    """Send a paid pledge's money back from the escrow; whether it may leave is the caller's to know.

    True if it goes back now; False where it has been paid out: finance is asked, once, for a refund after the payout.
    `actor` is None for a guest, whose token the caller has checked. Raises `NotAllowed`, `PledgeNotCancellable`, or
    what `refund_pledge` refuses.
    """
    pledge = Pledge.objects.select_related("escrow").get(pk=pledge_id)
    if actor is not None and pledge.backer_id != actor.pk:
        raise NotAllowed(_("This pledge is somebody else's."))
    if pledge.state != PledgeState.PAID:
        raise PledgeNotCancellable(_("This pledge can't be cancelled any more."), reason=f"pledge_{pledge.state}")
    if late_refunding.is_paid_out(pledge):
        alerting.alert(code="late_refund_asked", subject=f"pledge:{pledge.pk}", severity="warning", data={"note": note})
        return False
    with transaction.atomic():
        cancelling.send_back(pledge, actor, note, RefundReason.DELIVERY_MOVED)
    return True
