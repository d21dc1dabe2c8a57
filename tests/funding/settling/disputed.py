"""What the tests of disputes share: the provider's word, and where the money is then."""

from collections.abc import Callable
from typing import Any

from funding import ledger
from funding.gateways.base import DisputeSnapshot
from funding.models import Dispute, Escrow
from funding.services import closing, disputing, issuing
from funding.services.auditing import audit_ledger


def hear(told: DisputeSnapshot) -> Dispute:
    """The provider's word arrives, twice, and the ledger holds."""
    for _ in range(2):
        assert disputing.apply_dispute(snapshot=told)
    # The sweep does so each minute; these tests jump over days.
    issuing.issue_due(everything=True)
    report = audit_ledger()
    assert report.ok, "\n".join(map(str, report.problems))
    return Dispute.objects.get(external_id=told.external_id)


def fresh(row: Any) -> Any:
    row.refresh_from_db()
    return row


def balances(escrow: Escrow) -> dict[str, int]:
    codes = {
        "escrow": f"escrow:{escrow.key}", "disputed": "disputed:stripe", "loss": "chargeback_loss",
        "owed": f"receivable:creator:{escrow.creator_id}", "payable": f"payable:creator:{escrow.creator_id}",
        "refund": f"refund_payable:{escrow.key}", "fees": "provider_fees",
    }  # fmt: skip
    found = {name: ledger.balance(code, escrow.currency) for name, code in codes.items()}
    return {name: amount for name, amount in found.items() if amount}


def end(escrow: Escrow, later: Callable[..., None], *, days: int = 31) -> None:
    """Past the deadline, decided."""
    later(days=days)
    closing.close_due()
    closing.decide_due()
    escrow.refresh_from_db()
