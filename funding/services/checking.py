"""Proofs as runs that are kept: each night once and whenever somebody asks; what fails alarms and freezes payouts.

The day of a nightly run begins at two in the morning in China, when the fewest people pay.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.core import clock
from cms.core.errors import NotAllowed
from cms.users import audit, roles
from cms.users.models import User
from funding.models import AuditRun
from funding.models.watching import AuditKind
from funding.services import alerting, freezing
from funding.services.auditing import audit_ledger
from funding.services.rebuilding import rebuild_balances
from funding.services.reconciling import reconcile, reconciled_gateways

logger = logging.getLogger("kindling.proofs")

NIGHT_BEGINS = timedelta(hours=18)  # UTC
# Real time until a nightly run whose worker died is taken up by another.
LEASE = timedelta(minutes=30)
ASKERS = (roles.FINANCE, roles.AUDITOR, roles.ADMIN)

_CLAIM = """
INSERT INTO funding_auditrun AS r (kind, day, lease_until, checked, problems, error)
VALUES (%(kind)s, %(day)s, %(until)s, '{}', '[]', '')
ON CONFLICT (kind, day) DO UPDATE SET lease_until = excluded.lease_until
 WHERE r.finished_at IS NULL AND r.lease_until <= %(now)s RETURNING id
"""


@dataclass(frozen=True)
class Finding:
    """What a proof found. `problems` are dicts of check, subject, expected, found and, for money, currency."""

    checked: dict[str, int]
    problems: list[dict[str, Any]] = field(default_factory=list)


# The alert that a failed proof opens.
ALERTS = {
    AuditKind.AUDIT: "ledger_wrong", AuditKind.RECONCILE: "provider_differs", AuditKind.REBUILD: "balances_differ",
}  # fmt: skip


def nightly() -> int:
    """Run the proofs whose night has come, each once a day whatever the number of workers; returns how many ran."""
    if not settings.LEDGER_PROOFS_NIGHTLY:
        return 0
    day = (clock.now() - NIGHT_BEGINS).date()
    return sum(_run_nightly(kind, day) for kind in AuditKind)


def ask_for(*, kind: str, actor: User) -> AuditRun:
    """Run one proof now. Finance, auditors and admins; written to the audit log. The run tells what came of it."""
    if not any(roles.has_role(actor, role) for role in ASKERS):
        raise NotAllowed(_("Only finance may do this."))
    with transaction.atomic():
        run = AuditRun.objects.create(kind=kind, by=actor)
        audit.record(actor=actor, action=f"proof.{kind}", subject=f"auditrun:{run.pk}")
    _carry_out(run)
    return run


def latest(kind: str) -> AuditRun | None:
    """The newest finished run of a kind."""
    return AuditRun.objects.filter(kind=kind, finished_at__isnull=False).order_by("-pk").first()


def _run_nightly(kind: str, day: date) -> bool:
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"kind": kind, "day": day, "until": now + LEASE, "now": now})
        claimed = cursor.fetchone()
    if claimed is None:
        return False
    _carry_out(AuditRun.objects.get(pk=claimed[0]))
    return True


def _carry_out(run: AuditRun) -> None:
    begun = time.monotonic()
    try:
        finding = _PROOFS[run.kind]()
    except Exception as error:
        logger.exception("The proof %s could not be done", run.kind)
        _finish(run, begun, error=repr(error)[:2000])
        alerting.alert(
            code="proof_failed", subject=f"proof:{run.kind}", severity="warning",
            data={"run": run.pk, "error": run.error[:500]},
        )  # fmt: skip
        return
    with transaction.atomic():
        _finish(run, begun, finding=finding)
        alerting.settled(code="proof_failed", subject=f"proof:{run.kind}", because="it was done")
        _tell(run)


def _finish(run: AuditRun, begun: float, *, finding: Finding | None = None, error: str = "") -> None:
    run.finished_at, run.milliseconds, run.error = clock.now(), round((time.monotonic() - begun) * 1000), error
    run.lease_until = None
    if finding is not None:
        run.ok, run.checked, run.problems = not finding.problems, finding.checked, finding.problems
    run.save(update_fields=["finished_at", "milliseconds", "error", "ok", "checked", "problems", "lease_until"])


def _tell(run: AuditRun) -> None:
    code, subject = ALERTS[AuditKind(run.kind)], f"proof:{run.kind}"
    if run.ok:
        alerting.settled(code=code, subject=subject, because="the next run was clean")
        freezing.thaw(source=run.kind)
        return
    data = {"run": run.pk, "count": len(run.problems), "first": run.problems[:5]}
    alerting.alert(code=code, subject=subject, severity="critical", data=data)
    freezing.freeze(source=run.kind, problems=run.problems)


def _audit() -> Finding:
    report = audit_ledger()
    return Finding(report.checked, [asdict(problem) for problem in report.problems])


def _reconcile() -> Finding:
    each = [reconcile(gateway=gateway) for gateway in reconciled_gateways()]
    names = ("movements", "matched", "waiting", "fees_booked", "floats_booked")
    counts = {name: sum(getattr(found, name) for found in each) for name in names}
    return Finding(
        counts,
        [
            {
                "check": one.code, "subject": one.subject, "expected": one.ours, "found": one.theirs,
                "currency": one.currency,
            }
            for found in each
            for one in found.problems
        ],
    )  # fmt: skip


def _rebuild() -> Finding:
    rebuilt = rebuild_balances()
    return Finding(
        {"accounts": rebuilt.accounts, "totals": rebuilt.totals}, [one.as_problem() for one in rebuilt.differences]
    )


_PROOFS: dict[str, Callable[[], Finding]] = {
    AuditKind.AUDIT: _audit, AuditKind.RECONCILE: _reconcile, AuditKind.REBUILD: _rebuild,
}  # fmt: skip
