"""Withheld tax: kept back by regime, written down by one person, booked by another, told to finance as a file."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from openpyxl import load_workbook

from cms.core.errors import InvalidInput, NotAllowed
from cms.users.models import User
from funding import ledger
from funding.exceptions import FourEyesRequired, IllegalTransition, ReasonRequired
from funding.models import Escrow, TaxRemittance
from funding.services import remitting
from tests.factories.scripted import ScriptedGateway, paid_pledge

pytestmark = pytest.mark.django_db
TAX = 1_757_98


@pytest.fixture
def taxed(escrow: Escrow, gateway: ScriptedGateway, later: Callable[..., None], sweep: Callable[[], None]) -> Escrow:
    """A released campaign of ¥62,340, of which ¥1,757.98 tax is withheld; and money at the bank to pay it from."""
    paid_pledge(escrow, extra=62_340_00)
    later(days=31)
    sweep()
    later(days=15)
    sweep()
    return escrow


def propose(actor: User, **changes) -> TaxRemittance:
    terms = {"regime": "cn_individual", "currency": "CNY", "amount": TAX, "reference": "T-1", "reason": "June 2027"}
    return remitting.propose(actor=actor, **terms | changes)


def test_two_people_pay_tax_to_the_authority(taxed: Escrow, finance: User, second_finance: User) -> None:
    assert remitting.withheld() == [remitting.Withheld("cn_individual", "CNY", TAX, 0, TAX)]
    row = propose(finance)
    assert ledger.balance("tax_withheld:cn_individual", "CNY") == TAX
    with pytest.raises(FourEyesRequired):
        remitting.confirm(remittance_id=row.pk, actor=finance)
    remitting.confirm(remittance_id=row.pk, actor=second_finance)
    assert ledger.balance("tax_withheld:cn_individual", "CNY") == 0
    assert ledger.balance("bank", "CNY") == -TAX
    assert remitting.withheld() == [remitting.Withheld("cn_individual", "CNY", TAX, TAX, 0)]
    with pytest.raises(IllegalTransition):
        remitting.confirm(remittance_id=row.pk, actor=second_finance)


def test_what_can_not_be_proposed(taxed: Escrow, finance: User, creator: User) -> None:
    propose(finance, amount=1_00)
    with pytest.raises(IllegalTransition):
        propose(finance, amount=1_00)
    for wrong, refusal in (
        ({"amount": TAX + 1}, InvalidInput), ({"reference": " "}, InvalidInput), ({"reason": " "}, ReasonRequired),
        ({"regime": "nowhere"}, InvalidInput), ({"currency": "USD"}, InvalidInput),
    ):  # fmt: skip
        with pytest.raises(refusal):
            propose(finance, **{"reference": "T-2", **wrong})
    with pytest.raises(NotAllowed):
        propose(creator, reference="T-3")


def test_a_withdrawn_proposal_is_never_booked(taxed: Escrow, finance: User, second_finance: User) -> None:
    row = propose(finance)
    remitting.withdraw(remittance_id=row.pk, actor=finance)
    with pytest.raises(IllegalTransition):
        remitting.confirm(remittance_id=row.pk, actor=second_finance)
    assert propose(finance).pk != row.pk


def test_the_database_wants_two_people_and_keeps_what_was_said(taxed: Escrow, finance: User) -> None:
    row = propose(finance)
    with pytest.raises(IntegrityError), transaction.atomic():
        TaxRemittance.objects.filter(pk=row.pk).update(confirmed_by=finance, confirmed_at=row.proposed_at)
    for change in ({"amount": 1}, {"reference": "x"}, {"regime": "y"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            TaxRemittance.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        TaxRemittance.objects.filter(pk=row.pk).delete()


def test_finance_sees_and_exports_a_period(client: Client, taxed: Escrow, finance: User, second_finance: User) -> None:
    client.force_login(finance)
    assert "CN¥1,757.98" in client.get("/cms/finance/tax/").content.decode()
    lines = client.get("/cms/finance/tax/?export=csv").getvalue().decode().splitlines()
    assert len(lines) == 2
    assert "58599.60,3%,1757.98,CNY" in lines[1]
    sheet = load_workbook(_file(client.get("/cms/finance/tax/?export=xlsx").getvalue())).active
    assert [cell.value for cell in list(sheet.iter_rows())[1]][8:12] == [58599.6, "3%", 1757.98, "CNY"]
    assert len(client.get("/cms/finance/tax/?export=csv&until=2000-01-01").getvalue().decode().splitlines()) == 1
    posted = client.post("/cms/finance/tax/pay/", {
        "regime": "cn_individual", "currency": "CNY", "amount": "1,757.98", "reference": "T-1", "reason": "June",
    })  # fmt: skip
    assert posted.status_code == 302
    row = TaxRemittance.objects.get()
    client.force_login(second_finance)
    assert client.post(f"/cms/finance/tax/{row.pk}/confirm/").status_code == 302
    assert ledger.balance("tax_withheld:cn_individual", "CNY") == 0


def _file(content: bytes):
    from io import BytesIO

    return BytesIO(content)
