"""What is Alipay's own: how it signs, numbers its certificates and replaces them, what it knows of orders and when."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from funding import gateways
from funding.exceptions import ProviderRefused, ProviderUnavailable, WebhookRefused
from funding.gateways import get_gateway
from funding.gateways.alipay import AlipayGateway
from funding.gateways.alipay_client import _members, roots_serial, serial_of
from funding.gateways.certificates import UntrustedError, read_bundle
from funding.models import RefundClaim
from funding.sandbox.clock import Clock
from funding.sandbox.direct import alipay_orders, keys
from funding.sandbox.direct.alipay_notices import letter
from funding.sandbox.direct.world import DirectWorld
from funding.sandbox.store import Store
from funding.services import checkouts, closing, commanding, paying, settling
from tests.factories.funding import open_test_escrow, place_test_pledge
from tests.factories.users import UserFactory
from tests.funding.channels.direct_server import DirectSandbox
from tests.funding.channels.test_contract import checkout_request, refund_request

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alipay(direct: DirectSandbox, settings: Any) -> DirectSandbox:
    settings.PAYMENT_PROVIDERS = ["alipay"]
    # What one test learned of certificates is kept from the next.
    gateways._alipay.cache_clear()
    return direct


@pytest.fixture
def gateway(alipay: DirectSandbox) -> AlipayGateway:
    found = get_gateway("alipay")
    assert isinstance(found, AlipayGateway)
    return found


def test_certificates_are_numbered_as_alipay_does(alipay: DirectSandbox) -> None:
    leaf, between = read_bundle(str(alipay.folder / "alipay-chain.pem"))
    name = "C=CN,CN=Local alipay between"  # the last part of the name first
    assert serial_of(leaf) == hashlib.md5(f"{name}{leaf.serial_number}".encode()).hexdigest()
    key = generate_private_key(SECP256R1())
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "other")])
    now = datetime.now(UTC)
    elliptic = (
        x509.CertificateBuilder().subject_name(named).issuer_name(named).public_key(key.public_key())
        .serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1)).sign(key, SHA256())
    )  # fmt: skip
    # Of the roots only those count whose signature is RSA's.
    assert roots_serial([elliptic, leaf, between]) == f"{serial_of(leaf)}_{serial_of(between)}"


def test_what_is_signed_of_an_answer_are_its_own_letters() -> None:
    text = '{ "a_response" : {"url":"http:\\/\\/x", "n":1.10} ,\n"sign":"}{" }'
    assert _members(text) == {"a_response": '{"url":"http:\\/\\/x", "n":1.10}', "sign": '"}{"'}
    for wrong in ('{"a":1,"a":2}', '{"a":1}x', '{"a":1', "[]", "", '{"a" 1}'):
        with pytest.raises(UntrustedError):
            _members(wrong)


@pytest.mark.parametrize(("handset", "product"), [(False, "FAST_INSTANT_TRADE_PAY"), (True, "QUICK_WAP_WAY")])
def test_an_order_is_an_address_and_exists_once_it_is_opened(
    alipay: DirectSandbox, gateway: AlipayGateway, handset: bool, product: str
) -> None:
    opened = gateway.create_checkout(checkout_request(handset=handset, name="灯/Lamp = light & more"))
    fields = parse_qs(urlsplit(opened.code).query)
    order = json.loads(fields["biz_content"][0])
    assert (order["product_code"], order["subject"]) == (product, "灯 Lamp   light   more")
    assert (order["total_amount"], "quit_url" in order) == ("110.00", handset)
    assert fields["return_url"] == ["http://localhost/done"]
    with pytest.raises(Exception, match="TRADE_NOT_EXIST"):
        alipay.post(f"alipay/orders/{opened.external_id}")
    assert gateway.retrieve_checkout(opened.external_id).status == "open"
    assert "alipay-pay" in alipay.visit(opened.code)
    # Another sum under the same number is no order, and neither is one that was changed on the way.
    forged = opened.code.replace("110.00", "1.00")
    assert "invalid-signature" in alipay.visit(forged)
    alipay.post(f"alipay/orders/{opened.external_id}")
    assert gateway.retrieve_checkout(opened.external_id).paid


def test_whoever_had_the_page_open_when_it_ended_pays_late(alipay: DirectSandbox) -> None:
    payment = place_test_pledge(open_test_escrow()).payment
    address = checkouts.pay_code(payment)
    ended = get_gateway("alipay").expire_checkout(session_id=payment.session_id, command="expire")
    paying.apply_snapshot(payment_id=payment.pk, snapshot=ended)
    payment.refresh_from_db()
    assert payment.state == "cancelled"
    alipay.visit(address)
    alipay.post(f"alipay/orders/{payment.session_id}", notify=False)
    paying.refresh_payment(payment_id=payment.pk)
    payment.refresh_from_db()
    assert (payment.state, payment.captured) == ("succeeded", payment.amount)


def test_a_new_certificate_of_alipays_is_fetched_and_held_against_its_root(
    alipay: DirectSandbox, gateway: AlipayGateway
) -> None:
    alipay.post("alipay/signer", name="renewed")
    assert gateway.balance().available == {"CNY": 0}
    for name in ("strange", "expired"):
        alipay.post("alipay/signer", name=name)
        gateway._client._asked_at = float("-inf")
        with pytest.raises(ProviderUnavailable):
            gateway.balance()
    # Made-up numbers make us ask once a minute, not at every call.
    alipay.post("alipay/signer", name="platform")
    assert gateway.balance().available == {"CNY": 0}


def test_a_notification_may_leave_out_who_signed_it(alipay: DirectSandbox, gateway: AlipayGateway) -> None:
    opened = gateway.create_checkout(checkout_request())
    alipay.visit(opened.code)
    alipay.post(f"alipay/orders/{opened.external_id}")
    body = sent_by(alipay, opened.external_id)
    assert gateway.verify_webhook(body=body, headers={}).object_id == opened.external_id
    fields = dict(parse_qsl(body.decode()))
    anonymous = {name: value for name, value in fields.items() if name != "alipay_cert_sn"}
    assert gateway.verify_webhook(body=urlencode(anonymous).encode(), headers={}).payload["total"] == 110_00
    for wrong in ({**anonymous, "sign_type": "RSA"}, {**anonymous, "extra": "1"}, {**anonymous, "sign": "!"}):
        with pytest.raises(WebhookRefused):
            gateway.verify_webhook(body=urlencode(wrong).encode(), headers={})
    with pytest.raises(WebhookRefused):
        gateway.verify_webhook(body=b"\xff\xfe", headers={})


def sent_by(alipay: DirectSandbox, number: str) -> bytes:
    """The body of a notification as the stand-in writes it."""
    store = Store(alipay.folder / "store.sqlite3")
    made = keys.Keys(alipay.folder, "alipay", keys.ALIPAY)
    world = DirectWorld(store, Clock(store), made, made, alipay.url)
    order = alipay_orders.order_by_number(world, number)
    body, _headers = letter(world, {"id": "n1", **alipay_orders.paid_notice(order)})
    store.close()
    return body


def test_refunds_too_late_and_too_much_have_words(alipay: DirectSandbox, gateway: AlipayGateway) -> None:
    opened = gateway.create_checkout(checkout_request())
    alipay.visit(opened.code)
    alipay.post(f"alipay/orders/{opened.external_id}")
    paid = gateway.retrieve_checkout(opened.external_id)

    def why(amount: int) -> str:
        with pytest.raises(ProviderRefused) as error:
            gateway.create_refund(refund_request(paid, amount))
        return str(error.value.extra["provider_code"])

    assert why(110_01) == "ACQ.REASON_TRADE_REFUND_FEE_ERR"
    # What we have is less than what came in, by the fee; that would come back, but here it is gone.
    alipay.post("alipay/topups", amount=-109_00)
    assert why(110_00) == "insufficient_funds"
    alipay.clock(91 * 86_400)
    assert why(1_00) == "refund_window_passed"


def test_a_refund_that_alipay_takes_no_more_becomes_a_claim(alipay: DirectSandbox) -> None:
    creator = UserFactory()
    escrow = open_test_escrow(creator=creator)
    payment = place_test_pledge(escrow).payment
    alipay.visit(checkouts.pay_code(payment))
    alipay.post(f"alipay/orders/{payment.session_id}", notify=False)
    paying.refresh_payment(payment_id=payment.pk)
    # By Alipay's clock the time is over, by ours not yet.
    alipay.clock(91 * 86_400)
    closing.cancel_escrow(escrow_id=escrow.pk, actor=creator, reason="The kiln broke.")
    settling.settle_due()
    commanding.sweep_commands()
    claim = RefundClaim.objects.get()
    assert (claim.state, claim.code, claim.refund.payment_id) == ("open", "refund_window_passed", payment.pk)
