"""The finance desk: who sees what, that nothing can be edited, and that its buttons call services."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from cms.users import roles
from funding.desk.registers import REGISTERS
from funding.models import (
    Alert,
    Amendment,
    BankBatch,
    Escrow,
    HoldDecision,
    LateRefund,
    PayoutFreeze,
    Pledge,
    ProviderMovement,
    Refund,
    RefundClaim,
    TaxRemittance,
    WebhookEvent,
)
from funding.services import alerting, freezing, refunding
from tests import shared
from tests.factories.funding import open_test_escrow
from tests.factories.scripted import ScriptedGateway, paid_pledge
from tests.funding.settling.conftest import move_on, payable_creator, person, speak_through, sweep_all
from tests.funding.settling.disputed import hear

pytestmark = pytest.mark.django_db

SUPPORT_SEES = {"pledge", "amendment", "payment", "document"}
NAMES = [register.model._meta.model_name for register in REGISTERS]


@shared.scene
def busy_desk() -> tuple[Escrow, ScriptedGateway]:
    """A settled campaign beside a running one; every register has a row."""
    gateway = ScriptedGateway()
    with pytest.MonkeyPatch.context() as patch:
        speak_through(gateway, patch)
        return fill_registers(gateway), gateway


@pytest.fixture
def busy(busy_desk: tuple[Escrow, ScriptedGateway], gateway: ScriptedGateway) -> Escrow:
    """The running one."""
    vars(gateway).update(vars(busy_desk[1]))
    return busy_desk[0]


def fill_registers(gateway: ScriptedGateway) -> Escrow:
    """Play it; returns the running campaign's escrow."""
    escrow, finance = open_test_escrow(creator=payable_creator()), person(roles.FINANCE)
    paid_out = paid_pledge(escrow, gateway=gateway, extra=1_000_00, rewards={"lamp": 1}, fee=30_00)
    for days in (30, 14):
        move_on(days=days)
        sweep_all()
    hear(contested := gateway.contest(paid_out))
    hear(gateway.say(contested.external_id, "lost"))
    running = open_test_escrow(creator=escrow.creator, key="running")
    payment = paid_pledge(running, extra=80_00, rewards={"lamp": 2})
    refunding.finance_refund(pledge_id=payment.pledge_id, amount=5_00, reason="=1+1", actor=finance)
    RefundClaim.objects.create(refund=Refund.objects.get(), code="charge_not_refundable")
    LateRefund.objects.create(pledge=paid_out.pledge, amount=1, currency="CNY", reason="It broke.", proposed_by=finance)
    HoldDecision.objects.create(escrow=escrow, choice="refund", reason="The limit is near.", proposed_by=finance)
    TaxRemittance.objects.create(
        regime="cn_individual", amount=1, currency="CNY", reference="T1", reason="June", proposed_by=finance
    )
    BankBatch.objects.create(made_by=finance)
    terms = {"rewards_amount": 0, "shipping_amount": 0, "extra_amount": 1, "total": 1}
    dropped = Amendment.objects.create(
        pledge=payment.pledge, **terms, **{f"previous_{name}": value for name, value in terms.items()},
        expires_at=payment.created_at, idempotency_key="one", idempotency_fingerprint="one",
    )  # fmt: skip
    Amendment.objects.filter(pk=dropped.pk).update(state="abandoned")
    WebhookEvent.objects.create(external_id="evt_1", type="refund.updated", object_id="re_1", payload={"a": 1})
    freezing.freeze(source="audit", problems=[{"check": "identity"}])
    freezing.thaw(source="audit")
    ProviderMovement.objects.create(
        external_id="txn_1", type="charge", amount=1, fee=0, net=1, currency="CNY", subject="ch_1",
        created_at=payment.created_at,
    )  # fmt: skip
    alerting.alert(code="other_checkout", subject=f"payment:{payment.pk}", severity="critical", data={"paid": True})
    return running


def signed_in(role: str | None, **fields: Any) -> Client:
    user = person(role) if role else person(roles.CREATOR)
    type(user).objects.filter(pk=user.pk).update(**fields)
    client = Client()
    client.force_login(type(user).objects.get(pk=user.pk))
    return client


def url(name: str, view: str, *args: object) -> str:
    return reverse(f"funding_{name}_modeladmin_{view}", args=args)


def allowed(client: Client, address: str) -> bool:
    return client.get(address).status_code == 200


@pytest.mark.parametrize(
    "role", [roles.FINANCE, roles.AUDITOR, roles.ADMIN, roles.SUPPORT, roles.CREATOR, roles.EDITOR]
)
def test_who_sees_which_register(role: str, busy: Escrow) -> None:
    client = signed_in(role)
    readers = {roles.FINANCE, roles.AUDITOR, roles.ADMIN}
    for register in REGISTERS:
        name = register.model._meta.model_name
        row = register.model._default_manager.order_by("pk").first()
        expected = role in readers or (role == roles.SUPPORT and name in SUPPORT_SEES)
        assert allowed(client, url(name, "index")) == expected, name
        assert allowed(client, url(name, "index") + "?export=csv") == expected, name
        assert allowed(client, url(name, "inspect", row.pk)) == expected, name
    for page in ("statement", "today", "audit", "reconcile", "rebuild", "tax"):
        assert allowed(client, reverse(f"funding_desk:{page}")) == (role in readers)
    assert allowed(client, reverse("funding_desk:escrow", args=[busy.pk])) == (role in readers)
    assert allowed(client, reverse("funding_desk:time")) == (role in {roles.FINANCE, roles.ADMIN})


@pytest.mark.parametrize("name", NAMES)
def test_not_even_a_superuser_adds_changes_or_deletes(name: str, busy: Escrow) -> None:
    client = signed_in(None, is_superuser=True, is_staff=True)
    register = next(one for one in REGISTERS if one.model._meta.model_name == name)
    row = register.model._default_manager.order_by("pk").first()
    before = register.model._default_manager.count()
    base = url(name, "index")
    for address in (f"{base}create/", f"{base}edit/{row.pk}/", f"{base}delete/{row.pk}/"):
        assert client.post(address, {"state": "paid", "amount": 1}).status_code in (403, 404)
        assert client.get(address).status_code in (403, 404)
    for view in ("create", "edit", "delete", "history"):
        with pytest.raises(NoReverseMatch):
            url(name, view, *([] if view == "create" else [row.pk]))
    assert client.post(base, {"action": "delete", "pk": row.pk}).status_code in (403, 405)
    assert client.post(url(name, "inspect", row.pk), {"state": "x"}).status_code in (403, 405)
    assert register.model._default_manager.count() == before


@pytest.mark.parametrize("role", [roles.AUDITOR, roles.ADMIN, roles.SUPPORT, roles.CREATOR])
def test_only_finance_acts(role: str, busy: Escrow) -> None:
    client = signed_in(role)
    refund = Refund.objects.get()
    addresses = [
        reverse("funding_desk:refund_pledge", args=[Pledge.objects.filter(escrow=busy).get().pk]),
        reverse("funding_desk:retry_refund", args=[refund.pk]),
        reverse("funding_desk:hold_escrow", args=[busy.pk]),
        reverse("funding_desk:resume_escrow", args=[busy.pk]),
        reverse("funding_desk:cancel_escrow", args=[busy.pk]),
        reverse("funding_desk:approve_payout", args=[1]),
        reverse("funding_desk:retry_payout", args=[1]),
        reverse("funding_desk:retry_command", args=[1]),
        reverse("funding_desk:handle_event", args=[WebhookEvent.objects.get().pk]),
        reverse("funding_desk:resolve_alert", args=[Alert.objects.latest("pk").pk]),
        reverse("funding_desk:agree_to_lift", args=[PayoutFreeze.objects.get().pk]),
        reverse("funding_desk:put_float_in"),
    ]
    for address in addresses:
        assert client.get(address).status_code != 200
        assert client.post(address, {"reason": "x", "amount": "1"}).status_code in (302, 403)
    busy.refresh_from_db()
    assert (busy.state, Refund.objects.count()) == ("open", 1)


def test_finance_refunds_a_pledge_and_hears_why_not(busy: Escrow) -> None:
    client = signed_in(roles.FINANCE)
    pledge = Pledge.objects.get(escrow=busy)
    address = reverse("funding_desk:refund_pledge", args=[pledge.pk])
    assert b'value="275.00"' in client.get(address).content
    for amount, sentence in (
        ("275.01", b"More would go back"),
        ("-1", b"plain number"),
        ("1.001", b"at most 2 digits"),
    ):
        answer = client.post(address, {"amount": amount, "reason": "Broken."})
        assert answer.status_code == 200
        assert sentence in answer.content
    assert client.post(address, {"amount": "275", "reason": ""}).status_code == 200
    assert Refund.objects.count() == 1
    assert client.post(address, {"amount": "275", "reason": "Broken."}).status_code == 302
    pledge.refresh_from_db()
    assert pledge.state == "refund_pending"


def test_finance_holds_resumes_and_calls_off(busy: Escrow) -> None:
    client = signed_in(roles.FINANCE)
    for name, state in (("hold", "on_hold"), ("resume", "open"), ("cancel", "cancelling")):
        said = {"reason": "A public reason.", "translation": "公开的理由。"}
        answer = client.post(reverse(f"funding_desk:{name}_escrow", args=[busy.pk]), said)
        assert answer.status_code == 302
        busy.refresh_from_db()
        assert busy.state == state
        assert busy.state_reasons == {"en": "A public reason.", "zh-hans": "公开的理由。"}
    again = client.post(reverse("funding_desk:hold_escrow", args=[busy.pk]), {"reason": "Again."})
    assert b"This can&#x27;t be done now." in again.content


def test_the_csv_has_safe_cells_and_whole_amounts(busy: Escrow) -> None:
    client = signed_in(roles.FINANCE)
    answer = client.get(url("refund", "index") + "?export=csv")
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeffRefund,Pledge,Campaign,State,Amount,Reason,Note,")
    assert ",5.00,finance,'=1+1," in text
    assert client.get(url("refund", "index") + "?export=xlsx")["Content-Type"].startswith("text/html")


def test_an_escrows_page_shows_split_statement_and_timeline(busy: Escrow) -> None:
    settled = Escrow.objects.exclude(pk=busy.pk).get()
    client = signed_in(roles.AUDITOR)
    page = client.get(reverse("funding_desk:escrow", args=[settled.pk])).content.decode()
    # ¥1,100.00: 55.00 fee, 11.00 fund, 1,034.00 of which 31.02 tax.
    for text in ("How it was split", "CN¥55.00", "CN¥11.00", "CN¥31.02", "CN¥1,002.98", "Paid out to the creator"):
        assert text in page
    csv = client.get(reverse("funding_desk:escrow", args=[settled.pk]) + "?export=csv")
    assert b"1002.98" in b"".join(csv.streaming_content)


def test_registers_filter_and_search(busy: Escrow) -> None:
    client = signed_in(roles.FINANCE)
    found = client.get(url("pledge", "index"), {"q": "running", "state": "paid"})
    assert found.context["result_count"] == 1
    assert client.get(url("pledge", "index"), {"state": "expired"}).context["result_count"] == 0


def test_long_ids_are_short_and_filters_speak_words(busy: Escrow) -> None:
    client, pledge = signed_in(roles.FINANCE), str(busy.pledges.get().pk)
    payment = busy.pledges.get().payments.get()
    for address in (url("pledge", "index"), url("payment", "inspect", payment.pk)):
        assert f'title="{pledge}">{pledge[:8]}</' in client.get(address).content.decode(), address
    text = client.get(url("pledge", "index")).content.decode()
    assert re.search(r">\s*English\s*<", text)
    assert not re.search(r">\s*en\s*<", text)


@pytest.mark.parametrize("name", NAMES)
def test_a_register_costs_no_more_queries_for_more_rows(
    name: str, busy: Escrow, django_assert_num_queries: Any, gateway: ScriptedGateway
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(roles.FINANCE)
    client.get(url(name, "index"))
    with CaptureQueriesContext(connection) as first:
        client.get(url(name, "index"))
    for _ in range(3):
        paid_pledge(open_test_escrow(creator=busy.creator), extra=1_00)
    with CaptureQueriesContext(connection) as second:
        client.get(url(name, "index"))
    assert len(second) <= len(first)


@pytest.mark.parametrize("register", REGISTERS)
def test_no_column_is_hidden_by_a_field_of_its_name(register: Any) -> None:
    fields = {field.name for field in register.model._meta.get_fields()}
    assert not fields & {*register.list_display, *register.inspect_view_fields}


def test_the_audit_runs_when_asked(busy: Escrow) -> None:
    client = signed_in(roles.AUDITOR)
    assert b"everything agrees" not in client.get(reverse("funding_desk:audit")).content
    assert b"everything agrees" in client.post(reverse("funding_desk:audit"), follow=True).content


def test_time_moves_in_the_demo_only(busy: Escrow, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from cms.core import timetravel

    told: list[float] = []
    monkeypatch.setattr(timetravel, "_tell", lambda base, value: told.append(value.total_seconds()))
    client = signed_in(roles.FINANCE)
    assert client.post(reverse("funding_desk:time"), {"duration": "31d"}).status_code == 302
    busy.refresh_from_db()
    assert (busy.state, len(told)) == ("refunding" if busy.state == "refunding" else "refunded", 1)
    assert client.post(reverse("funding_desk:time"), {"duration": "soon"}).status_code == 200
    settings.CLOCK_MOVABLE = False
    assert client.get(reverse("funding_desk:time")).status_code == 404
    assert client.post(reverse("funding_desk:time"), {"duration": "1d"}).status_code == 404


def test_the_menu_shows_what_one_may_open(busy: Escrow) -> None:
    page = signed_in(roles.SUPPORT).get(reverse("wagtailadmin_home")).content.decode()
    assert url("pledge", "index") in page
    assert url("payout", "index") not in page
    assert reverse("funding_desk:audit") not in page
    assert url("pledge", "index") not in signed_in(roles.CREATOR).get(reverse("wagtailadmin_home")).content.decode()


def test_an_events_page_shows_nobody_the_way_into_a_pledge() -> None:
    token = "0123456789abcdef" * 4
    payload = {"data": {"object": {"success_url": f"https://kindling.example/en/pledges/1/?token={token}"}}}
    event = WebhookEvent.objects.create(external_id="evt_9", type="checkout.session.completed", payload=payload)
    page = signed_in(roles.AUDITOR).get(url("webhookevent", "inspect", event.pk)).content.decode()
    assert "/en/pledges/1/?token=…" in page
    assert token not in page
