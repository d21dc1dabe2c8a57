"""Calls to a provider: planned with the fact, leased, made with the stored key, answered for in a transaction.

    planned → sending → succeeded | failed | unknown

The request, the worker and the sweep all go through `run`. Times here are real time: a lease and a backoff don't
care what the clock of the demo says.
"""

import json
import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from cms.core import jobs, sweeps
from cms.core.clock import AppNow
from funding.exceptions import ProviderRefused, ProviderUnavailable, RateLimited
from funding.gateways import get_gateway
from funding.gateways.base import (
    CheckoutRequest,
    Gateway,
    RefundRequest,
    RefundSnapshot,
    TransferRequest,
    TransferSnapshot,
)
from funding.models import GatewayCommand
from funding.models.commands import CommandKind
from funding.states import CommandState

logger = logging.getLogger("kindling.commands")

LEASE = timedelta(seconds=60)
# The provider forgets keys after this; then, as after an unknown outcome, the object is looked up first.
KEY_LIFE = timedelta(hours=23)
SWEEP_MOST = 2_000

_S = CommandState
UNFINISHED = (_S.PLANNED, _S.SENDING, _S.UNKNOWN)


@dataclass(frozen=True)
class Recorder:
    """What a kind's answer means to us. Both run in the transaction that ends the command, and lock in order."""

    succeeded: Callable[[GatewayCommand, Any], None]
    refused: Callable[[GatewayCommand, ProviderRefused], None]
    # What of the request is a person's own and not kept with the command: read where it stands, at each sending.
    private: Callable[[GatewayCommand], dict[str, Any]] | None = None


@dataclass(frozen=True)
class Planned:
    """A command to be; `subject` is `payment:12`, `payload` the fields of the gateway's request."""

    kind: str
    subject: str
    idempotency_key: str
    payload: dict[str, Any] = field(default_factory=dict)
    amount: int | None = None
    currency: str = ""
    provider: str = "stripe"


@dataclass(frozen=True)
class Outcome:
    """What came of one attempt: the provider's answer, or the error; `command.state` says which."""

    command: GatewayCommand
    answer: Any = None
    error: ProviderRefused | ProviderUnavailable | None = None


_recorders: dict[str, Recorder] = {}

# By hand: for a thousand refunds the ORM takes longer to write its INSERT than PostgreSQL to carry it out.
_PLAN = """
INSERT INTO funding_gatewaycommand (provider, kind, subject, amount, currency, idempotency_key, payload, state,
    attempts, external_id, last_error)
SELECT provider, kind, subject, amount, currency, key, payload::jsonb, %s, 0, '', ''
  FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[])
       AS planned (provider, kind, subject, amount, currency, key, payload)
    ON CONFLICT DO NOTHING
"""


def record_with(
    kind: str, *, succeeded: Callable[..., None], refused: Callable[..., None],
    private: Callable[[GatewayCommand], dict[str, Any]] | None = None,
) -> None:  # fmt: skip
    """Register what happens with a kind's answers, and who completes its requests, in `AppConfig.ready()`."""
    _recorders[kind] = Recorder(succeeded, refused, private)


def plan(
    *,
    kind: str,
    subject: str,
    idempotency_key: str,
    payload: dict[str, Any],
    amount: int | None = None,
    currency: str = "",
    provider: str = "stripe",
) -> GatewayCommand:
    """Write a command in the caller's transaction and nudge a worker; the same key twice is one command."""
    planned = Planned(kind, subject, idempotency_key, payload, amount, currency, provider)
    plan_many([planned])
    return GatewayCommand.objects.get(idempotency_key=idempotency_key)


def key_to_ask_anew(*, kind: str, subject: str, key: str) -> str:
    """The idempotency key for asking again what the provider may have refused: the refused one's answer is kept.

    The same key while the last request is under way or has succeeded.
    """
    refused = GatewayCommand.objects.filter(
        kind=kind, subject=subject, state=_S.FAILED, idempotency_key__startswith=key
    )
    return f"{key}:{times + 1}" if (times := refused.count()) else key


def plan_many(commands: Sequence[Planned], *, nudge: bool = True) -> None:
    """Write many commands in one statement; without a nudge the sweep finds them."""
    keys = [command.idempotency_key for command in commands]
    with connection.cursor() as cursor:
        cursor.execute(_PLAN, [
            _S.PLANNED, [command.provider for command in commands], [command.kind for command in commands],
            [command.subject for command in commands], [command.amount for command in commands],
            [command.currency for command in commands], keys,
            [json.dumps(command.payload) for command in commands],
        ])  # fmt: skip
    if nudge:
        for pk in GatewayCommand.objects.filter(idempotency_key__in=keys, state=_S.PLANNED).values_list(
            "pk", flat=True
        ):
            jobs.enqueue("funding.run_command", pk)


def run(command_id: int, *, at_once: bool = False) -> Outcome | None:
    """Lease one command, make the call, record the answer; None if it is finished, not due or leased by another.

    `at_once` does not wait for the backoff. Nothing is raised for what the provider does: the outcome tells.
    """
    claimed = _claim(command_id, at_once=at_once)
    return carry_out(claimed[0], look_up=claimed[1]) if claimed else None


def _claim(command_id: int, *, at_once: bool) -> tuple[GatewayCommand, bool] | None:
    """Lease a command that is due; with it, whether its object may exist and has to be looked up first."""
    now = timezone.now()
    due = Q() if at_once else Q(next_attempt_at=None) | Q(next_attempt_at__lte=now)
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    with transaction.atomic():
        command = (
            GatewayCommand.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(due & free, pk=command_id, state__in=UNFINISHED)
            .first()
        )
        if command is None:
            return None
        look_up = _needs_lookup(command, now)
        lease(command, now)
        command.save(update_fields=["state", "attempts", "lease_until", "first_sent_at"])
    return command, look_up


def lease(command: GatewayCommand, now: datetime) -> None:
    """Set the fields of a command that is about to be sent by whoever holds it."""
    command.state = _S.SENDING
    command.attempts += 1
    command.lease_until = now + LEASE
    command.first_sent_at = command.first_sent_at or now


def carry_out(command: GatewayCommand, *, look_up: bool = False, private: dict[str, Any] | None = None) -> Outcome:
    """Make the call of a leased command and record what came of it. Outside any transaction.

    `private` spares reading again what a caller has at hand of the persons it is for.
    """
    try:
        return _carry_out(command, look_up=look_up, private=private)
    except Exception as error:
        # A defect of ours, after the call perhaps: later, and not before a look at what the provider has done.
        _postpone(command, _S.UNKNOWN, error)
        raise


def _carry_out(command: GatewayCommand, *, look_up: bool, private: dict[str, Any] | None) -> Outcome:
    gateway = get_gateway(command.provider)
    try:
        answer = _look_up(gateway, command) if look_up else None
        answer = answer or _send(gateway, command, whole(command, private))
    except ProviderUnavailable as error:
        # Only a request that was turned away at the door is known to have had no effect.
        _postpone(command, _S.PLANNED if isinstance(error, RateLimited) else _S.UNKNOWN, error)
        return Outcome(command, error=error)
    except ProviderRefused as error:
        _record_refusal(command, error)
        return Outcome(command, error=error)
    _record_answer(command, answer)
    return Outcome(command, answer)


def is_answer_to(*, key: str, subject: str, snapshot: RefundSnapshot | TransferSnapshot) -> bool:
    """Whether an object at the provider was made by the command of that key, and by no other of its subject.

    An event about an earlier attempt may come late or twice, when the next attempt is on its way already.
    """
    if snapshot.metadata.get("command", key) != key:
        return False
    others = GatewayCommand.objects.filter(subject=subject, external_id=snapshot.external_id)
    return not others.exclude(idempotency_key=key).exists()


def sweep_commands() -> int:
    """Run what a lost nudge, a lost worker or a slow provider left behind, oldest first."""
    now = timezone.now()
    due = GatewayCommand.objects.filter(
        Q(next_attempt_at=None) | Q(next_attempt_at__lte=now),
        Q(lease_until=None) | Q(lease_until__lte=now),
        state__in=UNFINISHED,
    ).order_by("pk")
    return sweeps.each(list(due.values_list("pk", flat=True)[:SWEEP_MOST]), run)


def _needs_lookup(command: GatewayCommand, now: datetime) -> bool:
    if command.first_sent_at is None:
        return False
    return command.state == _S.UNKNOWN or command.first_sent_at < now - KEY_LIFE


def whole(command: GatewayCommand, private: dict[str, Any] | None = None) -> dict[str, Any]:
    """The request's fields: what is kept with the command, and what is a person's own."""
    recorder = _recorders.get(command.kind)
    if private is None and recorder is not None and recorder.private is not None:
        private = recorder.private(command)
    return {**command.payload, **(private or {})}


def _send(gateway: Gateway, command: GatewayCommand, payload: dict[str, Any]) -> Any:
    match command.kind:
        case CommandKind.CREATE_CHECKOUT:
            return gateway.create_checkout(CheckoutRequest(**payload))
        case CommandKind.EXPIRE_CHECKOUT:
            return gateway.expire_checkout(session_id=payload["session_id"], command=command.idempotency_key)
        case CommandKind.CREATE_REFUND:
            return gateway.create_refund(RefundRequest(**payload))
        case CommandKind.CREATE_TRANSFER:
            return gateway.create_transfer(TransferRequest(**payload))
        case CommandKind.SUBMIT_EVIDENCE:
            return gateway.submit_evidence(command=command.idempotency_key, **payload)
        case CommandKind.ACCEPT_DISPUTE:
            return gateway.accept_dispute(command=command.idempotency_key, **payload)
        case CommandKind.REVERSE_TRANSFER:
            return gateway.reverse_transfer(transfer_id=payload["transfer_id"], command=command.idempotency_key)
    raise ValueError(f"unknown kind of command: {command.kind}")


def _look_up(gateway: Gateway, command: GatewayCommand) -> Any:
    try:
        return _find(gateway, command)
    except ProviderRefused as error:
        # It refused to be asked, not to do what was asked for: that may well be done.
        raise ProviderUnavailable(str(error), provider_code=error.extra.get("provider_code")) from error


def _find(gateway: Gateway, command: GatewayCommand) -> Any:
    payload, key = command.payload, command.idempotency_key
    match command.kind:
        case CommandKind.CREATE_CHECKOUT:
            return gateway.find_checkout(command=key, since=command.created_at - timedelta(hours=1))
        case CommandKind.CREATE_REFUND:
            return gateway.find_refund(command=key, intent_id=payload["intent_id"])
        case CommandKind.CREATE_TRANSFER:
            return gateway.find_transfer(command=key, escrow=payload["escrow"])
        case CommandKind.REVERSE_TRANSFER:
            found = gateway.retrieve_transfer(payload["transfer_id"])
            return found if found.reversed else None
    # Ending a checkout twice is ending it once, and so is answering a dispute.
    return None


def _postpone(command: GatewayCommand, state: str, error: Exception) -> None:
    seconds = min(3600, 5 * 2 ** min(command.attempts, 12)) * random.uniform(0.5, 1)  # noqa: S311
    command.state, command.lease_until = state, None
    command.next_attempt_at = timezone.now() + timedelta(seconds=seconds)
    command.last_error = repr(error)[:2000]
    _held(command).update(
        state=state, lease_until=None, next_attempt_at=command.next_attempt_at, last_error=command.last_error
    )
    logger.warning("Command %s goes again: %s", command.idempotency_key, error)


def _record_answer(command: GatewayCommand, answer: Any) -> None:
    with transaction.atomic():
        if not _finish(command, _S.SUCCEEDED, external_id=answer.external_id):
            return
        _recorders[command.kind].succeeded(command, answer)


def _record_refusal(command: GatewayCommand, error: ProviderRefused) -> None:
    with transaction.atomic():
        if not _finish(command, _S.FAILED, last_error=repr(error.extra)[:2000]):
            return
        _recorders[command.kind].refused(command, error)


def _held(command: GatewayCommand) -> Any:
    # Another worker took over if the lease ran out meanwhile; then its word counts, not ours.
    return GatewayCommand.objects.filter(pk=command.pk, state=_S.SENDING, attempts=command.attempts)


def _finish(command: GatewayCommand, state: str, **fields: Any) -> bool:
    command.state = state
    for name, value in fields.items():
        setattr(command, name, value)
    return bool(_held(command).update(state=state, lease_until=None, finished_at=AppNow(), **fields))
