"""Creators' papers: handed in, verified by one reviewer at a time, shown as badges, expired."""

import zlib
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.db import DatabaseError, transaction
from django.utils import timezone

from cms.core import clock
from cms.core.errors import InvalidInput, NotAllowed
from cms.core.models import OutboxEvent
from cms.users import roles, selectors
from cms.users.exceptions import (
    AlreadyWaiting,
    ClaimedByAnother,
    KindFixed,
    NotClaimed,
    NotWaiting,
    StillNeeded,
)
from cms.users.models import AuditLog, CreatorDocument, CreatorProfile, DocumentDecision, User
from cms.users.services import become_creator, documenting, presenting, register_verified, verifying
from tests.factories.papers import PDF, paper, reviewer, upload, verified
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker() -> User:
    user = register_verified(email="maker@example.com", password=None, display_name="Lin Wei")
    return become_creator(user=user, display_name="Lin Wei", country="CN", payee_kind="person")


def badges(user: User) -> list[str]:
    return [badge.type for badge in selectors.badges_of([user.pk]).get(user.pk, [])]


def told(name: str) -> list[dict[str, object]]:
    return list(OutboxEvent.objects.filter(name=name).order_by("pk").values_list("payload", flat=True))


def test_a_paper_from_hand_to_badge_to_expiry(maker: User) -> None:
    first, second = reviewer(), reviewer()
    document = documenting.hand_in(user=maker, paper=paper(days=40), file=upload())
    with pytest.raises(AlreadyWaiting):
        documenting.hand_in(user=maker, paper=paper(days=40), file=upload())
    profile = CreatorProfile.objects.get(user=maker)
    queue = selectors.verification_queue().get()
    assert (queue.pk, queue.waiting, queue.since) == (profile.pk, 1, CreatorDocument.objects.get().submitted_at)
    assert badges(maker) == []

    verifying.claim(profile=profile, actor=first)
    with pytest.raises(ClaimedByAnother):
        verifying.claim(profile=profile, actor=second)
    with pytest.raises(NotClaimed):
        verifying.approve(document=document, actor=second)
    with pytest.raises(InvalidInput):
        verifying.reject(document=document, actor=first, reason=" ")
    decision = verifying.approve(document=document, actor=first)
    with pytest.raises(NotWaiting):
        verifying.reject(document=document, actor=first, reason="no")
    badge = selectors.badges_of([maker.pk])[maker.pk][0]
    assert (badge.type, badge.role, badge.checked_at) == ("identity", "reviewer", decision.decided_at)
    assert badge.valid_until == document.expires_on
    assert selectors.is_verified("person", [badge])
    assert not selectors.is_verified("sole_trader", [badge])
    assert not selectors.verification_queue().exists()
    assert told("users.document_decided") == [{"decision": decision.pk}]

    start = clock.offset()
    for days, expected in ((9, []), (2, [30]), (0, [30]), (23, [30, 7]), (0, [30, 7])):
        clock.set_offset(clock.offset() + timedelta(days=days))
        verifying.remind_due()
        assert [event["days"] for event in told("users.document_expiring")] == expected
    assert selectors.payout_blockers(maker) == []
    clock.set_offset(start + timedelta(days=41, hours=1))
    # Expiry counts by the date, whether or not the sweep has run.
    assert selectors.payout_blockers(maker) == ["document_expired"]
    assert badges(maker) == []
    verifying.remind_due()
    verifying.remind_due()
    assert [event["days"] for event in told("users.document_expiring")] == [30, 7, 0]

    renewed = documenting.hand_in(user=maker, paper=paper(days=400), file=upload())
    assert selectors.payout_blockers(maker) == ["document_expired"]
    verifying.claim(profile=profile, actor=first)
    verifying.approve(document=renewed, actor=first)
    assert selectors.payout_blockers(maker) == []
    document.refresh_from_db()
    assert (document.state, badges(maker)) == ("replaced", ["identity"])

    verifying.revoke(document=renewed, actor=first, reason="The number belongs to somebody else.")
    assert selectors.payout_blockers(maker) == ["document_revoked"]
    assert badges(maker) == []
    with pytest.raises(StillNeeded):
        documenting.withdraw(document=renewed, actor=maker)
    verdicts = DocumentDecision.objects.filter(document__profile=profile).order_by("pk")
    assert list(verdicts.values_list("verdict", flat=True)) == ["approved", "replaced", "approved", "revoked"]


def test_nobody_verifies_themselves(maker: User) -> None:
    roles.assign(maker, roles.REVIEWER)
    document = documenting.hand_in(user=maker, paper=paper(), file=upload())
    profile = presenting.profile_of(maker)
    with pytest.raises(NotAllowed):
        verifying.claim(profile=profile, actor=maker)
    CreatorProfile.objects.filter(pk=profile.pk).update(
        claimed_by=maker, claimed_until=timezone.now() + timedelta(hours=1)
    )
    with pytest.raises(NotAllowed):
        verifying.approve(document=document, actor=maker)
    with pytest.raises(DatabaseError, match="nobody verifies themselves"), transaction.atomic():
        DocumentDecision.objects.create(
            document=document, verdict="approved", decided_by=maker, role="reviewer", fingerprint="0"
        )
    finance = UserFactory()
    roles.assign(finance, roles.FINANCE)
    with pytest.raises(NotAllowed):
        verifying.claim(profile=profile, actor=finance)


def test_a_claim_ends_by_itself(maker: User) -> None:
    first, second = reviewer(), reviewer()
    document = documenting.hand_in(user=maker, paper=paper(), file=upload())
    profile = presenting.profile_of(maker)
    verifying.claim(profile=profile, actor=first)
    CreatorProfile.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(NotClaimed):
        verifying.approve(document=document, actor=first)
    verifying.claim(profile=profile, actor=second)
    verifying.release(profile=profile, actor=first)
    assert CreatorProfile.objects.get().claimed_by == second
    verifying.reject(document=document, actor=second, reason="It can't be read.")
    verifying.release(profile=profile, actor=second)
    assert CreatorProfile.objects.get().claimed_until is None
    again = documenting.hand_in(user=maker, paper=paper(), file=upload())
    assert again.state == "waiting"


def test_every_look_is_written_down_and_files_are_private(maker: User) -> None:
    one, admin = reviewer(), UserFactory()
    roles.assign(admin, roles.ADMIN)
    document = documenting.hand_in(user=maker, paper=paper(), file=upload())
    assert document.file.storage is storages["private"]
    with pytest.raises(ValueError, match="URL"):
        document.file.url  # noqa: B018
    assert "licence" not in document.file.name
    assert documenting.open_file(document=document, actor=maker).read() == PDF
    for stranger in (one, UserFactory()):
        with pytest.raises(NotAllowed):
            documenting.open_file(document=document, actor=stranger)
    verifying.claim(profile=presenting.profile_of(maker), actor=one)
    documenting.open_file(document=document, actor=one)
    with pytest.raises(InvalidInput):
        documenting.open_file(document=document, actor=admin)
    documenting.open_file(document=document, actor=admin, reason="The police asked.")
    looks = AuditLog.objects.filter(action="creator_document.opened", subject=f"creator_document:{document.pk}")
    assert list(looks.order_by("pk").values_list("actor", "reason")) == [
        (maker.pk, "their own"), (one.pk, "verification"), (admin.pk, "The police asked."),
    ]  # fmt: skip


def test_what_was_decided_stays(maker: User) -> None:
    (document,) = verified(maker, "identity")
    for change in ({"sha256": "0" * 64}, {"issuer": "Me"}, {"number": "1"}, {"expires_on": None}):
        with pytest.raises(DatabaseError, match="stays as it was"), transaction.atomic():
            CreatorDocument.objects.filter(pk=document.pk).update(**change)
    with pytest.raises(DatabaseError, match="not deleted"), transaction.atomic():
        CreatorDocument.objects.filter(pk=document.pk)._raw_delete("default")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        DocumentDecision.objects.update(reason="nicer")
    name = document.file.name
    assert documenting.forget_papers(user=maker, actor=maker) == 1
    document.refresh_from_db()
    assert (document.number, document.file.name, document.state) == ("", "", "approved")
    assert storages["private"].exists(name)  # until the transaction commits


def test_the_kind_is_fixed_by_the_first_launch(maker: User) -> None:
    with pytest.raises(InvalidInput):
        documenting.hand_in(user=maker, paper=paper("charity_registration", days=None), file=upload())
    become_creator(user=maker, display_name="Lin Wei", country="CN", payee_kind="charity")
    documenting.hand_in(user=maker, paper=paper("charity_registration", days=None), file=upload())
    presenting.fix_kind(user=maker)
    presenting.fix_kind(user=maker)
    with pytest.raises(KindFixed):
        become_creator(user=maker, display_name="Lin Wei", country="CN", payee_kind="company")
    become_creator(user=maker, display_name="Lin Wei's", country="JP", payee_kind="charity")
    with pytest.raises(DatabaseError, match="fixed"), transaction.atomic():
        User.objects.filter(pk=maker.pk).update(payee_kind="person")
    with pytest.raises(DatabaseError, match="fixed"), transaction.atomic():
        CreatorProfile.objects.filter(user=maker).update(kind_fixed_at=None)


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("number", {"number": " "}), ("issuer", {"issuer": "x" * 121}), ("expires_on", {"days": None}),
        ("expires_on", {"days": -1}), ("type", {"type_": "business_licence"}), ("type", {"type_": "passport"}),
    ],
)  # fmt: skip
def test_incomplete_papers_name_the_field(maker: User, field: str, change: dict[str, object]) -> None:
    with pytest.raises(InvalidInput) as refused:
        documenting.hand_in(user=maker, paper=paper(**change), file=upload())  # type: ignore[arg-type]
    assert refused.value.field == field


_PACKED = zlib.compress(b"<< /S /JavaScript /JS (app.alert(1)) >>")


@pytest.mark.parametrize(
    "data",
    [
        b"hello", b"<svg onload=alert(1)>", b"MZ\x90" + PDF, PDF[:-7],
        PDF.replace(b"/Catalog", b"/Catalog /JavaScript"),
        PDF.replace(b"/Catalog", b"/Catalog /J#61vaScript"), PDF.replace(b"/Root", b"/Encrypt 2 0 R /Root"),
        PDF.replace(b"trailer", b"<</Type /ObjStm>>\nstream\n" + _PACKED + b"\nendstream\ntrailer"),
        b"\xff\xd8\xff" + b"no picture",
    ],
)  # fmt: skip
def test_only_harmless_papers_are_taken(maker: User, data: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        documenting.hand_in(user=maker, paper=paper(), file=upload(data))
    assert refused.value.field == "file"
    assert not CreatorDocument.objects.exists()


@pytest.mark.parametrize(
    "link", ["http://example.com/", "javascript:alert(1)", "https://a:b@example.com/", "//example.com", "example.com"]
)
def test_links_are_whole_and_harmless(maker: User, link: str) -> None:
    with pytest.raises(InvalidInput):
        presenting.present(user=maker, links=["https://example.com/", link])
    profile = presenting.present(user=maker, links=["https://example.com/", " https://example.com/ "], bio_zh="木匠。")
    assert profile.links == ["https://example.com/"]
    assert (profile.bio("en"), profile.bio("zh-hans")) == ("木匠。", "木匠。")
