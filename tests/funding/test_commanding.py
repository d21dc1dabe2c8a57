from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from funding.exceptions import ProviderRefused
from funding.gateways.stripe import StripeGateway
from funding.models import GatewayCommand, Payment, Pledge, Reward
from funding.services import commanding, paying
from tests.factories.funding import open_test_escrow, place_test_pledge, reward_terms

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def unknown(sandbox, settings):
    """A command whose call went nowhere, due again."""
    working, settings.STRIPE_API_BASE = settings.STRIPE_API_BASE, "http://localhost:9"
    with pytest.raises(Exception, match="reached"):
        place_test_pledge(open_test_escrow(rewards=[reward_terms(quantity=1)]))
    settings.STRIPE_API_BASE = working
    command = GatewayCommand.objects.get()
    assert (command.state, command.attempts) == ("unknown", 1)
    assert command.next_attempt_at > timezone.now()
    return command


def sessions(sandbox) -> int:
    pledge = str(Pledge.objects.get().pk)
    listed = sandbox.client().v1.checkout.sessions.list({"limit": 100}).data
    return sum(session.client_reference_id == pledge for session in listed)


def test_a_backoff_is_waited_for_unless_somebody_is_waiting(sandbox, unknown):
    assert commanding.run(unknown.pk) is None
    outcome = commanding.run(unknown.pk, at_once=True)
    assert outcome is not None
    assert outcome.command.state == "succeeded"
    assert Payment.objects.get().session_id == outcome.answer.external_id
    assert commanding.run(unknown.pk, at_once=True) is None
    assert sessions(sandbox) == 1


def test_the_sweep_finds_what_was_lost(sandbox, unknown):
    GatewayCommand.objects.update(next_attempt_at=timezone.now())
    assert commanding.sweep_commands() == 1
    assert GatewayCommand.objects.get().state == "succeeded"
    assert commanding.sweep_commands() == 0


def test_a_lease_keeps_others_away_until_it_runs_out(sandbox, unknown):
    later = timezone.now() + timedelta(seconds=30)
    GatewayCommand.objects.update(state="sending", lease_until=later, next_attempt_at=None)
    assert commanding.run(unknown.pk, at_once=True) is None
    GatewayCommand.objects.update(lease_until=timezone.now())
    assert commanding.run(unknown.pk) is not None
    assert GatewayCommand.objects.get().state == "succeeded"


def test_an_answer_after_the_lease_was_lost_is_not_recorded(sandbox, unknown):
    mine, _look_up = commanding._claim(unknown.pk, at_once=True)
    GatewayCommand.objects.update(lease_until=timezone.now())
    assert commanding.run(unknown.pk, at_once=True) is not None
    commanding.carry_out(mine)
    assert GatewayCommand.objects.get().attempts == 3
    assert Payment.objects.get().state == "submitting"
    assert sessions(sandbox) == 1


@pytest.mark.parametrize("age", [timedelta(0), timedelta(hours=30)])
def test_after_a_crash_there_is_one_object_however_old(sandbox, unknown, age, monkeypatch):
    def crash(*_args):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(commanding, "_record_answer", crash)
        with pytest.raises(SystemExit):
            commanding.run(unknown.pk, at_once=True)
    assert GatewayCommand.objects.get().state == "sending"
    GatewayCommand.objects.update(lease_until=timezone.now(), first_sent_at=timezone.now() - age)
    assert commanding.run(unknown.pk, at_once=True) is not None
    assert GatewayCommand.objects.get().state == "succeeded"
    assert sessions(sandbox) == 1


def test_rate_limits_are_waited_out(sandbox, unknown):
    GatewayCommand.objects.update(first_sent_at=None, state="planned")
    sandbox.fault("rate_limit", path="/v1/checkout/sessions")
    outcome = commanding.run(unknown.pk, at_once=True)
    assert outcome is not None
    assert outcome.command.state == "planned"
    assert commanding.run(unknown.pk, at_once=True).command.state == "succeeded"
    assert Reward.objects.get().reserved == 1


def test_a_command_that_can_not_be_recorded_holds_up_none_and_is_tried_later(sandbox, unknown, monkeypatch, settings):
    GatewayCommand.objects.update(next_attempt_at=None)
    real, poisoned = paying.record_opened, unknown.pk
    working, settings.STRIPE_API_BASE = settings.STRIPE_API_BASE, "http://localhost:9"
    with pytest.raises(Exception, match="reached"):
        place_test_pledge(open_test_escrow())
    settings.STRIPE_API_BASE = working
    GatewayCommand.objects.update(next_attempt_at=None)

    def record(command, snapshot):
        if command.pk == poisoned:
            raise RuntimeError("a defect")
        real(command, snapshot)

    recorder = replace(commanding._recorders["create_checkout"], succeeded=record)
    monkeypatch.setitem(commanding._recorders, "create_checkout", recorder)
    with pytest.raises(RuntimeError, match="a defect"):
        commanding.sweep_commands()
    first, second = GatewayCommand.objects.order_by("pk")
    assert (first.state, second.state) == ("unknown", "succeeded")
    assert (first.lease_until, "a defect" in first.last_error) == (None, True)
    assert first.next_attempt_at > timezone.now()
    assert commanding.sweep_commands() == 0
    monkeypatch.undo()
    assert commanding.run(poisoned, at_once=True).command.state == "succeeded"


def test_a_look_up_that_is_refused_says_nothing_about_what_was_done(sandbox, unknown, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise ProviderRefused("no", provider_code="parameter_unknown")

    with monkeypatch.context() as patch:
        patch.setattr(StripeGateway, "find_checkout", refuse)
        assert commanding.run(unknown.pk, at_once=True).command.state == "unknown"
    assert (Pledge.objects.get().state, Reward.objects.get().reserved) == ("reserved", 1)
    assert commanding.run(unknown.pk, at_once=True).command.state == "succeeded"
