"""The daily bills of the local WeChat Pay, in the form of the real ones."""

import hashlib
from datetime import date, datetime, timedelta

from funding.sandbox.direct.wechat_orders import ORDER, PROVIDER, REFUND
from funding.sandbox.direct.world import ChannelError, DirectWorld, Json, clock_text, fee_of, yuan

READY = timedelta(hours=10)
FUND = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),"
    "账户结余(元),资金变更提交申请人,备注,业务凭证号"
)
FUND_END = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"
TRADE = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,"
    "代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,"
    "申请退款金额,费率备注"
)
TRADE_END = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"


def told(world: DirectWorld, kind: str, day: str) -> Json:
    """Where a day's bill is, with its sum."""
    if date.fromisoformat(day) > (world.time() - READY).date() - timedelta(days=1):
        raise ChannelError(400, "STATEMENT_CREATING", "账单生成中")
    text = bill(world, kind, day)
    if text is None:
        raise ChannelError(400, "NO_STATEMENT_EXIST", "账单文件不存在")
    url = f"{world.public_url}/v3/billdownload/file?token={kind}.{day}"
    return {"hash_type": "SHA1", "hash_value": _sum(text), "download_url": url}


def bill(world: DirectWorld, kind: str, day: str) -> str | None:
    """The text of a bill, None for a day without movements."""
    flows = world.store.where(f"{PROVIDER}.flow", day=day)
    if not flows:
        return None
    return _funds(flows) if kind == "fundflowbill" else _trades(world, day)


def _funds(flows: list[Json]) -> str:
    lines = [
        _line(
            clock_text(flow["at"]), flow["number"], flow.get("flow") or flow["id"], flow["name"], flow["kind"],
            "收入" if flow["amount"] > 0 else "支出", yuan(abs(flow["amount"])), yuan(flow["after"]), "system", "",
            flow["refers"],
        )
        for flow in flows
    ]  # fmt: skip
    came = [flow["amount"] for flow in flows if flow["amount"] > 0]
    went = [-flow["amount"] for flow in flows if flow["amount"] < 0]
    end = _line(len(flows), len(came), yuan(sum(came)), len(went), yuan(sum(went)))
    return "\r\n".join(["\ufeff" + FUND, *lines, FUND_END, end, ""])


def _trades(world: DirectWorld, day: str) -> str:
    lines = []
    for order in world.store.where(ORDER, paid_day=day):
        lines.append(_trade(order, {}, _when(order["success_time"]), "SUCCESS", fee_of(order["total"])))
    for made in world.store.where(REFUND, day=day):
        order = world.store.require(f"order_{made['out_trade_no']}")
        lines.append(_trade(order, made, clock_text(made["at"]), "REFUND", -made["fee"]))
    end = _line(len(lines), *["0.00"] * 6)
    return "\r\n".join(["\ufeff" + TRADE, *lines, TRADE_END, end, ""])


def _trade(order: Json, made: Json, at: str, state: str, fee: int) -> str:
    refund = yuan(made.get("refund", 0))
    name = order["asked"]["description"]
    return _line(
        at, order["appid"], order["mchid"], 0, "", order["transaction_id"], order["out_trade_no"], "oLocalPayer",
        order["trade_type"], state, "OTHERS", "CNY", "0.00" if made else yuan(order["settled"]), "0.00",
        made.get("refund_id", "0"), made.get("out_refund_no", "0"), refund, "0.00", "ORIGINAL" if made else "",
        made.get("status", ""), name, order["attach"], f"{fee / 100:.5f}", "0.60%",
        "0.00" if made else yuan(order["total"]), refund, "",
    )  # fmt: skip


def _line(*values: object) -> str:
    return ",".join(f"`{value}" for value in values)


def _when(text: str) -> str:
    return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M:%S")


def _sum(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
