"""Orders and refunds at the local Alipay: what may happen to them, and what it does to the balance."""

from datetime import datetime, timedelta

from funding.sandbox.direct import notices
from funding.sandbox.direct.world import (
    BEIJING,
    ChannelError,
    DirectWorld,
    Json,
    clock_text,
    fee_of,
    number_like,
    yuan,
)

ORDER, REFUND = "alipay.order", "alipay.refund"
PROVIDER = "alipay"
REFUND_WINDOW = timedelta(days=90)


def refusal(code: str, message: str) -> ChannelError:
    """A business's no."""
    return ChannelError(40004, code, message)


def order_by_number(world: DirectWorld, number: str) -> Json:
    """The order with our number, once its payer has opened it."""
    return _aged(world, world.store.get(f"alipay_{number}", kind=ORDER))


def order_by_trade(world: DirectWorld, trade: str) -> Json:
    """The order with Alipay's number."""
    found = world.store.where(ORDER, trade_no=trade)
    return _aged(world, found[0] if found else None)


def find(world: DirectWorld, asked: Json) -> Json:
    """By whichever number was given; Alipay's own comes first."""
    if asked.get("trade_no"):
        return order_by_trade(world, asked["trade_no"])
    return order_by_number(world, str(asked.get("out_trade_no", "")))


def open_order(world: DirectWorld, asked: Json, *, return_url: str, notify_url: str) -> Json:
    """What a payer's browser brings: a new order, or the same one again."""
    number = asked["out_trade_no"]
    ends = datetime.strptime(asked["time_expire"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING).timestamp()
    known = world.store.get(f"alipay_{number}", kind=ORDER)
    if known is None:
        if world.clock.now() >= ends:
            raise refusal("ACQ.TRADE_HAS_CLOSE", "订单已超时")
        return world.store.add({
            "id": f"alipay_{number}", "object": ORDER, "out_trade_no": number, "trade_no": number_like(28),
            "total": _fen(asked["total_amount"]), "title": asked["subject"], "trade_status": "WAIT_BUYER_PAY",
            "send_pay_date": "", "paid_at": 0, "refunded": 0, "made": clock_text(world.clock.now()), "ends": ends,
            "notify_url": notify_url, "return_url": return_url,
        })  # fmt: skip
    known = _aged(world, known)
    if known["total"] != _fen(asked["total_amount"]) or known["title"] != asked["subject"]:
        raise refusal("ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改")
    if known["send_pay_date"]:
        raise refusal("ACQ.TRADE_HAS_SUCCESS", "交易已被支付")
    if known["trade_status"] == "TRADE_CLOSED":
        raise refusal("ACQ.TRADE_HAS_CLOSE", "交易已经关闭")
    return known


def _fen(text: str) -> int:
    whole, _point, part = text.partition(".")
    if not whole.isdigit() or len(part) != 2 or not part.isdigit() or text == "0.00":
        raise refusal("ACQ.INVALID_PARAMETER", "total_amount")
    return int(whole) * 100 + int(part)


def is_open(order: Json) -> bool:
    """Whether it waits for its payer."""
    return bool(order["trade_status"] == "WAIT_BUYER_PAY")


def state_of(order: Json) -> str:
    """In the provider's word."""
    return str(order["trade_status"])


def _aged(world: DirectWorld, order: Json | None) -> Json:
    if order is None:
        raise refusal("ACQ.TRADE_NOT_EXIST", "交易不存在")
    if is_open(order) and world.clock.now() >= order["ends"]:
        order["trade_status"] = "TRADE_CLOSED"
        world.store.save(order)
    return order


def play(world: DirectWorld, number: str, outcome: str, *, notify: bool = True) -> Json:
    """What the payer does on Alipay's page: succeed, decline or abandon."""
    order = order_by_number(world, number)
    if outcome == "abandon":
        return order
    if not is_open(order):
        raise refusal("ACQ.TRADE_STATUS_ERROR", "交易状态不合法")
    if outcome == "decline":
        # The order stays open: the next try may succeed.
        order["declined"] = True
        return world.store.save(order)
    if outcome != "succeed":
        raise refusal("ACQ.INVALID_PARAMETER", "outcome is succeed, decline or abandon")
    now = world.clock.now()
    order |= {
        "trade_status": "TRADE_SUCCESS", "send_pay_date": clock_text(now), "paid_at": now, "paid_day": world.day(),
        "settled": order["total"] - world.ordered(PROVIDER, "one_fen_short"),
    }  # fmt: skip
    world.store.save(order)
    named = {"number": order["trade_no"], "refers": number, "title": order["title"]}
    world.move(PROVIDER, kind="在线支付", amount=order["settled"], **named)
    if fee := fee_of(order["total"]):
        world.move(PROVIDER, kind="收费", amount=-fee, **named)
    if notify:
        notices.queue(world, PROVIDER, order["notify_url"], **paid_notice(order))
    return order


def paid_notice(order: Json) -> Json:
    """What a notification says of an order."""
    return {"fields": {
        **{name: order[name] for name in ("trade_no", "out_trade_no", "trade_status")}, "subject": order["title"],
        "total_amount": yuan(order["total"]), "gmt_create": order["made"], "gmt_payment": order["send_pay_date"],
    }}  # fmt: skip


def close_order(world: DirectWorld, asked: Json) -> Json:
    """End an order that nobody has paid."""
    order = find(world, asked)
    if not is_open(order):
        raise refusal("ACQ.TRADE_STATUS_ERROR", "交易状态不合法")
    order["trade_status"] = "TRADE_CLOSED"
    notices.queue(world, PROVIDER, order["notify_url"], **paid_notice(order))
    return world.store.save(order)


def refund(world: DirectWorld, asked: Json) -> tuple[Json, bool]:
    """A refund, done at once, and whether it was news: the same request again is the same refund."""
    order, amount = find(world, asked), _fen(asked["refund_amount"])
    key = f"alipay_refund_{order['trade_no']}_{asked['out_request_no']}"
    known = world.store.get(key, kind=REFUND)
    if known is not None:
        if known["amount"] != amount:
            raise refusal("ACQ.DISCORDANT_REPEAT_REQUEST", "请求信息不一致")
        return known, False
    if not order["send_pay_date"]:
        raise refusal("ACQ.TRADE_STATUS_ERROR", "交易状态非法")
    if world.clock.now() > order["paid_at"] + REFUND_WINDOW.total_seconds():
        raise refusal("ACQ.TRADE_HAS_FINISHED", "交易已完结")
    if order["refunded"] + amount > order["total"]:
        raise refusal("ACQ.REASON_TRADE_REFUND_FEE_ERR", "退款金额无效")
    fee = fee_of(order["refunded"] + amount) - fee_of(order["refunded"])
    if amount - fee > world.balance(PROVIDER):
        raise refusal("ACQ.SELLER_BALANCE_NOT_ENOUGH", "卖家余额不足")
    return _refunded(world, order, key, asked["out_request_no"], amount, fee), True


def _refunded(world: DirectWorld, order: Json, key: str, number: str, amount: int, fee: int) -> Json:
    order["refunded"] += amount
    if order["refunded"] == order["total"]:
        order["trade_status"] = "TRADE_CLOSED"
    world.store.save(order)
    made = world.store.add({
        "id": key, "object": REFUND, "out_request_no": number, "trade_no": order["trade_no"],
        "out_trade_no": order["out_trade_no"], "amount": amount, "fee": fee, "day": world.day(),
        "at": world.clock.now(),
    })  # fmt: skip
    named = {"number": order["trade_no"], "refers": order["out_trade_no"], "title": order["title"]}
    world.move(PROVIDER, kind="交易退款", amount=-amount, **named)
    if fee:
        world.move(PROVIDER, kind="收费", amount=fee, **named)
    told = paid_notice(order)["fields"] | {
        "out_biz_no": number, "refund_fee": yuan(order["refunded"]), "gmt_refund": clock_text(made["at"]),
    }  # fmt: skip
    notices.queue(world, PROVIDER, order["notify_url"], fields=told)
    return made
