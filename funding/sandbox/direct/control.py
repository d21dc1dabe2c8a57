"""The control API, for people and tests.

POST /_control/wechat/orders/{number}/    {outcome: succeed | decline | abandon, notify: true}
POST /_control/wechat/callbacks/          {number, fault?: expired_certificate | unknown_ca | stale | tampered |
                                           forged | wrong_merchant | wrong_amount, same?: true}; answers {status},
                                          what the callback was answered
POST /_control/wechat/refunds/{number}/   {status: SUCCESS | ABNORMAL | CLOSED}         now, not in a moment
POST /_control/wechat/topups/             {amount}                                      money put on the balance
POST /_control/wechat/faults/             {fault: busy | error_after_commit, count}
GET · PUT /_control/clock/                {offset}                                      seconds
POST /_control/reset/                     a new world: no orders, no money, no faults, real time
"""

import json
import re
import uuid
from collections.abc import Callable
from typing import Final

from funding.sandbox.direct import jobs, wechat_notices, wechat_orders
from funding.sandbox.direct.wechat_orders import PROVIDER, WeChatError
from funding.sandbox.direct.world import DirectWorld, Json
from funding.sandbox.http import Request, Response, json_response

FAULTS: Final = ("busy", "error_after_commit")


def handle(world: DirectWorld, request: Request) -> Response:
    """Answer one request of the control API."""
    try:
        given = json.loads(request.body or "{}")
        for method, pattern, control in ROUTES:
            match = re.fullmatch(pattern, request.path)
            if match and request.method in method.split(","):
                return json_response(control(world, given, match[1] if match.groups() else ""))
    except WeChatError as error:
        return json_response({"error": error.code, "message": error.message}, status=error.status)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return json_response({"error": "bad_request", "message": repr(error)}, status=400)
    return json_response({"error": "not_found"}, status=404)


def _play(world: DirectWorld, given: Json, number: str) -> Json:
    with world.store.transaction():
        order = wechat_orders.play(world, number, given.get("outcome", "succeed"), notify=given.get("notify", True))
    jobs.work(world)
    return wechat_orders.order_answer(order)


def _callback(world: DirectWorld, given: Json, part: str) -> Json:
    """Send one callback about a paid order at once; `same` repeats the last one's id."""
    fault = given.get("fault", "")
    if fault and fault not in wechat_notices.FAULTS:
        raise WeChatError(400, "PARAM_ERROR", f"fault is one of {', '.join(wechat_notices.FAULTS)}")
    order = wechat_orders.order_by_number(world, given["number"])
    earlier = [
        one for one in world.store.where(wechat_notices.NOTICE) if one["resource"]["out_trade_no"] == given["number"]
    ]
    known = earlier[-1]["id"] if given.get("same") and earlier else str(uuid.uuid4())
    notice = {
        "id": known, "event_type": "TRANSACTION.SUCCESS", "resource": wechat_orders.order_answer(order),
        "url": order["asked"]["notify_url"],
    }  # fmt: skip
    return {"status": wechat_notices.send(world, notice, fault), "id": known}


def _refund(world: DirectWorld, given: Json, number: str) -> Json:
    with world.store.transaction():
        wechat_orders.arrive(world, f"refund_{number}", given.get("status", "SUCCESS"))
    jobs.work(world)
    return wechat_orders.refund_answer(world.store.require(f"refund_{number}"))


def _top_up(world: DirectWorld, given: Json, part: str) -> Json:
    with world.store.transaction():
        world.move(PROVIDER, name="充值", number=uuid.uuid4().hex, amount=int(given["amount"]))
    return {"balance": world.balance(PROVIDER)}


def _fault(world: DirectWorld, given: Json, part: str) -> Json:
    if given["fault"] not in FAULTS:
        raise WeChatError(400, "PARAM_ERROR", f"fault is one of {', '.join(FAULTS)}")
    world.store.set_setting(f"fault:{given['fault']}", str(int(given.get("count", 1))))
    return {"fault": given["fault"]}


def _clock(world: DirectWorld, given: Json, part: str) -> Json:
    if "offset" in given:
        world.clock.set_offset(float(given["offset"]))
        jobs.work(world)
    return {"offset": world.clock.offset, "now": world.clock.now()}


def _reset(world: DirectWorld, given: Json, part: str) -> Json:
    with world.store.transaction():
        world.clock.set_offset(0)
        for fault in FAULTS:
            world.store.set_setting(f"fault:{fault}", "0")
        world.store.run("DELETE FROM jobs")
        world.store.run("DELETE FROM objects")
        world.store.run("DELETE FROM balances")
    return {}


ROUTES: Final[list[tuple[str, str, Callable[[DirectWorld, Json, str], Json]]]] = [
    ("POST", r"/_control/wechat/orders/([^/]+)/?", _play),
    ("POST", r"/_control/wechat/callbacks/?", _callback),
    ("POST", r"/_control/wechat/refunds/([^/]+)/?", _refund),
    ("POST", r"/_control/wechat/topups/?", _top_up),
    ("POST", r"/_control/wechat/faults/?", _fault),
    ("GET,PUT,POST", r"/_control/clock/?", _clock),
    ("POST", r"/_control/reset/?", _reset),
]
