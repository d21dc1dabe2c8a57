"""What may be out of order, in words: one line a code. `services.alerting.alert` opens them, the desk shows them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Anomaly:
    """`title` says what was seen, `advice` what it means and what to do about it."""

    title: Any
    advice: Any


ANOMALIES: dict[str, Anomaly] = {
    # What the provider told us and can't be true.
    "amount_differs": Anomaly(
        _("A payment has another amount or currency at the provider"),
        _("It was not counted. Compare the checkout with the pledge; nobody should be able to change an amount."),
    ),
    "event_amount_differs": Anomaly(
        _("A callback names another sum than we asked for"),
        _("What the provider says of the order itself was counted. Ask the provider where the callback came from."),
    ),
    "other_checkout": Anomaly(
        _("A payment has another checkout at the provider"),
        _("It was not counted. If money came in by it, refund it at the provider."),
    ),
    "fee_currency": Anomaly(
        _("The provider's fee is in another currency"),
        _("The payment counts, its fee is not booked. Let the provider settle this currency on its own balance."),
    ),
    "unknown_object": Anomaly(
        _("The provider speaks of something that is not ours"),
        _("Its events were tried for hours. Look the object up at the provider: somebody may use the same account."),
    ),
    "object_missing": Anomaly(
        _("The provider no longer knows something of ours"),
        _("It answers that there is no such object. Check that the key belongs to the right account."),
    ),
    "event_failing": Anomaly(
        _("An event of the provider can't be handled"),
        _("It was tried several times. Its last error stands beside it; it goes on being tried."),
    ),
    "late_refund_asked": Anomaly(
        _("A backer wants to leave after the payout"),
        _("The delivery was moved too far. Propose a refund after the payout at the pledge; another person confirms."),
    ),
    # Disputes.
    "dispute_opened": Anomaly(
        _("A backer disputes a charge at the bank"),
        _("Send evidence before it is due, or accept it. The money is withdrawn until the bank has decided."),
    ),
    "dispute_lost": Anomaly(
        _("A dispute was lost"),
        _("The money is gone. What had been paid out is a debt of the creator and is kept from the next payout."),
    ),
    "dispute_currency": Anomaly(
        _("A dispute is in another currency than its payment"),
        _("Nothing of it was booked. Let the provider settle this currency on its own balance, and book it by hand."),
    ),
    "dispute_moved_again": Anomaly(
        _("The provider has moved a dispute's money more than once"),
        _("Only the first movement was booked. Compare its balance transactions with the journal."),
    ),
    "dispute_refused": Anomaly(
        _("The provider refuses our answer to a dispute"),
        _("It may be too late, or decided already. Look at the dispute at the provider."),
    ),
    "debt_waiting": Anomaly(
        _("A creator owes money"),
        _("It is kept from the next payout. If there is none to come, ask for it, or write it off with a reason."),
    ),
    # Calls that are not the provider's.
    "webhook_forged": Anomaly(
        _("Somebody sends events that the provider has not signed"),
        _("They were refused. If this began with a change of the signing secret, put the new one in; else ignore it."),
    ),
    "webhook_stale": Anomaly(
        _("Signed events arrive too late"),
        _("They were refused; the provider sends them again. If it goes on, look at the server's clock."),
    ),
    "webhook_wrong_mode": Anomaly(
        _("Events of another mode arrive"),
        _("Test events reach the live site or the other way round. They were refused; check the provider's settings."),
    ),
    # Money on its way back.
    "refund_differs": Anomaly(
        _("A refund has another amount or currency at the provider"),
        _("It was not posted. Compare it with what was asked for; the difference has to be settled by hand."),
    ),
    "refunds_wait_for_balance": Anomaly(
        _("Refunds wait because the balance at the provider is too small"),
        _("Top the balance up: they go out by themselves within minutes of the money being there."),
    ),
    "refund_claims": Anomaly(
        _("Money could not be sent back to backers"),
        _("Open the claims: try the provider again, or pay by bank transfer and enter the bank's reference."),
    ),
    # Money on its way to creators.
    "transfer_differs": Anomaly(
        _("A transfer has another amount or currency at the provider"),
        _("It was not posted. Compare it with the payout before anything else is sent."),
    ),
    "payout_bank_failed": Anomaly(
        _("A creator's bank has sent a payout back"),
        _("The money lies on the creator's account at the provider. They were asked to correct their bank details."),
    ),
    "bank_account_waits": Anomaly(
        _("A creator's bank account waits to be checked"),
        _("Compare it with what the creator has proved of themselves; their payouts wait until then."),
    ),
    "payout_not_reversed": Anomaly(
        _("A transfer could not be taken back"),
        _("The creator's account at the provider no longer has the money. Ask the creator before anything is sent."),
    ),
    "payout_account_disabled": Anomaly(
        _("A creator with running campaigns can't be paid at present"),
        _("The provider has switched their account off. They were told what to do; payouts go on by themselves."),
    ),
    "hold_ends_soon": Anomaly(
        _("Money may soon not be held any longer"),
        _("The provider's longest time of holding ends. Decide on the escrow's page: release it or refund it now."),
    ),
    # What we asked for and have no answer to.
    "command_stuck": Anomaly(
        _("A call to the provider has had no definite answer for long"),
        _("It goes on being tried with the same key, so nothing can happen twice. Look whether the provider is down."),
    ),
    "checkout_not_ended": Anomaly(
        _("A checkout can't be ended"),
        _("It may still be paid; the payment then counts or is refunded by itself. The stock is held until it ends."),
    ),
    # Money.
    "coverage_short": Anomaly(
        _("What we have does not cover what we owe"),
        _("Processing fees don't come back on refunds. Put the missing amount in before refunds begin."),
    ),
    # Proofs that did not hold.
    "ledger_wrong": Anomaly(
        _("The ledger does not add up"),
        _("Something was changed past the services, or they have a defect. Payouts are frozen until a run is clean."),
    ),
    "provider_differs": Anomaly(
        _("The books and the provider differ"),
        _("The report shows both sides' numbers. Payouts are frozen until a run is clean or two people agree."),
    ),
    "balances_differ": Anomaly(
        _("A kept balance is not what its entries add up to"),
        _("Nothing is put right by itself: somebody has to find out why. Payouts are frozen until a run is clean."),
    ),
    "proof_failed": Anomaly(
        _("A proof could not be run"),
        _("It neither holds nor fails. Look at its last error and run it again; it comes again tomorrow night."),
    ),
}  # fmt: skip


def title(code: str) -> Any:
    """What was seen, in words; the code itself where nobody has written any."""
    return ANOMALIES[code].title if code in ANOMALIES else code


def advice(code: str) -> Any:
    """What it means and what to do, in words."""
    return ANOMALIES[code].advice if code in ANOMALIES else ""
