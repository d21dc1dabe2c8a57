"""Withheld tax: what was kept back at each release, and what two people say was paid to the authority."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from cms.core.clock import AppNow
from cms.core.errors import InvalidInput, NotAllowed
from cms.users import audit, roles
from cms.users.models import User
from funding import chart, ledger, locks
from funding.exceptions import FourEyesRequired, IllegalTransition, ReasonRequired
from funding.models import LedgerAccount, Release, TaxRemittance
from funding.money import check_amount


@dataclass(frozen=True)
class Withheld:
    """A regime in one currency, minor units: kept back and remitted in a period, and what is owed on the whole."""

    regime: str
    currency: str
    withheld: int
    remitted: int
    owed: int


def releases_with_tax(*, since: datetime | None = None, until: datetime | None = None) -> Iterator[Release]:
    """Every release that withheld tax in `[since, until)`, oldest first, with its escrow and creator; streamed."""
    rows = Release.objects.filter(tax__gt=0).select_related("escrow__creator").order_by("pk")
    if since:
        rows = rows.filter(released_at__gte=since)
    if until:
        rows = rows.filter(released_at__lt=until)
    return rows.iterator(chunk_size=2000)


def withheld(*, since: datetime | None = None, until: datetime | None = None) -> list[Withheld]:
    """Every regime and currency with an account, by name."""
    kept = Release.objects.filter(tax__gt=0)
    sent = TaxRemittance.objects.filter(confirmed_at__isnull=False)
    if since:
        kept, sent = kept.filter(released_at__gte=since), sent.filter(confirmed_at__gte=since)
    if until:
        kept, sent = kept.filter(released_at__lt=until), sent.filter(confirmed_at__lt=until)
    by_regime = {
        (row["escrow__tax_regime"], row["currency"]): row["v"]
        for row in kept.values("escrow__tax_regime", "currency").annotate(v=Sum("tax"))
    }
    remitted = {
        (row["regime"], row["currency"]): row["v"]
        for row in sent.values("regime", "currency").annotate(v=Sum("amount"))
    }
    accounts = LedgerAccount.objects.filter(code__startswith=chart.tax_withheld("")).order_by("code", "currency")
    keys = [
        (account.code.partition(":")[2], account.currency, account.credits - account.debits) for account in accounts
    ]
    return [
        Withheld(regime, unit, by_regime.get((regime, unit), 0), remitted.get((regime, unit), 0), owed)
        for regime, unit, owed in keys
    ]


def propose(*, regime: str, currency: str, amount: int, reference: str, reason: str, actor: User) -> TaxRemittance:
    """One person's word that tax was paid to its authority. Finance only; nothing is booked yet.

    Raises `ReasonRequired`, `InvalidInput` for more than is owed or a missing reference, `IllegalTransition` for a
    reference that is there already.
    """
    _require_finance(actor)
    reason, reference = reason.strip(), reference.strip()
    if not reason:
        raise ReasonRequired(_("Say which period and which assessment it is for."), field="reason")
    if not reference or len(reference) > 60:
        raise InvalidInput(_("Write the reference of the payment."), field="reference")
    check_amount(amount, minimum=1)
    _require_owed(regime, currency, amount)
    with transaction.atomic():
        try:
            with transaction.atomic():
                made = TaxRemittance.objects.create(
                    regime=regime, currency=currency, amount=amount, reference=reference, reason=reason,
                    proposed_by=actor,
                )  # fmt: skip
        except IntegrityError:
            raise IllegalTransition(
                _("There is a payment with this reference already."), reason="already_proposed", field="reference"
            ) from None
        _record(actor, "tax.proposed", made)
    return made


def confirm(*, remittance_id: int, actor: User) -> TaxRemittance:
    """The second person's word: tax withheld → bank, booked in the same transaction. Raises as `propose`."""
    _require_finance(actor)
    with transaction.atomic():
        row = _open(remittance_id)
        if row.proposed_by_id == actor.pk:
            raise FourEyesRequired(_("You have proposed it; another person has to confirm."))
        if not roles.has_role(User.objects.get(pk=row.proposed_by_id), roles.FINANCE):
            raise FourEyesRequired(_("Who proposed it is no longer of finance: propose it anew."))
        _require_owed(row.regime, row.currency, row.amount)
        TaxRemittance.objects.filter(pk=row.pk).update(confirmed_by=actor, confirmed_at=AppNow())
        ledger.post(
            key=f"tax_remitted:{row.pk}", kind="tax_remitted", escrow=None, currency=row.currency,
            lines=[ledger.Line(chart.tax_withheld(row.regime), chart.BANK, row.amount)],
        )  # fmt: skip
        _record(actor, "tax.remitted", row)
    row.refresh_from_db()
    return row


def withdraw(*, remittance_id: int, actor: User) -> TaxRemittance:
    """Take a proposal back, one's own or another's. Finance only."""
    _require_finance(actor)
    with transaction.atomic():
        row = _open(remittance_id)
        TaxRemittance.objects.filter(pk=row.pk).update(withdrawn_at=AppNow())
        _record(actor, "tax.withdrawn", row)
    row.refresh_from_db()
    return row


def _open(remittance_id: int) -> TaxRemittance:
    row = locks.lock_remittance(remittance_id)
    if row.confirmed_at or row.withdrawn_at:
        raise IllegalTransition(_("This payment has been decided already."), reason="already_decided")
    return row


def _require_owed(regime: str, currency: str, amount: int) -> None:
    owed = next((one.owed for one in withheld() if (one.regime, one.currency) == (regime, currency)), 0)
    if amount > owed:
        raise InvalidInput(_("That is more than was withheld and not yet paid."), field="amount")


def _require_finance(actor: User) -> None:
    if not roles.has_role(actor, roles.FINANCE):
        raise NotAllowed(_("Only finance may do this."))


def _record(actor: User, action: str, row: TaxRemittance) -> None:
    audit.record(
        actor=actor, action=action, subject=f"tax:{row.regime}", reason=row.reason, amount=row.amount,
        currency=row.currency, reference=row.reference,
    )  # fmt: skip
