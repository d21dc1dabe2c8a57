import dataclasses
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.core import clock
from funding import exceptions
from funding.models import (
    Escrow,
    GatewayCommand,
    Holding,
    Payment,
    Pledge,
    PledgeLine,
    Reward,
    RewardVariant,
    TransitionLog,
)
from funding.money import BadAmount
from funding.services.pledging import LineInput, place_pledge
from tests.factories import UserFactory
from tests.factories.funding import open_test_escrow, place_test_pledge, pledge_input, reward_terms, variant_terms


def nothing_was_written() -> bool:
    rows = [Pledge, PledgeLine, Payment, GatewayCommand, Holding]
    return not any(model.objects.exists() for model in rows) and not Reward.objects.exclude(reserved=0).exists()


@pytest.mark.django_db(transaction=True)
def test_a_pledge_reserves_and_opens_a_checkout(sandbox):
    result = place_test_pledge(escrow := open_test_escrow(), ("lamp", 2), extra=5_00, message=" Good luck ")
    pledge = Pledge.objects.get()
    assert result.pledge == pledge
    assert not result.replayed
    assert (pledge.state, pledge.total, pledge.rewards_amount, pledge.shipping_amount, pledge.extra_amount) == (
        "reserved", 225_00, 200_00, 20_00, 5_00,
    )  # fmt: skip
    assert pledge.message == "Good luck"
    assert escrow.rewards.get().reserved == 2
    payment = Payment.objects.get()
    assert (payment.state, payment.amount, payment.session_id) == ("submitting", 225_00, result.payment.session_id)
    assert payment.checkout_url == result.payment.checkout_url
    assert payment.checkout_url.startswith(sandbox.url)
    assert pledge.reserved_until == payment.expires_at
    session = sandbox.client().v1.checkout.sessions.retrieve(payment.session_id)
    assert session.metadata["pledge"] == str(pledge.pk)
    assert session.amount_total == 225_00
    assert session.allowed_payment_method_types == ["card", "alipay", "wechat_pay"]
    assert str(pledge.pk) in session.success_url
    assert result.access_token in session.success_url
    log = TransitionLog.objects.exclude(machine="escrow").values_list("machine", "sequence", "source", "target")
    assert sorted(log) == [
        ("payment", 1, "", "created"), ("payment", 2, "created", "submitting"), ("pledge", 1, "", "reserved"),
    ]  # fmt: skip
    assert GatewayCommand.objects.get().state == "succeeded"


@pytest.mark.django_db(transaction=True)
def test_a_pledge_costs_few_statements(sandbox):
    rich = [reward_terms(per_person_limit=3, variants=[variant_terms("red", 5)]), reward_terms("mug")]
    for rewards, lines, most in ([reward_terms()], [("lamp", 1)], 10), (rich, [("lamp", 2, "red"), ("mug", 1)], 12):
        request = pledge_input(open_test_escrow(rewards=rewards), *lines)
        # Each request holds the clock for its length.
        with clock.frame(), CaptureQueriesContext(connection) as captured:
            place_pledge(request=request, idempotency_key="k")
        assert len(captured) <= most, "\n".join(query["sql"][:200] for query in captured)
        with clock.frame(), CaptureQueriesContext(connection) as captured:
            place_pledge(request=request, idempotency_key="k")
        assert len(captured) <= 3


@pytest.mark.django_db(transaction=True)
def test_the_same_key_is_the_same_pledge(sandbox):
    request = pledge_input(open_test_escrow())
    first = place_pledge(request=request, idempotency_key="k")
    again = place_pledge(request=request, idempotency_key="k")
    assert (again.pledge, again.payment, again.access_token) == (first.pledge, first.payment, first.access_token)
    assert again.payment.checkout_url == first.payment.checkout_url
    assert again.replayed
    assert Reward.objects.get().reserved == 1
    other = pledge_input(open_test_escrow(), email=request.email)
    with pytest.raises(exceptions.IdempotencyConflict):
        place_pledge(request=dataclasses.replace(request, extra=1), idempotency_key="k")
    # A guest's keys are their own on each campaign.
    assert not place_pledge(request=other, idempotency_key="k").replayed


@pytest.mark.django_db(transaction=True)
def test_a_members_key_is_one_for_all_campaigns(sandbox):
    user = UserFactory()
    place_test_pledge(open_test_escrow(), key="k", user=user, email=user.email)
    with pytest.raises(exceptions.IdempotencyConflict):
        place_test_pledge(open_test_escrow(), key="k", user=user, email=user.email)


BAD = [
    ({"lines": [LineInput("lamp", 0)]}, exceptions.InvalidPledge, "quantity"),
    ({"lines": [LineInput("lamp", -1)]}, exceptions.InvalidPledge, "quantity"),
    ({"lines": [LineInput("lamp", True)]}, exceptions.InvalidPledge, "quantity"),
    ({"lines": [LineInput("lamp", float("nan"))]}, exceptions.InvalidPledge, "quantity"),
    ({"lines": [LineInput("lamp", 1.0)]}, exceptions.InvalidPledge, "quantity"),
    ({"lines": [LineInput("lamp", "1")]}, exceptions.InvalidPledge, "quantity"),
    ({"lines": [LineInput("lamp", 10**9)]}, exceptions.InvalidPledge, "quantity"),
    ({"lines": [LineInput("unknown", 1)]}, exceptions.UnknownReward, "lines"),
    ({"lines": [LineInput("lamp\0", 1)]}, exceptions.UnknownReward, "lines"),
    ({"lines": [LineInput("\ud800", 1)]}, exceptions.UnknownReward, "lines"),
    ({"lines": [LineInput("lamp", 1, "\ud800")]}, exceptions.UnknownReward, "lines"),
    ({"lines": [LineInput("lamp", 1, "red")]}, exceptions.UnknownReward, "variant"),
    ({"lines": [LineInput("lamp", 1)] * 21}, exceptions.InvalidPledge, "lines"),
    ({"lines": []}, exceptions.InvalidPledge, "lines"),
    ({"lines": [LineInput("sticker", 1)]}, exceptions.InvalidPledge, "lines"),
    ({"lines": [LineInput("lamp", 1000)], "extra": 99_999_999}, exceptions.InvalidPledge, "extra"),
    ({"extra": -1}, BadAmount, "extra"),
    ({"extra": 1.5}, BadAmount, "extra"),
    ({"extra": float("nan")}, BadAmount, "extra"),
    ({"extra": "5"}, BadAmount, "extra"),
    ({"extra": True}, BadAmount, "extra"),
    ({"extra": 10**30}, BadAmount, "extra"),
    ({"country": ""}, exceptions.InvalidPledge, "country"),
    ({"country": "cn"}, exceptions.InvalidPledge, "country"),
    ({"country": "XKX"}, exceptions.InvalidPledge, "country"),
    ({"lines": [LineInput("local", 1)], "country": "US"}, exceptions.CountryNotServed, "country"),
    ({"email": "nobody"}, exceptions.InvalidPledge, "email"),
    ({"email": "a" * 250 + "@example.com"}, exceptions.InvalidPledge, "email"),
    ({"email": None}, exceptions.InvalidPledge, "email"),
    ({"message": "x" * 281}, exceptions.InvalidPledge, "message"),
    ({"message": "\0"}, exceptions.InvalidPledge, "message"),
    ({"message": "\ud800"}, exceptions.InvalidPledge, "message"),
    ({"version": "v" * 65}, exceptions.InvalidPledge, "version"),
    ({"anonymous": "yes"}, exceptions.InvalidPledge, "anonymous"),
    ({"escrow_key": "nowhere"}, exceptions.CampaignNotOpen, "campaign"),
    ({"lines": [LineInput("limited", 3)]}, exceptions.PerPersonLimitReached, "lines"),
    ({"lines": [LineInput("few", 3)]}, exceptions.RewardSoldOut, "lines"),
    ({"lines": [LineInput("few", 1, "red"), LineInput("few", 2, "blue")]}, exceptions.UnknownReward, "variant"),
    ({"lines": [LineInput("coloured", 2, "red")]}, exceptions.RewardSoldOut, "lines"),
    ({"lines": [LineInput("coloured", 1)]}, exceptions.UnknownReward, "variant"),
    ({"lines": [LineInput("later", 1)]}, exceptions.RewardNotAvailable, "lines"),
    ({"lines": [LineInput("over", 1)]}, exceptions.RewardNotAvailable, "lines"),
    ({"lines": [LineInput("lamp", 1), LineInput("few", 3)]}, exceptions.RewardSoldOut, "lines"),
]


@pytest.fixture
def stocked(db):
    now = clock.now()
    return open_test_escrow(
        rewards=[
            reward_terms(),
            reward_terms("sticker", is_addon=True),
            reward_terms("local", shipping={"CN": 0}),
            reward_terms("limited", per_person_limit=2),
            reward_terms("few", quantity=2),
            reward_terms("coloured", variants=[variant_terms("red", 1), variant_terms("blue")]),
            reward_terms("later", window_start=now + timedelta(days=1)),
            reward_terms("over", window_start=now - timedelta(days=2), window_end=now - timedelta(days=1)),
        ]
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("bad", "refusal", "field"), BAD, ids=lambda value: str(value)[:40])
def test_what_can_not_be_pledged_names_the_field_and_writes_nothing(stocked, bad, refusal, field):
    with pytest.raises(refusal) as raised:
        place_test_pledge(stocked, **bad)
    assert type(raised.value) is refusal
    assert raised.value.field == field
    json.dumps(raised.value.extra, default=str)
    assert nothing_was_written()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 256, "two words", "schlüssel", None])
def test_a_bad_key_is_refused(stocked, key):
    with pytest.raises(exceptions.InvalidPledge) as raised:
        place_pledge(request=pledge_input(stocked), idempotency_key=key)
    assert raised.value.field == "Idempotency-Key"


@pytest.mark.django_db(transaction=True)
def test_extra_alone_is_a_pledge_and_a_donation_takes_nothing_else(sandbox):
    donation = open_test_escrow(kind="donation", rewards=[])
    assert place_test_pledge(donation, lines=[], extra=10_00, country="").pledge.total == 10_00
    with pytest.raises(exceptions.InvalidPledge):
        place_test_pledge(donation, ("lamp", 1))


@pytest.mark.django_db(transaction=True)
def test_the_limit_counts_all_pledges_of_a_person_whatever_the_letter_case(sandbox):
    escrow = open_test_escrow(rewards=[reward_terms(per_person_limit=2)])
    place_test_pledge(escrow, email="Somebody@example.com")
    place_test_pledge(escrow, email="somebody@Example.com")
    with pytest.raises(exceptions.PerPersonLimitReached):
        place_test_pledge(escrow, email="somebody@example.com")
    place_test_pledge(escrow, email="another@example.com")
    assert sorted(Holding.objects.values_list("quantity", flat=True)) == [1, 2]


@pytest.mark.unaudited
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", ["on_hold", "closing", "cancelling"])
def test_a_campaign_that_is_not_open_takes_nothing(state):
    escrow = open_test_escrow()
    Escrow.objects.filter(pk=escrow.pk).update(state=state)
    with pytest.raises(exceptions.CampaignNotOpen):
        place_test_pledge(escrow)
    assert nothing_was_written()


@pytest.mark.django_db(transaction=True)
def test_variants_and_their_reward_are_counted_both(sandbox):
    escrow = open_test_escrow(
        rewards=[reward_terms(quantity=5, variants=[variant_terms("red", 3), variant_terms("blue")])]
    )
    place_test_pledge(escrow, ("lamp", 2, "red"), ("lamp", 1, "blue"))
    assert Reward.objects.get().reserved == 3
    assert dict(RewardVariant.objects.values_list("key", "reserved")) == {"red": 2, "blue": 1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("currency", ["JPY", "KWD", "USD"])
def test_other_currencies(sandbox, currency):
    escrow = open_test_escrow(currency=currency, rewards=[reward_terms(price=1_500, shipping={"*": 500})])
    payment = place_test_pledge(escrow).payment
    session = sandbox.client().v1.checkout.sessions.retrieve(payment.session_id)
    assert (session.amount_total, session.currency) == (2_000, currency.lower())
    if currency == "KWD":
        with pytest.raises(exceptions.InvalidPledge):
            place_test_pledge(escrow, extra=5)


@pytest.mark.django_db(transaction=True)
def test_the_provider_is_down_and_the_same_key_resumes(sandbox, settings):
    request = pledge_input(open_test_escrow())
    working, settings.STRIPE_API_BASE = settings.STRIPE_API_BASE, "http://localhost:9"
    with pytest.raises(exceptions.ProviderUnavailable) as raised:
        place_pledge(request=request, idempotency_key="k")
    pledge = Pledge.objects.get()
    assert raised.value.extra["pledge"] == str(pledge.pk)
    assert (pledge.state, Reward.objects.get().reserved) == ("reserved", 1)
    with pytest.raises(exceptions.ProviderUnavailable):
        place_pledge(request=request, idempotency_key="k")
    settings.STRIPE_API_BASE = working
    result = place_pledge(request=request, idempotency_key="k")
    assert result.pledge == pledge
    assert result.payment.checkout_url
    assert Reward.objects.get().reserved == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", ["error_after_commit", "timeout_after_commit"])
def test_an_answer_lost_after_the_provider_acted_is_found_again(sandbox, fault):
    sandbox.fault(fault, path="/v1/checkout/sessions")
    request = pledge_input(open_test_escrow())
    with pytest.raises(exceptions.ProviderUnavailable):
        place_pledge(request=request, idempotency_key="k")
    assert GatewayCommand.objects.get().state == "unknown"
    result = place_pledge(request=request, idempotency_key="k")
    sessions = sandbox.client().v1.checkout.sessions.list({"limit": 100})
    mine = [s.id for s in sessions.data if s.client_reference_id == str(result.pledge.pk)]
    assert mine == [result.payment.session_id]


@pytest.mark.django_db(transaction=True)
def test_what_the_provider_refuses_leaves_no_reservation(sandbox):
    escrow = open_test_escrow(rewards=[reward_terms(quantity=1)])
    request = pledge_input(escrow, success_url="not a url")
    with pytest.raises(exceptions.ProviderRefused) as raised:
        place_pledge(request=request, idempotency_key="k")
    assert raised.value.extra["pledge"]
    assert (Pledge.objects.get().state, Payment.objects.get().state) == ("expired", "cancelled")
    assert Reward.objects.get().reserved == 0
