"""Places and cancels pledges."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from cms.users.selectors import person_hash
from funding.exceptions import CampaignNotOpen, IdempotencyConflict
from funding.gateways import limits
from funding.models import GatewayCommand, Payment, Pledge
from funding.selectors import access_token
from funding.services import channels, checkouts, ordering, shortages
from funding.services.cancelling import cancel_pledge
from funding.services.ordering import LineInput, Order, PledgeInput
from funding.states import PAYMENT, PLEDGE, PledgeState

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
            # Hottest rows last; every refusal rolls back what was inserted.
            if refusal := shortages.reserve(rows.pledge.pk, order):
                raise refusal
    except _AlreadyPlacedError:
        return _replay(request, idempotency_key)
    checkouts.open_now(rows.pledge, rows.payment, rows.command)
    return PledgeResult(rows.pledge, rows.payment, access_token(rows.pledge), replayed=False)


def _build(request: PledgeInput, idempotency_key: str, order: Order) -> _Rows:
    terms = order.terms
    provider = channels.choose(
        asked=request.provider, currency=terms.currency, paid_at=terms.now, refundable_until=terms.refundable_until
    )
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
        expires_at=until, provider=provider,
    )  # fmt: skip
    command = checkouts.opening(
        pledge=pledge, payment=payment, terms=terms, success_url=request.success_url, cancel_url=request.cancel_url,
        handset=request.handset, client_ip=request.client_ip,
    )  # fmt: skip
    return _Rows(pledge, payment, command)


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


def _replay(request: PledgeInput, idempotency_key: str) -> PledgeResult:
    """The answer of an earlier request with the key; a checkout that could not be opened then is opened now."""
    pledge = Pledge.objects.get(idempotency_scope=ordering.scope(request), idempotency_key=idempotency_key)
    if pledge.idempotency_fingerprint != ordering.fingerprint(request):
        raise IdempotencyConflict(_("This idempotency key was used for another pledge."), field="Idempotency-Key")
    payment = pledge.payments.order_by("pk")[0]
    if not payment.session_id and pledge.state == PledgeState.RESERVED:
        payment = checkouts.resume(pledge, payment)
        pledge.refresh_from_db()
    return PledgeResult(pledge, payment, access_token(pledge), replayed=True)
