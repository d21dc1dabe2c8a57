"""The state of a pledge in words: what happened, what it means for the money, what to do."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funding.models import Payment, Pledge
from funding.money import format_money
from funding.states import EscrowState, PaymentState, PledgeState

_IN_FLIGHT = {PaymentState.PROCESSING, PaymentState.REQUIRES_ACTION}


# state → (label, headline, explanation, tone). "%(amount)s" is the pledge's total.
_WORDS: dict[str, tuple[Any, Any, Any, str]] = {
    PledgeState.RESERVED: (
        _("Waiting for payment"),
        _("Your pledge waits for its payment"),
        _("Your rewards are kept for you. Nothing has been charged yet."),
        "info",
    ),
    "processing": (
        _("Being confirmed"),
        _("Your payment is being confirmed"),
        _("The payment service has it in hand. This page tells you as soon as it knows; a receipt follows."),
        "info",
    ),
    "payment_failed": (
        _("Payment failed"),
        _("The payment did not go through"),
        _("Nothing was charged. You can try again with the same or another way of paying."),
        "error",
    ),
    PledgeState.PAID: (
        _("Paid"),
        _("Thank you. Your pledge is paid"),
        _("We received %(amount)s and hold it for the campaign. The receipt is in your mail."),
        "success",
    ),
    "delivered": (
        _("Paid"),
        _("Thank you. Your pledge is paid"),
        _("We received %(amount)s. The campaign reached its goal, and the money went to its creator."),
        "success",
    ),
    PledgeState.EXPIRED: (
        _("Expired"),
        _("The checkout ran out"),
        _("Nothing was charged, and your rewards are free for others again."),
        "warning",
    ),
    PledgeState.CANCELLED: (
        _("Cancelled"),
        _("This pledge was cancelled"),
        _("Nothing was charged."),
        "info",
    ),
    PledgeState.REFUND_PENDING: (
        _("Refund on its way"),
        _("Your money is on its way back"),
        _("%(amount)s goes back to where it came from. Cards take a few days, wallets usually minutes."),
        "info",
    ),
    PledgeState.REFUNDED: (
        _("Refunded"),
        _("Your money went back"),
        _("%(amount)s went back to where it came from."),
        "success",
    ),
    PledgeState.DISPUTED: (
        _("Disputed"),
        _("The payment is disputed"),
        _("The bank is looking into the charge. The money stays where it is until it decides."),
        "warning",
    ),
    PledgeState.CHARGED_BACK: (
        _("Charged back"),
        _("The bank took the payment back"),
        _("The pledge no longer counts."),
        "error",
    ),
}


def pledge_words(pledge: Pledge, payment: Payment | None) -> dict[str, Any]:
    """`state, state_label, headline, explanation, tone` of pages/pledge.html."""
    state = pledge.state
    if state == PledgeState.RESERVED and payment is not None:
        if payment.state in _IN_FLIGHT:
            state = "processing"
        elif payment.state == PaymentState.FAILED:
            state = "payment_failed"
    given_on = state == PledgeState.PAID and pledge.escrow.state == EscrowState.RELEASED
    label, headline, explanation, tone = _WORDS["delivered" if given_on else state]
    amount = format_money(pledge.total, pledge.currency, exact=True)
    return {
        "state": state,
        "state_label": label,
        "headline": headline,
        "explanation": str(explanation).replace("%(amount)s", amount),
        "tone": tone,
    }


def change_refusal(code: str) -> str:
    """Why a pledge can't be changed, for the reason's code."""
    return {
        "amendment_open": gettext("A change of this pledge is under way already: pay its difference or drop it first."),
        "partly_refunded": gettext("Part of this pledge was refunded, so it can't become that much smaller."),
        "pledge_reserved": gettext("This pledge waits for its payment: pay it first, or cancel it and choose again."),
        "pledge_disputed": gettext("The payment is disputed. Until the bank has decided, nothing can be changed."),
        "campaign_on_hold": gettext("The campaign takes no pledges and no changes just now."),
    }.get(code, gettext("This pledge can't be changed any more."))


def retry_refusal(code: str) -> str:
    """Why a pledge can't be paid after all, for the reason's code."""
    return {
        "pledge_cancelled": gettext("You cancelled this pledge. Nothing was charged; you can choose again."),
        "campaign_on_hold": gettext("The campaign takes no pledges just now. Nothing was charged."),
        "reservation_expired": gettext("The time for this payment is over. Try again in a minute."),
    }.get(code, gettext("The campaign takes no pledges any more. Nothing was charged."))
