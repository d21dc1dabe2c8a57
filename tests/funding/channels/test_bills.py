# ruff: noqa: E501 - bills have long lines
"""Bills as the providers publish them, in their own letters."""

import io
import zipfile
from collections.abc import Callable

import pytest

from funding.gateways import alipay_bills, wechat_bills
from funding.gateways.direct import fen, in_yuan

FUND = "\n".join([
    "\ufeff记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额{0},账户结余{0},资金变更提交申请人,备注,业务凭证号",
    "`2026-11-22 10:00:00,`4200001,`4200001,`交易,`交易,`收入,`100.00,`100.00,`system,`,`order1",
    "`2026-11-22 10:00:00,`4200001,`4200001,`交易,`扣除交易手续费,`支出,`0.60,`99.40,`system,`,`order1",
    "`2026-11-22 11:00:00,`5030001,`4200001,`退款,`退款,`支出,`29.82,`69.58,`system,`退款总金额30.00元;含手续费0.18元,`refund1",
    "`2026-11-22 12:00:00,`5030002,`4200001,`退款,`退款,`支出,`30.00,`39.58,`system,`a, b,`refund2",
    "`2026-11-22 12:00:00,`5030002,`4200001,`退款,`退还交易手续费,`收入,`0.18,`39.76,`system,`,`refund2",
    "`2026-11-22 13:00:00,`5030002,`4200001,`退款,`退款关闭,`收入,`29.82,`69.58,`system,`,`refund2",
    "`2026-11-22 14:00:00,`W1,`F9,`提现,`提现,`支出,`9.58,`60.00,`a@1900000001,`,`W1",
    "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额", "`7.0,`3.0,`130.00,`4.0,`70.00", "",
])  # fmt: skip
TRADE_HEAD = (
    "\ufeff交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,"
    "代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,"
    "费率备注"
)
SOLD = "`2026-11-22 10:00:00,`wx1,`19,`0,`,`4200001,`order1,`o,`NATIVE,`SUCCESS,`OTHERS,`CNY,`100.00,`0.00,`0,`0,`0.00,`0.00,`,`,`灯,`,`0.60000,`0.60%,`100.00,`0.00,`"


def given_back(number: str, ours: str) -> str:
    return (
        f"`2026-11-22 11:00:00,`wx1,`19,`0,`,`4200001,`order1,`o,`NATIVE,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`{number},"
        f"`{ours},`30.00,`0.00,`ORIGINAL,`SUCCESS,`灯,`,`-0.18000,`0.60%,`0.00,`30.00,`"
    )


TRADE = "\r\n".join([
    TRADE_HEAD, SOLD, given_back("5030001", "refund1"), given_back("5030002", "refund2"),
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额", "`3,`100.00,`60.00,`0.00,`0.24,`100.00,`60.00", "",
])  # fmt: skip


@pytest.mark.parametrize("unit", ["(元)", "（元）"])
def test_wechats_fees_stand_alone_or_within_and_a_flows_number_may_repeat(unit: str) -> None:
    funds = FUND.format(unit)
    found = wechat_bills.movements(flows=funds, trades=TRADE)
    assert [(one.type, one.amount, one.fee, one.source) for one in found] == [
        ("charge", 100_00, 60, "4200001"), ("refund", -30_00, -18, "refund1"), ("refund", -30_00, -18, "refund2"),
        ("refund_failure", 29_82, 0, "refund2"), ("payout", -9_58, 0, "W1"),
    ]  # fmt: skip
    assert len({one.external_id for one in found}) == len(found)
    assert sum(one.net for one in found) == wechat_bills.closing_balance(funds) == 60_00


HEAD = "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注"
LINES = [
    "F1\t,T1\t,o1\t,\"灯, 大\"\t,2026-11-22 10:00:00\t,*家 (a***@b.cn)\t,1000.00\t,0.00\t,1000.00\t,支付宝\t,在线支付\t,\t",
    "F2\t,T1\t,o1\t,灯\t,2026-11-22 10:00:00\t,\t,0.00\t,-6.00\t,994.00\t,支付宝\t,收费\t,服务费[T1]\t",
    "F3\t,T1\t,o1\t,灯\t,2026-11-22 11:00:00\t,\t,0.00\t,30.00\t,964.00\t,支付宝\t,交易退款\t,\t",
    "F4\t,T1\t,o1\t,灯\t,2026-11-22 11:00:00\t,\t,0.18\t,0.00\t,964.18\t,支付宝\t,收费\t,\t",
    "F5\t,T1\t,o1\t,灯\t,2026-11-22 12:00:00\t,\t,0.00\t,30.00\t,934.18\t,支付宝\t,交易退款\t,\t",
    "F6\t,W1\t,\t,\t,2026-11-22 13:00:00\t,\t,0.00\t,900.00\t,34.18\t,支付宝\t,提现\t,\t",
    "F7\t,T0\t,o0\t,灯\t,2026-11-22 14:00:00\t,\t,0.00\t,0.18\t,34.00\t,支付宝\t,收费\t,\t",
]  # fmt: skip
ENDS = [
    "#-----账务明细列表结束-----,,,",
    "#支出合计：5笔，共-966.18元,,,",
    "#收入合计：2笔，共1,000.18元",
    "#导出时间：[2026年11月23日 13:19:01]",
]
TRADES = [
    "#支付宝业务明细查询", "#账号：[20880000000000010156]",
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,订单金额（元）,商家实收（元）,退款批次号/请求号,服务费（元）",
    "T1\t,o1\t,交易\t,灯,2026-11-22 09:59:00,2026-11-22 10:00:00,1000.00,1000.00,\t,-6.00",
    "T1\t,o1\t,退款\t,灯,2026-11-22 09:59:00,2026-11-22 12:00:00,-30.00,-30.00,r2\t,0.00",
    "T1\t,o1\t,退款\t,灯,2026-11-22 09:59:00,2026-11-22 11:00:00,-30.00,-30.00,r1\t,0.18",
]  # fmt: skip


def packed(*lines: str, encoding: str = "gbk") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as files:
        files.writestr("汇总.csv", "#支付宝账务汇总查询\r\n类型,收入笔数".encode(encoding))
        files.writestr("明细.csv", "\r\n".join(lines).encode(encoding))
    return content.getvalue()


def funds(*lines: str) -> list[alipay_bills.Row]:
    begins = ["#支付宝账务明细查询", "#账号：[20880000000000010156]", "#起始日期：[2026年11月22日 00:00:00]"]
    return alipay_bills.read(packed(*begins, HEAD, *lines, *ENDS), alipay_bills.FUNDS)


@pytest.mark.parametrize("order", [list, lambda lines: list(reversed(lines))])
def test_alipays_lines_are_put_together_forwards_and_backwards(order: Callable[[list[str]], list[str]]) -> None:
    flows = funds(*order(LINES))
    trades = alipay_bills.read(packed(*TRADES), alipay_bills.TRADES)
    found = sorted(alipay_bills.movements(flows=flows, trades=trades), key=lambda one: one.created_at)
    assert [(one.type, one.amount, one.fee, one.source) for one in found] == [
        ("charge", 1000_00, 6_00, "T1"), ("refund", -30_00, -18, "T1:r1"), ("refund", -30_00, 0, "T1:r2"),
        ("payout", -900_00, 0, "W1"), ("fee", 0, 18, "T0"),
    ]  # fmt: skip
    assert sum(one.net for one in found) == alipay_bills.closing_balance(flows) == 34_00


def test_a_bill_that_lacks_a_line_is_no_bill() -> None:
    for wrong in (LINES[:-1], [*LINES, LINES[-1]], [line.replace("900.00", "899.00") for line in LINES]):
        with pytest.raises(ValueError, match=r"differs|missing"):
            funds(*wrong)
    with pytest.raises(ValueError, match="zip"):
        alipay_bills.read(b"<html>", alipay_bills.FUNDS)
    with pytest.raises(ValueError, match="table"):
        alipay_bills.read(packed("#something else"), alipay_bills.FUNDS)


def test_sums_are_exact() -> None:
    assert [fen(text) for text in ("0.01", "1,234.50", " 88.88 ", "", "-3")] == [1, 1234_50, 88_88, 0, -3_00]
    assert [in_yuan(minor) for minor in (1, 100, 99_999_999)] == ["0.01", "1.00", "999999.99"]
    for wrong in ("0.001", "1e", "NaN", "Infinity"):
        with pytest.raises(ValueError, match=r".*"):
            fen(wrong)
