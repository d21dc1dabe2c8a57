"""Which service deals with which answer, which event and which sweep: one table each."""

from cms.core import events, sweeps
from funding.models.commands import CommandKind
from funding.services import (
    amending,
    cancelling,
    checking,
    checkouts,
    closing,
    commanding,
    covering,
    deciding,
    disputing,
    informing,
    issuing,
    onboarding,
    paying,
    paying_out,
    polling,
    refund_answers,
    returning,
    sealing,
    settling,
    signing,
    stalling,
    treasury,
)
from funding.webhooks import channels, dispatch, handlers, settlement


def connect() -> None:
    """Register everything; called once, when the app is ready."""
    _answers()
    _events()
    events.subscribe("funding.alert_opened", informing.alert_opened)
    events.subscribe("funding.pledge_paid", issuing.on_event)
    events.subscribe("funding.pledge_refunded", issuing.on_event)
    _sweeps()


def _answers() -> None:
    record = commanding.record_with
    record(
        CommandKind.CREATE_CHECKOUT, succeeded=paying.record_opened, refused=paying.record_refused,
        private=checkouts.private,
    )  # fmt: skip
    record(CommandKind.EXPIRE_CHECKOUT, succeeded=paying.record_ended, refused=paying.record_not_ended)
    record(CommandKind.CREATE_REFUND, succeeded=refund_answers.record_answer, refused=refund_answers.record_refusal)
    record(CommandKind.REVERSE_TRANSFER, succeeded=returning.record_reversed, refused=returning.record_not_reversed)
    record(CommandKind.CREATE_TRANSFER, succeeded=paying_out.record_answer, refused=paying_out.record_refusal)
    heard, unheard = disputing.record_answer, disputing.record_refusal
    record(CommandKind.SUBMIT_EVIDENCE, succeeded=heard, refused=unheard, private=disputing.private)
    record(CommandKind.ACCEPT_DISPUTE, succeeded=heard, refused=unheard)


def _events() -> None:
    dispatch.on("checkout.session.", handlers.handle_checkout)
    dispatch.on("payment_intent.", handlers.handle_checkout)
    dispatch.on("direct.order", channels.handle_order)
    dispatch.on("direct.refund", channels.handle_refund)
    dispatch.on("charge.", handlers.handle_checkout)
    dispatch.on("charge.dispute.", settlement.handle_dispute)
    dispatch.on("refund.", settlement.handle_refund)
    dispatch.on("transfer.", settlement.handle_transfer)
    dispatch.on("account.", settlement.handle_account)
    dispatch.on("payout.", settlement.handle_bank_payout)
    dispatch.on("capability.", settlement.handle_account)


def _sweeps() -> None:
    # What the provider has told comes before what we believe; deadlines come after payments.
    sweeps.register("funding.commands", commanding.sweep_commands, rank=10)
    sweeps.register("funding.webhooks", handlers.sweep_events, rank=12)
    sweeps.register("funding.payments", polling.poll_payments, rank=14)
    sweeps.register("funding.reservations", cancelling.expire_due, rank=16)
    sweeps.register("funding.refunds", polling.poll_refunds, rank=18)
    sweeps.register("funding.disputes", polling.poll_disputes, rank=18)
    sweeps.register("funding.accounts", onboarding.refresh_due, rank=19)
    sweeps.register("funding.close", closing.close_due, rank=20)
    sweeps.register("funding.amendments", amending.abandon_due, rank=21)
    sweeps.register("funding.decide", closing.decide_due, rank=22)
    # Before any refund run begins, so that the float can be put in.
    sweeps.register("funding.coverage", treasury.watch_coverage, rank=23)
    sweeps.register("funding.settle", settling.settle_due, rank=24)
    sweeps.register("funding.payouts", paying_out.submit_due, rank=26)
    sweeps.register("funding.refunds_short", covering.retry_short, rank=27)
    # What settlement has just planned goes out in the same sweep, nudges or not.
    sweeps.register("funding.commands_again", commanding.sweep_commands, rank=28)
    sweeps.register("funding.documents", issuing.issue_due, rank=30)
    sweeps.register("funding.holds", deciding.watch_holds, rank=38)
    sweeps.register("funding.stuck", stalling.watch_commands, rank=40)
    # Last: what all the others have posted.
    sweeps.register("funding.seal", sealing.seal_due, rank=60)
    sweeps.register("funding.proofs", checking.nightly, rank=90)
    sweeps.register("funding.sign", signing.sign_due, rank=61)
