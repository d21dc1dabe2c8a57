"""Refunds that the provider's balance does not cover: finance is told, and they go out when the money is there.

A card's refund waits at the provider, which makes it by itself; a wallet's is refused and has to be asked for again.
"""

from collections import defaultdict

from django.db import transaction
from django.db.models import Q, QuerySet

from cms.core import sweeps
from cms.core.clock import AppNow
from funding.exceptions import ProviderUnavailable
from funding.gateways import get_gateway
from funding.models import Refund
from funding.services import alerting
from funding.services.refund_cases import lock_case, plan_call
from funding.states import ClaimState, RefundState

# The provider's own word, as a refusal, as a failure or as the reason for waiting.
SHORT = "insufficient_funds"


def note_short(refund: Refund, provider: str) -> None:
    """Tell finance that refunds wait for the balance, once a currency until it is covered again."""
    alerting.alert(
        code="refunds_wait_for_balance", subject=f"provider:{provider}:{refund.currency}", severity="critical",
        data={"refund": refund.pk, "amount": refund.amount},
    )  # fmt: skip


def retry_short() -> int:
    """Ask again for the refunds that the balance covers now, oldest first; returns how many were asked for."""
    waiting: dict[tuple[str, str], list[Refund]] = defaultdict(list)
    for refund in _waiting().select_related("payment").order_by("pk"):
        waiting[refund.payment.provider, refund.currency].append(refund)
    return sum(_retry(provider, currency, refunds) for (provider, currency), refunds in waiting.items())


def _waiting() -> QuerySet[Refund]:
    owed = Refund.objects.filter(state=RefundState.REQUESTED, failure_code=SHORT).exclude(claim__state=ClaimState.OPEN)
    return owed.filter(Q(not_before=None) | Q(not_before__lte=AppNow()))


def _retry(provider: str, currency: str, refunds: list[Refund]) -> int:
    try:
        left = get_gateway(provider).balance().available.get(currency, 0)
    except ProviderUnavailable:
        return 0
    covered = []
    for refund in refunds:
        if refund.amount <= left:
            left -= refund.amount
            covered.append(refund.pk)
    if len(covered) == len(refunds):
        subject = f"provider:{provider}:{currency}"
        alerting.settled(code="refunds_wait_for_balance", subject=subject, because="the balance covers them again")
    return sweeps.each(covered, _ask_again)


def _ask_again(refund_id: int) -> bool:
    with transaction.atomic():
        case = lock_case(refund_id)
        refund = case.refund
        if refund.state != RefundState.REQUESTED or refund.failure_code != SHORT:
            return False
        # From here on its command is what is waited for.
        Refund.objects.filter(pk=refund_id).update(failure_code="", not_before=None)
        plan_call(case)
    return True
