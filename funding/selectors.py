"""What others may know of the money: read only."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from cms.core import clock
from cms.core.clock import AppNow
from cms.core.prepared import Given, Prepared
from cms.users.models import User
from funding.models import Escrow, FeeSchedule, Pledge, TaxRule
from funding.money import BASIS
from funding.states import EscrowState, PledgeState


@dataclass(frozen=True)
class FundingNumbers:
    """A campaign's live numbers, minor units of `currency`. `raised` counts towards the goal; `collected` was ever
    captured; `percent_bps` is raised in basis points of the goal.
    """

    state: str
    raised: int
    collected: int
    backers: int
    goal: int
    deadline: datetime
    currency: str
    now: datetime
    percent_bps: int


_ESCROW: Prepared[Any] = Prepared(Escrow.objects.filter(key=Given("key")).annotate(now=AppNow()))


def funding_numbers(escrow_key: str) -> FundingNumbers | None:
    """The numbers as they are now, in one query; None for an unknown key."""
    escrow = next(iter(_ESCROW.rows(key=escrow_key)), None)
    return None if escrow is None else numbers_of(escrow)


def numbers_of(escrow: Any) -> FundingNumbers:
    """The same of an escrow that was read with the time, `now`."""
    return FundingNumbers(
        state=escrow.state,
        raised=escrow.raised,
        collected=escrow.captured,
        backers=escrow.backers,
        goal=escrow.goal,
        deadline=escrow.deadline,
        currency=escrow.currency,
        now=escrow.now,
        percent_bps=escrow.raised * BASIS // escrow.goal,
    )


def policies_in_force(*, jurisdiction: str, payee_kind: str) -> tuple[FeeSchedule, TaxRule | None]:
    """The platform's rates and the tax rule for such a payee, as a launch at this moment would freeze them."""
    fees = FeeSchedule.objects.filter(scope="platform", effective_from__lte=AppNow()).latest("effective_from")
    rules = TaxRule.objects.filter(jurisdiction=jurisdiction, payee_kind=payee_kind, effective_from__lte=AppNow())
    return fees, rules.order_by("-effective_from").first()


# Packages above say who looks after whose money; funding itself knows creators only.
_ALSO_SEEN: list[Callable[[User], Q]] = []


def also_seen_by(condition: Callable[[User], Q]) -> None:
    """Let a package above open more escrows to a person, as a condition on `Escrow`; in `AppConfig.ready()`."""
    _ALSO_SEEN.append(condition)


def escrows_seen_by(user: User) -> QuerySet[Escrow]:
    """The escrows whose statement a person may read: their own campaigns', and those they were given to look after."""
    seen = Q(creator=user.pk)
    for condition in _ALSO_SEEN:
        seen |= condition(user)
    return Escrow.objects.filter(seen)


def access_token(pledge: Pledge) -> str:
    """What lets a guest see and cancel a pledge: an HMAC of the pledge and its idempotency key."""
    value = f"{pledge.pk}:{pledge.idempotency_key}"
    return salted_hmac("funding.pledge", value, algorithm="sha256").hexdigest()


def reading_token(pledge: Pledge) -> str:
    """What lets a guest read what is for backers, and do nothing: for links that are likely to be passed on."""
    return salted_hmac(
        "funding.pledge.reading", f"{pledge.pk}:{pledge.idempotency_key}", algorithm="sha256"
    ).hexdigest()


def pledge_by_token(pledge_id: UUID | str, token: str) -> Pledge | None:
    """The pledge, if the token is its own."""
    return _with_token(pledge_id, token, access_token)


def pledge_by_reading_token(pledge_id: UUID | str, token: str) -> Pledge | None:
    """The pledge, if the token is its own for reading."""
    return _with_token(pledge_id, token, reading_token)


def _with_token(pledge_id: UUID | str, token: str, of: Callable[[Pledge], str]) -> Pledge | None:
    try:
        pledge = Pledge.objects.select_related("escrow").filter(pk=pledge_id).first()
    except (ValidationError, ValueError):
        return None
    if pledge is None or not hmac.compare_digest(of(pledge).encode(), str(token).encode()):
        return None
    return pledge


def why_not(pledge: Pledge) -> dict[str, str]:
    """What can't be done with a pledge now, and why: "cancel", "change", "pay" → a reason code.

    A pledge that ran out unpaid can be paid by taking it up again. Codes: `pledge_<state>`, `campaign_<state>`,
    `deadline_passed`, `reservation_expired`, `amendment_open`.
    """
    reasons: dict[str, str] = {}
    escrow, now = pledge.escrow, clock.now()
    if escrow.state not in (EscrowState.OPEN, EscrowState.ON_HOLD):
        closed = f"campaign_{escrow.state}"
    else:
        closed = "deadline_passed" if now >= escrow.deadline else ""
    if pledge.state not in (PledgeState.RESERVED, PledgeState.PAID):
        reasons["cancel"] = f"pledge_{pledge.state}"
    elif closed:
        reasons["cancel"] = closed
    taking = closed or ("" if escrow.state == EscrowState.OPEN else f"campaign_{escrow.state}")
    if pledge.state != PledgeState.PAID:
        reasons["change"] = f"pledge_{pledge.state}"
    elif taking:
        reasons["change"] = taking
    elif any(amendment.is_open for amendment in pledge.amendments.all()):
        reasons["change"] = "amendment_open"
    if pledge.state == PledgeState.RESERVED:
        pay = closed or ("reservation_expired" if now >= pledge.reserved_until else "")
    else:
        pay = taking if pledge.state == PledgeState.EXPIRED else f"pledge_{pledge.state}"
    return reasons | ({"pay": pay} if pay else {})
