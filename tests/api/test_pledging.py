"""Backing over the API: the road, every refusal, repeats, tokens, cancelling. On the local Stripe."""

import pytest

from funding.models import Payment, Pledge
from funding.services import paying
from tests.api.caller import Caller
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db(transaction=True)
GUEST = "guest@example.com"


def line(reward, quantity=1, **more):
    return {"reward": reward, "quantity": quantity, **more}


def place(api, campaign, *, key="k-1", status=201, **body):
    answer = api.post(f"/campaigns/{campaign.key}/pledges/", body, **{"Idempotency-Key": key})
    assert answer.status_code == status, answer.data
    return answer.data


def test_a_guest_backs_pays_and_cancels(api, launched, terms, sandbox):
    body = {"email": GUEST, "lines": [line(terms, 2)], "country": "CN", "extra": {"amount": 500, "currency": "CNY"}}
    placed = place(api, launched, **body)
    assert placed["total"] == {"amount": 20_500, "currency": "CNY"}
    assert placed["checkout_url"].startswith(sandbox.url)
    assert place(api, launched, **body) == placed
    assert Pledge.objects.count() == 1

    guest = api.bearing(placed["access_token"])
    shown = guest.get(f"/pledges/{placed['id']}/").data
    assert (shown["state"], shown["why_not"]) == ("reserved", {"change": "pledge_reserved"})
    assert shown["lines"][0]["quantity"] == 2
    assert shown["checkout_url"] == placed["checkout_url"]

    payment = Payment.objects.get()
    sandbox.play(payment.session_id)
    paying.refresh_payment(payment_id=payment.pk)
    paid = guest.get(f"/pledges/{placed['id']}/").data
    assert (paid["state"], paid["checkout_url"]) == ("paid", None)
    assert api.get(f"/campaigns/{launched.key}/funding/").data["raised"]["amount"] == 20_500

    gone = guest.delete(f"/pledges/{placed['id']}/").data
    assert gone["state"] in ("refund_pending", "refunded")
    again = guest.delete(f"/pledges/{placed['id']}/")
    assert (again.status_code, again.data["code"]) == (409, "pledge_not_cancellable")


def test_another_payload_under_the_same_key_is_refused(api, launched, terms, sandbox):
    place(api, launched, email=GUEST, lines=[line(terms)], country="CN")
    refused = place(api, launched, status=422, email=GUEST, lines=[line(terms, 2)], country="CN")
    assert refused["code"] == "idempotency_conflict"
    # Another guest's same key is another key.
    place(api, launched, email="other@example.com", lines=[line(terms, 2)], country="CN")
    assert Pledge.objects.count() == 2


def test_a_pledge_is_its_owners_alone(api, launched, terms, sandbox):
    backer, stranger = scenes.person(), scenes.person()
    mine = place(api.as_(backer), launched, lines=[line(terms)], country="CN")
    theirs = place(api, launched, email=GUEST, lines=[line(terms)], country="CN")
    path = f"/pledges/{mine['id']}/"
    assert api.as_(backer).get(path).data["email"] == backer.email
    for caller in (api, api.as_(stranger), api.bearing("nonsense"), api.bearing(theirs["access_token"])):
        assert caller.get(path).status_code == 404
        assert caller.delete(path).status_code == 404
    assert api.as_(stranger).call("PATCH", path, {}).status_code == 404
    listed = api.as_(backer).get("/me/pledges/").data
    assert [item["id"] for item in listed["items"]] == [mine["id"]]
    assert api.as_(stranger).get("/me/pledges/").data["items"] == []
    assert api.as_(backer).delete(path).data["state"] == "cancelled"


def test_a_statement_shows_what_was_paid_and_got_back(api, launched, terms, sandbox):
    caller = api.as_(scenes.person())
    placed = place(caller, launched, lines=[line(terms)], country="CN")
    payment = Payment.objects.get()
    sandbox.play(payment.session_id)
    paying.refresh_payment(payment_id=payment.pk)
    lines = caller.get("/me/statements/").data["items"]
    assert [(row["incoming"]["amount"], row["balance"]["amount"]) for row in lines] == [(10_000, 10_000)]
    assert (lines[0]["campaign"], lines[0]["title"]) == (launched.key, "Salt lamp")
    caller.delete(f"/pledges/{placed['id']}/")
    window = caller.get("/me/statements/?limit=1").data
    assert len(window["items"]) == 1
    if window["next_cursor"]:
        rest = caller.get(f"/me/statements/?cursor={window['next_cursor']}").data["items"]
        assert rest[-1]["balance"]["amount"] == 0


def test_my_pledges_cost_the_same_for_more(api, launched, terms, sandbox, django_assert_max_num_queries):
    backer = scenes.person()
    caller = api.as_(backer)
    for number in range(6):
        place(caller, launched, key=f"k-{number}", lines=[line(terms)], country="CN")
        if number in (0, 5):
            with django_assert_max_num_queries(12):
                assert len(caller.get("/me/pledges/").data["items"]) == number + 1
    first = caller.get("/me/pledges/?limit=4").data
    rest = caller.get(f"/me/pledges/?limit=4&cursor={first['next_cursor']}").data
    assert len({item["id"] for item in [*first["items"], *rest["items"]]}) == 6


BAD = [
    ({"lines": [line("R", 0)]}, 400, "quantity"),
    ({"lines": [line("R", -1)]}, 400, "quantity"),
    ({"lines": [line("R", 10**9)]}, 400, "quantity"),
    ({"lines": [line("R", 10**30)]}, 400, "lines"),
    ({"lines": [line("R", 1.5)]}, 400, "lines"),
    ({"lines": [line("R", "1")]}, 400, "lines"),
    ({"lines": [line("R", True)]}, 400, "lines"),
    ({"lines": [line("R", None)]}, 400, "lines"),
    ({"lines": [line("nothing")]}, 400, "lines"),
    ({"lines": [line("R", variant="nothing")]}, 400, "variant"),
    ({"lines": [line("R", price=1)]}, 400, "lines"),
    ({"lines": {"reward": "R"}}, 400, "lines"),
    ({"lines": ["R"]}, 400, "lines"),
    ({"lines": []}, 400, None),
    ({"extra": {"amount": -1, "currency": "CNY"}}, 400, "extra"),
    ({"extra": {"amount": 0, "currency": "CNY"}}, 400, "extra"),
    ({"extra": {"amount": 10**18, "currency": "CNY"}}, 400, "extra"),
    ({"extra": {"amount": 1.5, "currency": "CNY"}}, 400, "extra"),
    ({"extra": {"amount": "100", "currency": "CNY"}}, 400, "extra"),
    ({"extra": {"amount": True, "currency": "CNY"}}, 400, "extra"),
    ({"extra": {"amount": 100, "currency": "USD"}}, 400, "extra"),
    ({"extra": {"amount": 100}}, 400, "extra"),
    ({"extra": 100}, 400, "extra"),
    ({"country": "china"}, 400, "country"),
    ({"country": "cn"}, 400, "country"),
    ({"country": ""}, 400, "country"),
    ({"email": "nobody"}, 400, "email"),
    ({"email": ""}, 400, "email"),
    ({"email": 5}, 400, "email"),
    ({"anonymous": "yes"}, 400, "anonymous"),
    ({"message": "x" * 281}, 400, "message"),
    ({"message": "\ud800"}, 400, "message"),
    ({"message": "a\x00b"}, 400, "message"),
    ({"version": "0" * 64}, 400, "version"),
    ({"total": 1}, 400, "total"),
    ({"state": "paid"}, 400, "state"),
]


def test_bad_input_is_refused_with_its_field_and_writes_nothing(api, launched, terms, sandbox):
    wrong = []
    for number, (change, status, field) in enumerate(BAD):
        body = {"email": GUEST, "lines": [line("R")], "country": "CN", **change}
        if isinstance(body["lines"], list):
            body["lines"] = [
                {**item, "reward": terms} if isinstance(item, dict) and item["reward"] == "R" else item
                for item in body["lines"]
            ]
        answer = api.post(f"/campaigns/{launched.key}/pledges/", body, **{"Idempotency-Key": f"bad-{number}"})
        named = answer.data.get("field")
        if answer.status_code != status or (field and named != field):
            wrong.append((change, answer.status_code, answer.data))
    assert not wrong
    assert Pledge.objects.count() == Payment.objects.count() == 0
    assert [entry for entry in sandbox.log()["requests"] if entry["method"] == "POST"] == []


@pytest.mark.parametrize(
    "raw",
    [
        '{"lines": NaN}',
        '{"extra": {"amount": Infinity}}',
        "{",
        "[]",
        '"text"',
        "null",
        "[" * 100_000,
        "\xff",
        '{"a": 1e999}',
    ],
)
def test_what_is_no_json_object_is_a_400(api, launched, raw):
    answer = api.call("POST", f"/campaigns/{launched.key}/pledges/", raw=raw, **{"Idempotency-Key": "k"})
    assert answer.status_code == 400, answer.data


def test_the_key_is_required(api, launched, terms):
    path, body = f"/campaigns/{launched.key}/pledges/", {"email": GUEST, "lines": [line(terms)], "country": "CN"}
    for key in ("", "clé", "ключ".encode().decode("latin-1"), "a\tb"):
        answer = api.post(path, body, **{"Idempotency-Key": key})
        assert "visible ASCII" in answer.data["title"]
    for headers in ({}, {"Idempotency-Key": "x" * 256}, {"Idempotency-Key": "a b"}):
        answer = api.post(path, body, **headers)
        assert (answer.status_code, answer.data["field"]) == (400, "Idempotency-Key")


def test_what_takes_no_pledges_says_so(api, site, sandbox):
    body = {"email": GUEST, "extra": {"amount": 500, "currency": "CNY"}}
    approved = scenes.approved()
    assert place(api, approved, status=409, **body)["code"] == "campaign_not_open"
    draft = scenes.complete()
    assert place(api, draft, status=404, **body)["code"] == "not_found"
    open_one = scenes.launched()
    own = place(api.as_(open_one.creator), open_one, status=403, extra=body["extra"])
    assert own["code"] == "backer_blocked"


def test_stripe_away_is_503_and_the_same_key_resumes(api, launched, terms, sandbox, settings):
    body = {"email": GUEST, "lines": [line(terms)], "country": "CN"}
    url, settings.STRIPE_API_BASE = settings.STRIPE_API_BASE, "http://127.0.0.1:9"
    away = place(api, launched, status=503, **body)
    assert (away["code"], len(away["pledge"])) == ("provider_unavailable", 36)
    settings.STRIPE_API_BASE = url
    assert place(api, launched, **body)["id"] == away["pledge"]


def test_limits_on_placing(api, launched, terms, settings):
    settings.API_RATES = {"pledges": "2/min"}
    path = f"/campaigns/{launched.key}/pledges/"
    assert [api.post(path, {}).status_code for _ in range(3)] == [400, 400, 429]
    assert "Retry-After" in api.post(path, {}).headers


def test_sessions_need_their_csrf_token(launched):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(scenes.person())
    answer = client.post(
        f"/api/v2/campaigns/{launched.key}/pledges/", "{}", content_type="application/json",
        headers={"Idempotency-Key": "k"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_session_token_of_allauth_signs_in(launched, db):
    from tests.factories.users import PASSWORD

    person = scenes.person()
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    caller = Caller()
    login = caller.client.post(
        "/_allauth/app/v1/auth/login", {"email": person.email, "password": PASSWORD}, content_type="application/json"
    )
    token = login.json()["meta"]["session_token"]
    assert Caller().get("/me/", **{"X-Session-Token": token}).data["email"] == person.email
    assert Caller().get("/me/", **{"X-Session-Token": "nonsense"}).status_code in (401, 403)
