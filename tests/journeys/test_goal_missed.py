"""From an idea to money paid back, in Chinese, with backers of both languages: real processes, a real browser.

The money, by hand, in CNY: two kites 160.00 + twice 20.00 to post them = 200.00; one 80.00 + 20.00 = 100.00. The goal
is 5,000.00: both go back in full, nothing is kept.
"""

import json
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.journeys import stories
from tests.journeys.backers import Backer
from tests.journeys.creators import Creator
from tests.journeys.people import Crowd
from tests.journeys.running import Product
from tests.journeys.staff import Reviewer
from tests.journeys.treasurers import Treasurer
from tests.journeys.visitors import Visitor
from tests.journeys.writing import write_and_have_it_approved

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
EN, ZH = "The singing kite", "会唱歌的风筝"


def launch_by_itself(lin: Creator, finance: Treasurer, visitor: Visitor) -> None:
    """At a set time: visible before it, and taking no money."""
    at = (finance.now() + timedelta(hours=20)).astimezone(ZoneInfo("Asia/Shanghai"))
    lin.launches(at=at)
    visitor.goes_to(f"/c/{lin.key}/")
    visitor.sees(stories.KITE_EN.summary)
    assert visitor.page.locator("main a[href*='/back/']").count() == 0
    visitor.goes_to(f"~/back/{lin.key}/")
    assert visitor.page.locator("[data-pay]").count() == 0
    finance.moves_time("1d")
    lin.product.becomes(lin.key, "open")
    lin.product.mail(lin.email, "launched:")


def compare_statements(lin: Creator, qiu: Backer, finance: Treasurer) -> None:
    """Creator, backer and finance read that all of it went back."""
    sheet = lin.reads_the_statement(ZH)
    assert sheet[:2] == [["¥200.00", "¥200.00"], ["¥100.00", "¥300.00"]]
    # The two refunds are asked for side by side.
    assert sorted(amount for amount, _ in sheet[2:4]) == ["−¥100.00", "−¥200.00"]
    assert sheet[3][1] == "¥0.00"
    assert sheet[4:] == [[lin.word("Held now"), "¥0.00"]]
    assert qiu.reads_the_statement(qiu.word("What you backed")) == [
        ["¥100.00", "¥100.00"], ["−¥100.00", "¥0.00"], [qiu.word("Paid on the whole"), "¥0.00"],
    ]  # fmt: skip
    desk = finance.reads_the_escrow(EN)
    shown = [desk.facts[name] for name in ("Captured", "Refunded", "Released", "Held now")]
    assert shown == ["CN¥300.00", "CN¥300.00", "CN¥0.00", "CN¥0.00"]
    assert not desk.split


def test_a_campaign_that_misses_its_goal(
    product: Product, crowd: Crowd, reviewer: Reviewer, finance: Treasurer, tmp_path: Path
) -> None:
    lin = crowd.meets(Creator, "lin@example.org", locale="zh-hans").signs_up()
    lin.becomes_a_creator("林的风筝铺")
    key = write_and_have_it_approved(
        lin, reviewer, first=stories.KITE_ZH, second=stories.KITE_EN, goal="5000", category="设计与手艺 › 手工艺",
        tiers=[stories.KITE], folder=tmp_path,
    )  # fmt: skip
    visitor = crowd.meets(Visitor, "eve@example.org")
    launch_by_itself(lin, finance, visitor)

    otto = crowd.meets(Backer, "otto@example.org", phone=True)
    otto.chooses(key, quantities={"One kite": 2}, country="GB", total="CN¥200")
    otto.pays()
    otto.sees_the_pledge_become("good")
    qiu = crowd.meets(Backer, "qiu@example.org", locale="zh-hans").signs_up()
    qiu.chooses(key, quantities={"一只风筝": 1}, country="CN", total="¥100")
    qiu.pays(method="alipay")
    qiu.sees_the_pledge_become("good")
    product.raised(key, 200_00 + 100_00)
    lin.writes_an_update(title="竹子晾好了", text="今天收进屋里。", audience="public")
    lin.publishes()
    for backer in (otto, qiu):
        assert "竹子晾好了" in product.mail(backer.email, "update:")["text"]

    finance.moves_time("7d")
    finance.moves_time("3d")
    finance.moves_time("1h")
    # A wallet's refund arrives days later.
    finance.moves_time("3d")
    product.becomes(key, "refunded")
    for backer, amount in ((otto, "CN¥200.00"), (qiu, "¥100.00")):
        product.mail(backer.email, "failed:")
        assert amount in product.mail(backer.email, "refunded:")["text"]
        backer.opens_the_receipt()
        backer.sees(backer.word("Refunded"))
    product.mail(lin.email, "creator_failed:")
    visitor.browses(category="crafts", state="failed")
    visitor.finds(EN)
    compare_statements(lin, qiu, finance)
    assert json.loads(product.manage("audit_ledger", "--json"))["ok"]
