"""Payouts stop while the books are in doubt: frozen by a proof that failed, lifted by a clean one or by two people."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cms.core import events, jobs
from cms.core.clock import AppNow
from cms.core.errors import NotAllowed
from cms.users import audit, roles
from cms.users.models import User
from funding.exceptions import FourEyesRequired, IllegalTransition, ReasonRequired
from funding.models import FreezeConsent, PayoutFreeze

# Different people who have to agree that payouts go on although the difference is still there.
PEOPLE = 2


def freeze(*, source: str, problems: Sequence[dict[str, Any]]) -> bool:
    """Keep every payout back because a proof failed; True if this is news. `source` is audit, reconcile or rebuild.

    What two people have looked at and let pass does not freeze again; any other difference does.
    """
    print_ = fingerprint(problems)
    with transaction.atomic():
        last = PayoutFreeze.objects.filter(source=source).order_by("-pk").first()
        if (
            last is not None
            and last.fingerprint == print_
            and (last.lifted_at is None or last.lifted_because == "people")
        ):
            return False
        if last is not None and last.lifted_at is None:
            # What was found first is not what is there now: earlier consents were about something else.
            _lift(last, "superseded")
        try:
            with transaction.atomic():
                made = PayoutFreeze.objects.create(
                    source=source, fingerprint=print_, data={"count": len(problems), "first": list(problems[:5])}
                )
        except IntegrityError:
            return False
        payload = {"freeze": made.pk, "source": source}
        events.publish(name="funding.payouts_frozen", key=f"payouts_frozen:{made.pk}", payload=payload)
    return True


def thaw(*, source: str) -> bool:
    """Lift what a proof froze, because it is clean now; True if something was frozen."""
    with transaction.atomic():
        open_ones = PayoutFreeze.objects.select_for_update(no_key=True).filter(source=source, lifted_at=None)
        lifted = [_lift(one, "clean") for one in open_ones]
    return any(lifted)


def agree_to_lift(*, freeze_id: int, actor: User, reason: str) -> bool:
    """One person's yes to letting payouts go on; True if it was the second and lifted the freeze. Finance only.

    Raises `FourEyesRequired` for the same person twice, `ReasonRequired`, `IllegalTransition` once it is lifted.
    """
    if not roles.has_role(actor, roles.FINANCE):
        raise NotAllowed(_("Only finance may do this."))
    reason = reason.strip()
    if not reason:
        raise ReasonRequired(_("Say why payouts may go on."), field="reason")
    with transaction.atomic():
        frozen = PayoutFreeze.objects.select_for_update(no_key=True).get(pk=freeze_id)
        if frozen.lifted_at is not None:
            raise IllegalTransition(_("Payouts are no longer frozen by this."), reason="freeze_is_lifted")
        try:
            with transaction.atomic():
                FreezeConsent.objects.create(freeze=frozen, person=actor, reason=reason[:500])
        except IntegrityError:
            raise FourEyesRequired(_("You have agreed already; another person has to as well.")) from None
        audit.record(actor=actor, action="freeze.agreed", subject=f"freeze:{freeze_id}", reason=reason)
        return frozen.consents.count() >= PEOPLE and _lift(frozen, "people", actor=actor)


def fingerprint(problems: Sequence[dict[str, Any]]) -> str:
    """The same for the same differences, in whatever order they were found."""
    lines = sorted(json.dumps(problem, sort_keys=True) for problem in problems)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _lift(frozen: PayoutFreeze, because: str, *, actor: User | None = None) -> bool:
    if not PayoutFreeze.objects.filter(pk=frozen.pk, lifted_at=None).update(lifted_at=AppNow(), lifted_because=because):
        return False
    audit.record(actor=actor, action="freeze.lifted", subject=f"freeze:{frozen.pk}", because=because)
    if because != "superseded":
        jobs.enqueue("core.run_sweeps")
    return True
