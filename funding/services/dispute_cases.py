"""One dispute with all that it touches, and how its movements are posted."""

from collections.abc import Sequence
from dataclasses import dataclass

from funding import ledger
from funding.models import Dispute, Escrow, Payment, Pledge


@dataclass
class Case:
    """One dispute with its payment, pledge and escrow, locked in the order of `funding.locks`."""

    payment: Payment
    pledge: Pledge
    escrow: Escrow
    dispute: Dispute


def post(case: Case, name: str, kind: str, lines: Sequence[tuple[str, str, int]]) -> None:
    """Post one movement of the dispute: `lines` are debit, credit and minor units."""
    ledger.post(
        key=f"dispute:{case.dispute.pk}:{name}", kind=kind, escrow=case.escrow, currency=case.dispute.currency,
        lines=[ledger.Line(*line) for line in lines if line[2]],
    )  # fmt: skip
