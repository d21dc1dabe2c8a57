"""Alipay's daily bills read into movements. Knows their columns, speaks to nobody.

Each bill is a zip with a table of every line and a table of sums, CSV in GBK with remarks before and after it. The
fund bill (`signcustomer`) has every movement of the balance, and the balance after each; the trade bill knows the
number that we gave a refund.
"""

import csv
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO

from funding.gateways.base import BalanceTransaction
from funding.gateways.direct import CURRENCY, fen, from_local

Row = dict[str, str]
FUNDS, TRADES = "#支付宝账务明细查询", "#支付宝业务明细查询"
IN, OUT, BALANCE, TIME = "收入金额（+元）", "支出金额（-元）", "账户余额（元）", "发生时间"
FLOW, SUBJECT, KIND = "账务流水号", "业务流水号", "业务类型"
REFUND_NUMBER = "退款批次号/请求号"
SUMS = re.compile(r"#(收入|支出)合计：([\d,]+)笔，共-?([\d,.]+)元")
# Ways of taking money in and out that are no payment's.
TYPES = {"充值": "topup", "提现": "payout"}
MOST_BYTES = 256_000_000


def read(archive: bytes, heading: str) -> list[Row]:
    """The lines of a bill's table, which begins with that heading; [] for an empty bill. Raises `ValueError`."""
    try:
        with zipfile.ZipFile(BytesIO(archive)) as files:
            if sum(one.file_size for one in files.infolist()) > MOST_BYTES:
                raise ValueError("the bill is too large")
            texts = [files.read(one).decode("gb18030") for one in files.infolist()]
    except zipfile.BadZipFile as error:
        raise ValueError("no zip") from error
    text = next((text for text in texts if text.startswith(heading)), None)
    if text is None:
        raise ValueError("the table is missing")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    cells = [[cell.strip() for cell in row] for row in csv.reader(lines)]
    found = [dict(zip(cells[0], row, strict=True)) for row in cells[1:]]
    if heading == FUNDS:
        _require_whole(text, found)
    return found


def net(row: Row) -> int:
    """What a line of the fund bill did to the balance, minor units. Money out may be written with its sign."""
    return fen(row[IN]) - abs(fen(row[OUT]))


def closing_balance(flows: list[Row]) -> int:
    """The balance after the last of a day's movements, minor units. Bills run forwards or backwards."""
    moved, after = sum(net(row) for row in flows), [fen(row[BALANCE]) for row in flows]
    if after[0] - net(flows[0]) + moved == after[-1] and flows[0][TIME] <= flows[-1][TIME]:
        return after[-1]
    if after[-1] - net(flows[-1]) + moved == after[0]:
        return after[0]
    # Lines of one moment may stand in any order: what counts is the last moment.
    return max(zip((row[TIME] for row in flows), range(len(flows)), after, strict=True))[2]


def movements(*, flows: list[Row], trades: list[Row]) -> list[BalanceTransaction]:
    """A day's movements: a payment together with its fee, a refund together with the fee that came back."""
    numbers = {row["商户订单号"]: row["支付宝交易号"] for row in trades}
    asked: dict[tuple[str, int], list[str]] = defaultdict(list)
    for row in sorted(trades, key=lambda one: one["完成时间"]):
        if row[REFUND_NUMBER]:
            asked[row["支付宝交易号"], -abs(fen(row["订单金额（元）"]))].append(row[REFUND_NUMBER])
    by_trade: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(flows, key=lambda one: one[TIME]):
        by_trade[numbers.get(row["商户订单号"]) or row[SUBJECT]].append(row)
    known = set(numbers.values())
    return [
        movement
        for trade, rows in by_trade.items()
        for movement in (_of_trade(trade, rows, asked) if trade in known else map(_alone, rows))
    ]


def _of_trade(trade: str, rows: list[Row], asked: dict[tuple[str, int], list[str]]) -> Iterator[BalanceTransaction]:
    charged = [-net(row) for row in rows if "费" in row[KIND] and net(row) < 0]
    returned = [net(row) for row in rows if "费" in row[KIND] and net(row) > 0]
    leftover = next((row for row in rows if "费" in row[KIND]), None)
    for row in rows:
        amount = net(row)
        if "费" in row[KIND]:
            continue
        if amount > 0 and "退款" not in row[KIND]:
            # One payment a trade; its fee is taken with it.
            yield _movement(row, "charge", trade, amount, sum(charged))
            charged = []
            continue
        waiting = asked.get((trade, amount))
        number = waiting.pop(0) if waiting else ""
        yield _movement(row, "refund", f"{trade}:{number}" if number else trade, amount, -sum(returned))
        returned = []
    if leftover is not None and (fee := sum(charged) - sum(returned)):
        # A fee that is taken or given back on another day stands alone.
        yield _movement(leftover, "fee", trade, 0, fee)


def _alone(row: Row) -> BalanceTransaction:
    kind = "fee" if "费" in row[KIND] else TYPES.get(row[KIND], row[KIND][:40])
    amount = net(row)
    return _movement(row, kind, row[SUBJECT], *((0, -amount) if kind == "fee" else (amount, 0)))


def _movement(row: Row, kind: str, source: str, amount: int, fee: int) -> BalanceTransaction:
    return BalanceTransaction(
        external_id=row[FLOW], type=kind, amount=amount, fee=fee, net=amount - fee, currency=CURRENCY, source=source,
        created_at=from_local(row[TIME]),
    )  # fmt: skip


def _require_whole(text: str, rows: list[Row]) -> None:
    """That the lines are as many and as much as the bill says of itself."""
    told = {name: (int(count.replace(",", "")), fen(total)) for name, count, total in SUMS.findall(text)}
    for name, column in (("收入", IN), ("支出", OUT)):
        sums = [abs(fen(row[column])) for row in rows]
        if told.get(name, (None, None))[1] != sum(sums):
            raise ValueError(f"the sum of {name} differs")
    if sum(count for count, _total in told.values()) != len(rows):
        raise ValueError("lines are missing")
