"""The same money, whichever channel it came through: kept, paid out, or given back, to the minor unit."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress

from cms.core import sweeps
from cms.users import roles
from cms.users.models import User
from funding import ledger
from funding.models import Alert, Escrow, GatewayCommand, Payment, PayoutAccount
from funding.models.watching import AuditKind
from funding.services import alerting, bank_batches, banking, checking, checkouts, onboarding
from funding.services.auditing import audit_ledger
from funding.services.reconciling import reconcile
from funding.services.treasury import positions
from tests.factories.funding import open_test_escrow, place_test_pledge
from tests.factories.users import UserFactory
from tests.funding.channels.conftest import Channel
from tests.funding.sandbox_server import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def advance(channel: Channel, sandbox: Sandbox) -> Callable[..., None]:
    """Move all clocks, then do what is due."""

    def move(**by: float) -> None:
        channel.move_clock(**by)
        GatewayCommand.objects.update(next_attempt_at=None)
        Payment.objects.update(polled_at=None)
        for _ in range(6):
            if not any(sweeps.run_all().values()):
                return

    return move


def back(channel: Channel, escrow: Escrow, **terms: object) -> Payment:
    placed = place_test_pledge(escrow, **terms)
    assert placed.payment.provider == channel.name
    if channel.name != "stripe":
        channel.visit(checkouts.pay_code(placed.payment))
    channel.pay(placed.payment.session_id)
    return placed.payment


def agreed(channel: Channel, escrow: Escrow) -> None:
    """Both sides agree about everything of this escrow, and the books hold."""
    ours = set(Payment.objects.values_list("charge_id", flat=True))
    ours |= set(GatewayCommand.objects.exclude(external_id="").values_list("external_id", flat=True))
    found = reconcile(gateway=channel.gateway)
    assert [one for one in found.problems if one.subject in ours] == []
    if channel.name != "stripe":
        # The local Stripe is shared with other tests; here the whole balance is ours.
        assert found.problems == []
    assert found.matched >= 1
    assert audit_ledger().ok
    assert not Payment.objects.filter(captured__gt=0, provider_fee=None).exists()


def test_a_failed_campaign_gives_everything_back(channel: Channel, advance: Callable[..., None]) -> None:
    channel.float_in(500_00)
    escrow = open_test_escrow()
    payments = [back(channel, escrow, extra=n) for n in range(2)]
    advance(minutes=1)
    assert {one.state for one in Payment.objects.all()} == {"succeeded"}
    advance(days=30)
    for _ in range(4):
        advance(minutes=20)
    escrow.refresh_from_db()
    assert (escrow.state, escrow.raised, escrow.backers) == ("refunded", 0, 0)
    for payment in payments:
        payment.refresh_from_db()
        assert payment.refund_reserved == payment.captured > 0
    assert ledger.balance(f"escrow:{escrow.key}", "CNY") == 0
    assert ledger.balance(f"refund_payable:{escrow.key}", "CNY") == 0
    advance(days=2)
    agreed(channel, escrow)


def test_a_success_is_settled_and_paid_out(
    channel: Channel, sandbox: Sandbox, advance: Callable[..., None], settings
) -> None:
    settings.PAYMENT_PROVIDERS = list(dict.fromkeys([channel.name, "stripe"]))
    creator: User = UserFactory()
    roles.assign(creator, roles.CREATOR)
    EmailAddress.objects.create(user=creator, email=creator.email, verified=True, primary=True)
    where = {"return_url": "http://localhost/me/", "refresh_url": "http://localhost/again/"}
    onboarding.start_onboarding(creator=creator, kind="person", country="CN", **where)
    sandbox.onboard(PayoutAccount.objects.get().external_id)
    sandbox.top_up(500_00, "cny")
    escrow = open_test_escrow(creator=creator, goal=100_00)
    back(channel, escrow)
    advance(minutes=1)
    for days in (30, 14, 1):
        advance(days=days)
    escrow.refresh_from_db()
    payout = escrow.releases.get().payout
    assert (escrow.state, payout.state) == ("released", "paid")
    assert ledger.balance(f"escrow:{escrow.key}", "CNY") == 0
    advance(days=2)
    agreed(channel, escrow)


@pytest.mark.parametrize("channel", ["wechatpay", "alipay"], indirect=True)
def test_without_stripe_creators_are_paid_by_bank_transfer(channel: Channel, advance: Callable[..., None]) -> None:
    creator, finance = UserFactory(), UserFactory()
    roles.assign(creator, roles.CREATOR)
    roles.assign(finance, roles.FINANCE)
    EmailAddress.objects.create(user=creator, email=creator.email, verified=True, primary=True)
    given = banking.BankAccount("王小明", "中国银行", "6222 0212 3456 7890 123", branch="上海分行")
    account = banking.enter(creator=creator, given=given, kind="person", country="CN")
    banking.verify(account_id=account.pk, actor=finance)
    escrow = open_test_escrow(creator=creator, goal=100_00)
    back(channel, escrow)
    advance(minutes=1)
    for days in (30, 14, 1):
        advance(days=days)
    payout = escrow.releases.get().payout
    # The money is still with the channel: nothing is ordered that our bank doesn't have.
    assert bank_batches.make_batch(actor=finance) is None
    payout.refresh_from_db()
    assert (payout.state, payout.blockers) == ("approved", ["bank_short"])
    reconcile(gateway=channel.gateway)
    channel.withdraw(ledger.balance(f"provider:{channel.name}", "CNY"))
    advance(days=2)
    reconcile(gateway=channel.gateway)
    batch = bank_batches.make_batch(actor=finance)
    assert batch is not None
    bank_batches.record_paid(payout_id=payout.pk, reference="BOC-1", actor=finance)
    for row in (escrow, payout):
        row.refresh_from_db()
    assert (escrow.state, payout.state) == ("released", "paid")
    assert ledger.balance(f"payable:creator:{creator.pk}", "CNY") == 0
    assert ledger.balance(f"provider:{channel.name}", "CNY") == 0
    assert all(position.spare >= 0 for position in positions())
    agreed(channel, escrow)


@pytest.mark.parametrize("channel", ["wechatpay", "alipay"], indirect=True)
def test_one_fen_less_than_was_paid_alarms_and_freezes(channel: Channel, advance: Callable[..., None]) -> None:
    channel.one_fen_short()
    payment = back(channel, open_test_escrow())
    advance(minutes=1)
    advance(days=2)
    payment.refresh_from_db()
    finance: User = UserFactory()
    roles.assign(finance, roles.FINANCE)
    run = checking.ask_for(kind=AuditKind.RECONCILE, actor=finance)
    assert {(one["check"], one["subject"]) for one in run.problems} == {
        ("charge_differs", payment.charge_id), ("balance_differs", f"provider:{channel.name}"),
    }  # fmt: skip
    assert {one["expected"] - one["found"] for one in run.problems} == {1}
    assert Alert.objects.filter(code="provider_differs").exists()
    assert alerting.payouts_frozen()
