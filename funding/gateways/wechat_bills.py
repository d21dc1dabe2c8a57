"""WeChat Pay's daily bills read into movements. Knows their columns, speaks to nobody.

The fund bill has every movement of the balance, and the balance after each; the trade bill knows the whole sum of a
payment or refund, and the number that we gave the refund. Both are CSV with a back quote before each value and a
summary of two lines at the end.
"""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from funding.gateways.base import BalanceTransaction
from funding.gateways.direct import CURRENCY, fen, from_local

Row = dict[str, str]
SUMMARY = ("资金流水总笔数", "总交易单数")
# The finer of the two columns of kinds. What belongs to a payment or refund counts with it.
CHARGED, REFUNDED, REFUND_CLOSED = "交易", "退款", "退款关闭"
FEES = {"扣除交易手续费", "退还交易手续费"}
TYPES = {CHARGED: "charge", REFUNDED: "refund", REFUND_CLOSED: "refund_failure", "充值": "topup", "提现": "payout"}
KIND, SUBJECT, FLOW = "业务类型", "微信支付业务单号", "资金流水单号"
SUM, BALANCE = "收支金额(元)", "账户结余(元)"


def rows(bill: str) -> Iterator[Row]:
    """The lines of a bill by the names of their columns, without the summary."""
    lines = [line for line in bill.replace("\r", "").split("\n") if line]
    if not lines:
        return
    # Brackets are of either width, by the bill's age.
    names = [name.strip("\ufeff` ") for name in lines[0].replace("（", "(").replace("）", ")").split(",")]
    for line in lines[1:]:
        if line.startswith(SUMMARY):
            return
        # No value has the two characters together; a comma alone may be part of one.
        yield dict(zip(names, line.removeprefix("`").split(",`"), strict=True))


def closing_balance(flows: str) -> int | None:
    """The balance after the last movement of a fund bill, minor units; None for a bill without movements."""
    last = None
    for row in rows(flows):
        last = fen(row[BALANCE])
    return last


def movements(*, flows: str, trades: str) -> list[BalanceTransaction]:
    """A day's movements in the order of the bill: a payment or refund together with its fee."""
    told = {_subject_of(row): row for row in rows(trades)}
    grouped: dict[tuple[str, str], list[Row]] = {}
    for row in rows(flows):
        # A refund that was given up is a movement of its own, though it has the refund's number.
        ours = row[KIND] in (CHARGED, REFUNDED) or row[KIND] in FEES
        grouped.setdefault((row[SUBJECT], "" if ours else f"{row[FLOW]}{row[KIND]}"), []).append(row)
    return [_movement(parts, told.get(subject, {})) for (subject, _apart), parts in grouped.items()]


def _movement(parts: list[Row], told: Row) -> BalanceTransaction:
    """One movement of all lines that belong together, with what the trade bill tells of it."""
    first = next((row for row in parts if row[KIND] not in FEES), parts[0])
    subject, kind = first[SUBJECT], first[KIND]
    net, fees = sum(map(_net, parts)), [_net(row) for row in parts if row[KIND] in FEES]
    # Fees have lines of their own, on the same day or (alone) on another; or they are part of the payment's line.
    fee = -sum(fees) if fees else _fee_inside(net, told)
    return BalanceTransaction(
        # The flow's number alone is not one line's: refunds have that of their payment.
        external_id=f"{first[FLOW]}:{subject}:{kind}", type="fee" if kind in FEES else TYPES.get(kind, kind[:40]),
        amount=net + fee, fee=fee, net=net, currency=CURRENCY,
        source=told["商户退款单号"].strip() if _is_refund(told) else subject,
        created_at=from_local(first["记账时间"]),
    )  # fmt: skip


def _fee_inside(net: int, told: Row) -> int:
    """The fee that a line is short of the whole sum by, if the trade bill says that it is the fee."""
    if not told:
        return 0
    whole = -fen(told["退款金额"]) if _is_refund(told) else fen(told["应结订单金额"])
    # To more than two decimals; what is taken is rounded.
    fee = int((Decimal(told["手续费"].strip() or "0") * 100).to_integral_value(ROUND_HALF_UP))
    return fee if whole - net == fee else 0


def _net(row: Row) -> int:
    return fen(row[SUM]) * (1 if row["收支类型"] == "收入" else -1)


def _is_refund(told: Row) -> bool:
    return told.get("交易状态") == "REFUND"


def _subject_of(told: Row) -> str:
    return told["微信退款单号" if _is_refund(told) else "微信订单号"]
