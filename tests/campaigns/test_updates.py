"""Updates: one mail a backer, in their language; scheduling; whose they are."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.exceptions import IllegalStep, IncompleteUpdate
from campaigns.models import Campaign, CampaignUpdate
from campaigns.receivers import cards
from campaigns.receivers.pledges import pledge_paid
from campaigns.selectors import updates_visible_to
from campaigns.services import addresses, updating
from cms.core.clock import now
from cms.core.errors import NotAllowed
from cms.mail.models import Message
from cms.users.models import User
from cms.users.selectors import person_hash
from funding.models import Pledge
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db
FORM = {
    "title": "Glass", "audience": "public", "body-count": "1", "body-0-deleted": "", "body-0-order": "0",
    "body-0-type": "heading", "body-0-value": "It is here", "body-0-id": "",
}  # fmt: skip
BODY = [{"type": "text", "value": "<p>The first glass is here.</p>"}]


@pytest.fixture
def campaign(launched: Campaign) -> Campaign:
    return launched


def _pledge(
    campaign: Campaign, email: str, locale: str = "en", *, backer: User | None = None, refunded: bool = False
) -> Pledge:
    pledge = Pledge.objects.create(
        escrow=campaign.escrow, email=email, person=person_hash(email), locale=locale, backer=backer, currency="CNY",
        rewards_amount=10_000, total=10_000, reserved_until=now(), paid_at=now(), idempotency_scope=email,
        idempotency_key=uuid.uuid4().hex, idempotency_fingerprint="x",
    )  # fmt: skip
    for state in ("paid", *(("refund_pending", "refunded") if refunded else ())):
        Pledge.objects.filter(pk=pledge.pk).update(state=state)
    return Pledge.objects.get(pk=pledge.pk)


def _update(campaign: Campaign, **fields: object) -> CampaignUpdate:
    values = {"locale": "en", "title": "Glass", "body": BODY, "audience": "public", **fields}
    return updating.create_update(campaign=campaign, actor=campaign.creator, **values)  # type: ignore[arg-type]


def _mailed() -> set[str]:
    return set(Message.objects.filter(template="update").values_list("to", flat=True))


def test_each_backer_gets_one_mail(campaign: Campaign) -> None:
    _pledge(campaign, "a@example.com")
    _pledge(campaign, "A@example.com")
    _pledge(campaign, "gone@example.com", refunded=True)
    update = _update(campaign)
    assert not _mailed()
    updating.publish_update(update=update, actor=campaign.creator)
    update.refresh_from_db()
    assert update.live
    assert update.published_at
    assert Message.objects.filter(template="update").count() == 1
    # Published again after an edit, by Wagtail's own button: nobody is mailed twice.
    update.title = "Glass, corrected"
    update.save_revision().publish()
    assert Message.objects.filter(template="update").count() == 1


def test_a_backer_is_mailed_in_their_language_only(campaign: Campaign) -> None:
    _pledge(campaign, "en@example.com", "en")
    _pledge(campaign, "zh@example.com", "zh-hans")
    update = _update(campaign)
    chinese = updating.translate_update(update=update, actor=campaign.creator, locale="zh-hans")
    assert updating.translate_update(update=update, actor=campaign.creator, locale="zh-hans").pk == chinese.pk
    updating.publish_update(update=update, actor=campaign.creator)
    assert _mailed() == {"en@example.com"}
    updating.publish_update(update=chinese, actor=campaign.creator)
    assert _mailed() == {"en@example.com", "zh@example.com"}
    assert Message.objects.filter(template="update").count() == 2


def test_a_translation_that_stays_a_draft_holds_up_nobody_for_good(campaign: Campaign) -> None:
    """A day later its readers get the text there is, told in which language; and nobody gets a second mail."""
    _pledge(campaign, "en@example.com", "en")
    _pledge(campaign, "zh@example.com", "zh-hans")
    update = _update(campaign)
    chinese = updating.translate_update(update=update, actor=campaign.creator, locale="zh-hans")
    updating.publish_update(update=update, actor=campaign.creator)
    assert updating.mail_waiting() == 0
    assert _mailed() == {"en@example.com"}
    CampaignUpdate.objects.filter(pk=update.pk).update(published_at=now() - updating.PATIENCE)
    assert [updating.mail_waiting(), updating.mail_waiting()] == [1, 0]
    late = Message.objects.get(template="update", to="zh@example.com")
    assert (late.locale, late.context["written_in"], late.context["update_title"]) == ("zh-hans", "英语", "Glass")
    assert f"/en/updates/{update.key}/" in late.context["action_url"]
    assert Message.objects.get(template="update", to="en@example.com").context["written_in"] == ""
    updating.publish_update(update=chinese, actor=campaign.creator)
    assert Message.objects.filter(template="update").count() == 2


def test_who_reads_no_language_of_an_update_gets_it_at_once(campaign: Campaign) -> None:
    _pledge(campaign, "zh@example.com", "zh-hans")
    updating.publish_update(update=_update(campaign), actor=campaign.creator)
    assert Message.objects.get(template="update").context["written_in"] == "英语"
    assert not CampaignUpdate.objects.filter(mailed_at=None).exists()


def test_an_update_waits_for_its_time(campaign: Campaign) -> None:
    update = _update(campaign)
    CampaignUpdate.objects.filter(pk=update.pk).update(publish_at=now())
    assert updating.publish_due() == 1
    assert updating.publish_due() == 0
    empty = _update(campaign, body=[])
    with pytest.raises(IncompleteUpdate):
        updating.publish_update(update=empty, actor=campaign.creator)


def test_one_that_fails_holds_up_no_other(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = _update(campaign), _update(campaign)
    CampaignUpdate.objects.filter(pk__in=[first.pk, second.pk]).update(publish_at=now())
    publish = updating.publish_update

    def fail(*, update: CampaignUpdate, actor: User | None) -> CampaignUpdate:
        if update.pk == first.pk:
            raise RuntimeError
        return publish(update=update, actor=actor)

    monkeypatch.setattr(updating, "publish_update", fail)
    with pytest.raises(RuntimeError):
        updating.publish_due()
    second.refresh_from_db()
    assert second.live


def test_backers_only_is_for_backers(campaign: Campaign) -> None:
    backer, stranger = scenes.person(), scenes.person()
    _pledge(campaign, backer.email, backer=backer)
    update = _update(campaign, audience="backers")
    updating.publish_update(update=update, actor=campaign.creator)
    assert updates_visible_to(campaign, backer).count() == 1
    assert updates_visible_to(campaign, campaign.creator).count() == 1
    for reader in (stranger, AnonymousUser()):
        assert not updates_visible_to(campaign, reader).exists()


def test_others_can_t_touch_it(campaign: Campaign, client: Client) -> None:
    update, other = _update(campaign), scenes.creator()
    with pytest.raises(NotAllowed):
        updating.publish_update(update=update, actor=other)
    client.force_login(other)
    for path in ("edit", "delete", "history", "usage", "preview", "unpublish"):
        for ask in (client.get, client.post):
            assert ask(f"/cms/snippets/campaigns/campaignupdate/{path}/{update.pk}/").status_code == 404, path


def test_a_creator_writes_and_publishes_one_in_the_admin(campaign: Campaign, client: Client) -> None:
    _pledge(campaign, "a@example.com")
    client.force_login(campaign.creator)
    response = client.post(f"/cms/studio/campaigns/{campaign.key}/updates/add/")
    update = CampaignUpdate.objects.get(campaign=campaign)
    assert response.url.endswith(f"/edit/{update.pk}/")
    response = client.post(response.url, {**FORM, "action-publish": "1"})
    update.refresh_from_db()
    assert update.live, response.content.decode()[:2000]
    assert _mailed() == {"a@example.com"}


def test_money_is_told_once(campaign: Campaign) -> None:
    pledge = _pledge(campaign, "a@example.com", "zh-hans")
    payload = {"escrow": str(campaign.escrow_id), "pledges": [str(pledge.pk)]}
    for _again in range(2):
        pledge_paid(payload)
    receipt = Message.objects.get(key=f"receipt:{pledge.pk}")
    assert (receipt.locale, receipt.context["amount"], receipt.context["title"]) == ("zh-hans", 10_000, "盐水灯")
    assert Message.objects.get(key=f"first_backer:{campaign.key}").to == campaign.creator.email
    pledge_paid({**payload, "pledges": [str(_pledge(campaign, "b@example.com").pk)]})
    assert Message.objects.filter(template="creator_first_backer").count() == 1


def test_receipts_to_many_cost_no_more_statements_than_to_few(campaign: Campaign) -> None:
    def tell(count: int, name: str) -> int:
        pledges = [_pledge(campaign, f"{name}{number}@example.com") for number in range(count)]
        for pledge in pledges:
            pledge.lines.create(reward=campaign.escrow.rewards.get(), quantity=1, unit_price=10_000)
        payload = {"escrow": str(campaign.escrow_id), "pledges": [str(pledge.pk) for pledge in pledges]}
        with CaptureQueriesContext(connection) as queries:
            pledge_paid(payload)
        return len(queries)

    tell(1, "first")
    few, many = tell(2, "few"), tell(60, "many")
    assert many == few
    assert Message.objects.filter(template="receipt").count() == 63
    assert Message.objects.filter(template="creator_first_backer").count() == 1


def test_a_card_follows_its_escrow(campaign: Campaign) -> None:
    escrow = campaign.escrow
    escrow.captured, escrow.backers = 150_000, 3
    escrow.save()
    cards.totals_changed({"escrow": str(escrow.pk)})
    card = campaign.listings.get(locale="en")
    assert (card.raised, card.backers, card.percent_bps, card.state) == (150_000, 3, 15_000, "open")


def test_every_mail_renders_in_both_languages(campaign: Campaign) -> None:
    from cms.mail.rendering import render

    context = {
        "title": "Lamp", "amount": 12_345, "goal": 100_000, "currency": "CNY", "backers": 3, "reason": "Because.",
        "deadline": "1 May", "update_title": "Glass", "teaser": "It is here", "lines": [], "launched": True,
        "action_url": "https://example.com/x", "action_label": "Go", "site_url": "https://example.com",
    }  # fmt: skip
    for template in (
        "receipt", "payment_failed", "pledge_cancelled", "pledge_refunded", "campaign_succeeded", "campaign_failed",
        "campaign_cancelled", "update", "creator_first_backer", "creator_succeeded", "creator_failed",
        "creator_cancelled", "payout_sent", "payout_blocked", "review_approved", "review_changes_requested",
        "review_rejected", "campaign_launched", "launch_refused", "dispute_opened", "dispute_lost", "dispute_won",
    ):  # fmt: skip
        for locale in ("en", "zh-hans"):
            subject, text, html = render(template=template, locale=locale, context=context, to="a@example.com")
            assert subject
            assert "{" not in subject
            assert "https://example.com/x" in text
            assert "https://example.com/x" in html


def test_nothing_of_an_unapproved_campaign_is_news(client: Client, site: None) -> None:
    draft = scenes.complete()
    update = _update(draft)
    with pytest.raises(IllegalStep):
        updating.publish_update(update=update, actor=draft.creator)
    CampaignUpdate.objects.filter(pk=update.pk).update(publish_at=now())
    assert updating.publish_due() == 0
    client.force_login(draft.creator)
    address = f"/cms/snippets/campaigns/campaignupdate/edit/{update.pk}/"
    answer = client.post(address, {**FORM, "action-publish": "1"})
    assert "Updates begin once the campaign is approved." in answer.content.decode()
    # Whatever road made it live, nobody finds it.
    CampaignUpdate.objects.filter(pk=update.pk).update(live=True, published_at=now())
    client.logout()
    assert client.get(f"/en/updates/{update.key}/").status_code == 404


def test_a_time_set_in_the_editor_is_kept(campaign: Campaign, client: Client) -> None:
    update, at = _update(campaign), now() + timedelta(days=2)
    client.force_login(campaign.creator)
    address = f"/cms/snippets/campaigns/campaignupdate/edit/{update.pk}/"
    assert client.post(address, {**FORM, "publish_at": f"{at:%Y-%m-%d %H:%M}"}).status_code == 302
    update.refresh_from_db()
    assert update.publish_at is not None
    assert abs((update.publish_at - at).total_seconds()) < 86_400
    assert client.post(address, {**FORM, "publish_at": ""}).status_code == 302
    update.refresh_from_db()
    assert update.publish_at is None
    past = client.post(address, {**FORM, "publish_at": "2020-01-01 10:00"})
    assert "Choose a time that lies ahead." in past.content.decode()


def test_the_platform_publishes_nothing_that_was_put_off(campaign: Campaign) -> None:
    """Between the sweep's list and the row's lock its creator may have changed their mind."""
    update = updating.publish_update(update=_update(campaign), actor=None)
    assert not update.live


def test_the_preview_reads_like_the_page(campaign: Campaign, client: Client) -> None:
    update = _update(campaign)
    client.force_login(campaign.creator)
    address = f"/cms/snippets/campaigns/campaignupdate/preview/{update.pk}/"
    assert client.post(address, FORM).json()["is_valid"]
    preview = client.get(address).content.decode()
    page = f"/cms/snippets/campaigns/campaignupdate/edit/{update.pk}/"
    client.post(page, {**FORM, "action-publish": "1"})
    page = client.get(f"/en/updates/{update.key}/").content.decode()
    for text in ("It is here", "Lin Wei", "Update 1", "Salt lamp"):
        assert text in preview, text
        assert text in page, text


def test_backers_only_pages_are_kept_by_nobody(campaign: Campaign, client: Client) -> None:
    update = updating.publish_update(update=_update(campaign, audience="backers"), actor=campaign.creator)
    address = f"/en/updates/{update.key}/"
    assert client.get(address).status_code == 404
    client.force_login(campaign.creator)
    page = client.get(address)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex"


def test_more_updates_cost_no_more_queries(campaign: Campaign, client: Client) -> None:
    for number in range(2):
        updating.publish_update(update=_update(campaign, title=f"News {number}"), actor=campaign.creator)
    url = client.get(f"/c/{campaign.key}/")["Location"]
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(4):
        updating.publish_update(update=_update(campaign, title=f"More {number}"), actor=campaign.creator)
    with CaptureQueriesContext(connection) as many:
        assert "More 3" in client.get(url).content.decode()
    assert len(many) == len(few)


def test_a_guest_reads_what_is_for_backers_only_by_the_link_in_the_mail(campaign: Campaign, client: Client) -> None:
    pledge = _pledge(campaign, "guest@example.com")
    update = _update(campaign, audience="backers")
    updating.publish_update(update=update, actor=campaign.creator)
    address = Message.objects.get(template="update").context["action_url"]
    answer = client.get(address)
    assert "The first glass is here." in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert client.get(f"/en/updates/{update.key}/").status_code == 404
    assert client.get(address[:-1]).status_code == 404
    assert client.get(f"/en/updates/{update.key}/?pledge=%00&token=x").status_code == 404
    # Passed on, it shows the update and nothing of the pledge.
    token = address.rpartition("token=")[2]
    assert client.get(f"/en/pledges/{pledge.pk}/?token={token}").status_code == 404
    bearer = {"Authorization": f"Bearer {token}"}
    assert client.get(f"/api/v2/pledges/{pledge.pk}/", headers=bearer).status_code in (401, 403, 404)
    Pledge.objects.filter(pk=pledge.pk).update(state="refund_pending")
    Pledge.objects.filter(pk=pledge.pk).update(state="refunded")
    assert client.get(address).status_code == 404


def test_a_guest_of_another_campaign_reads_nothing(campaign: Campaign, client: Client) -> None:
    update = _update(campaign, audience="backers")
    updating.publish_update(update=update, actor=campaign.creator)
    other = _pledge(scenes.launched(), "guest@example.com")
    signed = addresses.update(update.key, "en", backer=other)
    assert client.get(signed).status_code == 404
