"""A delivery moves: backers are told once each in their language, and leave with their money where it is too far."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.models import Campaign, CampaignVersion, DeliveryMove
from campaigns.services import delivering
from cms.core.errors import InvalidInput, NotAllowed
from cms.mail.models import Message
from funding.exceptions import PledgeNotCancellable
from funding.models import Alert, Pledge, Refund, Reward
from funding.selectors import access_token
from funding.services import late_refunding
from funding.services.auditing import audit_ledger
from tests.campaigns import scenes
from tests.factories.scripted import paid_pledge

pytestmark = pytest.mark.django_db


def _move(campaign: Campaign, month: date, reason: str = "The glass broke.") -> DeliveryMove:
    key = campaign.reward_drafts.get().key
    return delivering.move_delivery(campaign=campaign, actor=campaign.creator, key=key, month=month, reason=reason)


def _told(move: DeliveryMove) -> set[str]:
    return set(Message.objects.filter(key__startswith=f"delivery:{move.pk}:").values_list("to", flat=True))


def test_backers_are_told_and_may_leave_where_it_is_too_far(
    launched: Campaign, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, escrow = launched.reward_drafts.get().key, launched.escrow
    assert escrow is not None
    pledges = [
        paid_pledge(escrow, email=f"{locale}@example.com", rewards={key: 1}, locale=locale).pledge
        for locale in ("en", "zh-hans")
    ]
    paid_pledge(escrow, email="other@example.com", extra=500)
    english, chinese = (Pledge.objects.get(pk=pledge.pk) for pledge in pledges)

    near = _move(launched, date(2027, 10, 1))
    assert _told(near) == {"en@example.com", "zh-hans@example.com"}
    assert near.leave_until is None
    assert delivering.way_out(english) is None
    with pytest.raises(PledgeNotCancellable):
        delivering.leave(pledge=english, actor=None)
    newest = CampaignVersion.objects.filter(campaign=launched, locale="zh-hans").order_by("-number")[0]
    assert "The glass broke." in newest.reason
    assert "预计交付" in newest.reason
    reward = client.get(f"/api/v2/campaigns/{launched.key}/rewards/").json()["items"][0]
    assert (reward["delivery_month"], reward["expected_month"]) == ("2027-09", "2027-10")
    shown = client.get(f"/c/{launched.key}/", follow=True).content.decode()
    assert "October 2027 (promised for September 2027)" in shown

    far = _move(launched, date(2028, 3, 1), "The maker closed.")
    assert far.leave_until is not None
    later = Pledge.objects.get(pk=paid_pledge(escrow, email="later@example.com", rewards={key: 1}).pledge.pk)
    assert delivering.way_out(later) is None
    page = client.get(f"/zh-hans/pledges/{chinese.pk}/?token={access_token(chinese)}").content.decode()
    assert "The maker closed." in page
    assert client.get(f"/zh-hans/pledges/{chinese.pk}/leave/?token={access_token(chinese)}").status_code == 200

    # Leaving gives everything back; twice is once.
    address = f"/api/v2/pledges/{english.pk}/leave/"
    held = {"Authorization": f"Bearer {access_token(english)}"}
    assert client.post(address).status_code == 404
    assert client.post(address, headers=held).json() == {"outcome": "refunding"}
    assert client.post(address, headers=held).status_code == 409
    english.refresh_from_db()
    assert english.state == "refund_pending"
    assert Refund.objects.get().amount == english.total
    assert Refund.objects.get().reason == "delivery_moved"
    assert audit_ledger().ok

    # After the payout finance is asked, once; after the window nobody may leave.
    monkeypatch.setattr(late_refunding, "is_paid_out", lambda pledge: True)
    for _twice in range(2):
        assert client.post(f"/en/pledges/{chinese.pk}/leave/?token={access_token(chinese)}").status_code == 200
    assert Alert.objects.get(code="late_refund_asked").subject == f"pledge:{chinese.pk}"
    DeliveryMove.objects.filter(pk=far.pk).update(leave_until=timezone.now() - timedelta(days=1))
    assert delivering.way_out(chinese) is None
    assert Refund.objects.count() == 1
    assert Reward.objects.get(key=key).delivery_month == date(2027, 9, 1)


def test_what_can_not_be_moved(launched: Campaign, client: Client) -> None:
    for month, reason in ((date(2027, 9, 1), "Because."), (date(2020, 1, 1), "Because."), (date(2028, 1, 1), " ")):
        with pytest.raises(InvalidInput):
            _move(launched, month, reason)
    with pytest.raises(NotAllowed):
        delivering.move_delivery(
            campaign=launched, actor=scenes.creator(), key="x", month=date(2028, 1, 1), reason="Because."
        )
    client.force_login(launched.creator)
    address = f"/cms/studio/campaigns/{launched.key}/rewards/{launched.reward_drafts.get().key}/delivery/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"month": "2028-01", "reason": ""}).status_code == 422
    assert client.post(address, {"month": "2028-01", "reason": "The maker closed."}).status_code == 302
    assert DeliveryMove.objects.get().month == date(2028, 1, 1)
