"""Secret rewards: nobody learns of one, by any address, who hasn't its link; with it, it is a reward like others."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.test import Client

from campaigns import selectors
from campaigns.models import Campaign, RewardDraft
from campaigns.services import amending, backing, changing, rewarding
from funding.exceptions import RewardLocked, UnknownReward
from funding.models import Payment, Pledge, Reward
from funding.services import commanding
from funding.services.auditing import audit_ledger
from funding.services.pledging import LineInput
from tests.architecture.test_role_matrix import ours
from tests.campaigns import scenes
from tests.cast import Cast
from tests.factories.scripted import pay
from tests.funding.snapshots import checkout_snapshot
from tests.routes import routes

pytestmark = pytest.mark.django_db

TITLES = ("Yggdrasilwick", "扶桑灯芯")


def _secret(**fields: Any) -> rewarding.RewardInput:
    return scenes.reward(title_en=TITLES[0], title_zh=TITLES[1], secret=True, **fields)


def _add(campaign: Campaign) -> RewardDraft:
    added = amending.add_reward(campaign=campaign, actor=campaign.creator, reward=_secret())
    return campaign.reward_drafts.get(key=added.key)


@pytest.fixture
def opening(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(command: Any, **_more: Any) -> commanding.Outcome:
        command.state = "succeeded"
        Payment.objects.filter(pk=command.payload["payment"]).update(session_id=f"cs_{command.pk}")
        return commanding.Outcome(command, checkout_snapshot(command))

    monkeypatch.setattr(commanding, "carry_out", opened)


def _public(cast: Cast) -> Iterator[str]:
    """Every address of the site but the admin's, in both languages."""
    for route in routes():
        if route.route.startswith(("cms/", "static/", "media/")) or not (ours(route) or "content" in route.name):
            continue
        with suppress(KeyError):
            url = cast.url(route)
            yield url
            yield url.replace("/en/", "/zh-hans/", 1) if url.startswith("/en/") else f"{url}?locale=zh-hans"


def test_no_public_address_names_it(cast: Cast) -> None:
    """Neither to visitors nor to somebody who backs the campaign; the machine-readable ones are among them."""
    pages = [page.get_url() for page in cast.launched.pages.live()]
    addresses = [*_public(cast), *pages, f"/api/v2/search/?q={TITLES[0]}", "/sitemap.xml"]
    drafted, told = _add(cast.launched), []
    secrets = [*TITLES, drafted.key, drafted.secret_token]
    backer, visitor = Client(raise_request_exception=False), Client(raise_request_exception=False)
    backer.force_login(cast.people["backer"])
    for address in addresses:
        for client in (visitor, backer) if cast.launched.key in address or address in pages else (visitor,):
            response = client.get(address)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            told += [
                address for secret in secrets if secret in body.decode("utf8", "replace") and secret not in address
            ]
    assert told == []
    assert len(addresses) > 100
    # What was asked can tell: everybody's reward is there.
    assert any("One lamp" in visitor.get(page).content.decode() for page in pages)
    rewards = visitor.get(f"/api/v2/campaigns/{cast.launched.key}/rewards/").json()["items"]
    assert [reward["title"] for reward in rewards] == ["One lamp"]


def test_without_its_link_it_does_not_exist_and_with_it_it_is_chosen(launched: Campaign, opening: None) -> None:
    drafted, client = _add(launched), Client()
    place = {"campaign_key": launched.key, "user": None, "email": "a@example.com", "locale": "en", "country": "CN"}

    def refusal(key: str, secret: str) -> dict[str, Any]:
        with pytest.raises(UnknownReward) as refused:
            backing.back_campaign(**place, lines=[LineInput(key, 1)], idempotency_key="refused", secret=secret)
        return {"text": str(refused.value), **refused.value.extra, "reward": "", "field": refused.value.field}

    never = refusal("nosuchkey", "")
    assert refusal(drafted.key, "") == refusal(drafted.key, "x" * 32) == refusal(drafted.key, "\0") == never
    posted = {
        f"quantity-{drafted.key}": "1", "country": "CN", "email": "a@example.com", "extra": "", "message": "",
        "version": "", "idempotency_key": "form", "action": "pay",
    }  # fmt: skip
    assert client.post(f"/en/back/{launched.key}/", posted).status_code == 400
    assert not Pledge.objects.exists()

    link = f"?secret={drafted.secret_token}"
    page = client.get(f"/c/{launched.key}/{link}", follow=True).content.decode()
    assert TITLES[0] in page
    assert f"reward={drafted.key}&amp;secret={drafted.secret_token}" in page
    form = client.get(f"/zh-hans/back/{launched.key}/{link}&reward={drafted.key}").content.decode()
    assert TITLES[1] in form
    assert f'action="/zh-hans/back/{launched.key}/{link}"' in form
    answer = client.get(f"/api/v2/campaigns/{launched.key}/rewards/{link}")
    assert "private" in answer["Cache-Control"] or "no-store" in answer["Cache-Control"]
    assert TITLES[0] in {reward["title"] for reward in answer.json()["items"]}
    assert client.post(f"/en/back/{launched.key}/{link}", posted).status_code == 302
    body = {"email": "b@example.com", "country": "CN", "lines": [{"reward": drafted.key, "quantity": 1}]}
    for secret, status in (("", 404), (drafted.secret_token, 201)):
        answer = client.post(
            f"/api/v2/campaigns/{launched.key}/pledges/", {**body, "secret": secret}, content_type="application/json",
            headers={"Idempotency-Key": f"api{status}"},
        )  # fmt: skip
        assert answer.status_code in (status, 400 if status == 404 else status), answer.content
    assert Reward.objects.get(key=drafted.key).reserved == 2

    # Renewed, the link before opens nothing; who has taken it keeps it, changes it and sees what they backed.
    rewarding.renew_secret(reward=drafted, actor=launched.creator)
    assert not selectors.opened_rewards(launched.key, link[8:])
    assert TITLES[0] not in client.get(f"/c/{launched.key}/{link}", follow=True).content.decode()
    pledge = Pledge.objects.get(email="b@example.com")
    pay(pledge.payments.get())
    pledge.refresh_from_db()
    token = answer.json()["access_token"]
    for address in ("version/", "change/"):
        assert TITLES[0] in client.get(f"/en/pledges/{pledge.pk}/{address}?token={token}").content.decode()
    quote = changing.quote_change(pledge=pledge, lines=[LineInput(drafted.key, 2)], country="CN", locale="en")
    assert quote.difference == drafted.price
    with pytest.raises(RewardLocked):
        first = launched.reward_drafts.exclude(pk=drafted.pk).get()
        amending.change_unclaimed(campaign=launched, actor=launched.creator, key=first.key, data=_secret())
    assert audit_ledger().ok


def test_the_studio_gives_the_link_and_renews_it(site: None) -> None:
    campaign = scenes.complete()
    made = rewarding.add_reward_draft(campaign=campaign, actor=campaign.creator, reward=_secret(), revision=None)
    client = Client()
    client.force_login(campaign.creator)
    before = f"/c/{campaign.key}/?secret={made.secret_token}"
    assert before in client.get(f"/cms/studio/campaigns/{campaign.key}/terms/").content.decode()
    assert client.get(f"/cms/studio/campaigns/{campaign.key}/rewards/{made.key}/secret/").status_code == 200
    client.post(f"/cms/studio/campaigns/{campaign.key}/rewards/{made.key}/secret/")
    address = f"/api/v2/creator/campaigns/{campaign.key}/terms/rewards/{made.key}/"
    now = client.get(address).json()
    assert now["secret"]
    assert before not in now["secret_url"]
    again = client.post(f"{address}secret/", content_type="application/json").json()
    assert again["secret_url"] != now["secret_url"]
