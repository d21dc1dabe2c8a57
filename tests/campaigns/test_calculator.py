"""The financial sheet: sums by hand, the least number of backers, and what is kept of it."""

from dataclasses import replace

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calculator import FixedCost, Line, Rates, Sheet, answer, outcome
from campaigns.exceptions import InvalidTerms
from campaigns.models import Calculation, Campaign, Submission
from campaigns.services import calculating, submitting
from cms.core.errors import NotAllowed
from funding.money import BadAmount, shares
from tests.campaigns import scenes

LAMP = Line("Lamp", price=299_00, unit_cost=120_00, postage_paid=15_00, postage_cost=20_00, weight=3)
CARD = Line("Card", price=39_00, unit_cost=5_00, postage_cost=2_00, weight=1)
CNY = Sheet("CNY", (LAMP, CARD), (FixedCost("Mould", 50_000_00),), spare_bps=300,
            rates=Rates(platform_fee_bps=500, compensation_fund_bps=100))  # fmt: skip
# A zine: 1,000 yen each, 400 to print, 185 to send, 100,000 for the plates; tax 10.21 %.
JPY = Sheet(
    "JPY", (Line("Zine", price=1000, unit_cost=400, postage_paid=200, postage_cost=185),),
    (FixedCost("Plates", 100_000),),
    rates=Rates(platform_fee_bps=500, compensation_fund_bps=100, tax_bps=1021, provider_fee_bps=360),
)  # fmt: skip


def test_sums_by_hand() -> None:
    # 100 backers: 75 lamps at 314, 25 cards at 39 → 24,525. 103 sets made, postage for 100.
    found = outcome(CNY, 100)
    assert found.income == 24_525_00
    assert (found.platform_fee, found.compensation_fund) == (1_226_25, 245_25)
    # A set is 91.25 on average: 103 of them.
    assert found.making == 9_398_75
    assert found.postage == 75 * 20_00 + 25 * 2_00
    assert found.left == found.income - found.costs
    yen = outcome(JPY, 500)
    assert (yen.income, yen.platform_fee, yen.compensation_fund) == (600_000, 30_000, 6_000)
    assert yen.tax == 57_584  # 10.21 % of 564,000 is 57,584.4
    assert (yen.provider_fee, yen.making, yen.postage) == (21_600, 200_000, 92_500)
    assert yen.left == 600_000 - 30_000 - 6_000 - 57_584 - 21_600 - 200_000 - 92_500 - 100_000


def test_break_even_is_the_first_count_that_covers_every_cost() -> None:
    for sheet in (CNY, JPY):
        found = answer(sheet, goal=None)
        assert found.break_even
        assert outcome(sheet, found.break_even).left >= 0 > outcome(sheet, found.break_even - 1).left
        assert found.minimum_goal == outcome(sheet, found.break_even).income
        assert found.goal_is_enough is None


def test_a_goal_below_break_even_lacks_money_and_one_above_has_some_left() -> None:
    least = answer(CNY, goal=None).minimum_goal
    assert least
    assert answer(CNY, goal=least // 2).goal_is_enough is False
    assert answer(CNY, goal=least + 1000_00).goal_is_enough is True


def test_a_reward_that_costs_more_than_it_brings_is_named_and_never_breaks_even() -> None:
    dear = replace(LAMP, title="Dear lamp", unit_cost=400_00)
    assert answer(replace(CNY, lines=(dear,)), goal=1).break_even is None
    mixed = answer(replace(CNY, lines=(replace(dear, weight=1), replace(CARD, weight=99))), goal=1)
    assert mixed.losing == ("Dear lamp",)


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 50)), min_size=1, max_size=4),
    st.integers(0, 10**8), st.integers(0, 2000), st.integers(1, 5000),
)  # fmt: skip
def test_nothing_is_lost_between_the_parts(
    rows: list[tuple[int, int, int]], fixed: int, spare: int, backers: int
) -> None:
    lines = tuple(Line(f"line {n}", price, cost, weight=weight) for n, (price, cost, weight) in enumerate(rows))
    sheet = replace(JPY, lines=lines, fixed=(FixedCost("All", fixed),), spare_bps=spare)
    found = outcome(sheet, backers)
    parts = shares(found.income, platform_fee_bps=500, compensation_fund_bps=100, tax_bps=1021)
    assert found.platform_fee + found.compensation_fund + found.tax + parts.creator_amount == found.income
    assert found.left + found.costs == found.income + found.own_funds


@pytest.fixture
def campaign(site: None) -> Campaign:
    return scenes.complete()


@pytest.mark.django_db
def test_a_sheet_begins_with_the_rewards_and_is_kept_by_version(campaign: Campaign) -> None:
    sheet = calculating.newest_sheet(campaign)
    assert [line.reward for line in sheet.lines] == [r.key for r in campaign.reward_drafts.filter(is_addon=False)]
    assert sheet.rates.platform_fee_bps > 0
    wished = replace(sheet, lines=(LAMP,), rates=replace(sheet.rates, platform_fee_bps=1, tax_bps=300))
    for number in (1, 2):
        kept = calculating.save_calculation(campaign=campaign, actor=campaign.creator, sheet=wished)
        assert kept.number == number
    found = calculating.read(kept)
    # What the platform takes is not the creator's to say; the tax is.
    assert (found.rates.platform_fee_bps, found.rates.tax_bps) == (sheet.rates.platform_fee_bps, 300)
    assert kept.break_even == answer(found, campaign.goal).break_even
    submission = submitting.submit_campaign(campaign=campaign, actor=campaign.creator)
    assert Submission.objects.get(pk=submission.pk).calculation == kept


@pytest.mark.django_db
def test_nonsense_names_its_field_and_keeps_nothing(campaign: Campaign) -> None:
    sheet = calculating.newest_sheet(campaign)
    for wrong, field in (
        ({"lines": ()}, "lines"), ({"lines": (replace(LAMP, price=-1),)}, "price"),
        ({"lines": (replace(LAMP, weight=0),)}, "weight"), ({"lines": (replace(LAMP, title=" "),)}, "title"),
        ({"spare_bps": 10_001}, "spare"), ({"own_funds": -1}, "own_funds"),
    ):  # fmt: skip
        with pytest.raises((InvalidTerms, BadAmount)) as caught:
            calculating.save_calculation(campaign=campaign, actor=campaign.creator, sheet=replace(sheet, **wrong))
        assert caught.value.field == field
    with pytest.raises(NotAllowed):
        calculating.save_calculation(campaign=campaign, actor=scenes.creator(), sheet=replace(sheet, lines=(LAMP,)))
    assert not Calculation.objects.exists()


def _form(**changes: str) -> dict[str, str]:
    counts = {f"{name}-{kind}_FORMS": count for name in ("lines", "fixed")
              for kind, count in (("TOTAL", "1"), ("INITIAL", "1"), ("MIN_NUM", "0"), ("MAX_NUM", "50"))}  # fmt: skip
    return {
        **counts, "lines-0-title": "Lamp", "lines-0-price": "299", "lines-0-unit_cost": "120", "lines-0-weight": "1",
        "fixed-0-title": "Mould", "fixed-0-amount": "50000", "rates-spare": "3", "rates-tax": "2.5", **changes,
    }  # fmt: skip


@pytest.mark.django_db
def test_the_page_reckons_keeps_and_says_what_is_wrong(client: Client, campaign: Campaign) -> None:
    client.force_login(campaign.creator)
    url = f"/cms/studio/campaigns/{campaign.key}/calculator/"
    assert "One lamp" in client.get(url).content.decode()
    tried = client.post(url, _form())
    assert tried.status_code == 200
    assert "<polyline" in tried.content.decode()
    assert not Calculation.objects.exists()
    wrong = client.post(url, _form(**{"lines-0-price": "12.345", "fixed-0-amount": "much", "keep": "1"}))
    assert wrong.status_code == 422
    text = wrong.content.decode()
    assert "at most 2 digits" in text
    assert "plain number" in text
    assert not Calculation.objects.exists()
    assert client.post(url, _form(keep="1")).status_code == 302
    kept = Calculation.objects.get()
    assert (kept.sheet["spare_bps"], kept.sheet["rates"]["tax_bps"]) == (300, 250)
    assert f"{kept.break_even:,} backers" in client.get(url).content.decode()


@pytest.mark.django_db
def test_the_same_through_the_api(client: Client, campaign: Campaign) -> None:
    client.force_login(campaign.creator)
    url = f"/api/v2/creator/campaigns/{campaign.key}/calculations/"

    def cny(amount: int) -> dict[str, object]:
        return {"amount": amount, "currency": "CNY"}

    sheet = {"lines": [{"title": "Lamp", "price": cny(299_00), "unit_cost": cny(120_00)}],
             "fixed": [{"title": "Mould", "amount": cny(50_000_00)}], "spare_bps": 300}  # fmt: skip
    made = client.post(url, sheet, content_type="application/json")
    assert made.status_code == 201
    assert client.get(url).json()["items"] == [made.json()]
    assert made.json()["at_break_even"]["left"]["amount"] >= 0
    wrong = {**sheet, "lines": [{"title": "Lamp", "price": {"amount": 1, "currency": "USD"}, "unit_cost": cny(0)}]}
    refused = client.post(url, wrong, content_type="application/json")
    assert (refused.status_code, Calculation.objects.count()) == (400, 1)
