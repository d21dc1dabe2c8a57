"""From an idea to money paid out, in English, with backers of both languages: real processes, a real browser.

The money, by hand, in CNY. Paid: 109.99 (a lamp, posted within China) + 172.49 (a lamp 99.99, two cards 10.00, to
Germany 50.00, 12.50 more) + 109.99 + 260.01 (a big lamp) = 652.48. Back: 109.99 (cancelled) + 20.50 (finance) = 130.49.
Left: 521.99. Fee 5 % 26.0995, fund 1 % 5.2199, rest 490.6806: rounded down they are two fen short, one is the
creator's and the other the fund's, whose remainder is larger. So fee 26.09, fund 5.22, rest 490.68; tax 3 % of it
14.7204, so 14.72; the creator has 475.96.
"""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys import stories
from tests.journeys.backers import CARD_3DS, Backer
from tests.journeys.creators import Creator
from tests.journeys.people import Crowd, link_in
from tests.journeys.running import Product
from tests.journeys.staff import Curator, Reviewer
from tests.journeys.treasurers import Treasurer
from tests.journeys.visitors import Visitor
from tests.journeys.writing import write_and_have_it_approved

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
EN, ZH = "The quiet lamp", "静灯"
# What is held after each line of the statement, and the line itself.
LEDGER = [
    ("109.99", "109.99"), ("282.48", "172.49"), ("392.47", "109.99"), ("282.48", "−109.99"), ("542.49", "260.01"),
    ("521.99", "−20.50"), ("495.90", "−26.09"), ("490.68", "−5.22"), ("475.96", "−14.72"), ("475.96", "0.00"),
    ("0.00", "−475.96"),
]  # fmt: skip


def yuan(amount: str) -> str:
    """As English pages print it."""
    return f"−CN¥{amount[1:]}" if amount.startswith("−") else f"CN¥{amount}"


def back_by_card_after_a_refusal(crowd: Crowd, key: str) -> Backer:
    """A guest, in English."""
    grace = crowd.meets(Backer, "grace@example.org")
    grace.opens_the_campaign(key)
    grace.sees(stories.LAMP_EN.summary)
    grace.chooses(
        key, quantities={"One lamp": 1}, variants={"One lamp": "Steel"}, country="CN", message="Good luck.",
        total="CN¥109.99",
    )  # fmt: skip
    grace.is_declined()
    grace.pays()
    grace.sees_the_pledge_become("good")
    crowd.product.raised(key, 109_99)
    return grace


def back_by_alipay(crowd: Crowd, key: str) -> Backer:
    """A guest on a phone, in Chinese, with add-ons and an extra sum."""
    zhou = crowd.meets(Backer, "zhou@example.org", locale="zh-hans", phone=True)
    zhou.chooses(
        key, quantities={"一盏灯": 1, "一张卡片": 2}, variants={"一盏灯": "黄铜"}, country="DE", extra="12.50",
        total="¥172.49",
    )  # fmt: skip
    zhou.pays(method="alipay")
    zhou.sees_the_pledge_become("good")
    receipt = crowd.product.mail(zhou.email, "receipt")
    assert ZH in receipt["subject"]
    assert "¥172.49" in receipt["text"]
    crowd.product.raised(key, 109_99 + 172_49)
    return zhou


def back_by_wechat_pay(crowd: Crowd, key: str) -> Backer:
    """Somebody with an account, in Chinese, who then finds the pledge among theirs."""
    mei = crowd.meets(Backer, "mei@example.org", locale="zh-hans").signs_up()
    mei.chooses(key, quantities={"一盏灯": 1}, variants={"一盏灯": "钢"}, country="CN", total="¥109.99")
    mei.pays(method="wechat_pay")
    mei.sees_the_pledge_become("good")
    mei.finds_the_pledge(ZH, "¥109.99")
    crowd.product.raised(key, 109_99 + 172_49 + 109_99)
    return mei


def take_it_back(grace: Backer, key: str) -> None:
    """By the signed link of the receipt."""
    grace.opens_the_receipt()
    grace.cancels_the_pledge()
    grace.product.raised(key, 172_49 + 109_99)
    assert "CN¥109.99" in grace.product.mail(grace.email, "refunded:")["text"]


def offer_more(ada: Creator, visitor: Visitor) -> None:
    """After the launch: more lamps, and a reward that was not there."""
    ada.raises(stories.LAMP, 30)
    ada.offers(stories.BIG_LAMP)
    visitor.goes_to(f"/c/{ada.key}/")
    visitor.sees("A big lamp")


def back_with_3d_secure(crowd: Crowd, key: str) -> Backer:
    """Signed in, in English: the reward that came later, and the pledge that makes the campaign succeed."""
    noor = crowd.meets(Backer, "noor@example.org").signs_up()
    noor.chooses(key, quantities={"A big lamp": 1}, country="CN", total="CN¥260.01")
    noor.pays(card=CARD_3DS)
    noor.sees_the_pledge_become("good")
    noor.finds_the_pledge(EN, "CN¥260.01")
    crowd.product.raised(key, 542_49)
    return noor


def tell_the_story_anew(ada: Creator, reviewer: Reviewer, visitor: Visitor) -> None:
    """After the launch: readers see the old one until it is approved, then the new one and why."""
    before, after = stories.LAMP_EN.summary, "A lamp that runs on salt water, and floats."
    ada.changes_the_summary(EN, after)
    ada.hands_in("It floats now.")
    visitor.goes_to(f"/c/{ada.key}/")
    visitor.sees(before)
    visitor.does_not_see(after)
    reviewer.decides(EN, "approve")
    visitor.goes_to(f"/c/{ada.key}/")
    visitor.sees(after)
    visitor.sees("It floats now.")


def curate(editor: Curator, english: Visitor, chinese: Visitor) -> None:
    """Step 7: featured on the home page, listed by category and state, found by words."""
    editor.features(EN, reason="It outlived the storm.")
    for visitor, title in ((english, EN), (chinese, ZH)):
        visitor.sees_featured(title)
        visitor.browses(category="hardware", state="open")
        visitor.finds(title)
        for other in ({"category": "crafts"}, {"state": "failed"}):
            visitor.browses(**other)
            visitor.does_not_find(title)
    # Inside a sentence of the story, and in another form of the word.
    for visitor, words, title in ((chinese, "手环", ZH), (english, "run", EN), (english, "patience", EN)):
        visitor.looks_for(words)
        visitor.finds(title)
        editor.finds_in_the_admin(words, title)
    english.looks_for("harpsichord")
    english.does_not_find(EN)


def tell_backers(ada: Creator, backers: list[Backer], stranger: Visitor) -> None:
    """Step 6: for backers only, with or without an account; a mail each, once."""
    noor, zhou = backers[0], backers[1]
    ada.writes_an_update(title="The glass has come", text="All of it in one piece.", audience="backers")
    ada.publishes()
    links = [link_in(ada.product.mail(who.email, "update:")["text"], "/updates/") for who in backers]
    noor.goes_to(f"/c/{ada.key}/")
    noor.page.get_by_role("link", name="The glass has come").click()
    noor.sees("All of it in one piece.")
    zhou.goes_to(links[1])
    zhou.sees("All of it in one piece.")
    stranger.goes_to(f"/c/{ada.key}/")
    stranger.does_not_see("The glass has come")
    stranger.goes_to(links[0].split("?")[0])
    stranger.does_not_see("All of it in one piece.")


def tell_everybody_later(ada: Creator, finance: Treasurer, backers: list[Backer], stranger: Visitor) -> None:
    """Step 6: scheduled; unseen before its time, and out at its time, with one mail more for each."""
    ada.writes_an_update(title="Into the kiln", text="The first hundred bases are dry.", audience="public")
    ada.schedules_it(finance.now() + timedelta(days=2))
    stranger.goes_to(f"/c/{ada.key}/")
    stranger.does_not_see("Into the kiln")
    finance.moves_time("3d")
    stranger.goes_to(f"/c/{ada.key}/")
    stranger.page.get_by_role("link", name="Into the kiln").click()
    stranger.sees("The first hundred bases are dry.")
    for who in backers:
        ada.product.mails_of(who.email, "update:", 2)


def hold_and_resume(finance: Treasurer, visitor: Visitor, key: str) -> None:
    """On hold nobody can pay, and everybody reads why; the home page drops it meanwhile."""
    finance.opens_the_escrow(EN)
    finance.acts("Put on hold", reason="We ask about the glass.", button="Put on hold")
    finance.product.becomes(key, "on_hold")
    visitor.goes_to(f"/c/{key}/")
    visitor.sees("We ask about the glass.")
    assert visitor.page.locator("main a[href*='/back/']").count() == 0
    finance.opens_the_escrow(EN)
    finance.acts("Resume", reason="The glass is fine.", button="Resume")
    finance.product.becomes(key, "open")
    visitor.goes_to(f"/c/{key}/")
    assert visitor.page.locator("main a[href*='/back/']").count() > 0


def refund_a_part(finance: Treasurer, mei: Backer, key: str) -> None:
    """By finance, with a reason; the pledge stays."""
    finance.opens_the_pledge(mei.email)
    finance.acts("Refund", reason="The box was dented.", amount="20.50", button="Refund")
    finance.product.raised(key, 521_99)
    assert "¥20.50" in finance.product.mail(mei.email, "refunded:")["text"]


def compare_statements(ada: Creator, mei: Backer, noor: Backer, finance: Treasurer) -> None:
    """Step 5: creator, backers and finance read the same numbers, which are those worked out by hand."""
    expected = [[yuan(amount), yuan(balance)] for balance, amount in LEDGER]
    assert ada.reads_the_statement(EN) == [*expected, ["Held now", "CN¥0.00"]]
    assert mei.reads_the_statement(mei.word("What you backed")) == [
        ["¥109.99", "¥109.99"], ["−¥20.50", "¥89.49"], [mei.word("Paid on the whole"), "¥89.49"],
    ]  # fmt: skip
    paid = ["Paid on the whole", "CN¥260.01"]
    assert noor.reads_the_statement("What you backed") == [["CN¥260.01", "CN¥260.01"], paid]
    sheet = finance.reads_the_escrow(EN)
    assert [[line.amount, line.balance] for line in sheet.lines] == expected
    shown = [sheet.facts[name] for name in ("Captured", "Refunded", "Released", "Held now")]
    assert shown == ["CN¥652.48", "CN¥130.49", "CN¥521.99", "CN¥0.00"]
    assert list(sheet.split.values()) == ["CN¥26.09", "CN¥5.22", "CN¥14.72", "CN¥475.96", "CN¥521.99"]


def test_a_campaign_that_reaches_its_goal(
    product: Product, crowd: Crowd, reviewer: Reviewer, finance: Treasurer, editor: Curator, tmp_path: Path
) -> None:
    ada = crowd.meets(Creator, "ada@example.org").signs_up()
    ada.becomes_a_creator("Ada's workshop")
    key = write_and_have_it_approved(
        ada, reviewer, first=stories.LAMP_EN, second=stories.LAMP_ZH, goal="500", category="Technology › Hardware",
        tiers=[stories.LAMP, stories.CARD], folder=tmp_path,
    )  # fmt: skip
    ada.launches()
    ada.sets_payouts_up("Ada Lovelace")
    visitor, reader = crowd.meets(Visitor, "ann@example.org"), crowd.meets(Visitor, "bo@example.org", locale="zh-hans")

    grace = back_by_card_after_a_refusal(crowd, key)
    zhou = back_by_alipay(crowd, key)
    mei = back_by_wechat_pay(crowd, key)
    take_it_back(grace, key)
    offer_more(ada, visitor)
    noor = back_with_3d_secure(crowd, key)
    tell_the_story_anew(ada, reviewer, visitor)
    curate(editor, visitor, reader)
    hold_and_resume(finance, visitor, key)
    tell_backers(ada, [noor, zhou, mei], visitor)
    tell_everybody_later(ada, finance, [noor, zhou, mei], visitor)
    assert not [mail for mail in product.mails(grace.email) if mail["key"].startswith("update:")]
    refund_a_part(finance, mei, key)

    finance.moves_time("7d")
    finance.moves_time("1h")
    product.becomes(key, "holding")
    assert "CN¥521.99" in product.mail(ada.email, "creator_succeeded:")["text"]
    for backer in (noor, zhou, mei):
        product.mail(backer.email, "succeeded:")
    finance.moves_time("15d")
    product.becomes(key, "released")
    assert "CN¥475.96" in product.mail(ada.email, "payout:")["text"]
    product.raised(key, 521_99)
    compare_statements(ada, mei, noor, finance)
    finance.audits()
    assert json.loads(product.manage("audit_ledger", "--json"))["ok"]
