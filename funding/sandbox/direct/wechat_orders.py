"""Orders and refunds at the local WeChat Pay: what may happen to them, and what it does to the balance."""

from datetime import UTC, datetime
from typing import Any

from funding.sandbox.direct import notices
from funding.sandbox.direct.world import REFUND_SECONDS, ChannelError, DirectWorld, Json, fee_of, number_like

ORDER, REFUND = "wechatpay.order", "wechatpay.refund"
PROVIDER = "wechatpay"


def order_by_number(world: DirectWorld, number: str) -> Json:
    """The order with our number."""
    found = world.store.get(f"order_{number}", kind=ORDER)
    if found is None:
        raise ChannelError(404, "ORDER_NOT_EXIST", "订单不存在")
    return _aged(world, found)


def order_by_transaction(world: DirectWorld, transaction: str) -> Json:
    """The order with WeChat's number."""
    found = world.store.where(ORDER, transaction_id=transaction)
    if not found:
        raise ChannelError(404, "ORDER_NOT_EXIST", "订单不存在")
    return found[0]


def open_order(world: DirectWorld, asked: Json, trade_type: str) -> Json:
    """A new order, or the same one again for the same request."""
    number = asked["out_trade_no"]
    same = {name: asked.get(name) for name in ("description", "attach", "time_expire", "amount", "notify_url")}
    known = world.store.get(f"order_{number}", kind=ORDER)
    if known is not None:
        known = _aged(world, known)
        if known["trade_state"] == "SUCCESS":
            raise ChannelError(400, "ORDERPAID", "该订单已支付")
        if known["trade_state"] != "NOTPAY":
            raise ChannelError(400, "ORDER_CLOSED", "该订单已关闭")
        if known["asked"] != same or known["trade_type"] != trade_type:
            raise ChannelError(400, "INVALID_REQUEST", "订单号重复，参数不一致")
        return known
    return world.store.add({
        "id": f"order_{number}", "object": ORDER, "out_trade_no": number, "mchid": asked["mchid"],
        "appid": asked["appid"], "total": asked["amount"]["total"], "attach": asked.get("attach", ""),
        "title": asked["description"],
        "trade_type": trade_type, "trade_state": "NOTPAY", "transaction_id": "", "success_time": "", "refunded": 0,
        "asked": same, "code": number_like(12), "ends": datetime.fromisoformat(asked["time_expire"]).timestamp(),
    })  # fmt: skip


def is_open(order: Json) -> bool:
    """Whether it waits for its payer."""
    return bool(order["trade_state"] == "NOTPAY")


def state_of(order: Json) -> str:
    """In the provider's word."""
    return str(order["trade_state"])


def _aged(world: DirectWorld, order: Json) -> Json:
    if order["trade_state"] == "NOTPAY" and world.clock.now() >= order["ends"]:
        order["trade_state"] = "CLOSED"
        world.store.save(order)
    return order


def play(world: DirectWorld, number: str, outcome: str, *, notify: bool = True) -> Json:
    """What the person with the phone does: succeed, decline or abandon."""
    order = order_by_number(world, number)
    if outcome == "abandon":
        return order
    if order["trade_state"] != "NOTPAY":
        raise ChannelError(400, "ORDER_CLOSED", "订单已结束")
    if outcome == "decline":
        # The order stays open: the next try may succeed.
        order["declined"] = True
        return world.store.save(order)
    if outcome != "succeed":
        raise ChannelError(400, "PARAM_ERROR", "outcome is succeed, decline or abandon")
    at = world.time().isoformat(timespec="seconds")
    order |= {"trade_state": "SUCCESS", "transaction_id": number_like(28), "success_time": at, "paid_day": world.day()}
    world.store.save(order)
    named = {"name": "交易", "number": order["transaction_id"], "refers": number}
    order["settled"] = order["total"] - world.ordered(PROVIDER, "one_fen_short")
    world.store.save(order)
    world.move(PROVIDER, kind="交易", amount=order["settled"], **named)
    if fee := fee_of(order["total"]):
        world.move(PROVIDER, kind="扣除交易手续费", amount=-fee, **named)
    if notify:
        notices.queue(world, PROVIDER, order["asked"]["notify_url"], **paid_notice(order))
    return order


def paid_notice(order: Json) -> Json:
    """What a callback says of a paid order."""
    return {"event_type": "TRANSACTION.SUCCESS", "resource": order_answer(order)}


def close_order(world: DirectWorld, number: str) -> None:
    """End an order that nobody has paid."""
    order = order_by_number(world, number)
    if order["trade_state"] == "SUCCESS":
        raise ChannelError(400, "ORDERPAID", "订单已支付")
    order["trade_state"] = "CLOSED"
    world.store.save(order)


def refund(world: DirectWorld, asked: Json) -> Json:
    """A new refund, or the same one again for the same request."""
    number, amount = asked["out_refund_no"], asked["amount"]
    known = world.store.get(f"refund_{number}", kind=REFUND)
    if known is not None:
        if known["asked"] != amount:
            raise ChannelError(400, "INVALID_REQUEST", "退款单号重复，参数不一致")
        return known
    order = order_by_transaction(world, asked["transaction_id"])
    if amount["total"] != order["total"] or amount["currency"] != "CNY" or amount["refund"] < 1:
        raise ChannelError(400, "PARAM_ERROR", "订单金额不一致")
    if order["refunded"] + amount["refund"] > order["total"]:
        raise ChannelError(400, "INVALID_REQUEST", "退款金额大于可退金额")
    fee = fee_of(order["refunded"] + amount["refund"]) - fee_of(order["refunded"])
    if amount["refund"] - fee > world.balance(PROVIDER):
        raise ChannelError(403, "NOT_ENOUGH", "余额不足")
    order["refunded"] += amount["refund"]
    world.store.save(order)
    made = world.store.add({
        "id": f"refund_{number}", "object": REFUND, "out_refund_no": number, "refund_id": number_like(29),
        "transaction_id": order["transaction_id"], "out_trade_no": order["out_trade_no"], "asked": amount,
        "status": "PROCESSING", "total": order["total"], "refund": amount["refund"], "fee": fee,
        "day": world.day(), "at": world.clock.now(), "notify_url": asked.get("notify_url", ""),
        "mchid": order["mchid"],
    })  # fmt: skip
    # As in real bills: the flow has the payment's number.
    named = {"name": "退款", "number": made["refund_id"], "refers": number, "flow": order["transaction_id"]}
    world.move(PROVIDER, kind="退款", amount=-amount["refund"], **named)
    if fee:
        world.move(PROVIDER, kind="退还交易手续费", amount=fee, **named)
    world.store.run(
        "INSERT INTO jobs (due, kind, subject) VALUES (?, 'wechat_refund', ?)",
        (world.clock.now() + REFUND_SECONDS, made["id"]),
    )
    return made


def arrive(world: DirectWorld, refund_id: str, status: str = "SUCCESS") -> None:
    """A refund reaches the payer, or an account that takes it no more."""
    made = world.store.require(refund_id)
    if made["status"] != "PROCESSING":
        return
    made |= {"status": status, "success_time": world.time().isoformat(timespec="seconds")}
    world.store.save(made)
    if status == "CLOSED":
        named = {"name": "退款", "number": made["refund_id"], "refers": made["out_refund_no"]}
        world.move(PROVIDER, kind="退款关闭", amount=made["refund"] - made["fee"], **named)
    if made["notify_url"]:
        told = refund_answer(made) | {"refund_status": status, "mchid": made["mchid"]}
        notices.queue(world, PROVIDER, made["notify_url"], event_type=f"REFUND.{status}", resource=told)


def order_answer(order: Json) -> Json:
    """An order as the query tells it. The sum of an unpaid one is not told."""
    told: Json = {name: order[name] for name in ("appid", "mchid", "out_trade_no", "trade_state", "attach")}
    told["trade_state_desc"] = {"NOTPAY": "订单未支付", "SUCCESS": "支付成功", "CLOSED": "订单已关闭"}[
        order["trade_state"]
    ]
    if order["trade_state"] == "SUCCESS":
        total = order["total"]
        told |= {
            "trade_type": order["trade_type"], "transaction_id": order["transaction_id"], "bank_type": "OTHERS",
            "success_time": order["success_time"], "payer": {"openid": "oLocalPayer"},
            "amount": {"total": total, "payer_total": total, "currency": "CNY", "payer_currency": "CNY"},
        }  # fmt: skip
        if order["refunded"]:
            told["trade_state"] = "REFUND"
    return told


def refund_answer(made: Json) -> Json:
    """A refund as answer and query tell it."""
    told = {name: made[name] for name in ("refund_id", "out_refund_no", "transaction_id", "out_trade_no", "status")}
    created = datetime.fromtimestamp(made["at"], UTC).isoformat(timespec="seconds")
    amount: dict[str, Any] = {"refund": made["refund"], "total": made["total"], "currency": "CNY"}
    return {**told, "channel": "ORIGINAL", "create_time": created, "amount": amount}
