"""Words for states and reasons on the finance desk, and the tone in which they are shown."""

from typing import Any

from django.utils.translation import gettext_lazy as _

STATES: dict[str, Any] = {
    "open": _("Open"),
    "on_hold": _("On hold"),
    "closing": _("Closing"),
    "succeeded": _("Succeeded"),
    "failed": _("Failed"),
    "cancelling": _("Being called off"),
    "holding": _("Cooling-off"),
    "releasing": _("Being paid out"),
    "released": _("Paid out"),
    "refunding": _("Being refunded"),
    "refunded": _("Refunded"),
    "refund_blocked": _("Refund blocked"),
    "reserved": _("Reserved"),
    "paid": _("Paid"),
    "expired": _("Expired"),
    "cancelled": _("Cancelled"),
    "refund_pending": _("Refund under way"),
    "disputed": _("Disputed"),
    "charged_back": _("Charged back"),
    "created": _("Created"),
    "submitting": _("Being sent"),
    "requires_action": _("Waiting for the backer"),
    "processing": _("Processing"),
    "requested": _("Asked for"),
    "submitted": _("Sent"),
    "pending": _("Pending"),
    "scheduled": _("Scheduled"),
    "approved": _("Approved"),
    "returned": _("Sent back"),
    "retrying": _("Tried once more"),
    "resolved": _("Resolved"),
    "confirmed": _("Confirmed"),
    "withdrawn": _("Withdrawn"),
    "planned": _("Planned"),
    "netted": _("Kept for a debt"),
    "opened": _("Opened"),
    "warning": _("Inquiry"),
    "needs_response": _("Needs an answer"),
    "under_review": _("With the bank"),
    "won": _("Won"),
    "lost": _("Lost"),
    "accepted": _("Accepted"),
    "sending": _("Being sent"),
    "unknown": _("Outcome unknown"),
    "proposed": _("Proposed"),
    "awaiting_payment": _("Waiting for the difference"),
    "applied": _("Applied"),
    "abandoned": _("Abandoned"),
}

GOOD = {"applied", "paid", "won", "succeeded", "released", "approved", "refunded"}
BAD = {
    "failed",
    "lost",
    "accepted",
    "needs_response",
    "refund_blocked",
    "disputed",
    "charged_back",
    "unknown",
    "returned",
}
BUSY = {
    "closing", "cancelling", "holding", "releasing", "refunding", "refund_pending", "submitting", "requires_action",
    "processing", "awaiting_payment", "requested", "submitted", "pending", "scheduled", "sending", "on_hold",
}  # fmt: skip

REASONS: dict[str, Any] = {
    "backer_cancelled": _("the backer cancelled"),
    "campaign_failed": _("the goal was missed"),
    "campaign_cancelled": _("the campaign was called off"),
    "orphan": _("the payment came too late to count"),
    "finance": _("decided by finance"),
    "amendment": _("the pledge was changed"),
    "hold_ended": _("the money could not be held any longer"),
}

BLOCKERS: dict[str, Any] = {
    "account_disabled": _("the creator's account is disabled"),
    "not_a_creator": _("the person is not a creator"),
    "email_unverified": _("the e-mail address is not verified"),
    "payouts_held": _("payouts are held by staff"),
    "document_expired": _("a verified document of theirs has expired"),
    "document_revoked": _("a reviewer took back the approval of a document of theirs"),
    "no_payout_account": _("no payout account has been set up"),
    "transfers_disabled": _("the provider has not enabled transfers"),
    "account_changed": _("the payout account was changed less than 72 hours ago"),
    "bank_returned": _("the bank sent the last payout back and no other bank account has been given"),
    "bank_unchecked": _("the creator's bank account has not been checked"),
    "bank_short": _("our bank account in the books doesn't have the money yet: withdraw it from the provider"),
    "pledge_open": _("a pledge of theirs is not settled yet"),
    "dispute_open": _("a dispute of theirs is open"),
    "claim_open": _("a refund to them still waits for finance"),
    "campaign_open": _("a campaign of theirs is not settled yet"),
    "debt_open": _("they still owe money"),
    "ledger_drift": _("payouts are frozen: the books and the provider differ, or did not add up"),
}

# Why an amendment came to nothing.
AMENDMENT_ENDS: dict[str, Any] = {
    "checkout_ended": _("the difference was not paid in time"),
    "dropped_by_backer": _("the backer dropped it"),
    "pledge_cancelled": _("the pledge was cancelled"),
    "refund_failed": _("the refund failed"),
    "campaign_over": _("the campaign was over"),
}

COMMANDS: dict[str, Any] = {
    "create_checkout": _("Open a checkout"),
    "expire_checkout": _("End a checkout"),
    "create_refund": _("Refund"),
    "create_transfer": _("Transfer"),
    "submit_evidence": _("Submit evidence"),
    "accept_dispute": _("Accept a dispute"),
    "reverse_transfer": _("Take a transfer back"),
}

# Why money could not go back to a backer: the provider's codes, and ours.
FAILURES: dict[str, Any] = {
    "refund_window_passed": _("the payment is too old for its method to take a refund"),
    "charge_not_refundable": _("the provider says that it can't be refunded any more"),
    "charge_disputed": _("the backer's bank has taken it back already"),
    "expired_or_canceled_card": _("the card has expired or was closed"),
    "lost_or_stolen_card": _("the card was lost or stolen"),
    "insufficient_funds": _("the balance at the provider is too small"),
}

RESOLUTIONS: dict[str, Any] = {"provider": _("by the provider after all"), "bank": _("by bank transfer")}

CHOICES: dict[str, Any] = {
    "release": _("Release it to the creator now"),
    "refund": _("Refund every backer now"),
}

BANK: dict[str, Any] = {
    "sent": _("On its way to the bank"),
    "paid": _("The bank has it"),
    "failed": _("The bank sent it back"),
}


LANGUAGES: dict[str, Any] = {"en": _("English"), "zh-hans": _("Simplified Chinese")}
METHODS: dict[str, Any] = {"card": _("Card"), "alipay": _("Alipay"), "wechat_pay": _("WeChat Pay")}

DISPUTE_REASONS: dict[str, Any] = {
    "bank_cannot_process": _("the bank can't process it"),
    "credit_not_processed": _("a refund was promised and did not come"),
    "customer_initiated": _("the backer asked the bank"),
    "debit_not_authorized": _("not authorised"),
    "duplicate": _("charged twice"),
    "fraudulent": _("fraud: not the cardholder's own"),
    "general": _("general"),
    "product_not_received": _("nothing was received"),
    "product_unacceptable": _("not as described"),
    "subscription_canceled": _("cancelled before"),
    "unrecognized": _("not recognised"),
}

DEBT_CAUSES: dict[str, Any] = {
    "dispute": _("a dispute lost after the payout"),
    "refund": _("a refund after the payout"),
    "compensation": _("compensation paid to a backer"),
}

MODES: dict[str, Any] = {"all_or_nothing": _("All or nothing"), "keep_it_all": _("Keep it all")}

OUTCOMES: dict[str, Any] = {
    "applied": _("Applied"),
    "ignored": _("Nothing to do"),
    "unknown_object": _("Of an unknown object"),
}

SEVERITIES: dict[str, Any] = {"info": _("Information"), "warning": _("Warning"), "critical": _("Urgent")}
SEVERITY_TONES = {"info": "calm", "warning": "busy", "critical": "bad"}

MACHINES: dict[str, Any] = {
    "escrow": _("Escrow"),
    "pledge": _("Pledge"),
    "amendment": _("Amendment"),
    "payment": _("Payment"),
    "refund": _("Refund"),
    "payout": _("Payout"),
    "dispute": _("Dispute"),
    "refundclaim": _("Claim"),
    "holddecision": _("Decision"),
    "laterefund": _("Refund after the payout"),
}


PROOFS: dict[str, Any] = {
    "audit": _("Audit of the ledger"),
    "reconcile": _("Reconciliation with the provider"),
    "rebuild": _("Balances computed afresh"),
}

LIFTED: dict[str, Any] = {
    "clean": _("A run was clean"),
    "people": _("Two people agreed"),
    "superseded": _("Another difference took its place"),
}

MATCHES: dict[str, Any] = {
    "open": _("Not yet matched"),
    "in_transit": _("On its way"),
    "matched": _("Agrees"),
    "differs": _("Differs"),
}
MATCH_TONES = {"open": "busy", "in_transit": "busy", "matched": "good", "differs": "bad"}

# What a proof compares, and what it finds.
CHECKS: dict[str, Any] = {
    "running_sums": _("Kept sums of accounts"),
    "never_negative": _("No account of other people's money below zero"),
    "identity": _("Debits equal credits"),
    "balances_from_business_rows": _("Balances follow from payments, refunds and payouts"),
    "business_rows_have_journals": _("Every movement is in the journal"),
    "journals_have_business_rows": _("Every journal has its cause"),
    "captured_is_the_amount": _("Captured is what was asked for"),
    "pledges_and_payments": _("Pledges and their payments"),
    "backers": _("Backers counted"),
    "holdings": _("Limits per person"),
    "stock": _("Stock of rewards"),
    "escrow_totals": _("Totals of campaigns"),
    "closed_escrows": _("Finished campaigns end at zero"),
    "transition_log": _("Histories of states"),
    "disputes": _("Disputes"),
    "debts": _("Creators' debts"),
    "claims": _("Claims for refunds"),
    "bank_orders": _("Payouts by bank transfer"),
    "seals": _("Sealed journals"),
    "signed_heads": _("Signed heads of the public chains"),
    "movements": _("Movements read"),
    "matched": _("Movements that agree"),
    "waiting": _("Movements still on their way"),
    "fees_booked": _("Fees booked"),
    "floats_booked": _("Movements of the platform's own money booked"),
    "accounts": _("Accounts"),
    "totals": _("Totals of campaigns"),
    "charge_differs": _("A charge differs"),
    "fee_differs": _("A fee differs"),
    "refund_differs": _("A refund differs"),
    "transfer_differs": _("A transfer differs"),
    "dispute_differs": _("A dispute differs"),
    "missing_there": _("The provider knows nothing of it"),
    "movement_changed": _("The provider has changed what it said"),
    "balance_differs": _("The balance differs"),
    "debits": _("Sum of debits"),
    "credits": _("Sum of credits"),
    "held": _("Held for the campaign"),
}

# Why a state changed, where the system itself says so; people's own words stay as they are.
WHY: dict[str, Any] = {
    "again after a pause": _("Again after a pause"),
    "approved by two people": _("Approved by two people"),
    "cancelled": _("Called off"),
    "cancelled by the backer": _("Cancelled by the backer"),
    "checkout ended": _("The checkout ran out"),
    "cooling-off": _("Cooling-off time"),
    "charged back": _("Charged back"),
    "deadline": _("Deadline"),
    "dispute lost": _("The dispute was lost"),
    "dispute over": _("The dispute is over"),
    "dispute won after all": _("The dispute was won after all"),
    "disputed by the cardholder": _("Disputed at the backer's bank"),
    "kept for the debt": _("Kept for what the creator owes"),
    "the bank's word": _("The bank's word"),
    "the dispute is over": _("The dispute is over"),
    "decided": _("Decided"),
    "failed": _("Goal missed"),
    "hold over": _("The cooling-off time is over"),
    "paid out": _("Paid out"),
    "refund failed": _("The refund failed"),
    "refund run": _("Refunds to all"),
    "retried": _("Tried again"),
    "still owed": _("Still owed"),
    "taken up again": _("Taken up again"),
    "within the limit": _("Within the limit"),
}


def tone(state: str) -> str:
    """The CSS modifier of a state's pill."""
    if state in GOOD:
        return "good"
    if state in BAD:
        return "bad"
    return "busy" if state in BUSY else "calm"
