"""A person is forgotten; the books, the chain and the statements stand."""

import io
import json
import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

import verify_ledger
from cms.core import clock
from cms.core.errors import NotAllowed
from cms.mail import services as mail
from cms.users import roles
from cms.users.models import AuditLog, User
from funding.exceptions import ErasureBlocked, InvalidTerms
from funding.models import Payout, Pledge, PseudonymKey
from funding.services import disputing, erasing, proving, sealing, signing
from funding.services.auditing import audit_ledger
from funding.statements import escrow_statement
from tests.factories.funding import open_test_escrow
from tests.factories.scripted import paid_pledge, reserved_pledge
from tests.funding.settling.conftest import creator, escrow, finance, gateway, later, person, sweep

__all__ = ["creator", "escrow", "finance", "gateway", "later", "sweep"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def support(db):
    return person(roles.SUPPORT)


def text_of(key: str) -> bytes:
    end = proving.chain_end(key)
    return "".join(proving.lines(chain=key, upto=end.seq)).encode()


def verify(text: bytes) -> verify_ledger.Ledger:
    ledger = verify_ledger.Ledger()
    for raw in io.BytesIO(text):
        ledger.add(raw)
    return ledger


@pytest.fixture
def settled(escrow, gateway, later, sweep):
    """One backer pays; the campaign fails; the money is back."""
    payment = paid_pledge(escrow, extra=20_00, gateway=gateway, email="Gone@example.com".lower(), message="Good luck")
    paid_pledge(escrow, extra=10_00, gateway=gateway)
    later(days=31)
    sweep()
    escrow.refresh_from_db()
    assert escrow.state == "refunded"
    return payment.pledge


def test_the_key_is_gone_and_everything_else_holds(settled, support):
    escrow = settled.escrow
    before = text_of(escrow.key)
    signing.sign_due()
    erased = erasing.erase_person(email=" GONE@example.com ", actor=support, reason="Asked by letter.")
    assert (erased.pledges, erased.keys) == (1, 1)
    pledge = Pledge.objects.get(pk=settled.pk)
    assert (pledge.email, pledge.message, pledge.anonymous) == (erasing.ERASED_ADDRESS, "", True)
    key = PseudonymKey.objects.get(subject=f"person:{pledge.person}")
    assert (key.inner_block, key.outer_block) == (None, None)
    assert key.destroyed_at
    assert text_of(escrow.key) == before
    assert verify(before).raised == 0
    assert audit_ledger().ok
    assert len(list(escrow_statement(escrow))) > 2
    log = AuditLog.objects.get(action="person.erased")
    assert (log.actor, log.reason, log.data["pledges"]) == (support, "Asked by letter.", 1)
    assert "gone@example.com" not in json.dumps([log.subject, log.data])


def test_twice_is_once_and_later_lines_have_no_name(settled, support, escrow):
    erasing.erase_person(email="gone@example.com", actor=support, reason="Asked.")
    again = erasing.erase_person(email="gone@example.com", actor=support, reason="Asked.")
    assert (again.pledges, again.keys) == (0, 0)
    paid_pledge(escrow_again(escrow), extra=7_00, email="gone@example.com")
    sealing.seal_due()
    line = json.loads(text_of("again").splitlines()[0])
    assert line["party"] == "erased"
    assert not PseudonymKey.objects.filter(subject=f"person:{settled.person}", destroyed_at=None).exists()


def escrow_again(escrow):
    return open_test_escrow(key="again", creator=escrow.creator)


def test_not_while_money_moves(escrow, support):
    paid_pledge(escrow, extra=20_00, email="here@example.com")
    with pytest.raises(ErasureBlocked) as refused:
        erasing.erase_person(email="here@example.com", actor=support, reason="Asked.")
    assert refused.value.extra["blockers"] == ["pledge_open"]
    with pytest.raises(ErasureBlocked) as refused:
        erasing.erase_person(email=escrow.creator.email, actor=support, reason="Asked.")
    assert refused.value.extra["blockers"] == ["campaign_open"]


@pytest.mark.django_db(transaction=True)
def test_a_pledge_that_is_placed_meanwhile_keeps_its_address_and_a_dispute_waits(
    creator, gateway, later, sweep, support, monkeypatch
):
    payment = paid_pledge(open_test_escrow(creator=creator), extra=20_00, gateway=gateway, email="gone@example.com")
    again = open_test_escrow(key="again", creator=creator, deadline=clock.now() + timedelta(days=50))
    later(days=31)
    sweep()
    forget, threads, errors = mail.forget, [], []

    def aside(work) -> threading.Thread:
        def run() -> None:
            try:
                work()
            except Exception as error:  # told below
                errors.append(error)
            finally:
                connection.close()

        threads.append(threading.Thread(target=run))
        threads[-1].start()
        return threads[-1]

    def meanwhile(**who):
        aside(lambda: reserved_pledge(again, extra=5_00, email="gone@example.com")).join()
        return forget(**who)

    monkeypatch.setattr(erasing.mail, "forget", meanwhile)
    with pytest.raises(ErasureBlocked) as refused:
        erasing.erase_person(email="gone@example.com", actor=support, reason="Asked.")
    assert refused.value.extra["blockers"] == ["pledge_open"]
    assert set(Pledge.objects.values_list("email", flat=True)) == {"gone@example.com"}
    assert not PseudonymKey.objects.exclude(destroyed_at=None).exists()

    later(days=31)
    sweep()
    heard = []

    def disputed(**who):
        thread = aside(lambda: heard.append(disputing.apply_dispute(snapshot=gateway.contest(payment))))
        thread.join(0.5)
        assert not heard
        return forget(**who)

    monkeypatch.setattr(erasing.mail, "forget", disputed)
    erasing.erase_person(email="gone@example.com", actor=support, reason="Asked.")
    for thread in threads:
        thread.join()
    assert (heard, errors) == ([True], [])
    assert set(Pledge.objects.values_list("email", flat=True)) == {erasing.ERASED_ADDRESS}
    assert audit_ledger().ok


def test_of_a_creator_who_was_paid_the_name_stays(escrow, creator, gateway, later, sweep, support):
    User.objects.filter(pk=creator.pk).update(display_name="Lin Wei", bio="A maker of lamps")
    paid_pledge(escrow, extra=1_000_00, gateway=gateway)
    later(days=31)
    sweep()
    later(days=20)
    sweep()
    payout = Payout.objects.get()
    assert payout.state == "paid"
    with pytest.raises(ErasureBlocked) as refused:
        erasing.erase_person(email=support.email, actor=support, reason="Asked.")
    assert refused.value.extra["blockers"] == ["works_here"]
    erasing.erase_person(email=creator.email, actor=support, reason="Asked.")
    creator.refresh_from_db()
    assert (creator.display_name, creator.bio, creator.is_active, creator.groups.count()) == ("Lin Wei", "", False, 0)
    payout.account.refresh_from_db()
    assert (payout.account.contact, payout.account.bank_last4) == ("", "")
    with pytest.raises(InvalidTerms):
        open_test_escrow(key="again", creator=creator)


def test_who_may(settled, finance):
    with pytest.raises(NotAllowed):
        erasing.erase_person(email="gone@example.com", actor=finance, reason="Asked.")


def test_on_the_desk_and_by_command(settled, support):
    client = Client()
    client.force_login(support)
    page = reverse("funding_desk:erase_person", args=[settled.pk])
    assert "gone@example.com" in client.get(page).content.decode()
    inspect = reverse("funding_pledge_modeladmin_inspect", args=[settled.pk])
    assert page in client.get(inspect).content.decode()
    assert client.post(page, {"reason": "Asked by letter."}).status_code == 302
    assert page not in client.get(inspect).content.decode()
    out = io.StringIO()
    call_command("erase_person", "gone@example.com", actor=support.email, reason="Again.", stdout=out)
    assert out.getvalue().startswith("0 pledges")
    with pytest.raises(CommandError, match="no account"):
        call_command("erase_person", "gone@example.com", actor="nobody@example.com", reason="Again.")
