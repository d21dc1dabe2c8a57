"""WeChat Pay's daily bills read into movements. Knows their columns, speaks to nobody.

The fund bill has every movement of the balance, and the balance after each; the trade bill knows the fee that belongs
to a payment or refund. Both are CSV with a back quote before each value and a summary of two lines at the end.
"""

from collections.abc import Iterator

from funding.gateways.base import BalanceTransaction
from funding.gateways.direct import CURRENCY, fen, from_local

TRADE, FEE, REFUND, TOPUP, WITHDRAWAL = "交易", "扣除交易手续费", "退款", "充值", "提现"
SALE = "sale"
SUMMARY = ("资金流水总笔数", "总交易单数")
TYPES = {TRADE: "charge", REFUND: "refund", TOPUP: "topup", WITHDRAWAL: "payout", FEE: "fee"}


def rows(bill: str) -> Iterator[dict[str, str]]:
    """The lines of a bill by the names of their columns, without the summary."""
    lines = [line for line in bill.replace("\r", "").split("\n") if line]
    if not lines:
        return
    names = [name.strip() for name in lines[0].split(",")]
    for line in lines[1:]:
        if line.startswith(SUMMARY):
            return
        # No value has the two characters together; a comma alone may be part of one.
        yield dict(zip(names, line.removeprefix("`").split(",`"), strict=True))


def closing_balance(flows: str) -> int | None:
    """The balance after the last movement of a fund bill, minor units; None for a bill without movements."""
    last = None
    for row in rows(flows):
        last = fen(row["账户结余（元）"])
    return last


def movements(*, flows: str, trades: str) -> list[BalanceTransaction]:
    """A day's movements in the order of the bill: a payment or refund together with its fee."""
    fees: dict[str, int] = {}
    numbers: dict[str, str] = {}
    for row in rows(trades):
        refund = row["商户退款单号"].strip()
        if row["交易状态"] == "REFUND":
            numbers[row["微信退款单号"]] = refund
            fees[row["微信退款单号"]] = fen(row["手续费"])
        else:
            fees[row["微信订单号"]] = fen(row["手续费"])
    grouped: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows(flows):
        kind = SALE if row["业务名称"] in (TRADE, REFUND, FEE) else row["资金流水单号"]
        grouped.setdefault((kind, row["微信支付业务单号"]), []).append(row)
    return [_movement(parts, fees, numbers) for parts in grouped.values()]


def _movement(parts: list[dict[str, str]], fees: dict[str, int], numbers: dict[str, str]) -> BalanceTransaction:
    """One movement of all lines that belong together, whether the fee has a line of its own or not."""
    first = next((row for row in parts if row["业务名称"] != FEE), parts[0])
    subject, name = first["微信支付业务单号"], first["业务名称"]
    net = sum(fen(row["收支金额（元）"]) * (1 if row["收支类型"] == "收入" else -1) for row in parts)
    # A fee that comes a day later stands alone.
    fee = -net if name == FEE else fees.get(subject, 0) if name in (TRADE, REFUND) else 0
    return BalanceTransaction(
        external_id=first["资金流水单号"], type=TYPES.get(name, name[:40]), amount=net + fee, fee=fee, net=net,
        currency=CURRENCY, source=numbers.get(subject, subject), created_at=from_local(first["记账时间"]),
    )  # fmt: skip
