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
    # Calls that are not the provider's.
    "webhook_forged": Anomaly(
        _("Somebody sends events that the provider has not signed"),
        _("They were refused. If this began with a change of the signing secret, put the new one in; else ignore it."),
    ),
    "webhook_wrong_mode": Anomaly(
        _("Events of another mode arrive"),
        _("Test events reach the live site or the other way round. They were refused; check the provider's settings."),
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
}  # fmt: skip


def title(code: str) -> Any:
    """What was seen, in words; the code itself where nobody has written any."""
    return ANOMALIES[code].title if code in ANOMALIES else code


def advice(code: str) -> Any:
    """What it means and what to do, in words."""
    return ANOMALIES[code].advice if code in ANOMALIES else ""
