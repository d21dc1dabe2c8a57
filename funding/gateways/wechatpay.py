"""WeChat Pay for a mainland merchant, Native (QR) and H5."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from funding.exceptions import ProviderRefused, ProviderUnavailable, WebhookRefused
from funding.gateways import wechat_bills
from funding.gateways.base import (
    BalanceSnapshot,
    BalanceTransaction,
    CheckoutRequest,
    CheckoutSnapshot,
    ProviderEvent,
    RefundRequest,
    RefundSnapshot,
)
from funding.gateways.certificates import UntrustedError
from funding.gateways.direct import (
    CURRENCY,
    MISSING,
    DirectChannel,
    bill_days,
    local_time,
    newest_first,
    number_of,
)
from funding.gateways.wechat_client import Json, WeChatAccount, WeChatClient

ORDERS = "/v3/pay/transactions"
REFUNDS = "/v3/refund/domestic/refunds"
PAID = {"SUCCESS", "REFUND"}
ENDED = {"CLOSED", "REVOKED"}
# ABNORMAL: the bank doesn't take it; the money waits at WeChat until a person names another account there.
REFUND_STATES = {
    "SUCCESS": "succeeded", "PROCESSING": "pending", "ABNORMAL": "requires_action", "CLOSED": "failed",
}  # fmt: skip
MOST_IN_DESCRIPTION = 127
SHORT = {"NOT_ENOUGH"}


class WeChatPayGateway(DirectChannel):
    """Orders and refunds by numbers made from our stored keys, so that asking twice is asking once."""

    name = "wechatpay"
    acknowledgement = ""

    def __init__(self, account: WeChatAccount, *, base: str, timeout: float) -> None:
        self._account = account
        self._client = WeChatClient(account, base=base, timeout=timeout)

    def create_checkout(self, request: CheckoutRequest) -> CheckoutSnapshot:
        """Open an order; `url` is our own page that shows `code`: a QR code's text, or an address for phones."""
        number = number_of(request.command)
        ends = datetime.fromtimestamp(request.expires_at, UTC)
        order: Json = {
            "appid": self._account.appid, "mchid": self._account.mchid, "out_trade_no": number,
            "description": request.name[:MOST_IN_DESCRIPTION], "attach": request.command,
            "time_expire": local_time(ends).isoformat(timespec="seconds"), "notify_url": self._account.notify_url,
            "amount": {"total": request.amount, "currency": request.currency},
        }  # fmt: skip
        if request.handset:
            order["scene_info"] = {"payer_client_ip": request.client_ip, "h5_info": {"type": "Wap"}}
        try:
            answer = self._client.call("POST", f"{ORDERS}/{'h5' if request.handset else 'native'}", order)
        except ProviderRefused as error:
            if error.extra.get("provider_code") != "ORDERPAID":
                raise
            return self.retrieve_checkout(number)
        return CheckoutSnapshot(
            external_id=number, status="open", paid=False, amount=request.amount, currency=request.currency,
            url=request.pay_url, code=str(answer.get("h5_url") or answer.get("code_url") or ""), expires_at=ends,
            metadata={"command": request.command},
        )  # fmt: skip

    def expire_checkout(self, *, session_id: str, command: str) -> CheckoutSnapshot:
        """Close an order; one that has already ended is answered as it is, paid or not."""
        try:
            self._client.call("POST", f"{ORDERS}/out-trade-no/{session_id}/close", {"mchid": self._account.mchid})
        except ProviderRefused as error:
            if error.extra.get("provider_code") == MISSING:
                raise
            found = self.retrieve_checkout(session_id)
            if found.status == "open":
                # Somebody is just paying.
                raise ProviderUnavailable(str(error), **error.extra) from error
            return found
        return self.retrieve_checkout(session_id)

    def retrieve_checkout(self, session_id: str) -> CheckoutSnapshot:
        """The order as it stands. The fee is not known before the day's bill."""
        path = f"{ORDERS}/out-trade-no/{session_id}?mchid={self._account.mchid}"
        return self._order(self._client.call("GET", path))

    def find_checkout(self, *, command: str, since: datetime) -> CheckoutSnapshot | None:
        """The order of a command once it has ended; an open one is opened again, which is the same order."""
        try:
            found = self.retrieve_checkout(number_of(command))
        except ProviderRefused as error:
            if error.extra.get("provider_code") != MISSING:
                raise
            return None
        # Only a new answer to the same request tells what the QR code has to say.
        return None if found.status == "open" else found

    def create_refund(self, request: RefundRequest) -> RefundSnapshot:
        """Ask for a refund; it arrives within minutes or days."""
        path = f"{ORDERS}/id/{request.intent_id}?mchid={self._account.mchid}"
        total = int(self._client.call("GET", path)["amount"]["total"])
        asked: Json = {
            "transaction_id": request.intent_id, "out_refund_no": number_of(request.command),
            "notify_url": self._account.notify_url,
            "amount": {"refund": request.amount, "total": total, "currency": request.currency},
        }  # fmt: skip
        try:
            return _refund(self._client.call("POST", REFUNDS, asked), command=request.command)
        except ProviderRefused as error:
            if error.extra.get("provider_code") in SHORT:
                raise ProviderRefused(str(error), provider_code="insufficient_funds") from error
            raise

    def retrieve_refund(self, refund_id: str) -> RefundSnapshot:
        """The refund as it stands."""
        return _refund(self._client.call("GET", f"{REFUNDS}/{refund_id}"))

    def find_refund(self, *, command: str, intent_id: str) -> RefundSnapshot | None:
        """The refund that a command asked for."""
        try:
            return self.retrieve_refund(number_of(command))
        except ProviderRefused as error:
            if error.extra.get("provider_code") != MISSING:
                raise
            return None

    def balance(self) -> BalanceSnapshot:
        """Our balance now."""
        found = self._client.call("GET", "/v3/merchant/fund/balance/BASIC")
        return BalanceSnapshot(
            available={CURRENCY: int(found["available_amount"])},
            pending={CURRENCY: int(found.get("pending_amount", 0))},
        )

    def settled_balance(self) -> BalanceSnapshot:
        """Our balance at the end of the newest bill."""
        for day in bill_days(None):
            if (bill := self._bill("fundflowbill", day.isoformat())) is not None:
                closing = wechat_bills.closing_balance(bill)
                if closing is not None:
                    return BalanceSnapshot(available={CURRENCY: closing}, pending={})
        return BalanceSnapshot(available={CURRENCY: 0}, pending={})

    def balance_transactions(self, *, since: datetime | None = None) -> Iterator[BalanceTransaction]:
        """Every movement in the bills since an instant, newest first: at most three months."""
        found: list[BalanceTransaction] = []
        for day in bill_days(since):
            flows = self._bill("fundflowbill", day.isoformat())
            if flows is not None:
                found += wechat_bills.movements(flows=flows, trades=self._bill("tradebill", day.isoformat()) or "")
        return newest_first(found, since)

    def verify_webhook(self, *, body: bytes, headers: Mapping[str, str]) -> ProviderEvent:
        """The event in a signed and encrypted request. Raises `WebhookRefused` if it is forged, stale or foreign."""
        try:
            event = self._client.open_callback(body, headers)
        except UntrustedError as error:
            raise WebhookRefused("The callback proves nothing.", reason=error.reason) from error
        found = event["resource"]
        appid = found.get("appid", self._account.appid)
        if found.get("mchid") != self._account.mchid or appid != self._account.appid:
            raise WebhookRefused("The callback is for another merchant.", reason="merchant")
        refund = str(event["event_type"]).startswith("REFUND.")
        number = str(found.get("out_refund_no" if refund else "out_trade_no") or "")
        # Not all of it is kept: who paid is nobody's business here.
        kept = {name: found[name] for name in ("out_trade_no", "transaction_id", "out_refund_no") if name in found}
        amount: Any = found.get("amount") or {}
        kept |= {"event_type": event["event_type"], "total": amount.get("total"), "refund": amount.get("refund")}
        kind = "direct.refund" if refund else "direct.order"
        return ProviderEvent(event["id"], kind, number, "", kept, self.name)

    def _order(self, found: Json) -> CheckoutSnapshot:
        if found.get("mchid") != self._account.mchid:
            raise ProviderRefused("The order is another merchant's.", provider_code="merchant")
        state, amount = str(found["trade_state"]), found.get("amount") or {}
        paid = state in PAID
        transaction = str(found.get("transaction_id") or "") if paid else ""
        at = found.get("success_time")
        return CheckoutSnapshot(
            external_id=found["out_trade_no"], paid=paid,
            status="complete" if paid else "expired" if state in ENDED else "open",
            amount=int(amount["total"]) if "total" in amount else None,
            currency=str(amount.get("currency") or CURRENCY),
            intent_id=transaction, charge_id=transaction, method="wechat_pay" if paid else "",
            intent_status="succeeded" if paid else "processing" if state == "USERPAYING" else "",
            failure_code="declined" if state == "PAYERROR" else "",
            begun_at=datetime.fromisoformat(at) if paid and at else None,
            metadata={"command": str(found.get("attach") or "")},
        )  # fmt: skip

    def _bill(self, kind: str, day: str) -> str | None:
        """A day's bill, None where nothing moved."""
        try:
            told = self._client.call("GET", f"/v3/bill/{kind}?bill_date={day}")
        except ProviderRefused as error:
            if error.extra.get("provider_code") == "NO_STATEMENT_EXIST":
                return None
            raise
        return self._client.download(told["download_url"], sha1=str(told["hash_value"]))


def _refund(found: Json, *, command: str = "") -> RefundSnapshot:
    state = str(found["status"])
    return RefundSnapshot(
        external_id=found["out_refund_no"], status=REFUND_STATES[state], amount=int(found["amount"]["refund"]),
        currency=str(found["amount"].get("currency") or CURRENCY), intent_id=str(found.get("transaction_id") or ""),
        failure_code="" if state in ("SUCCESS", "PROCESSING") else state.lower(),
        metadata={"command": command} if command else {},
    )  # fmt: skip
