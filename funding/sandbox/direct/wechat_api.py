"""The local WeChat Pay's API v3: verifies who asks, answers signed."""

import base64
import json
import re
import uuid
from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qs

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from funding.sandbox.direct import wechat_bills, wechat_notices, wechat_orders
from funding.sandbox.direct.wechat_orders import PROVIDER
from funding.sandbox.direct.world import ChannelError, DirectWorld, Json
from funding.sandbox.http import Request, Response

NUMBER: Final = re.compile(r"[0-9a-zA-Z_\-|*@]{6,64}")
# Real seconds that a request's stamp may differ: the project signs with the machine's time.
TOLERANCE: Final = 300
Answer = Json | str | None


def handle(world: DirectWorld, request: Request) -> Response:
    """Answer one request."""
    try:
        given = _authorised(world, request)
        with world.store.transaction():
            if world.ordered(PROVIDER, "busy"):
                raise ChannelError(429, "FREQUENCY_LIMITED", "频率超限")
            answer = _route(world, request, given)
        if request.method == "POST" and world.ordered(PROVIDER, "error_after_commit"):
            raise ChannelError(500, "SYSTEM_ERROR", "系统错误")
        body = answer if isinstance(answer, str) else "" if answer is None else json.dumps(answer, ensure_ascii=False)
        status = 204 if answer is None else 200
    except ChannelError as error:
        body, status = json.dumps({"code": error.code, "message": error.message}, ensure_ascii=False), error.status
    headers = wechat_notices.signed(world, body) | {"Request-ID": uuid.uuid4().hex}
    return Response(body, status=status, headers=headers)


def _authorised(world: DirectWorld, request: Request) -> Json:
    """The body of a request that the merchant signed, naming the serial of its certificate."""
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    parts = dict(re.findall(r'(\w+)="([^"]*)"', rest))
    if scheme != "WECHATPAY2-SHA256-RSA2048" or parts.get("mchid") != world.settings("wechat_mchid"):
        raise ChannelError(401, "SIGN_ERROR", "签名错误")
    if parts.get("serial_no", "").upper() != world.wechat.serial("merchant"):
        raise ChannelError(401, "SIGN_ERROR", "证书序列号错误")
    path = f"{request.path}?{request.query}" if request.query else request.path
    text = f"{request.method}\n{path}\n{parts.get('timestamp')}\n{parts.get('nonce_str')}\n{request.body}\n"
    key = world.wechat.certificate("merchant").public_key()
    assert isinstance(key, RSAPublicKey)
    try:
        key.verify(base64.b64decode(parts.get("signature", "")), text.encode(), PKCS1v15(), SHA256())
        given = json.loads(request.body) if request.body else {}
    except (InvalidSignature, ValueError) as error:
        raise ChannelError(401, "SIGN_ERROR", "签名错误") from error
    return dict(given)


def _route(world: DirectWorld, request: Request, given: Json) -> Answer:
    for method, pattern, answer in ROUTES:
        match = re.fullmatch(pattern, request.path)
        if match and method == request.method:
            query = {name: values[0] for name, values in parse_qs(request.query).items()}
            return answer(world, {**given, **query}, match[1] if match.groups() else "")
    raise ChannelError(404, "RESOURCE_NOT_EXISTS", "资源不存在")


def _certificates(world: DirectWorld, given: Json, part: str) -> Answer:
    """All of them, also those that nobody should trust."""
    listed = []
    for name in ("platform", "expired", "strange"):
        found = world.wechat.certificate(name)
        listed.append({
            "serial_no": world.wechat.serial(name), "effective_time": found.not_valid_before_utc.isoformat(),
            "expire_time": found.not_valid_after_utc.isoformat(), "encrypt_certificate": _sealed(world, name),
        })  # fmt: skip
    return {"data": listed}


def _sealed(world: DirectWorld, name: str) -> Json:
    return wechat_notices.seal_text(world, world.wechat.pem(name).decode(), associated="certificate")


def _native(world: DirectWorld, given: Json, part: str) -> Answer:
    order = wechat_orders.open_order(world, _checked(world, given), "NATIVE")
    return {"code_url": f"weixin://wxpay/bizpayurl?pr={order['code']}"}


def _h5(world: DirectWorld, given: Json, part: str) -> Answer:
    scene = given.get("scene_info") or {}
    if not scene.get("payer_client_ip") or not (scene.get("h5_info") or {}).get("type"):
        raise ChannelError(400, "PARAM_ERROR", "scene_info")
    order = wechat_orders.open_order(world, _checked(world, given), "MWEB")
    return {"h5_url": f"{world.public_url}/wechat/pay/{order['out_trade_no']}?package={order['code']}"}


def _checked(world: DirectWorld, given: Json) -> Json:
    """An order's request with everything in its limits."""
    amount = given.get("amount") or {}
    total = amount.get("total")
    number = str(given.get("out_trade_no", ""))
    wrong = [
        name
        for name, right in {
            "appid": given.get("appid") == world.settings("wechat_appid"),
            "mchid": given.get("mchid") == world.settings("wechat_mchid"),
            "out_trade_no": bool(NUMBER.fullmatch(number)) and len(number) <= 32,
            "description": 0 < len(str(given.get("description", ""))) <= 127,
            "attach": len(str(given.get("attach", ""))) <= 128,
            "notify_url": str(given.get("notify_url", "")).startswith("http") and "?" not in given["notify_url"],
            "amount": type(total) is int and total > 0 and amount.get("currency") == "CNY",
            "time_expire": bool(re.search(r"\+08:00$", str(given.get("time_expire", "")))),
        }.items()
        if not right
    ]
    if wrong:
        raise ChannelError(400, "PARAM_ERROR", f"参数错误: {', '.join(wrong)}")
    return given


def _query(world: DirectWorld, given: Json, part: str) -> Answer:
    return wechat_orders.order_answer(wechat_orders.order_by_number(world, part))


def _query_own(world: DirectWorld, given: Json, part: str) -> Answer:
    return wechat_orders.order_answer(wechat_orders.order_by_transaction(world, part))


def _close(world: DirectWorld, given: Json, part: str) -> Answer:
    wechat_orders.close_order(world, part)
    return None


def _refund(world: DirectWorld, given: Json, part: str) -> Answer:
    if not NUMBER.fullmatch(str(given.get("out_refund_no", ""))):
        raise ChannelError(400, "PARAM_ERROR", "out_refund_no")
    return wechat_orders.refund_answer(wechat_orders.refund(world, given))


def _refund_query(world: DirectWorld, given: Json, part: str) -> Answer:
    found = world.store.get(f"refund_{part}", kind=wechat_orders.REFUND)
    if found is None:
        raise ChannelError(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    return wechat_orders.refund_answer(found)


def _balance(world: DirectWorld, given: Json, part: str) -> Answer:
    return {"available_amount": world.balance(PROVIDER), "pending_amount": 0}


def _bill(world: DirectWorld, given: Json, part: str) -> Answer:
    return wechat_bills.told(world, part, given["bill_date"])


def _download(world: DirectWorld, given: Json, part: str) -> Answer:
    kind, _, day = given.get("token", "").partition(".")
    return wechat_bills.bill(world, kind, day) or ""


ROUTES: Final[list[tuple[str, str, Callable[[DirectWorld, Json, str], Answer]]]] = [
    ("GET", r"/v3/certificates", _certificates),
    ("POST", r"/v3/pay/transactions/native", _native),
    ("POST", r"/v3/pay/transactions/h5", _h5),
    ("GET", r"/v3/pay/transactions/out-trade-no/([^/]+)", _query),
    ("GET", r"/v3/pay/transactions/id/([^/]+)", _query_own),
    ("POST", r"/v3/pay/transactions/out-trade-no/([^/]+)/close", _close),
    ("POST", r"/v3/refund/domestic/refunds", _refund),
    ("GET", r"/v3/refund/domestic/refunds/([^/]+)", _refund_query),
    ("GET", r"/v3/merchant/fund/balance/BASIC", _balance),
    ("GET", r"/v3/bill/(tradebill|fundflowbill)", _bill),
    ("GET", r"/v3/billdownload/file", _download),
]
