"""Alipay for a mainland merchant: its own page on a desktop, its app or page on a phone."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from cms.core import clock
from funding.exceptions import ProviderRefused, WebhookRefused
from funding.gateways import alipay_bills
from funding.gateways.alipay_client import STAMP, AlipayAccount, AlipayClient, Json
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
    fen,
    from_local,
    in_yuan,
    local_time,
    newest_first,
    number_of,
    refused,
    unreachable,
)

PAID = {"TRADE_SUCCESS", "TRADE_FINISHED"}
# The product that a payer pays with, by what it is for.
PAGE = ("alipay.trade.page.pay", {"product_code": "FAST_INSTANT_TRADE_PAY"})
PHONE = ("alipay.trade.wap.pay", {"product_code": "QUICK_WAP_WAY"})
REFUSED_IN_SUBJECT = re.compile(r"[/=&]+")
MOST_IN_SUBJECT = 256
NUMBER = re.compile(r"[0-9a-f]{32}x([0-9a-f]{1,12})")
NO_BILL = {"NO_BILL_DATA", "BILL_NOT_EXIST", "BILL_DATE_BEFORE_REGISTRATION"}
# Alipay's words for what funding has a word of its own for.
REFUND_CODES = {
    "ACQ.SELLER_BALANCE_NOT_ENOUGH": "insufficient_funds",
    # The time that was agreed for refunds is over: asking again is no use.
    "ACQ.TRADE_HAS_FINISHED": "refund_window_passed",
}


class AlipayGateway(DirectChannel):
    """Orders and refunds by numbers made from our stored keys, so that asking twice is asking once.

    Alipay knows an order only from when its payer has opened it. Until then that it is ours, and until when it may be
    paid, stands in its number.
    """

    name = "alipay"
    acknowledgement = "success"

    def __init__(self, account: AlipayAccount, *, base: str, timeout: float) -> None:
        self._account = account
        self._client = AlipayClient(account, base=base, timeout=timeout)

    def create_checkout(self, request: CheckoutRequest) -> CheckoutSnapshot:
        """Sign an order; `code` is the address at Alipay's where it is paid. Paid already, it is told as paid."""
        number = f"{number_of(request.command)}x{request.expires_at:x}"
        found = self._order(number)
        if found is not None and found.amount not in (None, request.amount):
            raise refused("ACQ.CONTEXT_INCONSISTENT")
        if found is not None and found.paid:
            return found
        if found is not None and found.status == "expired":
            raise refused("ACQ.TRADE_HAS_CLOSE")
        ends = datetime.fromtimestamp(request.expires_at, UTC)
        method, product = PHONE if request.handset else PAGE
        subject = REFUSED_IN_SUBJECT.sub(" ", request.name)[:MOST_IN_SUBJECT]
        order: Json = {
            "out_trade_no": number, "total_amount": in_yuan(request.amount), "subject": subject,
            "time_expire": local_time(ends).strftime(STAMP), "seller_id": self._account.seller_id, **product,
        }  # fmt: skip
        if request.handset:
            order["quit_url"] = request.cancel_url
        return CheckoutSnapshot(
            external_id=number, status="open", paid=False, amount=request.amount, currency=request.currency,
            url=request.pay_url, code=self._client.page(method, order, return_url=request.success_url),
            expires_at=ends, metadata={"command": request.command},
        )  # fmt: skip

    def expire_checkout(self, *, session_id: str, command: str) -> CheckoutSnapshot:
        """Close an order; one that has already ended is answered as it is, paid or not.

        One that its payer has not opened can't be closed there, but our own page leads to it no more. Whoever stands
        on Alipay's page already may still pay: that comes as a late success.
        """
        try:
            self._client.call("alipay.trade.close", {"out_trade_no": session_id})
        except ProviderRefused as error:
            if error.extra.get("provider_code") == MISSING:
                return _unopened(session_id, ended=True)
            found = self.retrieve_checkout(session_id)
            if found.status == "open":
                # Somebody is just paying.
                raise unreachable("paying") from error
            return found
        return self.retrieve_checkout(session_id)

    def retrieve_checkout(self, session_id: str) -> CheckoutSnapshot:
        """The order as it stands. The fee is not known before the day's bill."""
        return self._order(session_id) or _unopened(session_id)

    def find_checkout(self, *, command: str, since: datetime) -> CheckoutSnapshot | None:
        """None: asking for the same order again finds it, paid or not."""
        return None

    def create_refund(self, request: RefundRequest) -> RefundSnapshot:
        """Refund; done on its answer, or to be asked about."""
        number = number_of(request.command)
        asked = {
            "trade_no": request.intent_id, "out_request_no": number, "refund_amount": in_yuan(request.amount),
        }  # fmt: skip
        try:
            answer = self._client.call("alipay.trade.refund", asked)
        except ProviderRefused as error:
            code = str(error.extra.get("provider_code"))
            raise refused(REFUND_CODES.get(code, code)) from error
        if answer.get("fund_change") == "Y":
            return _refund(request.intent_id, number, request.amount, command=request.command)
        # Done before, or not yet.
        found = self.find_refund(command=request.command, intent_id=request.intent_id)
        if found is None:
            raise unreachable("refund_unclear")
        return found

    def retrieve_refund(self, refund_id: str) -> RefundSnapshot:
        """The refund as it stands."""
        trade, _colon, number = refund_id.partition(":")
        found = self._find_refund(trade, number)
        if found is None:
            raise refused(MISSING)
        return found

    def find_refund(self, *, command: str, intent_id: str) -> RefundSnapshot | None:
        """The refund that a command asked for. None as long as it is not done: the same request does it once."""
        return self._find_refund(intent_id, number_of(command))

    def balance(self) -> BalanceSnapshot:
        """Our balance now."""
        found = self._client.call("alipay.data.bill.balance.query", {})
        return BalanceSnapshot(
            available={CURRENCY: fen(found["available_amount"])},
            pending={CURRENCY: fen(found.get("freeze_amount", "0"))},
        )

    def settled_balance(self) -> BalanceSnapshot:
        """Our balance at the end of the newest bill."""
        for day in bill_days(None):
            if flows := self._bill("signcustomer", day.isoformat()):
                return BalanceSnapshot(available={CURRENCY: alipay_bills.closing_balance(flows)}, pending={})
        return BalanceSnapshot(available={CURRENCY: 0}, pending={})

    def balance_transactions(self, *, since: datetime | None = None) -> Iterator[BalanceTransaction]:
        """Every movement in the bills since an instant, newest first: at most three months."""
        found: list[BalanceTransaction] = []
        for day in bill_days(since):
            if flows := self._bill("signcustomer", day.isoformat()):
                found += alipay_bills.movements(flows=flows, trades=self._bill("trade", day.isoformat()))
        return newest_first(found, since)

    def verify_webhook(self, *, body: bytes, headers: Mapping[str, str]) -> ProviderEvent:
        """The event in a signed form. Raises `WebhookRefused` if it is forged, stale or another merchant's."""
        try:
            told = self._client.open_notice(body)
            refund = "out_biz_no" in told or "gmt_refund" in told
            number = told["out_trade_no"] if not refund else f"{told['trade_no']}:{told.get('out_biz_no', '')}"
            kept: Json = {name: told[name] for name in ("out_trade_no", "trade_no", "trade_status", "notify_id")}
            total = fen(told["total_amount"])
        except UntrustedError as error:
            raise WebhookRefused("The notification proves nothing.", reason=error.reason) from error
        except (KeyError, ValueError) as error:
            raise WebhookRefused("The notification lacks something.", reason="shape") from error
        if (told.get("app_id"), told.get("seller_id")) != (self._account.app_id, self._account.seller_id):
            raise WebhookRefused("The notification is for another merchant.", reason="merchant")
        # What it says of a refund's sum is the sum of all of the order's refunds: nothing to hold against one.
        kept["out_biz_no" if refund else "total"] = told.get("out_biz_no", "") if refund else total
        kind = "direct.refund" if refund else "direct.order"
        return ProviderEvent(kept["notify_id"], kind, number, "", kept, self.name)

    def _order(self, number: str) -> CheckoutSnapshot | None:
        try:
            found = self._client.call("alipay.trade.query", {"out_trade_no": number})
        except ProviderRefused as error:
            if error.extra.get("provider_code") != MISSING:
                raise
            return None
        state, paid_at = str(found["trade_status"]), str(found.get("send_pay_date") or "")
        # Closed is what nobody paid, and what was paid and then wholly refunded.
        paid = state in PAID or (state == "TRADE_CLOSED" and bool(paid_at))
        trade = str(found["trade_no"]) if paid else ""
        return CheckoutSnapshot(
            external_id=str(found["out_trade_no"]), paid=paid,
            status="complete" if paid else "expired" if state == "TRADE_CLOSED" else "open",
            amount=fen(found["total_amount"]), currency=CURRENCY, intent_id=trade, charge_id=trade,
            method="alipay" if paid else "", intent_status="succeeded" if paid else "",
            begun_at=from_local(paid_at) if paid and paid_at else None,
        )  # fmt: skip

    def _find_refund(self, trade: str, number: str) -> RefundSnapshot | None:
        asked = {"trade_no": trade, "out_request_no": number}
        try:
            found = self._client.call("alipay.trade.fastpay.refund.query", asked)
        except ProviderRefused as error:
            if error.extra.get("provider_code") != MISSING:
                raise
            return None
        if found.get("refund_status") != "REFUND_SUCCESS":
            return None
        return _refund(trade, number, fen(found["refund_amount"]))

    def _bill(self, kind: str, day: str) -> list[alipay_bills.Row]:
        """The lines of a day's bill, [] where nothing moved."""
        asked = {"bill_type": kind, "bill_date": day, "secure": "true"}
        try:
            told = self._client.call("alipay.data.dataservice.bill.downloadurl.query", asked)
        except ProviderRefused as error:
            if error.extra.get("provider_code") in NO_BILL:
                return []
            raise
        archive = self._client.download(str(told["bill_download_url"]))
        heading = alipay_bills.FUNDS if kind == "signcustomer" else alipay_bills.TRADES
        try:
            return alipay_bills.read(archive, heading)
        except ValueError as error:
            raise unreachable("bill_shape") from error


def _unopened(number: str, *, ended: bool = False) -> CheckoutSnapshot:
    """An order that Alipay has not heard of. Raises `ProviderRefused` where the number is none of ours."""
    ours = NUMBER.fullmatch(number)
    if ours is None:
        raise refused(MISSING)
    ends = datetime.fromtimestamp(int(ours[1], 16), UTC)
    status = "expired" if ended or clock.now() >= ends else "open"
    return CheckoutSnapshot(external_id=number, status=status, paid=False, amount=None, currency=CURRENCY)


def _refund(trade: str, number: str, amount: int, *, command: str = "") -> RefundSnapshot:
    return RefundSnapshot(
        external_id=f"{trade}:{number}", status="succeeded", amount=amount, currency=CURRENCY, intent_id=trade,
        metadata={"command": command} if command else {},
    )  # fmt: skip
