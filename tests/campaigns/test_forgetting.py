"""A person is forgotten everywhere: after a whole life of pledges no column of any table tells of them."""

import json
import smtplib
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from campaigns.models import Collaborator
from campaigns.services import inviting, proposing
from cms.core import events
from cms.mail import services as mail
from cms.mail.backends import MailboxBackend
from cms.mail.models import Message
from cms.users import forgetting, roles
from cms.users.models import User
from cms.users.services import documenting, edit_profile, presenting
from funding.models import GatewayCommand, Payment, PayoutAccount, Pledge, RefundClaim, WebhookEvent
from funding.selectors import access_token
from funding.services import claiming, disputing, erasing, pledging, replacing
from funding.services.auditing import audit_ledger
from tests.campaigns import scenes
from tests.cms.users import flows
from tests.factories import papers
from tests.factories.funding import pledge_input
from tests.factories.scripted import pay
from tests.funding.settling.conftest import finance, gateway, later, sweep
from tests.funding.settling.disputed import hear
from tests.funding.test_webhooks import call, secret, sign

__all__ = ["finance", "gateway", "later", "secret", "sweep"]
pytestmark = pytest.mark.django_db

BACKER, CREATOR = "wilhelmina.quux@example.com", "ottoline.fnord@example.com"
STRANGER = "mehitabel@example.com"
MARKS = {"quux", "wilhelmina", "203.0.113.77", "snapdragon lane", "porcelain wishes"}
CREATORS_MARKS = {"fnord", "ottoline"}


def stands(marks: set[str]) -> dict[str, set[str]]:
    """Where in the database, its sessions and the cache each mark is found: column → marks."""
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, udt_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND udt_name IN ('varchar', 'text', 'bpchar', 'json', 'jsonb', '_varchar', '_text', 'bytea', 'inet',"
            " 'tsvector')"
        )
        for table, column, kind in cursor.fetchall():
            words = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            for mark in marks:
                cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}" WHERE {words} ILIKE %s)', [f"%{mark}%"])
                if cursor.fetchone()[0]:
                    found.setdefault(f"{table}.{column}", set()).add(mark)
    for value in cache._cache.values():
        if hit := {mark for mark in marks if mark.encode() in value.lower()}:
            found.setdefault("cache", set()).update(hit)
    return found


def told(payment: Payment) -> None:
    """The provider tells of a paid checkout, with all that it knows of a person."""
    person = {"email": BACKER, "name": "Wilhelmina Quux", "address": {"line1": "1 Snapdragon Lane"}}
    checkout = {
        "id": payment.session_id, "object": "checkout.session", "payment_intent": f"pi_{payment.pk}",
        "customer_email": BACKER, "customer_details": person, "shipping_details": person, "status": "complete",
        "amount_total": payment.amount,
        "success_url": f"https://x.example/?token={access_token(payment.pledge)}", "url": f"https://x.example/#{BACKER}",
        "metadata": {"payment": str(payment.pk), "pledge": str(payment.pledge_id), "note": BACKER},
        "custom_fields": [{"text": {"value": "Wilhelmina"}}],
    }  # fmt: skip
    body = json.dumps({
        "id": f"evt_{payment.pk}", "object": "event", "type": "checkout.session.completed", "livemode": False,
        "data": {"object": checkout, "previous_attributes": {"customer_email": BACKER}}, "request": {"id": BACKER},
    })  # fmt: skip
    assert call(body, sign(body)).status_code == 200


def place(escrow: Any, **who: Any) -> Payment:
    asked = pledge_input(
        escrow, email=BACKER, lines=[], extra=30_00, message="Porcelain wishes", handset=True, client_ip="203.0.113.77",
        success_url="https://x.example/{pledge}?token={token}", cancel_url="https://x.example/?token={token}", **who,
    )  # fmt: skip
    return pledging.place_pledge(request=asked, idempotency_key=f"k{len(who)}").payment


def member() -> tuple[User, Client]:
    client = Client(REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT="Quux's browser")
    flows.sign_up(client, BACKER)
    flows.confirm(client, BACKER)
    flows.sign_in(client, BACKER)
    user = User.objects.get(email=BACKER)
    edit_profile(user=user, display_name="Wilhelmina Quux", bio="Of Snapdragon Lane", locale="en", timezone="UTC")
    return user, client


def worked_with(campaign: Any) -> None:
    """Papers, words about themselves, and invitations: to who will join, and to somebody without an account."""
    creator = campaign.creator
    presenting.present(user=creator, bio_en="Of Fnord Hall", bio_zh="", place="Fnord", links=["https://fnord.example/"])
    paper = papers.paper(number="FNORD-1", issuer="Fnord Town Hall")
    documenting.hand_in(user=creator, paper=paper, file=papers.upload(name="fnord.pdf"))
    for email in (BACKER, STRANGER):
        inviting.invite(campaign=campaign, actor=creator, email=email, scopes=["story", "finance"])


def joined(campaign: Any) -> None:
    """The invited member joins, and proposes another account."""
    row = Collaborator.objects.get(email=BACKER)
    backer = User.objects.get(email=BACKER)
    inviting.accept(collaborator=row, actor=backer)
    proposing.propose(campaign=campaign, actor=backer, reason="The bank changed.")


@pytest.fixture
def lived(gateway, later, sweep, finance, secret, settings, monkeypatch):
    """Pledges of a guest and of a member; one disputed and won, one refunded by bank; the campaign fails."""
    settings.EMAIL_BACKEND = "cms.mail.backends.MailboxBackend"
    scenes.site()
    creator = scenes.creator(email=CREATOR, display_name="Ottoline Fnord", bio="Fnord's workshop")
    PayoutAccount.objects.create(
        creator=creator, external_id="acct_1", contact="other.fnord@example.com", details_submitted=True
    )
    campaign = scenes.launched(creator)
    worked_with(campaign)
    replacing.replace_account(creator=creator, kind="person", country="CN")
    user, client = member()
    joined(campaign)
    payments = [place(campaign.escrow), place(campaign.escrow, user=user)]
    tokens = {access_token(payment.pledge) for payment in payments}
    for payment in payments:
        payment.refresh_from_db()
        told(payment)
        pay(payment, fee=30, gateway=gateway)
    assert b"Wilhelmina" in client.get(reverse("my_statements")).content + client.get(reverse("my_account")).content
    client.get(reverse("my_pledges"))
    contested = gateway.contest(payments[0])
    dispute = hear(contested)
    disputing.submit_evidence(dispute_id=dispute.pk, text="Wilhelmina Quux said so by mail.", actor=finance)
    sweep()
    hear(gateway.say(contested.external_id, "won", reinstated=contested.amount))
    gateway.refund_status[payments[1].pk] = "refused"
    monkeypatch.setattr(MailboxBackend, "send_messages", _refuse)
    later(days=31)
    sweep()
    claim = RefundClaim.objects.get()
    claiming.pay_by_bank(claim_id=claim.pk, actor=finance, proof="BANK-77", note="Told Wilhelmina")
    sweep()
    mail.plan(key="late", to=BACKER.title(), locale="en", template="receipt", context={"name": "Wilhelmina"})
    campaign.escrow.refresh_from_db()
    assert campaign.escrow.state == "refunded"
    assert Message.objects.filter(last_error__contains="<address>").exists()
    return user, client, MARKS | tokens


def _refuse(self: Any, messages: Any) -> int:
    to = messages[0].to[0]
    raise smtplib.SMTPRecipientsRefused({to.upper(): (550, b"no such person " + to.encode())})


def test_of_a_backer_and_then_of_a_creator_nothing_is_left(lived):
    user, client, marks = lived
    support = scenes.person(roles.SUPPORT)
    before = stands(marks)
    # Personal data is where it can be emptied, and nowhere else: not in calls, events or the outbox.
    assert {column.partition(".")[0] for column in before} <= {
        "funding_pledge", "funding_payment", "funding_dispute", "funding_refundclaim", "mail_message",
        "mail_mailboxentry", "users_user", "account_emailaddress", "usersessions_usersession", "users_auditlog",
        "wagtailusers_userprofile", "campaigns_collaborator", "cache",
    }  # fmt: skip
    there = {"funding_pledge.email", "funding_pledge.message", "funding_payment.client_ip", "mail_message.to"}
    assert there <= before.keys()
    erased = erasing.erase_person(email=BACKER, actor=support, reason="Asked by letter.")
    assert (erased.pledges, erased.keys) == (2, 1)
    events.sweep_events()
    assert stands(marks).keys() <= erasing.KEPT.keys()
    assert client.get(reverse("my_account")).status_code == 302
    user.refresh_from_db()
    assert forgetting.is_erased(user)
    assert not EmailAddress.objects.filter(user=user).exists()
    # The creator was not paid: their name goes, too, from the cards and the search's texts.
    erasing.erase_person(email=CREATOR, actor=support, reason="Asked by letter.")
    events.sweep_events()
    assert stands(CREATORS_MARKS).keys() <= erasing.KEPT.keys()
    # Who was invited and never had an account.
    assert "campaigns_collaborator.email" in stands({STRANGER})
    erasing.erase_person(email=STRANGER, actor=support, reason="Asked by letter.")
    events.sweep_events()
    assert stands({STRANGER}).keys() <= erasing.KEPT.keys()
    assert not Collaborator.objects.current().exists()
    # The books stand, and what is left of the calls and events still says what happened.
    assert audit_ledger().ok
    assert {command.payload["amount"] for command in GatewayCommand.objects.filter(kind="create_checkout")} == {30_00}
    told = WebhookEvent.objects.order_by("pk")[0].payload["data"]["object"]
    assert told["amount_total"] == 30_00
    assert set(told["metadata"]) == {"payment", "pledge"}
    assert [pledge.email for pledge in Pledge.objects.all()] == [erasing.ERASED_ADDRESS] * 2
