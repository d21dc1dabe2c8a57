"""The chart of accounts: tables only. An account's code begins with its prefix, `escrow:<key>` or `bank`."""

from dataclasses import dataclass

from funding.models.ledger import AccountKind


@dataclass(frozen=True)
class AccountType:
    """What all accounts of a prefix share; limited ones hold somebody's money and may never go below zero."""

    kind: AccountKind
    limited: bool = False


_K = AccountKind

CHART: dict[str, AccountType] = {
    "provider": AccountType(_K.ASSET),  # provider:<name>, what the provider holds for us
    "bank": AccountType(_K.ASSET),
    "receivable:creator": AccountType(_K.ASSET),  # receivable:creator:<id>
    "disputed": AccountType(_K.ASSET),  # disputed:<name>, withdrawn by the provider until a dispute is decided
    "escrow": AccountType(_K.LIABILITY, limited=True),  # escrow:<key>
    "refund_payable": AccountType(_K.LIABILITY, limited=True),  # refund_payable:<escrow key>
    "payable:creator": AccountType(_K.LIABILITY, limited=True),  # payable:creator:<id>
    "tax_withheld": AccountType(_K.LIABILITY, limited=True),  # tax_withheld:<regime>
    "compensation_fund": AccountType(_K.LIABILITY, limited=True),
    "commission": AccountType(_K.INCOME),
    "services": AccountType(_K.INCOME),
    "provider_fees": AccountType(_K.EXPENSE),
    "chargeback_loss": AccountType(_K.EXPENSE),
    "rewards_discount": AccountType(_K.EXPENSE),
    "float": AccountType(_K.EQUITY),
}

# Kinds whose balance is debits − credits; the others are credits − debits.
DEBIT_NORMAL = frozenset({AccountKind.ASSET, AccountKind.EXPENSE})

BANK = "bank"
COMPENSATION_FUND = "compensation_fund"
COMMISSION = "commission"
PROVIDER_FEES = "provider_fees"
CHARGEBACK_LOSS = "chargeback_loss"
FLOAT = "float"


def account_type(code: str) -> AccountType:
    """The type of an account by its code. Raises `KeyError` for a code that the chart doesn't know."""
    first, _, rest = code.partition(":")
    second = f"{first}:{rest.partition(':')[0]}"
    return CHART[second] if second in CHART else CHART[first]


def provider(name: str = "stripe") -> str:
    """What a provider holds for us."""
    return f"provider:{name}"


def paying(rail: str) -> str:
    """What payouts of a rail are paid from: our balance at the provider, or our own bank account."""
    return BANK if rail == BANK else provider(rail)


def disputed(name: str = "stripe") -> str:
    """What a provider has withdrawn for open disputes."""
    return f"disputed:{name}"


def escrow(key: str) -> str:
    """The money held for one campaign."""
    return f"escrow:{key}"


def refund_payable(key: str) -> str:
    """Refunds of one campaign that have been asked for and not yet arrived."""
    return f"refund_payable:{key}"


def payable(creator_id: int) -> str:
    """What a creator is owed."""
    return f"payable:creator:{creator_id}"


def receivable(creator_id: int) -> str:
    """What a creator owes."""
    return f"receivable:creator:{creator_id}"


def tax_withheld(regime: str) -> str:
    """Tax kept back for a regime until it is remitted."""
    return f"tax_withheld:{regime}"
