"""Opening a checkout: planned with the payment it is for, called after commit, taken up again when that failed."""

import time
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from funding.exceptions import ProviderRefused, ProviderUnavailable
from funding.gateways import get_gateway, limits
from funding.gateways.base import CheckoutRequest
from funding.models import GatewayCommand, Payment, Pledge
from funding.models.commands import CommandKind
from funding.selectors import access_token
from funding.services import commanding
from funding.services.channels import STRIPE
from funding.services.ordering import Terms
from funding.states import CommandState, PaymentState


def opening(
    *, pledge: Pledge, payment: Payment, terms: Terms, success_url: str = "", cancel_url: str = "", locale: str = "",
    handset: bool = False, client_ip: str = "",
) -> GatewayCommand:  # fmt: skip
    """The unsaved command that opens a payment's checkout; the URLs may contain "{pledge}" and "{token}".

    Whose it is is not kept with the command, see `private`. Sets the payment's `client_ip`, before it is saved.
    """
    key = _key(pledge, payment)
    # Kept only where the provider asks for it.
    payment.client_ip = client_ip if handset else ""
    locale = locale or pledge.locale
    checkout = CheckoutRequest(
        command=key, pledge=str(pledge.id), payment=payment.pk, escrow=terms.key, name=_name(terms, locale),
        email="", locale=locale, amount=payment.amount, currency=payment.currency,
        methods=limits.methods_for(
            currency=terms.currency, paid_at=terms.now, refundable_until=terms.refundable_until
        ),
        expires_at=int(payment.expires_at.timestamp()), success_url=success_url, cancel_url=cancel_url,
        pay_url=_pay_page(pledge, payment, locale), handset=handset,
    )  # fmt: skip
    command = GatewayCommand(
        provider=payment.provider, kind=CommandKind.CREATE_CHECKOUT, subject=f"payment:{payment.pk}",
        idempotency_key=key, amount=payment.amount,
        currency=payment.currency, payload=asdict(checkout), created_at=terms.now,
    )  # fmt: skip
    # Born leased: this very request makes the call. If it dies, the lease runs out and the sweep goes on.
    commanding.lease(command, timezone.now())
    return command


def private(command: GatewayCommand) -> dict[str, Any]:
    """What of a checkout's request is the backer's own: the address, where they sit, links that open their pledge."""
    payment = Payment.objects.select_related("pledge").get(pk=command.payload["payment"])
    return _private(command, payment.pledge, payment)


def _private(command: GatewayCommand, pledge: Pledge, payment: Payment) -> dict[str, Any]:
    values = {"pledge": str(pledge.pk), "token": access_token(pledge)}
    return {
        "email": pledge.email,
        "client_ip": payment.client_ip,
        "success_url": _filled(command.payload["success_url"], values) or f"{settings.PUBLIC_URL}/",
        "cancel_url": _filled(command.payload["cancel_url"], values) or f"{settings.PUBLIC_URL}/",
        "pay_url": _filled(command.payload["pay_url"], values),
    }


def _pay_page(pledge: Pledge, payment: Payment, locale: str) -> str:
    """Our own page of a payment, for providers that have none; its token opens it wherever the link is taken."""
    if payment.provider == STRIPE:
        return ""
    with translation.override(locale):
        path = reverse("pledge_pay", kwargs={"pledge_id": pledge.pk, "payment_id": payment.pk})
    return f"{settings.PUBLIC_URL}{path}?token={{token}}"


def pay_code(payment: Payment) -> str:
    """What the page of an open payment shows or leads to, fresh from the provider: the same order asked for again.

    Calls the provider, so never inside a transaction. Raises `ProviderUnavailable`, `ProviderRefused`.
    """
    command = GatewayCommand.objects.get(kind=CommandKind.CREATE_CHECKOUT, subject=f"payment:{payment.pk}")
    return get_gateway(payment.provider).create_checkout(CheckoutRequest(**commanding.whole(command))).code


def _key(pledge: Pledge, payment: Payment) -> str:
    return f"checkout:{pledge.pk}:{payment.pk}"


def _name(terms: Terms, locale: str) -> str:
    return terms.names.get(locale) or next(iter(terms.names.values()), terms.key)


def _filled(url: str, values: dict[str, str]) -> str:
    # Not str.format: the provider has placeholders of its own, in the same braces.
    for name, value in values.items():
        url = url.replace(f"{{{name}}}", value)
    return url


def open_now(pledge: Pledge, payment: Payment, command: GatewayCommand) -> None:
    """Make the call of a leased command, outside any transaction; `payment` then has its `checkout_url`.

    Raises `ProviderUnavailable` and `ProviderRefused`, naming the pledge.
    """
    outcome = commanding.carry_out(command, private=_private(command, pledge, payment))
    _require_opened(pledge, outcome)
    payment.session_id, payment.checkout_url = outcome.answer.external_id, outcome.answer.url
    payment.state = PaymentState.SUBMITTING


def resume(pledge: Pledge, payment: Payment) -> Payment:
    """Open a checkout whose opening failed, or wait for whoever is just opening it. Raises as `open_now`."""
    waiting_until = time.monotonic() + float(getattr(settings, "STRIPE_TIMEOUT", 8))
    while time.monotonic() < waiting_until:
        command = GatewayCommand.objects.get(idempotency_key=_key(pledge, payment))
        if command.state in (CommandState.PLANNED, CommandState.UNKNOWN):
            outcome = commanding.run(command.pk, at_once=True)
            if outcome is not None:
                _require_opened(pledge, outcome)
        payment.refresh_from_db()
        if payment.session_id or command.state in (CommandState.SUCCEEDED, CommandState.FAILED):
            return payment
        time.sleep(0.05)
    raise _not_reachable(pledge)


def _require_opened(pledge: Pledge, outcome: commanding.Outcome) -> None:
    """Raise what kept the checkout from being opened, naming the pledge."""
    if outcome.command.state == CommandState.SUCCEEDED:
        return
    if outcome.command.state == CommandState.FAILED:
        code = outcome.error.extra.get("provider_code") if outcome.error else None
        message = _("The payment provider doesn't take this payment.")
        raise ProviderRefused(message, pledge=str(pledge.pk), provider_code=code)
    raise _not_reachable(pledge)


def _not_reachable(pledge: Pledge) -> ProviderUnavailable:
    message = _("The payment provider can't be reached. Nothing was charged; please try again in a moment.")
    return ProviderUnavailable(message, pledge=str(pledge.pk))
