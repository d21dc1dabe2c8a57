"""The state of a pledge in words: what happened, what it means for the money, what to do."""

from typing import Any

from django.utils.translation import gettext

from funding.models import Payment, Pledge
from funding.money import format_money
from funding.states import PaymentState, PledgeState

_IN_FLIGHT = {PaymentState.PROCESSING, PaymentState.REQUIRES_ACTION}


def pledge_words(pledge: Pledge, payment: Payment | None) -> dict[str, Any]:
    """`state, state_label, headline, explanation, tone` of pages/pledge.html."""
    state = pledge.state
    if state == PledgeState.RESERVED and payment is not None:
        if payment.state in _IN_FLIGHT:
            state = "processing"
        elif payment.state == PaymentState.FAILED:
            state = "payment_failed"
    label, headline, explanation, tone = _words(state, format_money(pledge.total, pledge.currency, exact=True))
    return {"state": state, "state_label": label, "headline": headline, "explanation": explanation, "tone": tone}


def _words(state: str, amount: str) -> tuple[str, str, str, str]:
    words = {
        PledgeState.RESERVED: (
            gettext("Waiting for payment"),
            gettext("Your pledge waits for its payment"),
            gettext("Your rewards are kept for you. Nothing has been charged yet."),
            "info",
        ),
        "processing": (
            gettext("Being confirmed"),
            gettext("Your payment is being confirmed"),
            gettext("The payment service has it in hand. This page tells you as soon as it knows; a receipt follows."),
            "info",
        ),
        "payment_failed": (
            gettext("Payment failed"),
            gettext("The payment did not go through"),
            gettext("Nothing was charged. You can try again with the same or another way of paying."),
            "error",
        ),
        PledgeState.PAID: (
            gettext("Paid"),
            gettext("Thank you. Your pledge is paid"),
            gettext("We received %(amount)s and hold it for the campaign. The receipt is in your mail."),
            "success",
        ),
        PledgeState.EXPIRED: (
            gettext("Expired"),
            gettext("The checkout ran out"),
            gettext("Nothing was charged, and your rewards are free for others again."),
            "warning",
        ),
        PledgeState.CANCELLED: (
            gettext("Cancelled"),
            gettext("This pledge was cancelled"),
            gettext("Nothing was charged."),
            "info",
        ),
        PledgeState.REFUND_PENDING: (
            gettext("Refund on its way"),
            gettext("Your money is on its way back"),
            gettext("%(amount)s goes back to where it came from. Cards take a few days, wallets usually minutes."),
            "info",
        ),
        PledgeState.REFUNDED: (
            gettext("Refunded"),
            gettext("Your money went back"),
            gettext("%(amount)s went back to where it came from."),
            "success",
        ),
        PledgeState.DISPUTED: (
            gettext("Disputed"),
            gettext("The payment is disputed"),
            gettext("The bank is looking into the charge. The money stays where it is until it decides."),
            "warning",
        ),
        PledgeState.CHARGED_BACK: (
            gettext("Charged back"),
            gettext("The bank took the payment back"),
            gettext("The pledge no longer counts."),
            "error",
        ),
    }
    label, headline, explanation, tone = words[PledgeState(state) if state in set(PledgeState) else state]
    return label, headline, explanation % {"amount": amount} if "%(" in explanation else explanation, tone
