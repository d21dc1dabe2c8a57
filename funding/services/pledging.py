"""Places and cancels pledges."""

import time
import uuid
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.users.selectors import person_hash
from funding.exceptions import (
    CampaignNotOpen,
    IdempotencyConflict,
    ProviderRefused,
    ProviderUnavailable,
    RewardNotAvailable,
    RewardSoldOut,
)
from funding.gateways import limits
from funding.gateways.base import CheckoutRequest
from funding.models import Escrow, GatewayCommand, Payment, Pledge, Reward
from funding.models.commands import CommandKind
from funding.selectors import access_token
from funding.services import commanding, ordering, stocking
from funding.services.cancelling import cancel_pledge
from funding.services.ordering import Line, LineInput, Order, PledgeInput
from funding.states import PAYMENT, PLEDGE, CommandState, EscrowState, PaymentState, PledgeState

__all__ = ["LineInput", "PledgeInput", "PledgeResult", "cancel_pledge", "place_pledge"]


@dataclass(frozen=True)
class PledgeResult:
    """A pledge with its checkout (`payment.checkout_url`) and the token that lets a guest see it again."""

    pledge: Pledge
    payment: Payment
    access_token: str
    replayed: bool


@dataclass(frozen=True)
class _Rows:
    """What transaction 1 writes, built before it begins."""

    pledge: Pledge
    payment: Payment
    command: GatewayCommand


class _AlreadyPlacedError(Exception):
    """Another request with the same key was faster."""


def place_pledge(*, request: PledgeInput, idempotency_key: str) -> PledgeResult:
    """Reserve what is asked for and open a checkout; nothing is charged before the backer pays there.

    The same key with the same payload gives the same answer, and resumes a checkout that the provider could not open;
    with another payload it is an `IdempotencyConflict`. Raises `InvalidPledge`, `BadAmount`, `UnknownReward`,
    `CountryNotServed`, `RewardSoldOut`, `RewardNotAvailable`, `PerPersonLimitReached`, `CampaignNotOpen`, with nothing
    written; `ProviderUnavailable` with `pledge` when the reservation stands but the provider can't be reached;
    `ProviderRefused` when it will not take the payment, and the reservation is gone.
    """
    ordering.check_request(request, idempotency_key)
    terms = ordering.read_terms(request, idempotency_key)
    if terms.earlier is not None:
        return _replay(request, idempotency_key)
    order = ordering.price(request, terms)
    rows = _build(request, idempotency_key, order)
    try:
        with transaction.atomic():
            _insert(rows, order)
            _reserve(rows.pledge, order)
    except _AlreadyPlacedError:
        return _replay(request, idempotency_key)
    outcome = commanding.carry_out(rows.command)
    _require_opened(rows.pledge, outcome)
    rows.payment.session_id, rows.payment.checkout_url = outcome.answer.external_id, outcome.answer.url
    rows.payment.state = PaymentState.SUBMITTING
    return PledgeResult(rows.pledge, rows.payment, access_token(rows.pledge), replayed=False)


def _build(request: PledgeInput, idempotency_key: str, order: Order) -> _Rows:
    terms, now = order.terms, timezone.now()
    until = terms.now + limits.CHECKOUT_LIFE
    pledge = Pledge(
        id=uuid.uuid4(), escrow_id=terms.escrow_id, backer=request.user, email=request.email.strip().lower(),
        person=person_hash(request.email), locale=request.locale, currency=terms.currency,
        rewards_amount=order.rewards_amount, shipping_amount=order.shipping_amount, extra_amount=order.extra,
        total=order.total, country=request.country, anonymous=request.anonymous, message=request.message.strip(),
        version=request.version, created_at=terms.now, reserved_until=until,
        idempotency_scope=ordering.scope(request), idempotency_key=idempotency_key,
        idempotency_fingerprint=ordering.fingerprint(request),
    )  # fmt: skip
    payment = Payment(
        id=terms.payment_id, pledge=pledge, amount=order.total, currency=terms.currency, created_at=terms.now,
        expires_at=until,
    )  # fmt: skip
    key = f"checkout:{pledge.id}:{payment.id}"
    urls = {"pledge": str(pledge.id), "token": access_token(pledge)}
    checkout = CheckoutRequest(
        command=key, pledge=str(pledge.id), payment=payment.pk, escrow=terms.key, name=_name(terms, request.locale),
        email=pledge.email, locale=request.locale, amount=order.total, currency=terms.currency,
        methods=limits.methods_for(
            currency=terms.currency, paid_at=terms.now, refundable_until=terms.refundable_until
        ),
        expires_at=int(until.timestamp()), success_url=_filled(request.success_url, urls),
        cancel_url=_filled(request.cancel_url, urls),
    )  # fmt: skip
    command = GatewayCommand(
        provider=payment.provider, kind=CommandKind.CREATE_CHECKOUT, subject=f"payment:{payment.pk}",
        idempotency_key=key, amount=order.total, currency=terms.currency, payload=asdict(checkout),
        created_at=terms.now,
    )  # fmt: skip
    # Born leased: this very request makes the call. If it dies, the lease runs out and the sweep goes on.
    commanding.lease(command, now)
    return _Rows(pledge, payment, command)


def _name(terms: ordering.Terms, locale: str) -> str:
    return terms.names.get(locale) or next(iter(terms.names.values()), terms.key)


def _filled(url: str, values: dict[str, str]) -> str:
    # Not str.format: the provider has placeholders of its own, in the same braces.
    for name, value in values.items():
        url = url.replace(f"{{{name}}}", value)
    return url or f"{settings.PUBLIC_URL}/"


_INSERT = """
WITH pledge AS (
  INSERT INTO funding_pledge ({pledge_columns}) SELECT {pledge_values} FROM funding_escrow AS escrow
   WHERE escrow.id = %s AND escrow.state = 'open' AND app_now() < escrow.deadline
      ON CONFLICT (idempotency_scope, idempotency_key) DO NOTHING RETURNING id
), lines AS (
  INSERT INTO funding_pledgeline (pledge_id, reward_id, variant_id, quantity, unit_price, unit_shipping)
  SELECT pledge.id, line.* FROM pledge,
         unnest(%s::bigint[], %s::bigint[], %s::int[], %s::bigint[], %s::bigint[]) AS line
), payment AS (
  INSERT INTO funding_payment ({payment_columns}) SELECT {payment_values} FROM pledge RETURNING id
), command AS (
  INSERT INTO funding_gatewaycommand ({command_columns}) SELECT {command_values} FROM pledge RETURNING id
), log AS (
  INSERT INTO funding_transitionlog (machine, object_id, sequence, source, target, actor_id, reason)
  SELECT begun.*, 1, '', begun_in.state, %s::bigint, '' FROM pledge,
         LATERAL (VALUES (%s, %s), (%s, %s)) AS begun (machine, object_id),
         LATERAL (SELECT CASE begun.machine WHEN 'pledge' THEN %s ELSE %s END AS state) AS begun_in
)
SELECT command.id FROM command
"""


def _insert(rows: _Rows, order: Order) -> None:
    """Write all new rows in one statement; if it finds the key taken or the campaign closed, it writes none."""
    pledge, payment, command = (_row(row) for row in (rows.pledge, rows.payment, rows.command))
    statement = _INSERT.format(
        pledge_columns=pledge[0], pledge_values=pledge[1], payment_columns=payment[0], payment_values=payment[1],
        command_columns=command[0], command_values=command[1],
    )  # fmt: skip
    lines = order.lines
    parameters = [
        *pledge[2], order.terms.escrow_id,
        [line.reward_id for line in lines], [line.variant_id for line in lines], [line.quantity for line in lines],
        [line.unit_price for line in lines], [line.unit_shipping for line in lines],
        *payment[2], *command[2],
        rows.pledge.backer_id, PLEDGE.name, str(rows.pledge.pk), PAYMENT.name, str(rows.payment.pk),
        PLEDGE.initial, PAYMENT.initial,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
    if row is None:
        if Pledge.objects.filter(
            idempotency_scope=rows.pledge.idempotency_scope, idempotency_key=rows.pledge.idempotency_key
        ).exists():
            raise _AlreadyPlacedError
        raise CampaignNotOpen(_("This campaign takes no pledges now."), field="campaign")
    rows.command.pk = row[0]


def _row(instance: models.Model) -> tuple[str, str, list[Any]]:
    """Columns, placeholders and values of an unsaved instance; what the database fills in is left out."""
    columns, casts, values = [], [], []
    for column in instance._meta.concrete_fields:
        value = getattr(instance, column.attname)
        if isinstance(value, models.Expression) or (column.primary_key and value is None):
            continue
        columns.append(column.column)
        casts.append(f"%s::{column.db_type(connection)}")
        values.append(column.get_db_prep_save(value, connection))
    return ", ".join(columns), ", ".join(casts), values


def _reserve(pledge: Pledge, order: Order) -> None:
    """Take the stock, hottest rows last; every refusal rolls back what was inserted."""
    if order.limited:
        allowed = stocking.hold(pledge.pk)
        for line in order.lines:
            if line.reward_id in order.limited - allowed:
                raise ordering.limit_reached(line)
    variants = {line.variant_id for line in order.lines if line.variant_id}
    if variants and (short := variants - stocking.reserve_variants(pledge.pk)):
        raise _sold_out(next(line for line in order.lines if line.variant_id in short))
    rewards = {line.reward_id for line in order.lines}
    if rewards and (short := rewards - stocking.reserve_rewards(pledge.pk)):
        raise _unavailable(next(line for line in order.lines if line.reward_id in short), order)


def _sold_out(line: Line) -> RewardSoldOut:
    return RewardSoldOut(_("There are not enough of this reward left."), field="lines", reward=line.reward_key)


def _unavailable(line: Line, order: Order) -> Exception:
    escrow = Escrow.objects.get(pk=order.terms.escrow_id)
    if escrow.state != EscrowState.OPEN or order.terms.now >= escrow.deadline:
        return CampaignNotOpen(_("This campaign takes no pledges now."), field="campaign")
    reward = Reward.objects.get(pk=line.reward_id)
    begun = reward.window_start is None or order.terms.now >= reward.window_start
    if not begun or (reward.window_end is not None and order.terms.now >= reward.window_end):
        return RewardNotAvailable(
            _("This reward is not on sale now."), field="lines", reward=reward.key,
            window={"start": reward.window_start, "end": reward.window_end},
        )  # fmt: skip
    return _sold_out(line)


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


def _replay(request: PledgeInput, idempotency_key: str) -> PledgeResult:
    """The answer of an earlier request with the key; a checkout that could not be opened then is opened now."""
    pledge = Pledge.objects.get(idempotency_scope=ordering.scope(request), idempotency_key=idempotency_key)
    if pledge.idempotency_fingerprint != ordering.fingerprint(request):
        raise IdempotencyConflict(_("This idempotency key was used for another pledge."), field="Idempotency-Key")
    payment = pledge.payments.order_by("pk")[0]
    if not payment.session_id and pledge.state == PledgeState.RESERVED:
        payment = _resume(pledge, payment)
        pledge.refresh_from_db()
    return PledgeResult(pledge, payment, access_token(pledge), replayed=True)


def _resume(pledge: Pledge, payment: Payment) -> Payment:
    """Open the checkout of a reservation, or wait for whoever is just opening it."""
    waiting_until = time.monotonic() + float(getattr(settings, "STRIPE_TIMEOUT", 8))
    while time.monotonic() < waiting_until:
        command = GatewayCommand.objects.get(idempotency_key=f"checkout:{pledge.pk}:{payment.pk}")
        if command.state in (CommandState.PLANNED, CommandState.UNKNOWN):
            outcome = commanding.run(command.pk, at_once=True)
            if outcome is not None:
                _require_opened(pledge, outcome)
        payment.refresh_from_db()
        if payment.session_id or command.state in (CommandState.SUCCEEDED, CommandState.FAILED):
            return payment
        time.sleep(0.05)
    raise _not_reachable(pledge)
