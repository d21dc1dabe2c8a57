"""The daily bills of the local Alipay, in the form of the real ones: two tables in GBK, in a zip."""

import io
import zipfile
from datetime import date, timedelta

from funding.sandbox.direct.alipay_orders import ORDER, PROVIDER, REFUND, refusal
from funding.sandbox.direct.world import DirectWorld, Json, clock_text, fee_of, yuan

READY = timedelta(hours=9)
FUND = (
    "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,"
    "交易渠道,业务类型,备注"
)
TRADE = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,"
    "支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,"
    "退款批次号/请求号,服务费（元）,分润（元）,备注"
)
SUMS = "类型,收入笔数,收入金额（+元）,支出笔数,支出金额（-元）,总金额（元）"
NOTHING = ["0.00"] * 5


def address(world: DirectWorld, kind: str, day: str) -> str:
    """Where a day's bill is."""
    if date.fromisoformat(day) > (world.time() - READY).date() - timedelta(days=1):
        raise refusal("BILL_NOT_EXIST", "账单不存在")
    if not world.store.where(f"{PROVIDER}.flow", day=day):
        raise refusal("NO_BILL_DATA", "商户在请求的账单时间内没有发生当前账单类型的业务")
    return f"{world.public_url}/downloadBillFile.resource?bizType={kind}&bizDates={day}"


def archive(world: DirectWorld, kind: str, day: str) -> bytes:
    """The zip of a day's bill."""
    what, heading, lines, end = _funds(world, day) if kind == "signcustomer" else _trades(world, day)
    begins, ends = date.fromisoformat(day), date.fromisoformat(day) + timedelta(days=1)
    account = world.settings("alipay_seller_id")
    remarks = [
        f"#账号：[{account}0156]",
        f"#起始日期：[{begins:%Y年%m月%d日} 00:00:00]   终止日期：[{ends:%Y年%m月%d日} 00:00:00]",
    ]
    table = [
        f"#支付宝{what}明细查询", *remarks, f"#{'-' * 41}{what}明细列表{'-' * 40}", heading, *lines,
        f"#{'-' * 40}{what}明细列表结束{'-' * 37}", *end, f"#导出时间：[{clock_text(world.clock.now())}]", "",
    ]  # fmt: skip
    sums = [f"#支付宝{what}汇总查询", *remarks, SUMS, ""]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        # The sums come first, as in real ones: whoever takes the first file takes the wrong one.
        for name, text in ((f"{account}_{day}_{what}明细(汇总).csv", sums), (f"{account}_{day}_{what}明细.csv", table)):
            files.writestr(name, "\r\n".join(text).encode("gbk"))
    return packed.getvalue()


def _funds(world: DirectWorld, day: str) -> tuple[str, str, list[str], list[str]]:
    flows = world.store.where(f"{PROVIDER}.flow", day=day)
    lines = [
        _line(
            flow["id"], flow["number"], flow.get("refers", ""), flow.get("title", ""), clock_text(flow["at"]),
            "*家 (loc***@example.com)", yuan(max(0, flow["amount"])), yuan(min(0, flow["amount"])),
            yuan(flow["after"]), "支付宝", flow["kind"], "",
        )
        for flow in reversed(flows)  # the newest first
    ]  # fmt: skip
    came, went = ([one["amount"] for one in flows if sign * one["amount"] > 0] for sign in (1, -1))
    end = [f"#支出合计：{len(went)}笔，共{yuan(sum(went))}元", f"#收入合计：{len(came)}笔，共{yuan(sum(came))}元"]
    return "账务", FUND, lines, end


def _trades(world: DirectWorld, day: str) -> tuple[str, str, list[str], list[str]]:
    lines = [
        _trade(order, "交易", order["send_pay_date"], order["settled"], "", -fee_of(order["total"]))
        for order in world.store.where(ORDER, paid_day=day)
    ]
    for made in world.store.where(REFUND, day=day):
        order = world.store.require(f"alipay_{made['out_trade_no']}")
        at = clock_text(made["at"])
        lines.append(_trade(order, "退款", at, -made["amount"], made["out_request_no"], made["fee"]))
    return "业务", TRADE, lines, [f"#交易合计：{len(lines)}笔"]


def _trade(order: Json, kind: str, at: str, amount: int, request: str, fee: int) -> str:
    return _line(
        order["trade_no"], order["out_trade_no"], kind, order["title"], order["made"], at, "", "", "", "",
        "*家(loc***@example.com)", yuan(amount), yuan(amount), *NOTHING, "", "0.00", "0.00", request, yuan(fee),
        "0.00", "",
    )  # fmt: skip


def _line(*values: str) -> str:
    """With a tab after each value, so that spreadsheets leave long numbers alone."""
    return ",".join(f'"{value}"\t' if "," in value else f"{value}\t" for value in values)
