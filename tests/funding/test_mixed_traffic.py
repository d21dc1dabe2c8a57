"""Everything that touches one campaign at once: no deadlock, no drift."""

import contextlib
import threading

import pytest
from django.db import connections

from cms.core.errors import Refusal
from cms.users.models import User
from funding.models import Escrow, Payment, Pledge
from funding.services import commanding, opening
from funding.services.cancelling import cancel_pledge
from funding.services.closing import hold_escrow, resume_escrow
from funding.services.paying import apply_snapshot
from tests.factories import UserFactory
from tests.factories.funding import open_test_escrow, place_test_pledge, reward_terms, variant_terms
from tests.funding.snapshots import checkout_snapshot, paid_snapshot, unpaid_snapshot


def _answer(command, **_):
    """Every call is answered at once, as the provider would."""
    if command.kind == "create_checkout":
        snapshot = checkout_snapshot(command)
    elif command.kind == "expire_checkout":
        payment = Payment.objects.get(session_id=command.payload["session_id"])
        snapshot = unpaid_snapshot(payment, "expired")
    else:
        return commanding.Outcome(command)
    commanding._record_answer(command, snapshot)
    return commanding.Outcome(command, snapshot)


def back(escrow: Escrow, number: int) -> None:
    """One of three people, in one of several windows, with lines in either order."""
    lines = [("c", 2), ("b", 1), ("a", 1)][:: -1 if number % 2 else 1]
    for n in range(12):
        colour = "red" if n % 2 else "blue"
        chosen = [(*line, colour) if line[0] == "a" else line for line in lines]
        with contextlib.suppress(Refusal):
            _live(
                place_test_pledge(escrow, *chosen, email=f"b{number % 3}@example.com", key=f"{number}-{n}").payment, n
            )


def _live(payment: Payment, n: int) -> None:
    if n % 3:
        apply_snapshot(payment_id=payment.pk, snapshot=paid_snapshot(payment))
    if n % 4 < 2:
        cancel_pledge(pledge_id=payment.pledge_id, actor=None)


def run_office(escrow: Escrow, admin: User) -> None:
    """Hold, resume, offer more."""
    for n in range(10):
        hold_escrow(escrow_id=escrow.pk, actor=admin, reason="a look")
        resume_escrow(escrow_id=escrow.pk, actor=admin, reason="fine")
        opening.raise_quantity(reward_id=escrow.rewards.get(key="b").pk, quantity=81 + n, actor=admin)


@pytest.mark.django_db(transaction=True)
def test_pledging_paying_cancelling_and_raising_side_by_side(monkeypatch):
    monkeypatch.setattr(commanding, "carry_out", _answer)
    admin = UserFactory(is_superuser=True, is_staff=True)
    rewards = [
        reward_terms("a", quantity=60, per_person_limit=50, variants=[variant_terms("red", 40), variant_terms("blue")]),
        reward_terms("b", quantity=80),
        reward_terms("c"),
    ]
    escrow = open_test_escrow(rewards=rewards)
    broken: list[BaseException] = []

    def guarded(work, *args) -> None:
        try:
            work(*args)
        except BaseException as error:
            broken.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guarded, args=(back, escrow, number)) for number in range(8)]
    threads.append(threading.Thread(target=guarded, args=(run_office, escrow, admin)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    assert Pledge.objects.exclude(paid_at=None).exists()
    # The audit after the test compares every total, stock and account with the business rows.
    assert Escrow.objects.get().captured > 0
