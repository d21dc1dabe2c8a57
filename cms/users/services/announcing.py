"""Events about people: whatever shows something of them elsewhere follows."""

import uuid

from cms.core import events
from cms.users.models import CreatorDocument, User
from cms.users.selectors import person_hash


def announce_renamed(user: User) -> None:
    """Publish `users.renamed`: whatever shows the name beside something else follows. Each time is news."""
    events.publish(name="users.renamed", key=f"users.renamed:{user.pk}:{uuid.uuid4().hex}", payload={"user": user.pk})


def announce_changed(user: User) -> None:
    """Publish `users.verification_changed`: badges on cards follow. Each time is news."""
    key = f"users.verification_changed:{user.pk}:{uuid.uuid4().hex}"
    events.publish(name="users.verification_changed", key=key, payload={"user": user.pk})


def announce_forgotten(*, user: User | None, email: str) -> None:
    """Publish `users.forgotten`, before the address is gone: packages above empty what they know of the person.

    `user` None is somebody without an account, who may have been invited by their address. Each time is news.
    """
    events.publish(
        name="users.forgotten", key=f"users.forgotten:{uuid.uuid4().hex}",
        payload={"user": user.pk if user else None, "person": person_hash(email)},
    )  # fmt: skip


def announce_decided(document: CreatorDocument, decision_id: int) -> None:
    """Publish `users.document_decided`, on which the creator is told."""
    events.publish(
        name="users.document_decided", key=f"users.document_decided:{decision_id}", payload={"decision": decision_id}
    )


def announce_expiring(document: CreatorDocument, days: int) -> None:
    """Publish `users.document_expiring`: 30 or 7 days ahead, or 0 when it has expired; once each."""
    events.publish(
        name="users.document_expiring", key=f"users.document_expiring:{document.pk}:{days}",
        payload={"document": document.pk, "days": days},
    )  # fmt: skip
