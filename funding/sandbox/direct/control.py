"""The control API, for people and tests. `{provider}` is wechat or alipay.

POST /_control/{provider}/orders/{number}/    {outcome: succeed | decline | abandon, notify: true}
POST /_control/{provider}/callbacks/          {number, fault?: expired_certificate | unknown_ca | stale | tampered |
                                               forged | wrong_merchant | wrong_amount, same?: true}; answers {status},
                                              what the callback was answered
POST /_control/{provider}/topups/             {amount}                                      money put on the balance
POST /_control/{provider}/withdrawals/        {amount}                                      money taken to the bank
POST /_control/{provider}/faults/             {fault, count}: busy, of requests; error_after_commit, of those that
                                              change something; late | duplicate | lost, of callbacks; one_fen_short,
                                              of what is credited for a payment
POST /_control/wechat/refunds/{number}/       {status: SUCCESS | ABNORMAL | CLOSED}         now, not in a moment
POST /_control/alipay/signer/                 {name: platform | renewed | expired | strange}  who signs from now on
GET · PUT /_control/clock/                    {offset}                                      seconds
POST /_control/reset/                         a new world: no orders, no money, no faults, real time
"""

import json
import re
import uuid
from collections.abc import Callable
from typing import Final

from funding.sandbox.direct import jobs, notices, wechat_orders
from funding.sandbox.direct.pages import CHANNELS
from funding.sandbox.direct.world import ChannelError, DirectWorld, Json
from funding.sandbox.http import Request, Response, json_response

FAULTS: Final = ("busy", "error_after_commit", "one_fen_short", *notices.DELIVERY)
SIGNERS: Final = ("platform", "renewed", "expired", "strange")


def handle(world: DirectWorld, request: Request) -> Response:
    """Answer one request of the control API."""
    try:
        given = json.loads(request.body or "{}")
        for method, pattern, control in ROUTES:
            match = re.fullmatch(pattern, request.path)
            if match and request.method in method.split(","):
                return json_response(control(world, given, *match.groups()))
    except ChannelError as error:
        return json_response({"error": error.code, "message": error.message}, status=min(error.status, 400))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return json_response({"error": "bad_request", "message": repr(error)}, status=400)
    return json_response({"error": "not_found"}, status=404)


def _play(world: DirectWorld, given: Json, channel: str, number: str) -> Json:
    with world.store.transaction():
        order: Json = CHANNELS[channel].orders.play(
            world, number, given.get("outcome", "succeed"), notify=given.get("notify", True)
        )
    jobs.work(world)
    return order


def _callback(world: DirectWorld, given: Json, channel: str) -> Json:
    """Send one callback about a paid order at once; `same` repeats the last one's id."""
    orders = CHANNELS[channel].orders
    order = orders.order_by_number(world, given["number"])
    earlier = [one for one in world.store.where(f"{orders.PROVIDER}.notice") if given["number"] in json.dumps(one)]
    known = earlier[-1]["id"] if given.get("same") and earlier else str(uuid.uuid4())
    url = order.get("notify_url") or order["asked"]["notify_url"]
    notice = {"id": known, "provider": orders.PROVIDER, "url": url, **orders.paid_notice(order)}
    status, body = notices.send(world, notice, given.get("fault", ""))
    return {"status": status, "answer": body.decode(errors="replace")[:200], "id": known}


def _refund(world: DirectWorld, given: Json, number: str) -> Json:
    with world.store.transaction():
        wechat_orders.arrive(world, f"refund_{number}", given.get("status", "SUCCESS"))
    jobs.work(world)
    return wechat_orders.refund_answer(world.store.require(f"refund_{number}"))


def _top_up(world: DirectWorld, given: Json, channel: str) -> Json:
    provider = CHANNELS[channel].orders.PROVIDER
    with world.store.transaction():
        number = uuid.uuid4().hex
        world.move(provider, kind="充值", name="充值", number=number, amount=int(given["amount"]), refers=number)
    return {"balance": world.balance(provider)}


def _withdraw(world: DirectWorld, given: Json, channel: str) -> Json:
    provider = CHANNELS[channel].orders.PROVIDER
    with world.store.transaction():
        amount, number = int(given["amount"]), uuid.uuid4().hex
        if amount > world.balance(provider):
            raise ChannelError(400, "NOT_ENOUGH", "the balance is smaller")
        world.move(provider, kind="提现", name="提现", number=number, amount=-amount, refers=number)
    return {"balance": world.balance(provider)}


def _fault(world: DirectWorld, given: Json, channel: str) -> Json:
    if given["fault"] not in FAULTS:
        raise ChannelError(400, "PARAM_ERROR", f"fault is one of {', '.join(FAULTS)}")
    provider = CHANNELS[channel].orders.PROVIDER
    world.store.set_setting(f"fault:{provider}:{given['fault']}", str(int(given.get("count", 1))))
    return {"fault": given["fault"]}


def _signer(world: DirectWorld, given: Json) -> Json:
    if given["name"] not in SIGNERS:
        raise ChannelError(400, "PARAM_ERROR", f"name is one of {', '.join(SIGNERS)}")
    world.store.set_setting("alipay_signer", given["name"])
    return {"name": given["name"]}


def _clock(world: DirectWorld, given: Json) -> Json:
    if "offset" in given:
        world.clock.set_offset(float(given["offset"]))
        jobs.work(world)
    return {"offset": world.clock.offset, "now": world.clock.now()}


def _reset(world: DirectWorld, given: Json) -> Json:
    with world.store.transaction():
        world.clock.set_offset(0)
        world.store.set_setting("alipay_signer", "platform")
        world.store.run("DELETE FROM settings WHERE name LIKE 'fault:%'")
        world.store.run("DELETE FROM jobs")
        world.store.run("DELETE FROM objects")
        world.store.run("DELETE FROM balances")
    return {}


ROUTES: Final[list[tuple[str, str, Callable[..., Json]]]] = [
    ("POST", r"/_control/(wechat|alipay)/orders/([^/]+)/?", _play),
    ("POST", r"/_control/(wechat|alipay)/callbacks/?", _callback),
    ("POST", r"/_control/(wechat|alipay)/topups/?", _top_up),
    ("POST", r"/_control/(wechat|alipay)/withdrawals/?", _withdraw),
    ("POST", r"/_control/(wechat|alipay)/faults/?", _fault),
    ("POST", r"/_control/wechat/refunds/([^/]+)/?", _refund),
    ("POST", r"/_control/alipay/signer/?", _signer),
    ("GET,PUT,POST", r"/_control/clock/?", _clock),
    ("POST", r"/_control/reset/?", _reset),
]
