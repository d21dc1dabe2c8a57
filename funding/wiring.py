"""Which service deals with which answer, which event and which sweep: one table each."""

from cms.core import sweeps
from funding.models.commands import CommandKind
from funding.services import cancelling, commanding, paying, polling
from funding.webhooks import dispatch, handlers


def connect() -> None:
    """Register everything; called once, when the app is ready."""
    _answers()
    _events()
    _sweeps()


def _answers() -> None:
    record = commanding.record_with
    record(CommandKind.CREATE_CHECKOUT, succeeded=paying.record_opened, refused=paying.record_refused)
    record(CommandKind.EXPIRE_CHECKOUT, succeeded=paying.record_ended, refused=paying.record_not_ended)


def _events() -> None:
    dispatch.on("checkout.session.", handlers.handle_checkout)
    dispatch.on("payment_intent.", handlers.handle_checkout)
    dispatch.on("charge.", handlers.handle_checkout)


def _sweeps() -> None:
    # What the provider has told comes before what we believe; deadlines come after payments.
    sweeps.register("funding.commands", commanding.sweep_commands, rank=10)
    sweeps.register("funding.webhooks", handlers.sweep_events, rank=12)
    sweeps.register("funding.payments", polling.poll_payments, rank=14)
    sweeps.register("funding.reservations", cancelling.expire_due, rank=16)
