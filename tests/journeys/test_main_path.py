"""From an idea to money paid out, and from an idea to money paid back: in a real browser."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.journeys import stories
from tests.journeys.creators import Creator, Reviewer, Story, Tier, a_picture
from tests.journeys.people import CARD_3DS, STAFF_PASSWORD, Crowd, Person, link_in
from tests.journeys.running import Product, eventually

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


@pytest.fixture(scope="session")
def staffed(product: Product) -> Product:
    """The product with people who review and keep the books; a trial campaign comes with them."""
    product.manage("demo_campaign", "--json", json.dumps({"title": {"en": "A trial", "zh": "一次试用"}}))
    return product


def write_and_launch(
    creator: Creator, reviewer: Reviewer, *, language: str, first: Story, second: Story, goal: str, mode: str,
    tiers: list[Tier], hero: Path,
) -> None:  # fmt: skip
    """Steps 1 and 2: written in two languages, sent back once, approved and launched."""
    creator.begins_a_campaign(language)
    creator.tells(first, hero=hero)
    creator.saves_the_draft()
    creator.opens_the_studio()
    missing = creator.asks_what_is_missing()
    assert "Set the goal." in missing
    assert "Add at least one reward" in missing
    creator.translates(second)
    creator.sets_the_terms(goal=goal, days="10", mode=mode, category="Technology › Hardware")
    for tier in tiers:
        creator.offers(tier)
    creator.submits()
    # The reviewer reads English.
    title = first.title if language == "English" else second.title
    reviewer.decides(title, "request_changes", reason="Say how heavy it is.")
    assert "Say how heavy it is." in creator.person.product.mail(creator.person.email, "review")["text"]
    creator.submits()
    shown = reviewer.decides(title, "approve")
    assert first.summary in shown
    assert second.summary in shown
    creator.launches()


def funding(product: Product, key: str) -> dict[str, Any]:
    """The live numbers, as anybody reads them."""
    found: dict[str, Any] = product.get(f"/campaigns/{key}/funding/")
    return found


def raised(product: Product, key: str, amount: int) -> None:
    """The API says this total, in minor units, within a minute."""
    eventually(
        lambda: funding(product, key)["raised"]["amount"] == amount, seconds=60,
        what=f"raised {amount}, but {funding(product, key)['raised']}",
    )  # fmt: skip


def audit(product: Product) -> None:
    """The ledger is proved."""
    assert json.loads(product.manage("audit_ledger", "--json"))["ok"]


def back_by_card_after_a_refusal(crowd: Crowd, key: str) -> Person:
    """A guest, in English."""
    guest = crowd.person("grace@example.org")
    guest.opens_the_campaign(key)
    guest.sees("A lamp that runs on salt water.")
    guest.chooses(key, quantities={"One lamp": 1}, variants={"One lamp": "Steel"}, country="CN", message="Good luck.")
    guest.is_declined()
    guest.pays()
    guest.sees_the_pledge_become("good")
    raised(crowd.product, key, 110_00)
    return guest


def back_by_alipay(crowd: Crowd, key: str) -> Person:
    """A guest on a phone, in Chinese, with add-ons and an extra sum."""
    reader = crowd.person("zhou@example.org", locale="zh-hans", phone=True)
    reader.chooses(
        key, quantities={"一盏灯": 1, "一张卡片": 2}, variants={"一盏灯": "黄铜"}, country="DE", extra="12.50"
    )
    reader.pays(method="alipay")
    reader.sees_the_pledge_become("good")
    assert "静灯" in crowd.product.mail(reader.email, "receipt")["subject"]
    raised(crowd.product, key, 110_00 + 172_50)
    return reader


def back_by_wechat_pay(crowd: Crowd, key: str) -> Person:
    """Somebody with an account, who then finds the pledge among theirs."""
    member = crowd.person("mei@example.org", locale="zh-hans")
    member.signs_up()
    member.chooses(key, quantities={"一盏灯": 1}, variants={"一盏灯": "钢"}, country="CN")
    member.pays(method="wechat_pay")
    member.sees_the_pledge_become("good")
    assert "静灯" in member.opens_my_pledges()
    raised(crowd.product, key, 110_00 + 172_50 + 110_00)
    return member


def take_it_back(product: Product, guest: Person, key: str) -> None:
    """By the signed link of the receipt."""
    guest.goes_to(link_in(product.mail(guest.email, "receipt")["text"], "/pledges/"))
    guest.cancels_the_pledge()
    raised(product, key, 172_50 + 110_00)
    product.mail(guest.email, "refunded:")


def back_with_3d_secure(crowd: Crowd, key: str) -> Person:
    """The one that makes the campaign succeed."""
    noor = crowd.person("noor@example.org")
    noor.chooses(key, quantities={"One lamp": 1}, variants={"One lamp": "Brass"}, country="CN")
    noor.pays(card=CARD_3DS)
    noor.sees_the_pledge_become("good")
    raised(crowd.product, key, 172_50 + 110_00 + 110_00)
    return noor


def find_it(english: Person, chinese: Person) -> None:
    """By words inside a sentence, in another form, in both languages."""
    for word in ("quiet", "run"):
        english.goes_to(f"~/search/?q={word}")
        english.sees("The quiet lamp")
    chinese.goes_to("~/search/?q=手环")
    chinese.sees("静灯")


def test_a_campaign_that_reaches_its_goal(staffed: Product, crowd: Crowd, tmp_path: Path) -> None:
    product = staffed
    ada = crowd.person("ada@example.org")
    ada.signs_up()
    ada.becomes_a_creator("Ada's workshop")
    creator = Creator(ada)
    reviewer = Reviewer(crowd.person("reviewer@example.com").signs_in(STAFF_PASSWORD))
    write_and_launch(
        creator, reviewer, language="English", first=stories.LAMP_EN, second=stories.LAMP_ZH, goal="300",
        mode="all_or_nothing", tiers=[stories.LAMP, stories.CARD], hero=a_picture(tmp_path),
    )  # fmt: skip
    key = creator.key
    creator.sets_payouts_up("Ada Lovelace")

    guest = back_by_card_after_a_refusal(crowd, key)
    reader = back_by_alipay(crowd, key)
    member = back_by_wechat_pay(crowd, key)
    take_it_back(product, guest, key)
    noor = back_with_3d_secure(crowd, key)
    creator.tells_backers(title="The glass has come", text="All of it in one piece.", audience="backers")
    for backer in (reader, member, noor):
        assert "The glass has come" in product.mail(backer.email, "update:")["text"]
    find_it(guest, reader)

    product.advance("10d")
    product.advance("1h")
    eventually(lambda: funding(product, key)["state"] == "holding", seconds=60, what="the decision")
    product.mail(noor.email, "succeeded:")
    product.advance("15d")
    eventually(lambda: funding(product, key)["state"] == "released", seconds=90, what="the payout")
    product.mail(ada.email, "payout:")
    ada.goes_to("~/me/statements/")
    ada.sees("The quiet lamp")
    audit(product)


def test_a_campaign_that_misses_its_goal(staffed: Product, crowd: Crowd, tmp_path: Path) -> None:
    product = staffed
    lin = crowd.person("lin@example.org")
    lin.signs_up()
    lin.becomes_a_creator("林的风筝铺")
    creator = Creator(lin)
    reviewer = Reviewer(crowd.person("reviewer@example.com").signs_in(STAFF_PASSWORD))
    write_and_launch(
        creator, reviewer, language="Simplified Chinese", first=stories.KITE_ZH, second=stories.KITE_EN, goal="5000",
        mode="all_or_nothing", tiers=[stories.KITE], hero=a_picture(tmp_path),
    )  # fmt: skip
    key = creator.key

    guest = crowd.person("otto@example.org", phone=True)
    guest.chooses(key, quantities={"One kite": 2}, country="GB")
    guest.pays()
    guest.sees_the_pledge_become("good")
    reader = crowd.person("qiu@example.org", locale="zh-hans")
    reader.chooses(key, quantities={"一只风筝": 1}, country="CN")
    reader.pays(method="alipay")
    reader.sees_the_pledge_become("good")
    raised(product, key, 200_00 + 100_00)
    creator.tells_backers(title="竹子晾好了", text="今天收进屋里。", audience="public")
    product.mail(reader.email, "update:")

    product.advance("10d")
    product.advance("1h")
    # A wallet's refund arrives days later.
    product.advance("3d")
    eventually(lambda: funding(product, key)["state"] == "refunded", seconds=90, what="the refunds")
    for backer in (guest, reader):
        product.mail(backer.email, "failed:")
        receipt = product.mail(backer.email, "receipt")
        backer.goes_to(link_in(receipt["text"], "/pledges/"))
        backer.sees("¥200" if backer is guest else "¥100")
    audit(product)
