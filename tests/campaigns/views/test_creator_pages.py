"""Creators' pages and studio, asked for over HTTP in both languages: what opens, what is told, what is not."""

import pytest
from django.test import Client

from campaigns.records import record_of, records_of
from campaigns.services import inviting
from cms.core import events
from cms.core.models import OutboxEvent
from cms.mail.models import Message
from cms.users.models import AuditLog, CreatorDocument, User
from cms.users.services import presenting, register_verified
from funding.models import Entry
from tests.campaigns import scenes
from tests.factories import papers
from tests.factories.scripted import paid_pledge

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    scenes.site()
    return scenes.creator(email="owner@example.com", bio="Of lamps")


def signed(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_from_papers_to_badges_everywhere(owner: User, client: Client) -> None:
    campaign = scenes.launched(owner)
    studio, reviewer = signed(owner), papers.reviewer()
    profile = presenting.profile_of(owner)
    data = {"number": "110101X", "issuer": "Haidian", "issued_on": "2020-01-01", "expires_on": "2099-01-01"}
    bad, good = ({**data, "file": papers.upload(file)} for file in (b"no", papers.PDF))
    for code, sent in ((422, {}), (422, bad), (302, good)):
        assert studio.post("/cms/studio/creator/documents/identity/add/", sent).status_code == code
    paper = CreatorDocument.objects.get()
    desk = signed(reviewer)
    assert "Lin Wei" in desk.get("/cms/studio/verifications/").content.decode()
    address = f"/cms/studio/verifications/{profile.key}/"
    file = f"/cms/studio/documents/{paper.pk}/file/"
    assert desk.get(file).status_code == 302
    desk.post(address, {"claim": "1"})
    assert "110101X" in desk.get(address).content.decode()
    answer = desk.get(file)
    assert b"".join(answer.streaming_content) == papers.PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    desk.post(address, {"document": paper.pk, "decision": "approve"})
    assert AuditLog.objects.filter(action="creator_document.opened").count() == 1
    assert OutboxEvent.objects.filter(name="users.verification_changed").exists()
    events.sweep_events()
    assert Message.objects.get(template="document_approved").to == owner.email

    for language, word in (("en", "Identity document"), ("zh-hans", "身份证件")):
        told = client.get(f"/{language}/creators/{profile.key}/").content.decode()
        assert word in told
        assert "110101X" not in told
    assert "Identity document" in client.get(campaign.pages.filter(live=True).first().url).content.decode()
    detail = client.get(f"/api/v2/campaigns/{campaign.key}/").json()["creator"]
    assert (detail["key"], detail["verified"]) == (profile.key, True)
    assert [badge["type"] for badge in detail["badges"]] == ["identity"]
    assert client.get("/api/v2/campaigns/").json()["items"][0]["creator_verified"] is True
    public = client.get(f"/api/v2/creators/{profile.key}/").json()
    assert (public["verified"], public["record"]["launched"]) == (True, 1)
    assert "110101X" not in str(public)
    for page in ("creator/", f"campaigns/{campaign.key}/", f"campaigns/{campaign.key}/team/", "payouts/",
                 f"campaigns/{campaign.key}/money/"):  # fmt: skip
        assert studio.get(f"/cms/studio/{page}").status_code == 200, page
    assert client.get(f"/en/creators/{presenting.profile_of(scenes.creator()).key}/").status_code == 404


def test_what_a_collaborator_opens(owner: User) -> None:
    campaign, other = scenes.launched(owner), scenes.complete(owner)
    mei = register_verified(email="mei@example.com", password=None, display_name="Mei")
    row = inviting.invite(campaign=campaign, actor=owner, email=mei.email, scopes=["story"])
    link = Message.objects.get(template="collaborator_invited").context["action_url"].split("localhost", 1)[1]
    path = link[link.index("/", 1) :] if link[0] == ":" else link
    guest, studio = Client(), signed(mei)
    assert "Story and updates" in guest.get(path).content.decode()
    assert "account" in guest.post(path).headers["Location"]
    assert studio.post(path).status_code == 302
    base = f"/cms/studio/campaigns/{campaign.key}/"
    api = f"/api/v2/creator/campaigns/{campaign.key}/"
    page = campaign.pages.filter(locale__language_code="en").get()
    opens = {
        "story": {base, f"{base}updates/add/", f"/cms/pages/{page.pk}/edit/", api, f"{api}updates/"},
        "fulfilment": {base, f"{api}backers.csv"},
        "finance": {base, f"{base}money/", f"{api}statement/"},
    }
    never = {f"{base}terms/", f"{base}launch/", f"{base}team/", f"{api}terms/", f"{api}collaborators/"}
    for scope, doors in opens.items():
        inviting.change_scopes(collaborator=row, actor=owner, scopes=[scope])
        for door in set().union(*opens.values(), never):
            assert (studio.get(door).status_code == 200) == (door in doors), (scope, door)
        for door in (f"/cms/studio/campaigns/{other.key}/", f"/api/v2/creator/campaigns/{other.key}/"):
            assert studio.get(door).status_code == 404
    header = b"".join(signed(owner).get(f"{api}backers.csv").streaming_content)
    inviting.change_scopes(collaborator=row, actor=owner, scopes=["fulfilment"])
    assert b"total" in header
    assert b"total" not in b"".join(studio.get(f"{api}backers.csv").streaming_content)
    inviting.remove(collaborator=row, actor=owner)
    assert studio.get(base).status_code == 404
    assert studio.get(path).status_code == 410


def test_the_record_is_the_ledgers(owner: User, django_assert_num_queries) -> None:
    campaign = scenes.launched(owner)
    scenes.approved(owner)
    scenes.complete(owner)
    escrow = campaign.escrow
    reward = escrow.rewards.get()
    version = campaign.versions.filter(locale="en").get().hash
    for number in range(3):
        paid_pledge(escrow, email=f"b{number}@example.com", rewards={reward.key: 1}, version=version)
    from funding.models import EscrowDecision

    escrow.refresh_from_db()
    EscrowDecision.objects.create(escrow=escrow, outcome="succeeded", raised=escrow.raised, backers=3)
    code = f"escrow:{escrow.key}"
    held = sum(
        entry.amount if entry.credit.code == code else -entry.amount
        for entry in Entry.objects.select_related("debit", "credit").filter()
        if code in (entry.debit.code, entry.credit.code)
    )
    record = record_of(owner.pk)
    assert record.raised == {"CNY": held}
    assert (record.created, record.launched, record.funded, record.backers) == (2, 1, 1, 3)
    strangers = [scenes.creator().pk for _ in range(3)]
    with django_assert_num_queries(1):
        found = records_of([owner.pk, *strangers])
    assert found[strangers[0]].created == 0


def test_the_queue_costs_the_same_at_any_length(owner: User, django_assert_max_num_queries) -> None:
    reviewer = papers.reviewer()
    desk = signed(reviewer)
    desk.get("/cms/studio/verifications/")  # what the first request of all looks up
    counts = []
    for more in (1, 6):
        for _ in range(more):
            from cms.users.services import documenting

            documenting.hand_in(user=scenes.creator(), paper=papers.paper(), file=papers.upload())
        with django_assert_max_num_queries(30) as seen:
            assert desk.get("/cms/studio/verifications/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
