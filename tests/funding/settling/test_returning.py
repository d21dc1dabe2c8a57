"""Payouts after they left: what the bank says, taken back, sent again; accounts that change or are switched off."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import Group

from cms.core.errors import NotAllowed
from cms.core.models import OutboxEvent
from cms.users import roles
from cms.users.models import AuditLog, User
from funding import ledger
from funding.exceptions import FourEyesRequired, IllegalTransition, PayoutBlocked, ProviderRefused, ReasonRequired
from funding.gateways.base import AccountSnapshot, BankPayoutSnapshot, TransferSnapshot
from funding.models import Alert, Escrow, Payout, PayoutAccount
from funding.services import onboarding, paying_out, replacing, returning
from tests.factories.funding import open_test_escrow
from tests.factories.scripted import ScriptedGateway, paid_pledge
from tests.funding.settling.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def released(
    creator: User, gateway: ScriptedGateway, later: Callable[..., None], sweep: Callable[[], None]
) -> Callable[..., Payout]:
    def run(raised: int = 1_000_00) -> Payout:
        escrow = open_test_escrow(creator=creator)
        paid_pledge(escrow, extra=raised)
        later(days=30)
        sweep()
        later(days=14)
        sweep()
        return Payout.objects.get(release__escrow=escrow)

    return run


def bank_says(payout: Payout, status: str, number: int = 1) -> int:
    word = BankPayoutSnapshot(f"po_{number}", status, [payout.destination_payment], "account_closed")
    done = returning.apply_bank_payout(account_id=payout.account_id, snapshot=word)
    payout.refresh_from_db()
    return done


def current(creator: User) -> PayoutAccount:
    found = PayoutAccount.current(creator.pk)
    assert found is not None
    return found


def test_the_bank_has_it_then_sends_it_back_and_late_words_change_nothing(released: Callable[..., Payout]) -> None:
    payout = released()
    for status, expected, news in (
        ("in_transit", "sent", 1), ("paid", "paid", 1), ("pending", "paid", 0), ("failed", "failed", 1),
        ("paid", "failed", 0), ("failed", "failed", 0), ("unheard_of", "failed", 0),
    ):  # fmt: skip
        assert (bank_says(payout, status), payout.bank_status) == (news, expected)
    assert (payout.state, payout.bank_failure) == ("paid", "account_closed")
    assert Alert.objects.get(code="payout_bank_failed").subject == f"payout:{payout.pk}"
    assert OutboxEvent.objects.filter(name="funding.payout_returned").count() == 1


def test_finance_takes_a_returned_payout_back_and_it_waits_for_another_bank(
    released: Callable[..., Payout], creator: User, finance: User, sweep: Callable[[], None],
    later: Callable[..., None], gateway: ScriptedGateway,
) -> None:  # fmt: skip
    payout = released()
    for refused, kwargs in (
        (NotAllowed, {"actor": creator, "reason": "x"}), (ReasonRequired, {"actor": finance, "reason": " "}),
        (IllegalTransition, {"actor": finance, "reason": "x"}),
    ):  # fmt: skip
        with pytest.raises(refused):
            returning.take_back(payout_id=payout.pk, **kwargs)
    bank_says(payout, "failed")
    returning.take_back(payout_id=payout.pk, actor=finance, reason="The bank account is closed.")
    sweep()
    payout.refresh_from_db()
    assert (payout.state, payout.attempt, payout.bank_status) == ("scheduled", 2, "failed")
    assert ledger.balance(f"payable:creator:{creator.pk}", "CNY") == payout.amount
    assert Alert.objects.get(code="payout_bank_failed").resolved_at
    later(hours=2)
    sweep()
    payout.refresh_from_db()
    assert (payout.state, payout.blockers) == ("approved", ["bank_returned"])
    # The creator gives another bank account: 72 hours, then it goes by itself.
    account = current(creator)
    PayoutAccount.objects.filter(pk=account.pk).update(bank="old")
    onboarding.apply_account(snapshot=AccountSnapshot(account.external_id, "CN", True, True, bank="new"))
    sweep()
    payout.refresh_from_db()
    assert payout.blockers == ["account_changed"]
    later(hours=73)
    sweep()
    payout.refresh_from_db()
    assert (payout.state, payout.blockers, payout.bank_status) == ("paid", [], "")
    assert len(gateway.transfers) == 2


def test_what_could_not_be_taken_back_can_be_asked_for_again(
    released: Callable[..., Payout], finance: User, sweep: Callable[[], None], gateway: ScriptedGateway,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    payout = released()
    bank_says(payout, "failed")

    def refuse(**_call: Any) -> TransferSnapshot:
        raise ProviderRefused("no", provider_code="insufficient_funds")

    with monkeypatch.context() as patched:
        patched.setattr(gateway, "reverse_transfer", refuse)
        returning.take_back(payout_id=payout.pk, actor=finance, reason="Closed.")
        sweep()
    payout.refresh_from_db()
    assert payout.state == "paid"
    assert Alert.objects.filter(code="payout_not_reversed", resolved_at=None).exists()
    returning.take_back(payout_id=payout.pk, actor=finance, reason="The creator has topped it up.")
    sweep()
    payout.refresh_from_db()
    assert (payout.state, payout.attempt) == ("scheduled", 2)


def test_nobody_retries_their_own_payout(released: Callable[..., Payout], creator: User) -> None:
    payout = released()
    creator.groups.add(Group.objects.get(name=roles.FINANCE))
    with pytest.raises(FourEyesRequired):
        paying_out.retry_payout(payout_id=payout.pk, actor=User.objects.get(pk=creator.pk))


def test_finance_may_send_a_returned_payout_to_the_same_bank_again(
    released: Callable[..., Payout], finance: User, sweep: Callable[[], None]
) -> None:
    payout = released()
    bank_says(payout, "failed")
    returning.take_back(payout_id=payout.pk, actor=finance, reason="The bank made a mistake.")
    sweep()
    assert paying_out.retry_payout(payout_id=payout.pk, actor=finance)
    sweep()
    payout.refresh_from_db()
    assert payout.state == "paid"


def test_what_cannot_be_reversed_is_told(
    released: Callable[..., Payout], finance: User, sweep: Callable[[], None], gateway: ScriptedGateway
) -> None:
    payout = released()
    bank_says(payout, "failed")
    gateway.reversal_code = "balance_insufficient"
    returning.take_back(payout_id=payout.pk, actor=finance, reason="The bank account is closed.")
    sweep()
    payout.refresh_from_db()
    assert (payout.state, Alert.objects.filter(code="payout_not_reversed").count()) == ("paid", 1)


@pytest.mark.parametrize("change", [{"amount": 1}, {"currency": "USD"}])
def test_a_transfer_of_another_sum_is_never_posted(
    change: dict[str, Any], released: Callable[..., Payout], creator: User, gateway: ScriptedGateway
) -> None:
    create = gateway.create_transfer
    gateway.create_transfer = lambda request: replace(create(request), **change)  # type: ignore[method-assign]
    payout = released()
    assert (payout.state, Alert.objects.filter(code="transfer_differs").count()) == ("submitting", 1)
    assert ledger.balance(f"payable:creator:{creator.pk}", "CNY") == payout.amount


def test_another_account_keeps_payouts_back_for_72_hours_and_the_old_address_hears_of_it(
    creator: User, released: Callable[..., Payout], gateway: ScriptedGateway, finance: User,
    later: Callable[..., None], sweep: Callable[[], None],
) -> None:  # fmt: skip
    old = current(creator)
    PayoutAccount.objects.filter(pk=old.pk).update(contact="before@example.com", external_id="acct_before")
    escrow = open_test_escrow(creator=creator)
    paid_pledge(escrow, extra=1_000_00)
    later(days=30)
    sweep()
    later(days=13)
    new = replacing.replace_account(creator=creator, kind="person", country="CN")
    assert new.held_until is not None
    onboarding.start_onboarding(creator=creator, kind="person", country="CN", return_url="x", refresh_url="y")
    new.refresh_from_db()
    gateway.accounts = {"new": AccountSnapshot(new.external_id, "CN", True, True)}
    onboarding.refresh_account(account_id=new.pk)
    told = OutboxEvent.objects.get(name="funding.payout_account_held").payload
    assert told["known_by"] == [old.pk, new.pk]
    assert AuditLog.objects.filter(action="payout_account.account_changed").count() == 1
    later(days=1, hours=1)
    sweep()
    payout = Payout.objects.get()
    assert (payout.state, payout.blockers) == ("approved", ["account_changed"])
    with pytest.raises(PayoutBlocked):
        paying_out.retry_payout(payout_id=payout.pk, actor=finance)
    later(days=2)
    sweep()
    payout.refresh_from_db()
    assert (payout.state, payout.account_id) == ("paid", new.pk)
    assert next(iter(gateway.transfers.values())).destination == new.external_id


def test_the_first_account_and_the_same_bank_are_no_change(creator: User, gateway: ScriptedGateway) -> None:
    account = current(creator)
    for bank in ("b1", "b1", ""):
        onboarding.apply_account(snapshot=AccountSnapshot(account.external_id, "CN", True, True, bank=bank))
    account.refresh_from_db()
    assert (account.held_until, account.bank) == (None, "b1")
    fresh = person("Creators")
    assert replacing.replace_account(creator=fresh, kind="person", country="CN").held_until is None


def test_replacing_twice_never_shortens_the_hold(creator: User, gateway: ScriptedGateway) -> None:
    first = replacing.replace_account(creator=creator, kind="person", country="CN")
    second = replacing.replace_account(creator=creator, kind="company", country="CN")
    assert second.held_until is not None
    assert second.held_until >= first.held_until
    assert PayoutAccount.objects.filter(creator=creator, replaced_at=None).count() == 1


def test_losing_the_account_while_money_is_under_way_is_told_and_ends_by_itself(
    creator: User, escrow: Escrow, gateway: ScriptedGateway
) -> None:
    account = current(creator)
    lost = AccountSnapshot(account.external_id, "CN", True, False, ["individual.verification.document"])
    onboarding.apply_account(snapshot=lost)
    alert = Alert.objects.get(code="payout_account_disabled")
    assert alert.data == {"campaigns": [escrow.key], "requirements": ["individual.verification.document"]}
    event = OutboxEvent.objects.get(name="funding.payout_account_changed").payload
    assert (event["transfers_enabled"], event["running"]) == (False, [escrow.key])
    onboarding.apply_account(snapshot=replace(lost, transfers_enabled=True))
    alert.refresh_from_db()
    assert alert.resolved_at is not None


def test_a_reversal_made_elsewhere_counts_as_well(released: Callable[..., Payout]) -> None:
    payout = released()
    bank_says(payout, "failed")
    back = TransferSnapshot(payout.external_id, payout.amount, "CNY", "acct", payout.amount, reversed=True)
    paying_out.apply_transfer(payout_id=payout.pk, snapshot=back)
    payout.refresh_from_db()
    assert payout.state == "scheduled"


def test_a_change_of_bank_whose_event_was_lost_is_found_before_money_goes_there(
    released: Callable[..., Payout], creator: User, gateway: ScriptedGateway, later: Callable[..., None]
) -> None:
    assert released(200_000_00).state == "scheduled"
    account = PayoutAccount.objects.get(creator=creator)
    told = AccountSnapshot(account.external_id, "CN", True, True, bank="ba_1", bank_last4="1111")
    gateway.accounts["known"] = told
    later(minutes=61)
    assert (onboarding.refresh_due(), onboarding.refresh_due()) == (1, 0)
    gateway.accounts["known"] = replace(told, bank="ba_2", bank_last4="2222")
    later(minutes=61)
    assert onboarding.refresh_due() == 1
    account.refresh_from_db()
    assert (account.bank_last4, paying_out.account_blockers(account)) == ("2222", ["account_changed"])
