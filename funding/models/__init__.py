"""The tables of funding, one file an aggregate."""

from funding.models.amendments import Amendment
from funding.models.banking import BankBatch, BankDetails, BankOrder
from funding.models.claims import RefundClaim
from funding.models.commands import GatewayCommand
from funding.models.debts import CreatorDebt, Recovery
from funding.models.disputes import Dispute, HeldBack
from funding.models.documents import Document, DocumentSeries
from funding.models.escrow import Escrow, EscrowDecision, Release
from funding.models.holds import HoldDecision, HoldWarning
from funding.models.late_refunds import LateRefund
from funding.models.ledger import Entry, Journal, LedgerAccount
from funding.models.movements import ProviderMovement, ReconcileCursor
from funding.models.payees import PayoutAccount
from funding.models.payments import Payment
from funding.models.payouts import Payout, PayoutApproval
from funding.models.pledges import Backing, Pledge, PledgeLine
from funding.models.policy import FeeSchedule, TaxRule
from funding.models.refunds import Refund
from funding.models.rewards import Holding, Reward, RewardVariant
from funding.models.sealing import HeadLeaf, LedgerHead, LedgerSeal, PseudonymKey, SealMark, SigningKey
from funding.models.taxes import TaxRemittance
from funding.models.transitions import TransitionLog
from funding.models.watching import Alert, AuditRun, FreezeConsent, PayoutFreeze
from funding.models.webhooks import WebhookEvent

__all__ = [
    "Alert", "Amendment", "AuditRun", "Backing", "BankBatch", "BankDetails", "BankOrder", "CreatorDebt", "Dispute",
    "Document", "DocumentSeries", "Entry", "Escrow", "EscrowDecision", "FeeSchedule", "FreezeConsent", "GatewayCommand",
    "HeadLeaf", "HeldBack", "HoldDecision", "HoldWarning", "Holding", "Journal", "LateRefund", "LedgerAccount",
    "LedgerHead", "LedgerSeal", "Payment", "Payout", "PayoutAccount", "PayoutApproval", "PayoutFreeze", "Pledge",
    "PledgeLine", "ProviderMovement", "PseudonymKey", "ReconcileCursor", "Recovery", "Refund", "RefundClaim", "Release",
    "Reward", "RewardVariant", "SealMark", "SigningKey", "TaxRemittance", "TaxRule", "TransitionLog", "WebhookEvent",
]  # fmt: skip
