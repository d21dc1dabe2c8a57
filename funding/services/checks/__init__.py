"""What the audit asks of the database: one file a subject. A new kind of row gets a `Subject` of its own here."""

from funding.services.checks import (
    amendments,
    books,
    disputes,
    documents,
    escrows,
    histories,
    payments,
    pledges,
    refunds,
    releases,
    seals,
    taxes,
    treasury,
)
from funding.services.checks.base import TABLES, Check

SUBJECTS = (
    payments.SUBJECT, refunds.SUBJECT, releases.RELEASES, releases.PAYOUTS, disputes.DISPUTES, disputes.DEBTS,
    treasury.SUBJECT, pledges.SUBJECT, amendments.SUBJECT, escrows.SUBJECT, histories.SUBJECT,
    seals.SUBJECT, documents.SUBJECT,
    taxes.SUBJECT,
)  # fmt: skip

CHECKS = (*books.ALONE, *books.against(SUBJECTS), *(check for subject in SUBJECTS for check in subject.checks))

__all__ = ["CHECKS", "TABLES", "Check"]
