"""Payouts: approved by whom, blocked by what, refused, returned, paid once."""

from collections.abc import Callable

import pytest

from cms.core.errors import NotAllowed
from cms.core.models import OutboxEvent
from cms.users import roles
from cms.users.models import User
from funding import ledger
from funding.exceptions import FourEyesRequired, IllegalTransition, PayoutBlocked
from funding.gateways.base import AccountSnapshot, TransferSnapshot
from funding.models import Escrow, GatewayCommand, Payout, PayoutAccount
from funding.services import commanding, onboarding, paying_out
from tests.factories.funding import open_test_escrow
from tests.factories.scripted import ScriptedGateway, paid_pledge
from tests.funding.settling.conftest import person

pytestmark = pytest.mark.django_db

# The frozen limit for CNY is ¥100,000.00; of ¥120,000.00 the creator gets 120,000 − 6,000 − 1,200 − 3,384 = 109,416.
ABOVE = 120_000_00


@pytest.fixture
def released(
    creator: User, gateway: ScriptedGateway, later: Callable[..., None], sweep: Callable[[], None]
) -> Callable[[int], Payout]:
    def run(raised: int) -> Payout:
        escrow = open_test_escrow(creator=creator)
        paid_pledge(escrow, extra=raised)
        later(days=30)
        sweep()
        later(days=14)
        sweep()
        return Payout.objects.get(release__escrow=escrow)

    return run


def test_below_the_limit_the_platform_approves(released: Callable[[int], Payout]) -> None:
    payout = released(1_000_00)
    assert (payout.state, payout.approvals.count()) == ("paid", 0)
    assert OutboxEvent.objects.filter(name="funding.payout_paid").count() == 1


def test_above_it_two_different_people_do(
    released: Callable[[int], Payout], finance: User, second_finance: User, sweep: Callable[[], None],
    gateway: ScriptedGateway,
) -> None:  # fmt: skip
    payout = released(ABOVE)
    assert (payout.state, payout.amount) == ("scheduled", 109_416_00)
    paying_out.approve_payout(payout_id=payout.pk, actor=finance)
    with pytest.raises(FourEyesRequired):
        paying_out.approve_payout(payout_id=payout.pk, actor=finance)
    with pytest.raises(FourEyesRequired):
        paying_out.retry_payout(payout_id=payout.pk, actor=finance)
    sweep()
    payout.refresh_from_db()
    assert (payout.state, gateway.transfers) == ("scheduled", {})
    assert paying_out.approve_payout(payout_id=payout.pk, actor=second_finance).state == "approved"
    sweep()
    payout.refresh_from_db()
    assert payout.state == "paid"
    with pytest.raises(IllegalTransition):
        paying_out.approve_payout(payout_id=payout.pk, actor=finance)


def test_nobody_but_finance_approves_and_never_their_own(released: Callable[[int], Payout], creator: User) -> None:
    payout = released(ABOVE)
    for role in (roles.ADMIN, roles.AUDITOR, roles.SUPPORT):
        with pytest.raises(NotAllowed):
            paying_out.approve_payout(payout_id=payout.pk, actor=person(role))
    roles.assign(creator, roles.FINANCE)
    with pytest.raises(FourEyesRequired):
        paying_out.approve_payout(payout_id=payout.pk, actor=creator)


def test_lost_transfers_block_a_payout_and_never_lose_it(
    creator: User, released: Callable[[int], Payout], gateway: ScriptedGateway, finance: User, sweep: Callable[[], None]
) -> None:
    account = PayoutAccount.objects.get(creator=creator)
    lost = AccountSnapshot(account.external_id, "CN", True, False, ["individual.verification.document"])
    onboarding.apply_account(snapshot=lost)
    gateway.accounts["x"] = lost
    payout = released(1_000_00)
    assert (payout.state, payout.blockers) == ("approved", ["transfers_disabled"])
    with pytest.raises(PayoutBlocked) as blocked:
        paying_out.retry_payout(payout_id=payout.pk, actor=finance)
    assert blocked.value.extra["blockers"] == ["transfers_disabled"]
    # The event that says so is lost; the sweep looks by itself.
    gateway.accounts["x"] = AccountSnapshot(account.external_id, "CN", True, True)
    sweep()
    payout.refresh_from_db()
    assert (payout.state, payout.blockers) == ("paid", [])


def test_without_an_account_a_payout_waits(
    creator: User, released: Callable[[int], Payout], gateway: ScriptedGateway
) -> None:
    PayoutAccount.objects.all().delete()
    assert released(1_000_00).blockers == ["no_payout_account"]


def test_a_refused_transfer_is_scheduled_again_with_a_pause(
    released: Callable[[int], Payout], gateway: ScriptedGateway, later: Callable[..., None], sweep: Callable[[], None]
) -> None:
    gateway.transfer_code = "balance_insufficient"
    payout = released(1_000_00)
    assert (payout.state, payout.attempt, payout.failure_code) == ("scheduled", 2, "balance_insufficient")
    gateway.transfer_code = ""
    sweep()
    payout.refresh_from_db()
    assert payout.state == "scheduled"
    later(hours=1, minutes=1)
    sweep()
    payout.refresh_from_db()
    assert (payout.state, payout.failure_code) == ("paid", "")
    assert [*gateway.transfers] == [paying_out.command_key(payout)]


def test_finance_need_not_wait_for_the_pause(
    released: Callable[[int], Payout], gateway: ScriptedGateway, finance: User, sweep: Callable[[], None]
) -> None:
    gateway.transfer_code = "balance_insufficient"
    payout = released(1_000_00)
    gateway.transfer_code = ""
    assert paying_out.retry_payout(payout_id=payout.pk, actor=finance)
    sweep()
    payout.refresh_from_db()
    assert payout.state == "paid"


def test_a_reversed_transfer_is_owed_again_and_paid_again(
    released: Callable[[int], Payout], creator: User, finance: User, sweep: Callable[[], None]
) -> None:
    payout = released(1_000_00)
    back = TransferSnapshot(payout.external_id, payout.amount, "CNY", "acct", payout.amount, reversed=True)
    for _ in range(2):
        paying_out.apply_transfer(payout_id=payout.pk, snapshot=back)
    payout.refresh_from_db()
    assert (payout.state, payout.attempt, payout.external_id) == ("scheduled", 2, "")
    assert ledger.balance(f"payable:creator:{creator.pk}", "CNY") == payout.amount
    paying_out.retry_payout(payout_id=payout.pk, actor=finance)
    sweep()
    payout.refresh_from_db()
    assert (payout.state, ledger.balance(f"payable:creator:{creator.pk}", "CNY")) == ("paid", 0)
    assert Escrow.objects.get().state == "released"


@pytest.mark.parametrize("metadata", [{}, {"command": "transfer:earlier:1"}])
def test_a_late_word_on_an_earlier_transfer_never_pays_twice(
    released: Callable[[int], Payout], finance: User, gateway: ScriptedGateway, metadata: dict[str, str]
) -> None:
    payout = released(1_000_00)
    back = TransferSnapshot(
        payout.external_id, payout.amount, "CNY", "acct", payout.amount, reversed=True, metadata=metadata
    )
    paying_out.apply_transfer(payout_id=payout.pk, snapshot=back)
    assert paying_out.retry_payout(payout_id=payout.pk, actor=finance)
    # The second transfer is on its way when the event about the first is delivered once more.
    if metadata:
        GatewayCommand.objects.update(external_id="")
    paying_out.apply_transfer(payout_id=payout.pk, snapshot=back)
    payout.refresh_from_db()
    assert (payout.state, payout.attempt) == ("submitting", 2)
    commanding.sweep_commands()
    payout.refresh_from_db()
    assert (payout.state, len(gateway.transfers)) == ("paid", 2)


def test_onboarding_makes_one_account_and_follows_it(gateway: ScriptedGateway) -> None:
    somebody = person(roles.CREATOR)
    where = {"return_url": "https://k.example/me", "refresh_url": "https://k.example/again"}
    for _ in range(2):
        link = onboarding.start_onboarding(creator=somebody, kind="person", country="CN", **where)
        assert link == f"https://provider.example/acct_{somebody.pk}"
    account = PayoutAccount.objects.get(creator=somebody)
    assert (account.external_id, account.transfers_enabled) == (f"acct_{somebody.pk}", False)
    assert len(gateway.accounts) == 1
    gateway.accounts = {"it": AccountSnapshot(account.external_id, "CN", True, True)}
    assert onboarding.refresh_account(account_id=account.pk).transfers_enabled
