"""The local Alipay's gateway: verifies who asks, answers signed, and opens orders for browsers."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qsl

from funding.sandbox.direct import alipay_bills, alipay_orders
from funding.sandbox.direct.alipay_orders import PROVIDER, refusal
from funding.sandbox.direct.alipay_signing import is_merchants, serial
from funding.sandbox.direct.world import BEIJING, ChannelError, DirectWorld, Json, text64, yuan
from funding.sandbox.http import Request, Response, redirect

# Real seconds that a request's stamp may differ: the project signs with the machine's time.
TOLERANCE: Final = 300
PAGES: Final = {
    "alipay.trade.page.pay": "FAST_INSTANT_TRADE_PAY",
    "alipay.trade.wap.pay": "QUICK_WAP_WAY",
}
CHANGING: Final = {"alipay.trade.close", "alipay.trade.refund"}


def handle(world: DirectWorld, request: Request) -> Response:
    """Answer one request, of the merchant's server or of a payer's browser."""
    fields = dict(parse_qsl(request.query)) | (request.form() if request.body else {})
    method = fields.get("method", "")
    try:
        asked = _authorised(world, fields)
        with world.store.transaction():
            if method in PAGES:
                return _page(world, method, fields, asked)
            if world.ordered(PROVIDER, "busy"):
                raise ChannelError(40005, "isv.app-call-limited", "应用调用次数超限")
            answer = _route(world, method, asked)
        if method in CHANGING and world.ordered(PROVIDER, "error_after_commit"):
            raise refusal("ACQ.SYSTEM_ERROR", "系统错误")
        told = {"code": "10000", "msg": "Success", **answer}
    except ChannelError as error:
        told = {"code": str(error.status), "msg": "Failed", "sub_code": error.code, "sub_msg": error.message}
    return Response(_signed(world, method, told), content_type="text/html")


def _signed(world: DirectWorld, method: str, told: Json) -> str:
    """An answer whose letters, with their escaped slashes, are what is signed."""
    text = json.dumps(told, ensure_ascii=False).replace("/", "\\/")
    signer = world.settings("alipay_signer", "platform")
    name = f"{method.replace('.', '_')}_response" if method else "error_response"
    sign = text64(world.alipay.sign(signer, text))
    return f'{{"{name}":{text},"alipay_cert_sn":"{serial(world, signer)}","sign":"{sign}"}}'


def _authorised(world: DirectWorld, fields: dict[str, str]) -> Json:
    """The content of a request that the merchant signed, naming its certificate and our root."""
    right = {
        "app_id": world.settings("alipay_app_id"), "app_cert_sn": serial(world, "merchant"),
        "alipay_root_cert_sn": serial(world, "root"), "charset": "utf-8", "sign_type": "RSA2", "version": "1.0",
    }  # fmt: skip
    for name, value in right.items():
        if fields.get(name) != value:
            raise ChannelError(40002, f"isv.invalid-{name.replace('_', '-')}", name)
    if not is_merchants(world, fields):
        raise ChannelError(40002, "isv.invalid-signature", "无效签名")
    try:
        stamp = datetime.strptime(fields["timestamp"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)
        asked = json.loads(fields["biz_content"])
    except (KeyError, ValueError) as error:
        raise ChannelError(40001, "isv.missing-parameter", str(error)) from error
    if abs((datetime.now(UTC) - stamp).total_seconds()) > TOLERANCE:
        raise ChannelError(40002, "isv.invalid-timestamp", "timestamp")
    return dict(asked)


def _page(world: DirectWorld, method: str, fields: dict[str, str], asked: Json) -> Response:
    """A payer's browser brings an order: it exists from now on."""
    if asked.get("product_code") != PAGES[method] or set("/=&") & set(asked.get("subject", "")):
        raise ChannelError(40002, "isv.invalid-parameter", "product_code or subject")
    if "?" in fields.get("notify_url", ""):
        raise ChannelError(40002, "isv.invalid-parameter", "notify_url")
    alipay_orders.open_order(
        world, asked, return_url=fields.get("return_url", ""), notify_url=fields.get("notify_url", "")
    )
    return redirect(f"/alipay/pay/{asked['out_trade_no']}")


def _route(world: DirectWorld, method: str, asked: Json) -> Json:
    answer = METHODS.get(method)
    if answer is None:
        raise ChannelError(40002, "isv.invalid-method", "不存在的方法名")
    return answer(world, asked)


def _query(world: DirectWorld, asked: Json) -> Json:
    order = alipay_orders.find(world, asked)
    told = {name: order[name] for name in ("trade_no", "out_trade_no", "trade_status")}
    told |= {"total_amount": yuan(order["total"]), "buyer_logon_id": "159****5620"}
    if order["send_pay_date"]:
        told |= {"send_pay_date": order["send_pay_date"], "buyer_pay_amount": yuan(order["total"])}
    return told


def _close(world: DirectWorld, asked: Json) -> Json:
    order = alipay_orders.close_order(world, asked)
    return {"trade_no": order["trade_no"], "out_trade_no": order["out_trade_no"]}


def _refund(world: DirectWorld, asked: Json) -> Json:
    made, news = alipay_orders.refund(world, asked)
    order = alipay_orders.order_by_trade(world, made["trade_no"])
    return {
        "trade_no": made["trade_no"], "out_trade_no": made["out_trade_no"], "fund_change": "Y" if news else "N",
        # Of all refunds together, as Alipay tells it.
        "refund_fee": yuan(order["refunded"]),
    }  # fmt: skip


def _refund_query(world: DirectWorld, asked: Json) -> Json:
    order = alipay_orders.find(world, asked)
    made = world.store.get(f"alipay_refund_{order['trade_no']}_{asked['out_request_no']}", kind=alipay_orders.REFUND)
    # Of a refund that is not there it says yes, and nothing.
    return {} if made is None else {
        "trade_no": order["trade_no"], "out_trade_no": order["out_trade_no"],
        "out_request_no": made["out_request_no"], "refund_amount": yuan(made["amount"]),
        "total_amount": yuan(order["total"]), "refund_status": "REFUND_SUCCESS",
    }  # fmt: skip


def _balance(world: DirectWorld, asked: Json) -> Json:
    sum_text = yuan(world.balance(PROVIDER))
    return {"total_amount": sum_text, "available_amount": sum_text, "freeze_amount": "0.00"}


def _bill(world: DirectWorld, asked: Json) -> Json:
    return {"bill_download_url": alipay_bills.address(world, asked["bill_type"], asked["bill_date"])}


def _certificate(world: DirectWorld, asked: Json) -> Json:
    """Any of them, also those that nobody should trust."""
    for name in ("platform", "renewed", "expired", "strange"):
        if serial(world, name) == asked.get("alipay_cert_sn"):
            chain = world.alipay.bundle(name, "between")
            return {"alipay_cert_content": base64.b64encode(chain).decode()}
    raise ChannelError(40004, "isv.invalid-alipay-cert-sn", "证书不存在")


def download(world: DirectWorld, request: Request) -> Response:
    """A bill's file."""
    query = dict(parse_qsl(request.query))
    content = alipay_bills.archive(world, query["bizType"], query["bizDates"])
    return Response(content, content_type="application/zip")


METHODS: Final[dict[str, Callable[[DirectWorld, Json], Json]]] = {
    "alipay.trade.query": _query,
    "alipay.trade.close": _close,
    "alipay.trade.refund": _refund,
    "alipay.trade.fastpay.refund.query": _refund_query,
    "alipay.data.bill.balance.query": _balance,
    "alipay.data.dataservice.bill.downloadurl.query": _bill,
    "alipay.open.app.alipaycert.download": _certificate,
}
