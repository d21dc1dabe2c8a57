"""What each state of `states.py` means, and why a row goes there: one sentence each, for the docs and the desk.

`EDGES` speaks where a step's reason is another one than that of its target in general. A test holds them complete.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

TITLES: dict[str, Any] = {
    "escrow": _("A campaign's held money"),
    "pledge": _("A backer's promise"),
    "amendment": _("A change to a paid pledge"),
    "payment": _("One checkout at the provider"),
    "refund": _("Money on its way back to a backer"),
    "payout": _("Money on its way to a creator"),
    "dispute": _("A cardholder's dispute"),
    "refundclaim": _("A refund that the provider could not make"),
    "holddecision": _("What becomes of money that may not be held any longer"),
    "laterefund": _("A refund after the payout, by two people's word"),
}

MEANINGS: dict[str, dict[str, Any]] = {
    "escrow": {
        "open": _("Takes pledges until the deadline."),
        "on_hold": _("Takes no pledges for now; the deadline does not move."),
        "closing": _("Past its deadline; payments begun before it may still land."),
        "succeeded": _("Decided: the goal was reached, or everything is kept and there is something to keep."),
        "failed": _("Decided: the goal was missed."),
        "cancelling": _("Called off by its creator or by the platform, with a public reason."),
        "holding": _("Cooling off before the release."),
        "releasing": _("Split into its parts; the payout is on its way."),
        "released": _("Paid out; nothing is held any more."),
        "refunding": _("Every backer gets the money back."),
        "refunded": _("Everything went back; nothing is held any more."),
        "refund_blocked": _("What could not be refunded waits for a person."),
    },
    "pledge": {
        "reserved": _("Stock is held until the checkout expires."),
        "paid": _("The money is in the escrow."),
        "expired": _("The checkout ended unpaid; the stock is free again."),
        "cancelled": _("Withdrawn before it was paid."),
        "refund_pending": _("A refund of the whole is under way."),
        "refunded": _("All of it went back."),
        "disputed": _("The cardholder disputes the charge."),
        "charged_back": _("The dispute was lost; the bank took the money back."),
    },
    "amendment": {
        "proposed": _("Priced, and its stock reserved."),
        "awaiting_payment": _("The difference waits in a checkout."),
        "refunding": _("The difference is on its way back."),
        "applied": _("Lines, totals and stock are the new ones."),
        "abandoned": _("The pledge is as it was; late money goes back by itself."),
    },
    "payment": {
        "created": _("Written down; the provider has not been asked yet."),
        "submitting": _("The provider is being asked for a checkout, or the backer stands in it."),
        "requires_action": _("The backer has to confirm, for example with 3-D Secure."),
        "processing": _("Confirmed; the provider waits for the bank or the wallet."),
        "succeeded": _("The money came."),
        "failed": _("The payment was refused."),
        "cancelled": _("The checkout ended without a payment."),
    },
    "refund": {
        "requested": _("Out of the escrow and on its way; the provider is being asked."),
        "submitted": _("The provider has taken it on."),
        "pending": _("The provider waits, for its balance or for the bank."),
        "succeeded": _("The money is with the backer."),
        "failed": _("It could not be paid back; the money is with us again."),
    },
    "payout": {
        "scheduled": _("Waits for its time and for approval."),
        "approved": _("One person has agreed, two above the limit; the amount is fixed."),
        "submitting": _("The provider is being asked for the transfer, or the bank has it in a batch."),
        "paid": _("The money is with the creator's account at the provider."),
        "failed": _("The provider refused the transfer; nothing moved."),
        "returned": _("The transfer was reversed; the money is with us again."),
        "netted": _("All of it went against what the creator owes; there is nothing to send."),
    },
    "dispute": {
        "opened": _("Heard of; what the bank says follows at once."),
        "warning": _("An inquiry: nothing is withdrawn, and a refund still settles it."),
        "needs_response": _("The bank waits for our evidence."),
        "under_review": _("The bank decides."),
        "won": _("Decided for us."),
        "lost": _("Decided for the cardholder."),
        "accepted": _("Lost because we did not contest it."),
        "closed": _("Ended without a decision and without money."),
    },
    "refundclaim": {
        "open": _("Waits for finance."),
        "retrying": _("The provider has been asked once more."),
        "resolved": _("The money arrived, by the provider or by bank transfer."),
    },
    "holddecision": {
        "proposed": _("One person has proposed it."),
        "confirmed": _("Another person has agreed; it was carried out at once."),
        "withdrawn": _("The proposal was taken back."),
    },
    "laterefund": {
        "proposed": _("One person has proposed it."),
        "confirmed": _("Another person has agreed: the platform pays, and the creator owes it."),
        "withdrawn": _("The proposal was taken back."),
    },
}

# Why a row goes there.
INTO: dict[str, dict[str, Any]] = {
    "escrow": {
        "open": _("Finance lets pledges in again."),
        "on_hold": _("Finance stops new pledges, with a public reason."),
        "closing": _("The deadline has passed."),
        "succeeded": _("No payment begun in time is in flight any more, and the goal is reached."),
        "failed": _("No payment begun in time is in flight any more, and the goal is missed."),
        "cancelling": _("The creator or finance calls it off."),
        "holding": _("The cooling-off time of its terms begins."),
        "releasing": _("The cooling-off time is over and nothing stands against the payout."),
        "released": _("The transfer has succeeded."),
        "refunding": _("Refunds of all payments are asked for."),
        "refunded": _("The last refund has arrived."),
        "refund_blocked": _("Every refund has ended and some could not be made."),
    },
    "pledge": {
        "paid": _("The provider says that the money came."),
        "expired": _("The checkout ran out."),
        "cancelled": _("The backer withdrew, or the payment was refused."),
        "refund_pending": _("All that is left of it is to go back."),
        "refunded": _("The refund has arrived."),
        "disputed": _("The bank has opened a dispute."),
        "charged_back": _("The dispute was lost."),
    },
    "amendment": {
        "awaiting_payment": _("It costs more: the backer is asked to pay the difference."),
        "refunding": _("It costs less: the difference is given back."),
        "applied": _("The difference is settled, or there is none."),
        "abandoned": _("The backer gives it up, its time is over, or the campaign has ended."),
    },
    "payment": {
        "submitting": _("The checkout is asked for."),
        "requires_action": _("The bank wants the backer to confirm."),
        "processing": _("The backer has confirmed."),
        "succeeded": _("The provider says that the money came; that stands above what we believed before."),
        "failed": _("The provider says that it was refused."),
        "cancelled": _("The provider says that the checkout ended unpaid."),
    },
    "refund": {
        "requested": _("It is tried once more."),
        "submitted": _("The provider has answered."),
        "pending": _("The provider waits for its balance or the bank."),
        "succeeded": _("The provider says that it has arrived."),
        "failed": _("The provider says that it could not be made."),
    },
    "payout": {
        "scheduled": _("It is tried again after a pause."),
        "approved": _("Enough people have agreed."),
        "submitting": _("The transfer is asked for."),
        "paid": _("The provider has made the transfer."),
        "failed": _("The provider refused the transfer."),
        "returned": _("A reversal of the transfer has succeeded."),
        "netted": _("The creator's debt takes all of it."),
    },
    "dispute": {
        "warning": _("The bank only asks."),
        "needs_response": _("The bank wants evidence."),
        "under_review": _("Our evidence is in."),
        "won": _("The bank decided for us."),
        "lost": _("The bank decided for the cardholder."),
        "accepted": _("Finance does not contest it, or the time for evidence is over."),
        "closed": _("The bank dropped it."),
    },
    "refundclaim": {
        "open": _("The money did not arrive."),
        "retrying": _("Finance asks the provider once more."),
        "resolved": _("The money arrived, or finance paid it by bank transfer."),
    },
    "holddecision": {
        "confirmed": _("A second person agrees."),
        "withdrawn": _("It is taken back, or what it was about is settled."),
    },
    "laterefund": {
        "confirmed": _("A second person agrees."),
        "withdrawn": _("It is taken back."),
    },
}

EDGES: dict[tuple[str, str, str], Any] = {
    ("escrow", "released", "releasing"): _("A dispute was won after all: its money is one more tranche."),
    ("escrow", "refunded", "refunding"): _("A dispute was won after all: its money goes back, too."),
    ("escrow", "holding", "refunding"): _("The provider may not hold the money any longer and two people decide so."),
    ("escrow", "refund_blocked", "refunding"): _("Finance tries a refund again."),
    ("pledge", "expired", "reserved"): _("The backer pays after all, by the signed link: the stock is taken again."),
    ("pledge", "expired", "paid"): _("A late success that still counts: the stock is taken again."),
    ("pledge", "cancelled", "paid"): _("A late success that still counts: the stock is taken again."),
    ("pledge", "expired", "refund_pending"): _("A late success that no longer counts is refunded by itself."),
    ("pledge", "cancelled", "refund_pending"): _("A late success that no longer counts is refunded by itself."),
    ("pledge", "refund_pending", "paid"): _("The provider refuses the refund in a running campaign: it is held again."),
    ("pledge", "disputed", "paid"): _("The dispute was won or dropped."),
    ("pledge", "refund_pending", "charged_back"): _("The bank gave the backer what our refund could not."),
    ("pledge", "charged_back", "paid"): _("The bank changed its mind."),
    ("refund", "succeeded", "failed"): _("The backer's bank sent it back, days later."),
    ("dispute", "lost", "won"): _("The bank changed its mind."),
    ("dispute", "accepted", "won"): _("The bank changed its mind."),
    ("refundclaim", "resolved", "open"): _("A bank sent back what had arrived."),
}


def meaning(machine: str, state: str) -> str:
    """What a state means, in the active language."""
    return str(MEANINGS.get(machine, {}).get(state, ""))


def reason(machine: str, source: str, target: str) -> str:
    """Why a row goes from one state to another, in the active language."""
    return str(EDGES.get((machine, source, target)) or INTO.get(machine, {}).get(target, ""))
