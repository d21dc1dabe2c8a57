"""Payouts by bank transfer: an account that finance checks, a batch that goes once, a reference that counts once."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from cms.core.errors import InvalidInput, NotAllowed
from cms.users import roles
from cms.users.models import AuditLog, User
from funding import ledger
from funding.exceptions import BankDetailsNeeded, FourEyesRequired, IllegalTransition
from funding.models import Alert, BankBatch, BankDetails, BankOrder, Escrow, PayoutAccount
from funding.services import bank_batches, banking, erasing, onboarding, replacing, treasury
from funding.services.auditing import audit_ledger
from funding.services.banking import BankAccount
from funding.services.proving import chain_end, money_sums
from tests.factories.funding import open_test_escrow
from tests.factories.scripted import ScriptedGateway, paid_pledge
from tests.funding.settling.conftest import person

pytestmark = pytest.mark.django_db

GIVEN = BankAccount("王小明", "中国银行", "6222 0212 3456 7890 123", branch="上海分行")
NUMBER = "6222021234567890123"


@pytest.fixture(autouse=True)
def no_stripe(settings) -> None:
    settings.PAYMENT_PROVIDERS = ["wechatpay"]


@pytest.fixture
def creator() -> User:
    user = person(roles.CREATOR)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def entered(creator: User, given: BankAccount = GIVEN) -> PayoutAccount:
    return banking.enter(creator=creator, given=given, kind="person", country="CN")


def refused(creator: User, **changes: str) -> str:
    given = BankAccount(**{**vars(GIVEN), **changes})
    with pytest.raises(InvalidInput) as refusal:
        entered(creator, given)
    return refusal.value.field or ""


def test_what_can_be_no_bank_account_is_refused_by_its_field(creator: User) -> None:
    assert refused(creator, holder=" ") == "holder"
    assert refused(creator, number="12") == "number"
    assert refused(creator, number="DE89 3704 0044 0532 0130 01") == "number"
    assert refused(creator, swift="BOC") == "swift"
    assert refused(creator, branch="") == "branch"
    assert not PayoutAccount.objects.exists()
    entered(creator, BankAccount("A. Hopper", "Bank", "DE89 3704 0044 0532 0130 00", swift="DEUTDEFF"))


def test_the_number_is_sealed_checked_by_finance_and_read_under_a_log(creator: User, finance: User) -> None:
    with pytest.raises(BankDetailsNeeded):
        onboarding.start_onboarding(creator=creator, kind="person", country="CN", return_url="x", refresh_url="y")
    account = entered(creator)
    assert (account.provider, account.bank_last4, account.transfers_enabled) == ("bank", "0123", False)
    assert NUMBER not in str(BankDetails.objects.values().get())
    assert NUMBER not in str(list(AuditLog.objects.values()))
    assert Alert.objects.filter(code="bank_account_waits", resolved_at=None).exists()
    with pytest.raises(IllegalTransition):
        entered(creator)
    with pytest.raises(NotAllowed):
        banking.read(account_id=account.pk, actor=creator, purpose="curiosity")
    assert banking.read(account_id=account.pk, actor=finance, purpose="check").number == NUMBER
    assert AuditLog.objects.filter(action="payout_account.bank_read", actor=finance).count() == 1
    creator.groups.add(Group.objects.get(name=roles.FINANCE))
    with pytest.raises(FourEyesRequired):
        banking.verify(account_id=account.pk, actor=User.objects.get(pk=creator.pk))
    account = banking.refuse(account_id=account.pk, actor=finance, reason="The holder is somebody else.")
    assert (account.details_submitted, account.requirements) == (False, ["The holder is somebody else."])
    assert account.held_until is None
    account = entered(creator, BankAccount("王小明", "中国银行", "6222 0212 3456 7890 999", branch="上海分行"))
    assert account.held_until is not None
    assert banking.verify(account_id=account.pk, actor=finance).transfers_enabled
    assert not Alert.objects.filter(code="bank_account_waits", resolved_at=None).exists()
    other = replacing.replace_account(creator=creator, kind="person", country="CN")
    assert (other.provider, other.held_until is not None) == ("bank", True)


@pytest.fixture
def approved(
    creator: User, finance: User, gateway: ScriptedGateway, later: Callable[..., None], sweep: Callable[[], None]
) -> Escrow:
    """A campaign whose payout waits for a batch, with the money at the bank."""
    banking.verify(account_id=entered(creator).pk, actor=finance)
    escrow = open_test_escrow(creator=creator)
    paid_pledge(escrow, extra=1_000_00)
    for days in (30, 14):
        later(days=days)
        sweep()
    treasury.put_float_in(currency="CNY", amount=2_000_00, reason="Float", reference="F1", actor=finance)
    return escrow


def test_a_payout_is_handed_to_the_bank_once_and_paid_by_its_reference(
    approved: Escrow, creator: User, finance: User, sweep: Callable[[], None]
) -> None:
    payout = approved.releases.get().payout
    assert (payout.state, len(bank_batches.waiting())) == ("approved", 1)
    with pytest.raises(IllegalTransition):
        bank_batches.record_paid(payout_id=payout.pk, reference="R1", actor=finance)
    with pytest.raises(NotAllowed):
        bank_batches.make_batch(actor=creator)
    batch = bank_batches.make_batch(actor=finance)
    assert batch is not None
    assert bank_batches.make_batch(actor=finance) is None
    sweep()
    payout.refresh_from_db()
    assert payout.state == "submitting"
    (line,) = bank_batches.lines(batch_id=batch.pk, actor=finance)
    assert line == bank_batches.lines(batch_id=batch.pk, actor=finance)[0]
    assert (line[1], line[2].replace(" ", ""), line[7]) == ("王小明", NUMBER, "CNY")
    before = ledger.balance("bank", "CNY")
    for _ in range(2):
        bank_batches.record_paid(payout_id=payout.pk, reference="R1", actor=finance)
    payout.refresh_from_db()
    approved.refresh_from_db()
    assert (payout.state, approved.state) == ("paid", "released")
    assert before - ledger.balance("bank", "CNY") == payout.amount
    assert ledger.balance(f"payable:creator:{creator.pk}", "CNY") == 0
    sweep()
    assert money_sums(approved, end=chain_end(approved.key)).paid == payout.amount
    assert audit_ledger().ok
    with pytest.raises(IllegalTransition):
        bank_batches.record_paid(payout_id=payout.pk, reference="R2", actor=finance)


def test_what_the_bank_sends_back_waits_for_another_account(
    approved: Escrow, creator: User, finance: User, later: Callable[..., None], sweep: Callable[[], None]
) -> None:
    payout = approved.releases.get().payout
    for number, paid in enumerate([False, True], start=1):
        assert bank_batches.make_batch(actor=finance) is not None
        if paid:
            bank_batches.record_paid(payout_id=payout.pk, reference="R1", actor=finance)
        bank_batches.record_returned(payout_id=payout.pk, reason="No such account", actor=finance)
        payout.refresh_from_db()
        assert (payout.state, payout.attempt, payout.bank_failure) == ("scheduled", number + 1, "No such account")
        assert ledger.balance(f"payable:creator:{creator.pk}", "CNY") == payout.amount
        assert audit_ledger().ok
        later(days=1)
        sweep()
        assert bank_batches.make_batch(actor=finance) is None
        payout.refresh_from_db()
        assert payout.blockers == ["bank_returned"]
        replacing.replace_account(creator=creator, kind="person", country="CN")
        banking.verify(account_id=entered(creator).pk, actor=finance)
        assert bank_batches.make_batch(actor=finance) is None
        later(days=4)
        sweep()
    assert bank_batches.make_batch(actor=finance) is not None
    with pytest.raises(InvalidInput) as used:
        bank_batches.record_paid(payout_id=payout.pk, reference="R1", actor=finance)
    assert used.value.field == "reference"
    bank_batches.record_paid(payout_id=payout.pk, reference="R2", actor=finance)
    assert BankOrder.objects.exclude(returned_at=None).count() == 2
    assert audit_ledger().ok
    BankOrder.objects.filter(reference="R2").update(reference="")
    found = audit_ledger().problems
    BankOrder.objects.filter(reference="", returned_at=None).update(reference="R2")
    assert {problem.check for problem in found} == {"bank_orders"}


def test_forgetting_a_creator_leaves_nothing_of_their_bank_account(
    approved: Escrow, creator: User, finance: User
) -> None:
    bank_batches.make_batch(actor=finance)
    bank_batches.record_paid(payout_id=approved.releases.get().payout.pk, reference="R1", actor=finance)
    support = person(roles.SUPPORT)
    erasing.erase_person(email=creator.email, actor=support, reason="Asked by letter.")
    assert not BankDetails.objects.exists()
    assert PayoutAccount.objects.get().bank_last4 == ""


def test_finance_does_it_all_on_the_desk_and_the_creator_in_the_studio(
    creator: User, finance: User, client: Client, gateway: ScriptedGateway, later: Callable[..., None],
    sweep: Callable[[], None],
) -> None:  # fmt: skip
    def post(user: User, name: str, *args: int, **body: str) -> HttpResponse:
        client.force_login(user)
        return client.post(reverse(name, args=args), body)

    page = reverse("studio:payouts")
    client.force_login(creator)
    assert "Hand in the bank account" in client.get(page).content.decode()
    given = {"holder": "王小明", "bank_name": "中国银行", "number": "12", "branch": "上海分行"}
    assert "mistyped digit" in post(creator, "studio:payouts", **given).content.decode()
    assert post(creator, "studio:payouts", **given | {"number": GIVEN.number}).status_code == 302
    told = client.get(page).content.decode()
    assert ("is checking your bank account" in told, "0123" in told, NUMBER in told) == (True, True, False)
    account = PayoutAccount.objects.get()
    client.force_login(finance)
    assert NUMBER in client.get(reverse("funding_desk:check_bank", args=[account.pk])).content.decode()
    post(finance, "funding_desk:refuse_bank", account.pk, reason="Not your name")
    client.force_login(creator)
    assert "Not your name" in client.get(page).content.decode()
    post(creator, "studio:payouts", **given | {"number": GIVEN.number})
    post(finance, "funding_desk:check_bank", account.pk)
    escrow = open_test_escrow(creator=creator)
    paid_pledge(escrow, extra=1_000_00)
    for days in (30, 14):
        later(days=days)
        sweep()
    treasury.put_float_in(currency="CNY", amount=2_000_00, reason="Float", reference="F1", actor=finance)
    assert "taken to the bank" in client.get(reverse("funding_desk:today")).content.decode()
    post(finance, "funding_desk:make_batch")
    batch = BankBatch.objects.get()
    assert "enter what it says" in client.get(reverse("funding_desk:today")).content.decode()
    text = b"".join(client.get(reverse("funding_desk:bank_file", args=[batch.pk])).streaming_content).decode()  # type: ignore[attr-defined]
    assert "6222 0212 3456 7890 123,中国银行,上海分行" in text
    payout = escrow.releases.get().payout
    listed = client.get(reverse("funding_payout_modeladmin_inspect", args=[payout.pk])).content.decode()
    assert reverse("funding_desk:enter_paid", args=[payout.pk]) in listed
    post(finance, "funding_desk:enter_paid", payout.pk, reference="R1")
    payout.refresh_from_db()
    assert payout.state == "paid"
    assert "R1" in client.get(reverse("funding_bankbatch_modeladmin_inspect", args=[batch.pk])).content.decode()
    post(finance, "funding_desk:enter_returned", payout.pk, reason="Closed")
    payout.refresh_from_db()
    assert (payout.state, payout.bank_failure) == ("scheduled", "Closed")
