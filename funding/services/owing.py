"""What creators owe: incurred when money goes back to a backer after it was paid out, kept from the next payout.

Journals: `recovery:<id>` payable:creator → receivable:creator when it is netted, bank → receivable:creator when the
creator pays it; `debt:<id>:written_off` chargeback loss → receivable:creator. Whoever incurs a debt posts its
receivable with the movement that caused it.
"""

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from cms.core import events
from cms.core.errors import NotAllowed
from cms.users import audit, roles
from cms.users.models import User
from funding import chart, ledger, locks
from funding.exceptions import IllegalTransition, ReasonRequired
from funding.models import CreatorDebt, Dispute, Escrow, Payout, Recovery, Refund
from funding.money import BadAmount, check_amount
from funding.states import PAYOUT, PayoutState
from funding.transitions import transition


def incur(
    *, escrow: Escrow, cause: str, amount: int, dispute: Dispute | None = None, refund: Refund | None = None
) -> CreatorDebt:  # fmt: skip
    """Write down that an escrow's creator owes `amount` minor units, in the caller's transaction.

    The caller holds the escrow's lock and posts receivable:creator against whatever the money came from. A dispute, or
    a refund, is the cause of one debt at most.
    """
    debt = CreatorDebt.objects.create(
        creator_id=escrow.creator_id, escrow=escrow, cause=cause, amount=check_amount(amount, minimum=1),
        currency=escrow.currency, dispute=dispute, refund=refund,
    )  # fmt: skip
    payload = {"escrow": str(escrow.pk), "debt": str(debt.pk)}
    events.publish(name="funding.debt_incurred", key=f"debt_incurred:{debt.pk}", payload=payload)
    return debt


def net_from(payout: Payout) -> bool:
    """Keep from a payout what its creator owes, in the transaction that freezes its amount; True if any is left.

    Oldest debts first, and partially if the payout is smaller. Credit from disputes won after all is added. A payout
    of nothing ends as `netted`, without a transfer. `payout` is locked by the caller and brought up to date.
    """
    debts = locks.lock_debts(creator_id=payout.creator_id, currency=payout.currency)
    left = payout.amount
    for debt in debts:
        if credit := _credit(debt):
            Recovery.objects.create(debt=debt, payout=payout, amount=-credit)
            left += credit
    for debt in debts:
        if kept := min(left, debt.open_amount):
            _recover(debt, kept, payout=payout)
            left -= kept
    if left != payout.amount:
        Payout.objects.filter(pk=payout.pk).update(amount=left)
        payout.amount = left
    if not left:
        transition(machine=PAYOUT, model=Payout, ids=[payout.pk], target=PayoutState.NETTED, reason="kept for the debt")
        payout.state = PayoutState.NETTED
    return bool(left)


def net_of(payout: Payout) -> int:
    """Minor units that `net_from` will leave of a payout as things stand now: its final amount."""
    debts = CreatorDebt.objects.filter(creator=payout.creator_id, currency=payout.currency)
    left = payout.amount + sum(_credit(debt) for debt in debts)
    return left - min(left, sum(debt.open_amount for debt in debts))


def _credit(debt: CreatorDebt) -> int:
    """What is to be paid back to a creator who had already made a debt good."""
    if not debt.credited:
        return 0
    paid = debt.recoveries.filter(amount__lt=0).aggregate(total=Sum("amount"))["total"] or 0
    return debt.credited + paid


def _recover(debt: CreatorDebt, amount: int, *, payout: Payout | None, **fields: object) -> Recovery:
    made = Recovery.objects.create(debt=debt, payout=payout, amount=amount, **fields)
    CreatorDebt.objects.filter(pk=debt.pk).update(recovered=F("recovered") + amount)
    debt.recovered += amount
    source = chart.payable(debt.creator_id) if payout else chart.BANK
    ledger.post(
        key=f"recovery:{made.pk}", kind="debt_netted" if payout else "debt_recovered", currency=debt.currency,
        escrow=payout.release.escrow if payout else debt.escrow,
        lines=[ledger.Line(source, chart.receivable(debt.creator_id), amount)],
    )  # fmt: skip
    return made


def recover(*, debt_id: int, amount: int, actor: User, reference: str) -> Recovery:
    """Enter that a creator has paid `amount` minor units of a debt to the bank. Finance only.

    `reference` is the bank's own and makes it once. Raises `NotAllowed`, `ReasonRequired` without it,
    `IllegalTransition` for the same again, `BadAmount` above what is still owed.
    """
    reference = reference.strip()
    with transaction.atomic():
        debt = _lock(debt_id, actor)
        if not reference:
            raise ReasonRequired(_("Write the bank's reference of the transfer."), field="reference")
        if debt.recoveries.filter(payout=None, note=reference).exists():
            raise IllegalTransition(_("This transfer has been entered already."), field="reference", reason="entered")
        if check_amount(amount, minimum=1) > debt.open_amount:
            raise BadAmount(_("That is more than is owed."), field="amount")
        made = _recover(debt, amount, payout=None, note=reference, entered_by=actor)
        audit.record(actor=actor, action="debt.recovered", subject=f"debt:{debt_id}", reason=reference, amount=amount)
    return made


def write_off(*, debt_id: int, actor: User, reason: str) -> CreatorDebt:
    """Give up what is left of a debt: the platform bears it. Finance only, with a reason.

    Raises `NotAllowed`, `ReasonRequired`, `IllegalTransition` where nothing is owed any more.
    """
    with transaction.atomic():
        debt = _lock(debt_id, actor)
        if not reason.strip():
            raise ReasonRequired(_("Say why the debt is given up."), field="reason")
        given_up = debt.open_amount
        if not given_up or debt.written_off:
            raise IllegalTransition(_("Nothing of this debt is open."), reason="debt_is_settled")
        debt.written_off, debt.write_off_reason, debt.written_off_by = given_up, reason.strip(), actor
        debt.save(update_fields=["written_off", "write_off_reason", "written_off_by"])
        ledger.post(
            key=f"debt:{debt.pk}:written_off", kind="debt_written_off", escrow=debt.escrow, currency=debt.currency,
            lines=[ledger.Line(chart.CHARGEBACK_LOSS, chart.receivable(debt.creator_id), given_up)],
        )  # fmt: skip
        audit.record(actor=actor, action="debt.written_off", subject=f"debt:{debt_id}", reason=reason, amount=given_up)
    return debt


def _lock(debt_id: int, actor: User) -> CreatorDebt:
    if not roles.has_role(actor, roles.FINANCE):
        raise NotAllowed(_("Only finance may do this."))
    debt = CreatorDebt.objects.get(pk=debt_id)
    locks.lock_debts(creator_id=debt.creator_id, currency=debt.currency)
    debt.refresh_from_db()
    if debt.creator_id == actor.pk:
        raise NotAllowed(_("Nobody decides about their own debt."))
    return debt


def give_back(*, dispute: Dispute, amount: int) -> list[tuple[str, int]]:
    """A dispute that a creator owed for was won after all: the accounts that get `amount` minor units, to be posted.

    First the debt shrinks; what had been recovered becomes credit for the next payout; what had been written off is
    the platform's again. In the caller's transaction, under the escrow's lock.
    """
    return _shrink(CreatorDebt.objects.get(dispute=dispute), amount)


def cancel(*, refund: Refund, key: str) -> None:
    """A refund after the payout came to nothing: what it made the creator owe is owed no more.

    Posted as the journal `key`, refund payable → whoever bore it. In the caller's transaction, which holds the refund.
    """
    debt = CreatorDebt.objects.select_related("escrow").get(refund=refund)
    source = chart.refund_payable(debt.escrow.key)
    lines = [ledger.Line(source, code, part) for code, part in _shrink(debt, refund.amount)]
    ledger.post(key=key, kind="late_refund_failed", escrow=debt.escrow, currency=debt.currency, lines=lines)
    payload = {"escrow": str(debt.escrow_id), "debt": str(debt.pk)}
    events.publish(name="funding.debt_cancelled", key=f"debt_cancelled:{debt.pk}", payload=payload)


def _shrink(debt: CreatorDebt, amount: int) -> list[tuple[str, int]]:
    """The accounts that get `amount` minor units of a debt back: see `give_back`."""
    creator = debt.creator_id
    locks.lock_debts(creator_id=creator, currency=debt.currency)
    debt.refresh_from_db()
    returned = min(amount, debt.open_amount)
    credited = min(amount - returned, debt.recovered - debt.credited)
    regained = amount - returned - credited
    debt.returned += returned
    debt.credited += credited
    debt.regained += regained
    debt.save(update_fields=["returned", "credited", "regained"])
    parts = [
        (chart.receivable(creator), returned), (chart.payable(creator), credited), (chart.CHARGEBACK_LOSS, regained),
    ]  # fmt: skip
    return [(code, part) for code, part in parts if part]


def owed_by(creator: User) -> dict[str, int]:
    """What a creator owes now, minor units by currency."""
    rows = CreatorDebt.objects.filter(creator=creator)
    owed: dict[str, int] = {}
    for debt in rows:
        if debt.open_amount:
            owed[debt.currency] = owed.get(debt.currency, 0) + debt.open_amount
    return owed
