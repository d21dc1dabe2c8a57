"""What answers about money look like, and how their data is built."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from cms.core.api import Instant, Money, Page, Shape, Strict, Text, WholeNumber, instant, money
from cms.core.errors import InvalidInput
from funding.models import Amendment, Pledge
from funding.models.payees import PayeeKind, PayoutAccount
from funding.money import EXPONENTS, check_amount
from funding.selectors import FundingNumbers, why_not
from funding.states import AmendmentState, EscrowState, PledgeState

CURRENCIES = sorted(EXPONENTS)


class MoneyInput(Strict):
    """An amount in minor units."""

    amount = WholeNumber()
    currency = Text(min_length=3, max_length=3)


def amount_in(data: dict[str, Any], *, currency: str, field: str, minimum: int = 0) -> int:
    """The minor units of a validated `MoneyInput`. Raises `BadAmount`, or `InvalidInput` for another currency."""
    if data["currency"] != currency:
        raise InvalidInput(_("This campaign's currency is %(currency)s.") % {"currency": currency}, field=field)
    return check_amount(data["amount"], field=field, minimum=minimum)


class Funding(Shape):
    """A campaign's live numbers. `now` is the instant at which they were read, in the product's own time."""

    state = serializers.ChoiceField([str(state) for state in EscrowState])
    raised = Money(help_text="What counts towards the goal: captured less refunded.")
    collected = Money(help_text="All that was ever captured.")
    backers = serializers.IntegerField()
    goal = Money()
    deadline = Instant()
    now = Instant()


def funding(numbers: FundingNumbers) -> dict[str, Any]:
    """What `Funding` says."""
    currency = numbers.currency
    return {
        "state": numbers.state,
        "raised": money(numbers.raised, currency),
        "collected": money(numbers.collected, currency),
        "backers": numbers.backers,
        "goal": money(numbers.goal, currency),
        "deadline": instant(numbers.deadline),
        "now": instant(numbers.now),
    }


class PledgeLineData(Shape):
    """So many of a reward, at the price of the day."""

    reward = serializers.CharField()
    title = serializers.CharField()
    variant = serializers.CharField(allow_null=True)
    variant_name = serializers.CharField(allow_null=True)
    quantity = serializers.IntegerField()
    unit_price = Money()
    unit_shipping = Money()


class PledgeCampaign(Shape):
    """Whose pledge it is on."""

    key = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField([str(state) for state in EscrowState])


class AmendmentData(Shape):
    """The newest change of a pledge. `difference` is to pay; below zero it comes back. Pay it at `checkout_url`."""

    state = serializers.ChoiceField([str(state) for state in AmendmentState])
    total = Money(help_text="Of the pledge once the change is applied.")
    difference = Money()
    checkout_url = serializers.CharField(allow_null=True, help_text="While the difference waits for its payment.")
    expires_at = Instant(allow_null=True, help_text="Until when what is new is kept, while it waits.")
    created_at = Instant()
    why_ended = serializers.CharField(allow_blank=True, help_text="A code, of one that was abandoned.")


class PledgeData(Shape):
    """A pledge, for its backer alone. `why_not` names what can't be done now, each with its reason's code."""

    id = serializers.UUIDField()
    campaign = PledgeCampaign()
    state = serializers.ChoiceField([str(state) for state in PledgeState])
    total = Money()
    lines = PledgeLineData(many=True)
    shipping = Money()
    extra = Money()
    refunded = Money()
    email = serializers.EmailField()
    country = serializers.CharField(allow_blank=True)
    anonymous = serializers.BooleanField()
    message = serializers.CharField(allow_blank=True)
    checkout_url = serializers.CharField(allow_null=True, help_text="While it waits for its payment.")
    expires_at = Instant(allow_null=True, help_text="Until when the reservation stands, while it waits.")
    created_at = Instant()
    paid_at = Instant(allow_null=True)
    version = serializers.CharField(allow_null=True, help_text="Hash of what the backer saw: see `/history/`.")
    amendment = AmendmentData(allow_null=True)
    why_not = serializers.DictField(child=serializers.CharField())


PledgePage = Page(PledgeData)


def pledge(row: Pledge, *, locale: str) -> dict[str, Any]:
    """What `PledgeData` says. Wants escrow, lines with reward and variant, payments and amendments at hand."""
    waiting = row.state == PledgeState.RESERVED
    payment = max(row.payments.all(), key=lambda payment: payment.pk, default=None) if waiting else None
    newest = max(row.amendments.all(), key=lambda amendment: amendment.pk, default=None)
    return {
        "id": str(row.pk),
        "campaign": {"key": row.escrow.key, "title": row.escrow.name(locale), "state": row.escrow.state},
        "state": row.state,
        "total": money(row.total, row.currency),
        "lines": [
            {
                "reward": line.reward.key,
                "title": line.reward.title(locale),
                "variant": line.variant.key if line.variant else None,
                "variant_name": line.variant.name(locale) if line.variant else None,
                "quantity": line.quantity,
                "unit_price": money(line.unit_price, row.currency),
                "unit_shipping": money(line.unit_shipping, row.currency),
            }
            for line in row.lines.all()
        ],
        "shipping": money(row.shipping_amount, row.currency),
        "extra": money(row.extra_amount, row.currency),
        "refunded": money(row.refunded_amount, row.currency),
        "email": row.email,
        "country": row.country,
        "anonymous": row.anonymous,
        "message": row.message,
        "checkout_url": payment.checkout_url or None if payment else None,
        "expires_at": instant(row.reserved_until) if waiting else None,
        "created_at": instant(row.created_at),
        "paid_at": instant(row.paid_at),
        "version": row.version or None,
        "amendment": amendment(newest, row) if newest else None,
        "why_not": why_not(row),
    }


def amendment(row: Amendment, of: Pledge) -> dict[str, Any]:
    """What `AmendmentData` says."""
    waiting = row.state == AmendmentState.AWAITING_PAYMENT
    payment = next((payment for payment in of.payments.all() if payment.amendment_id == row.pk), None)
    return {
        "state": row.state,
        "total": money(row.total, of.currency),
        "difference": money(row.difference, of.currency),
        "checkout_url": payment.checkout_url or None if payment and waiting else None,
        "expires_at": instant(row.expires_at) if waiting else None,
        "created_at": instant(row.created_at),
        "why_ended": row.why_ended,
    }


class StatementLine(Shape):
    """One movement as posted in the ledger, with the balance after it."""

    entry = serializers.IntegerField()
    at = Instant()
    kind = serializers.CharField()
    journal = serializers.CharField()
    campaign = serializers.CharField(allow_blank=True)
    title = serializers.CharField(allow_blank=True)
    incoming = Money()
    outgoing = Money()
    balance = Money()


StatementPage = Page(StatementLine)


class PayoutAccountInput(Strict):
    """Where and as what a creator is to be paid, and where to return to from the provider's pages."""

    kind = serializers.ChoiceField(PayeeKind.values)
    country = Text(min_length=2, max_length=2)
    return_url = Text(max_length=500, required=False)
    refresh_url = Text(max_length=500, required=False)


class PayoutAccountData(Shape):
    """How far payouts are set up. `onboarding_url` is valid for minutes and only in answers to PUT."""

    kind = serializers.ChoiceField(PayeeKind.values, allow_null=True)
    country = serializers.CharField(allow_null=True)
    details_submitted = serializers.BooleanField()
    transfers_enabled = serializers.BooleanField()
    requirements = serializers.ListField(child=serializers.CharField())
    blockers = serializers.ListField(child=serializers.CharField(), help_text="Codes of what holds payouts back.")
    onboarding_url = serializers.CharField(allow_null=True)


def payout_account(row: PayoutAccount | None, *, blockers: list[str], url: str | None = None) -> dict[str, Any]:
    """What `PayoutAccountData` says."""
    return {
        "kind": row.kind if row else None,
        "country": row.country if row else None,
        "details_submitted": bool(row and row.details_submitted),
        "transfers_enabled": bool(row and row.transfers_enabled),
        "requirements": [str(item) for item in row.requirements] if row else [],
        "blockers": blockers,
        "onboarding_url": url,
    }
