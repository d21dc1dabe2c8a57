"""What payers see: the phone after scanning WeChat's code, Alipay's own page; and the list of all orders."""

from contextlib import suppress
from dataclasses import dataclass
from html import escape
from types import ModuleType
from typing import Final
from urllib.parse import parse_qs, urlsplit

from funding.sandbox.direct import alipay_orders, wechat_orders
from funding.sandbox.direct.world import ChannelError, DirectWorld, Json
from funding.sandbox.http import Request, Response, html_response, redirect
from funding.sandbox.page_frame import frame

BUTTONS: Final = (
    ("succeed", "Pay · 支付", ""),
    ("decline", "Decline · 失败", "quiet"),
    ("abandon", "Leave · 离开", "quiet"),
)


@dataclass(frozen=True)
class Channel:
    """A provider for people; `orders` is its module."""

    name: str
    title: str
    orders: ModuleType

    @property
    def banner(self) -> str:
        """That this is play money."""
        return f"Local {self.title}: no real money · 本地模拟，不涉及真实资金"


CHANNELS: Final = {
    "wechat": Channel("wechat", "WeChat Pay · 微信支付", wechat_orders),
    "alipay": Channel("alipay", "Alipay · 支付宝", alipay_orders),
}


def show(world: DirectWorld, request: Request, name: str, number: str) -> Response:
    """An order with its buttons."""
    channel = CHANNELS[name]
    try:
        order = channel.orders.order_by_number(world, number)
    except ChannelError as error:
        return html_response(_frame(channel, f"<p>{escape(error.message)}</p>", testid="gone"), status=404)
    back = parse_qs(request.query).get("redirect_url", [order.get("return_url", "")])[0]
    body = f'<h1>{escape(order["title"])}</h1><p class="total">{_sum(order)}</p>'
    if channel.orders.is_open(order):
        if order.get("declined"):
            body += '<p class="error" role="alert">Declined · 支付失败</p>'
        body += f'<form method="post"><input type="hidden" name="back" value="{escape(back)}">'
        body += "".join(
            f'<button class="{style}" name="outcome" value="{value}" data-testid="{value}">{text}</button>'
            for value, text, style in BUTTONS
        )
        body += "</form>"
    else:
        body += f'<p data-testid="state">{escape(channel.orders.state_of(order))}</p>'
    return html_response(_frame(channel, body, testid=f"{name}-pay"))


def submit(world: DirectWorld, request: Request, name: str, number: str) -> Response:
    """A button was pressed."""
    form = request.form()
    with suppress(ChannelError):
        CHANNELS[name].orders.play(world, number, form.get("outcome", "abandon"))
    back = form.get("back", "")
    if back and form.get("outcome") != "decline" and urlsplit(back).scheme in ("http", "https"):
        return redirect(back)
    return redirect(f"/{name}/pay/{number}")


def listing(world: DirectWorld, request: Request) -> Response:
    """All orders of each provider, the newest first."""
    body = (
        "<h1>Local WeChat Pay and Alipay · 本地微信支付与支付宝</h1>"
        "<p>Open an order to be its payer: the phone that scans WeChat's code, or Alipay's page. "
        "打开订单即可扮演付款人。</p>"
    )
    for channel in CHANNELS.values():
        rows = "".join(_row(channel, order) for order in reversed(world.store.where(channel.orders.ORDER)[-50:]))
        body += (
            f'<h2>{escape(channel.title)}</h2><div class="scroll"><table><tr><th>Order</th><th>For</th><th>Sum</th>'
            f"<th>State</th></tr>{rows}</table></div>"
        )
    banner = "No real money · 不涉及真实资金"
    return html_response(frame(title="Local providers", body=body, banner=banner, wide=True, testid="orders"))


def _row(channel: Channel, order: Json) -> str:
    number = escape(order["out_trade_no"])
    return (
        f'<tr><td><a href="/{channel.name}/pay/{number}">{number}</a></td><td>{escape(order["title"])}</td>'
        f"<td>{_sum(order)}</td><td>{escape(channel.orders.state_of(order))}</td></tr>"
    )


def _sum(order: Json) -> str:
    return f"¥{order['total'] / 100:,.2f}"


def _frame(channel: Channel, body: str, *, testid: str) -> str:
    return frame(title=channel.title, body=body, banner=channel.banner, testid=testid)
