"""Finance's first page, the reports, and the float: what people see and what they may do."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cms.core.errors import InvalidInput, NotAllowed
from cms.users import roles
from cms.users.models import AuditLog, User
from funding import ledger
from funding.exceptions import LedgerConflict, ReasonRequired
from funding.models import Alert, Escrow, LedgerSeal, Payout, PayoutFreeze
from funding.models.sealing import PLATFORM_CHAIN
from funding.services import checking, freezing, sealing, treasury
from tests.factories.scripted import ScriptedGateway, paid_pledge
from tests.funding.settling.conftest import person

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_coverage_short_is_told_gravely_before_refunds_and_float_covers_it(
    escrow: Escrow, gateway: ScriptedGateway, finance: User, later: Callable[..., None], sweep: Callable[[], None]
) -> None:
    paid_pledge(escrow, extra=10_00, fee=60, gateway=gateway)
    assert treasury.watch_coverage() == 1
    assert treasury.watch_coverage() == 0
    alert = Alert.objects.get(code="coverage_short")
    assert (alert.severity, alert.data["missing"], alert.subject) == ("warning", 60, "coverage:CNY")
    later(days=40)
    # The goal is missed: before the refunds begin it is urgent.
    from funding.services import closing

    closing.close_due()
    closing.decide_due()
    treasury.watch_coverage()
    alert.refresh_from_db()
    assert alert.severity == "critical"
    give = {"currency": "CNY", "reason": "The owner's money.", "reference": "B-1", "actor": finance}
    assert treasury.put_float_in(amount=60, **give)
    assert not treasury.put_float_in(amount=60, **give)
    alert.refresh_from_db()
    assert alert.resolution == "covered again"
    position = treasury.positions()[0]
    assert (position.spare, position.float_, position.bank) == (0, 60, 60)
    assert AuditLog.objects.filter(action="float.put_in").count() == 1


def test_float_needs_finance_a_reason_and_the_banks_reference(finance: User) -> None:
    give = {"currency": "CNY", "amount": 5_00, "reason": "Ours.", "reference": "B-1", "actor": finance}
    for change, error in (
        ({"actor": person(roles.AUDITOR)}, NotAllowed),
        ({"reason": " "}, ReasonRequired),
        ({"reference": ""}, InvalidInput),
        ({"currency": "XXX"}, InvalidInput),
        ({"amount": 0}, InvalidInput),
    ):
        with pytest.raises(error):
            treasury.put_float_in(**give | change)
    treasury.put_float_in(**give)
    with pytest.raises(LedgerConflict):
        treasury.put_float_in(**give | {"amount": 6_00})


def test_float_by_the_page_and_its_arrival_at_the_provider(finance: User, gateway: ScriptedGateway) -> None:
    client = client_of(finance)
    address = reverse("funding_desk:put_float_in")
    good = {"currency": "CNY", "amount": "500.00", "reference": "B-7", "reason": "The owner's money."}
    assert client.post(address, good | {"amount": "x"}).status_code == 200
    assert client.post(address, good).status_code == 302
    gateway._move("topup", 300_00, "CNY", "tu_1")
    assert checking.ask_for(kind="reconcile", actor=finance).ok
    balances = [ledger.balance(code, "CNY") for code in ("bank", "provider:stripe", "float")]
    assert balances == [200_00, 300_00, 500_00]


@pytest.mark.parametrize("locale", ["en", "zh-hans"])
def test_the_page_tells_everything(
    locale: str,
    escrow: Escrow,
    gateway: ScriptedGateway,
    finance: User,
    second_finance: User,
    later: Callable[..., None],
    sweep: Callable[[], None],
) -> None:
    paid_pledge(escrow, extra=200_000_00, rewards={"lamp": 1}, fee=32_00, gateway=gateway)
    later(days=30)
    sweep()
    later(days=14)
    sweep()
    assert Payout.objects.get().state == "scheduled"
    checking.ask_for(kind="audit", actor=finance)
    freezing.freeze(source="reconcile", problems=[{"check": "balance_differs"}])
    freezing.agree_to_lift(freeze_id=PayoutFreeze.objects.get().pk, actor=finance, reason="Known.")
    User.objects.filter(pk=second_finance.pk).update(locale=locale)
    client = client_of(User.objects.get(pk=second_finance.pk))
    client.cookies["django_language"] = locale
    page = client.get(reverse("funding_desk:today"), headers={"Accept-Language": locale}).content.decode()
    for part in (
        "CNY",
        reverse("funding_desk:agree_to_lift", args=[PayoutFreeze.objects.get().pk]),
        "today-part--payout",
        "待打款" if locale == "zh-hans" else "To pay out",
    ):
        assert part in page
    agree = reverse("funding_desk:agree_to_lift", args=[PayoutFreeze.objects.get().pk])
    assert client.post(agree, {"reason": "I have seen it."}).status_code == 302
    assert PayoutFreeze.objects.get().lifted_because == "people"
    assert agree not in client.get(reverse("funding_desk:today")).content.decode()


@pytest.mark.unaudited
def test_a_report_shows_both_sides_numbers_and_its_history(
    escrow: Escrow, gateway: ScriptedGateway, finance: User, later: Callable[..., None]
) -> None:
    payment = paid_pledge(escrow, extra=100_00, fee=3_00, gateway=gateway)
    client = client_of(finance)
    address = reverse("funding_desk:reconcile")
    assert client.post(address).status_code == 302
    gateway._move("adjustment", -7_77, "CNY", "dp_of_nobody")
    later(hours=2)
    client.post(address)
    page = client.get(address).content.decode()
    assert "7.77" in page
    assert "dp_of_nobody" in page
    first = page.index("?run=")
    assert page.count("?run=") == 2
    assert "everything agrees" in client.get(address + "?run=999999").content.decode() or first
    assert client.get(address + "?run=x").status_code == 200
    assert payment.pk


def test_a_banks_reference_in_any_words_leaves_the_public_chain_readable(finance: User) -> None:
    give = {"currency": "CNY", "amount": 5_00, "reason": "Ours.", "actor": finance}
    treasury.put_float_in(reference='转账 "7"', **give)
    sealing.seal_chain(PLATFORM_CHAIN)
    line = LedgerSeal.objects.get(chain=PLATFORM_CHAIN).line
    assert json.dumps(json.loads(line), separators=(",", ":")) == line
    assert not treasury.put_float_in(reference='转账 "7"', **give)
