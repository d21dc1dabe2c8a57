"""The phone: what a payer sees after scanning the code, or coming from a phone's browser."""

from contextlib import suppress
from html import escape
from urllib.parse import parse_qs, urlsplit

from funding.sandbox.direct import wechat_orders
from funding.sandbox.direct.wechat_orders import WeChatError
from funding.sandbox.direct.world import DirectWorld
from funding.sandbox.http import Request, Response, html_response, redirect
from funding.sandbox.page_frame import frame

BANNER = "Local WeChat Pay · 本地微信支付: no real money · 不涉及真实资金"


def show(world: DirectWorld, request: Request, number: str) -> Response:
    """The order with its buttons."""
    try:
        order = wechat_orders.order_by_number(world, number)
    except WeChatError as error:
        return html_response(
            frame(title="?", body=f"<p>{escape(error.message)}</p>", banner=BANNER, testid="gone"), status=404
        )
    back = parse_qs(request.query).get("redirect_url", [""])[0]
    sum_text = f"¥{order['total'] / 100:,.2f}"
    body = f'<h1>{escape(order["asked"]["description"])}</h1><p class="total">{sum_text}</p>'
    if order["trade_state"] == "NOTPAY":
        if order.get("declined"):
            body += '<p class="error" role="alert">Declined · 支付失败</p>'
        buttons = [
            ("succeed", "Pay · 支付", ""),
            ("decline", "Decline · 失败", "quiet"),
            ("abandon", "Leave · 离开", "quiet"),
        ]
        body += f'<form method="post"><input type="hidden" name="back" value="{escape(back)}">'
        body += "".join(
            f'<button class="{style}" name="outcome" value="{value}" data-testid="{value}">{text}</button>'
            for value, text, style in buttons
        )
        body += "</form>"
    else:
        body += f'<p data-testid="state">{escape(order["trade_state"])}</p>'
    return html_response(frame(title="WeChat Pay", body=body, banner=BANNER, testid="wechat-pay"))


def submit(world: DirectWorld, request: Request, number: str) -> Response:
    """A button was pressed."""
    form = request.form()
    with suppress(WeChatError):
        wechat_orders.play(world, number, form.get("outcome", "abandon"))
    back = form.get("back", "")
    if back and form.get("outcome") != "decline" and urlsplit(back).scheme in ("http", "https"):
        return redirect(back)
    return redirect(f"/wechat/pay/{number}")


def listing(world: DirectWorld, request: Request, part: str) -> Response:
    """All orders, the newest first, each with its phone; and what can be ordered."""
    rows = "".join(
        f'<tr><td><a href="/wechat/pay/{escape(order["out_trade_no"])}">{escape(order["out_trade_no"])}</a></td>'
        f"<td>{escape(order['asked']['description'])}</td><td>¥{order['total'] / 100:,.2f}</td>"
        f"<td>{escape(order['trade_state'])}</td></tr>"
        for order in reversed(world.store.where(wechat_orders.ORDER)[-50:])
    )
    body = (
        "<h1>Local WeChat Pay · 本地微信支付</h1><p>Open an order to be the phone that scans its code. "
        "打开订单即扮演扫码的手机。</p>"
        f'<div class="scroll"><table><tr><th>Order</th><th>For</th><th>Sum</th><th>State</th></tr>{rows}</table></div>'
    )
    return html_response(frame(title="Local WeChat Pay", body=body, banner=BANNER, wide=True, testid="orders"))
