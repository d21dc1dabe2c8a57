"""What creators owe: kept from the next payout, oldest first; written off, paid by bank, or no longer owed."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cms.core.errors import NotAllowed
from cms.users.models import User
from funding.exceptions import IllegalTransition, ReasonRequired
from funding.models import CreatorDebt, Dispute, Escrow, Payment, Payout, Recovery
from funding.money import BadAmount
from funding.services import commanding, disputing, owing, settling
from tests.factories.funding import open_test_escrow
from tests.factories.scripted import ScriptedGateway, paid_pledge
from tests.funding.settling.disputed import balances, end, fresh, hear

pytestmark = pytest.mark.django_db


def run(escrow: Escrow, later: Callable[..., None]) -> Payout:
    """To its end and paid out."""
    end(escrow, later)
    later(days=15)
    for _ in range(2):
        settling.settle_due()
        commanding.sweep_commands()
    settling.settle_due()
    assert fresh(escrow).state == "released"
    return Payout.objects.get(release__escrow=escrow)


@pytest.fixture
def owed(creator: User, gateway: ScriptedGateway, later: Callable[..., None]) -> CreatorDebt:
    """¥100 that had been paid out when the dispute was lost."""
    escrow = open_test_escrow(creator=creator, goal=100_00)
    payment = paid_pledge(escrow, gateway=gateway, extra=100_00)
    run(escrow, later)
    told = gateway.contest(payment)
    hear(told)
    hear(gateway.say(told.external_id, "lost"))
    return CreatorDebt.objects.get()


def campaign(creator: User, gateway: ScriptedGateway, amount: int) -> Escrow:
    escrow = open_test_escrow(creator=creator, goal=amount)
    paid_pledge(escrow, gateway=gateway, extra=amount)
    return escrow


def test_the_next_payout_is_smaller(
    owed: CreatorDebt, creator: User, gateway: ScriptedGateway, later: Callable[..., None]
) -> None:
    escrow = campaign(creator, gateway, 500_00)
    payout = run(escrow, later)
    whole = payout.release.creator_amount
    assert (payout.state, payout.amount, fresh(owed).open_amount) == ("paid", whole - 100_00, 0)
    assert gateway.transfers[f"transfer:{escrow.key}:{payout.pk}:1"].amount == whole - 100_00
    assert balances(escrow) == {"fees": 15_00}
    assert owing.owed_by(creator) == {}


def test_a_smaller_payout_is_kept_whole_and_nothing_is_sent(
    owed: CreatorDebt, creator: User, gateway: ScriptedGateway, later: Callable[..., None]
) -> None:
    escrow = campaign(creator, gateway, 50_00)
    sent = len(gateway.transfers)
    payout = run(escrow, later)
    whole = payout.release.creator_amount
    assert (payout.state, payout.amount, len(gateway.transfers)) == ("netted", 0, sent)
    assert (fresh(owed).recovered, owing.owed_by(creator)) == (whole, {"CNY": 100_00 - whole})
    assert fresh(escrow).state == "released"


def test_finance_gives_a_debt_up_once_with_a_reason(owed: CreatorDebt, finance: User, creator: User) -> None:
    with pytest.raises(NotAllowed):
        owing.write_off(debt_id=owed.pk, actor=creator, reason="Mine.")
    with pytest.raises(ReasonRequired):
        owing.write_off(debt_id=owed.pk, actor=finance, reason=" ")
    owing.write_off(debt_id=owed.pk, actor=finance, reason="No campaign will follow.")
    with pytest.raises(IllegalTransition):
        owing.write_off(debt_id=owed.pk, actor=finance, reason="Again.")
    assert balances(owed.escrow) == {"loss": 100_00, "fees": 15_00}


def test_a_creator_pays_by_bank(owed: CreatorDebt, finance: User) -> None:
    with pytest.raises(BadAmount):
        owing.recover(debt_id=owed.pk, amount=100_01, actor=finance, reference="B-7")
    owing.recover(debt_id=owed.pk, amount=40_00, actor=finance, reference="B-7")
    with pytest.raises(IllegalTransition):
        owing.recover(debt_id=owed.pk, amount=40_00, actor=finance, reference="B-7")
    assert (fresh(owed).open_amount, balances(owed.escrow)["owed"]) == (60_00, 60_00)


def test_finance_enters_it_on_the_debts_page(owed: CreatorDebt, finance: User, client: Client) -> None:
    client.force_login(finance)
    page = reverse("funding_creatordebt_modeladmin_inspect", args=[owed.pk])
    act = reverse("funding_desk:recover_debt", args=[owed.pk])
    assert act in client.get(page).content.decode()
    refused = client.post(act, {"amount": "100.01", "reference": "B-7"})
    assert "amount" in refused.context["form"].errors
    assert client.post(act, {"amount": "100.00", "reference": "B-7"})["Location"] == page
    assert fresh(owed).open_amount == 0
    assert act not in client.get(page).content.decode()


@pytest.mark.parametrize("settled", ["not", "partly", "written_off"])
def test_won_after_all(
    settled: str, owed: CreatorDebt, creator: User, gateway: ScriptedGateway, later: Callable[..., None], finance: User
) -> None:
    if settled == "partly":
        owing.recover(debt_id=owed.pk, amount=40_00, actor=finance, reference="B-7")
    if settled == "written_off":
        owing.write_off(debt_id=owed.pk, actor=finance, reason="No campaign will follow.")
    dispute = Dispute.objects.get()
    hear(gateway.say(dispute.external_id, "won", reinstated=100_00))
    assert (fresh(owed).open_amount, fresh(dispute).lost, dispute.returned) == (0, 0, 100_00)
    assert fresh(Payment.objects.get().pledge).state == "paid"
    credit = 40_00 if settled == "partly" else 0
    assert balances(owed.escrow) == {"fees": 15_00} | ({"payable": credit} if credit else {})
    payout = run(campaign(creator, gateway, 500_00), later)
    assert payout.amount == payout.release.creator_amount + credit
    assert Recovery.objects.filter(amount__lt=0).count() == bool(credit)
    assert balances(owed.escrow) == {"fees": 15_00}
    assert disputing.apply_dispute(snapshot=gateway.retrieve_dispute(dispute.external_id))
