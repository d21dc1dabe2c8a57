"""Each state and each step has its sentence, in both languages; the document, the desk and refusals use the tables."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from campaigns import states as campaign_states
from cms.users import roles
from funding import state_words
from funding.exceptions import IllegalTransition
from funding.models import Escrow
from funding.states import ESCROW, MACHINES
from funding.transitions import transition
from scripts import states
from tests.factories.funding import open_test_escrow
from tests.factories.scripted import paid_pledge
from tests.funding.settling.conftest import person


@pytest.mark.parametrize("machine", MACHINES.values(), ids=lambda machine: machine.name)
def test_every_state_and_step_has_its_sentence(machine):
    names = {machine.initial, *machine.edges, *(t for targets in machine.edges.values() for t in targets)}
    assert set(state_words.MEANINGS[machine.name]) == names
    assert state_words.TITLES[machine.name]
    for source, targets in machine.edges.items():
        for target in targets:
            words = state_words.reason(machine.name, source, target)
            assert words, f"funding/state_words.py has no reason for {machine.name}: {source} → {target}"
            with translation.override("zh-hans"):
                assert state_words.reason(machine.name, source, target) != words


def test_no_words_are_left_of_what_is_gone():
    for machine, source, target in state_words.EDGES:
        assert MACHINES[machine].allows(source, target), (machine, source, target)
    for machine, targets in state_words.INTO.items():
        assert all(MACHINES[machine].sources(target) for target in targets)
    assert set(campaign_states.MEANINGS) == set(campaign_states.EDGES) == set(campaign_states.CampaignState)
    assert set(campaign_states.INTO) == {t for targets in campaign_states.EDGES.values() for t in targets}


def test_the_document_draws_every_step():
    text = states.document()
    for machine in MACHINES.values():
        for source, targets in machine.edges.items():
            assert all(f"  {source} --> {target}\n" in text for target in targets)


@pytest.mark.django_db
def test_a_refusal_names_from_to_and_what_is_allowed():
    escrow = open_test_escrow()
    with pytest.raises(IllegalTransition) as refused:
        transition(machine=ESCROW, model=Escrow, ids=[escrow.pk], target="released")
    extra = refused.value.extra
    assert (extra["state"], extra["target"]) == ("open", "released")
    assert extra["allowed"] == ["cancelling", "closing", "on_hold"]


@pytest.mark.django_db
def test_the_desk_says_what_may_follow_and_why_not():
    payment = paid_pledge(open_test_escrow(), extra=10_00)
    client = Client()
    client.force_login(person(roles.FINANCE))
    rows = [("pledge", payment.pledge_id), ("payment", payment.pk)]
    for page in [
        *(reverse(f"funding_{name}_modeladmin_inspect", args=[pk]) for name, pk in rows),
        reverse("funding_desk:escrow", args=[payment.pledge.escrow_id]),
    ]:
        text = client.get(page).content.decode()
        assert "What may happen next" in text
        assert "Not from here, only from" in text or "Nothing follows" in text
    assert (
        "The bank has opened a dispute."
        in client.get(reverse("funding_pledge_modeladmin_inspect", args=[payment.pledge_id])).content.decode()
    )
