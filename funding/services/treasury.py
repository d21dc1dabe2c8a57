"""The platform's own money: whether what we have covers what we owe people, and what is put in so that it does.

Processing fees are not returned on refunds: a failed campaign costs the platform its fees, so a float has to be there.
"""

from dataclasses import dataclass
from hashlib import sha256

from django.db import connection, transaction
from django.utils.translation import gettext as _

from cms.core.errors import InvalidInput, NotAllowed
from cms.users import audit, roles
from cms.users.models import User
from funding import chart, ledger
from funding.exceptions import ReasonRequired
from funding.models import Alert, Escrow
from funding.money import EXPONENTS, check_amount
from funding.services import alerting
from funding.states import EscrowState

# Escrows whose money goes back, or is about to.
GOING_BACK = (
    EscrowState.FAILED, EscrowState.CANCELLING, EscrowState.REFUNDING, EscrowState.REFUND_BLOCKED,
)  # fmt: skip

# Limited accounts keep their sums; to those of the others the entries since are added. One statement, one snapshot.
_POSITIONS = """
WITH late AS (
  SELECT account, SUM(side.amount) AS amount
    FROM funding_entry e
   CROSS JOIN LATERAL (VALUES (e.debit_id, e.amount), (e.credit_id, -e.amount)) AS side (account, amount)
   WHERE e.id > (SELECT carried_to FROM funding_sealmark) GROUP BY account
), summed AS (
  SELECT a.currency, split_part(a.code, ':', 1) AS what,
         CASE WHEN a.limited THEN a.credits - a.debits
              ELSE a.debits - a.credits + COALESCE(late.amount, 0) END AS amount
    FROM funding_ledgeraccount a LEFT JOIN late ON late.account = a.id
   WHERE a.limited OR split_part(a.code, ':', 1) IN ('provider', 'bank', 'disputed', 'float')
)
SELECT currency, what, SUM(amount) FROM summed GROUP BY currency, what
"""


@dataclass(frozen=True)
class Position:
    """What we have and what we owe in one currency, minor units."""

    currency: str
    provider: int = 0
    bank: int = 0
    disputed: int = 0
    float_: int = 0
    held: int = 0
    to_refund: int = 0
    to_pay_out: int = 0
    tax: int = 0
    fund: int = 0

    @property
    def have(self) -> int:
        """Money that is really there: a disputed charge has been taken already and counts against it."""
        return self.provider + self.bank - self.disputed

    @property
    def owed(self) -> int:
        """Money that belongs to others."""
        return self.held + self.to_refund + self.to_pay_out + self.tax + self.fund

    @property
    def spare(self) -> int:
        """What is left when everybody got theirs; negative: so much is missing."""
        return self.have - self.owed


_NAMES = {
    "provider": "provider", "bank": "bank", "disputed": "disputed", "float": "float_", "escrow": "held",
    "refund_payable": "to_refund", "payable": "to_pay_out", "tax_withheld": "tax", "compensation_fund": "fund",
}  # fmt: skip


def positions() -> list[Position]:
    """Every currency that has an account, by name."""
    found: dict[str, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_POSITIONS)
        for currency, what, amount in cursor.fetchall():
            if what in _NAMES:
                sign = -1 if what == "float" else 1  # equity: credits less debits
                found.setdefault(currency, {})[_NAMES[what]] = sign * int(amount)
    return [Position(currency, **amounts) for currency, amounts in sorted(found.items())]


def watch_coverage() -> int:
    """Alarm in each currency in which what we have covers no longer what we owe, gravely where refunds are due.

    Runs before settlement, so that finance knows before a refund run begins. Returns how many alerts it touched.
    """
    told = set(Alert.objects.filter(code="coverage_short", resolved_at=None).values_list("subject", flat=True))
    going_back = set(Escrow.objects.filter(state__in=GOING_BACK).values_list("currency", flat=True))
    changed = 0
    for position in positions():
        subject = f"coverage:{position.currency}"
        if position.spare >= 0:
            changed += subject in told and alerting.settled(
                code="coverage_short", subject=subject, because="covered again"
            )
            continue
        severity = "critical" if position.currency in going_back else "warning"
        grave = Alert.objects.filter(code="coverage_short", subject=subject, resolved_at=None, severity="critical")
        if subject not in told or (severity == "critical" and not grave.exists()):
            alerting.alert(
                code="coverage_short", subject=subject, severity=severity,
                data={
                    "missing": -position.spare, "have": position.have, "owed": position.owed,
                    "currency": position.currency,
                },
            )  # fmt: skip
            changed += 1
    return changed


def put_float_in(*, currency: str, amount: int, reason: str, reference: str, actor: User) -> bool:
    """Book money that the owner has put into the platform's bank account: bank → float. Finance only.

    `reference` is the bank's own and makes it once: the same again is no news (False). Its way on to the provider is
    booked when the provider shows it arriving. Raises `InvalidInput` and `ReasonRequired`.
    """
    if not roles.has_role(actor, roles.FINANCE):
        raise NotAllowed(_("Only finance may do this."))
    reason, reference = reason.strip(), reference.strip()
    if not reason:
        raise ReasonRequired(_("Say where the money comes from."), field="reason")
    if not reference or len(reference) > 60:
        raise InvalidInput(_("Write the bank's reference of the transfer."), field="reference")
    if currency not in EXPONENTS:
        raise InvalidInput(_("This currency is not known."), field="currency")
    check_amount(amount, minimum=1)
    with transaction.atomic():
        posted = ledger.post(
            key=f"float:bank:{currency}:{_veiled(reference)}", kind="float", escrow=None, currency=currency,
            lines=[ledger.Line(chart.BANK, chart.FLOAT, amount)],
        )  # fmt: skip
        if posted:
            audit.record(
                actor=actor, action="float.put_in", subject=f"currency:{currency}", reason=reason, amount=amount,
                currency=currency, reference=reference,
            )  # fmt: skip
            watch_coverage()
    return posted


def _veiled(reference: str) -> str:
    # Journals are sealed into a public chain of ASCII lines; people's own words are not for there.
    return sha256(reference.encode()).hexdigest()[:32]
