"""One fixed campaign in each kind of currency, worked out by hand to the last minor unit."""

from collections.abc import Callable

import pytest

from cms.users.models import User
from funding import ledger
from funding.documents.statements import label, statement_csv
from funding.models import Escrow, EscrowDecision, Payout, Release
from funding.statements import escrow_statement, platform_statement
from tests.factories.funding import open_test_escrow, reward_terms
from tests.factories.scripted import ScriptedGateway, paid_pledge

pytestmark = pytest.mark.django_db

# Rates of the first schedule: 5 % platform fee, 1 % compensation fund, 3 % withheld of a person's part in China.
#
# CNY, 1,234.57: fee 61.7285, fund 12.3457, creator 1160.4958. Rounded down 61.72 + 12.34 + 1160.49 = 1234.55: two fen
#   are left. The last is the creator's: 1160.50; the other goes by remainder, fee .85 against fund .57: fee 61.73.
#   Tax is 3 % of 1160.50 = 34.815, down 34.81; the odd one is the creator's: 1125.69.
# JPY, 10,007: fee 500.35, fund 100.07, creator 9406.58. Down 500 + 100 + 9406 = 10006, the last is the creator's: 9407.
#   Tax 282.21, down 282; the creator gets 9125.
# KWD, 100.990, payable in steps of 0.010 only: 10,099 steps. Fee 504.95, fund 100.99, creator 9493.06. Down
#   504 + 100 + 9493 = 10097; creator 9494, then fund (.99) before fee (.95): 101. Tax 284.82, down 284; creator 9210.
CASES = [
    ("CNY", [100_000, 23_457], 1_000_00, (123_457, 6_173, 1_234, 3_481, 112_569)),
    ("JPY", [10_000, 7], 10_000, (10_007, 500, 100, 282, 9_125)),
    ("KWD", [100_000, 990], 100_000, (100_990, 5_040, 1_010, 2_840, 92_100)),
]


@pytest.mark.parametrize(("currency", "amounts", "goal", "split"), CASES, ids=[case[0] for case in CASES])
def test_a_success_is_split_to_the_last_unit(
    currency: str, amounts: list[int], goal: int, split: tuple[int, ...], creator: User, gateway: ScriptedGateway,
    later: Callable[..., None], sweep: Callable[[], None],
) -> None:  # fmt: skip
    escrow = open_test_escrow(
        creator=creator, currency=currency, goal=goal, rewards=[reward_terms(price=70, shipping={"CN": 10})]
    )
    for amount in amounts:
        paid_pledge(escrow, extra=amount)
    later(days=30)
    sweep()
    later(days=14)
    sweep()

    escrow.refresh_from_db()
    made = Release.objects.get(escrow=escrow)
    assert (made.gross, made.platform_fee, made.compensation_fund, made.tax, made.creator_amount) == split
    assert escrow.state == "released"
    assert ledger.balance(f"escrow:{escrow.key}", currency) == 0
    assert ledger.balance(f"payable:creator:{creator.pk}", currency) == 0
    assert ledger.balance("commission", currency) == split[1]
    assert ledger.balance("compensation_fund", currency) == split[2]
    assert ledger.balance("tax_withheld:cn_individual", currency) == split[3]
    assert ledger.balance("provider:stripe", currency) == split[1] + split[2] + split[3]
    assert Payout.objects.get(release=made).state == "paid"


def test_the_statements_of_a_campaign_in_yuan(
    creator: User, gateway: ScriptedGateway, later: Callable[..., None], sweep: Callable[[], None]
) -> None:
    escrow = open_test_escrow(creator=creator, key="lamp", goal=1_000_00)
    paid_pledge(escrow, extra=1_000_00, fee=29_30)
    paid_pledge(escrow, extra=234_57, fee=7_10)
    later(days=30)
    sweep()
    later(days=14)
    sweep()

    rows = [(label(row), row.incoming, row.outgoing, row.balance) for row in escrow_statement(escrow)]
    assert rows == [
        ("Pledge received", 100_000, 0, 100_000),
        ("Pledge received", 23_457, 0, 123_457),
        ("Platform fee", 0, 6_173, 117_284),
        ("Share of the compensation fund", 0, 1_234, 116_050),
        ("Tax withheld", 0, 3_481, 112_569),
        ("Set aside for the payout", 112_569, 112_569, 112_569),
        ("Paid out to the creator", 0, 112_569, 0),
    ]
    provider = [(row.kind, row.incoming, row.outgoing, row.balance) for row in platform_statement()]
    assert provider == [
        ("capture", 100_000, 0, 100_000),
        ("provider_fee", 0, 2_930, 97_070),
        ("capture", 23_457, 0, 120_527),
        ("provider_fee", 0, 710, 119_817),
        ("transfer", 0, 112_569, 7_248),
    ]
    # What is left at the provider: 61.73 + 12.34 + 34.81 − 29.30 − 7.10 = 72.48.
    assert provider[-1][-1] == 6_173 + 1_234 + 3_481 - 2_930 - 710
    text = "".join(statement_csv(escrow_statement(escrow)))
    assert text.startswith("\ufeffTime (UTC),Description,Campaign,In,Out,Balance,Currency,Debit,Credit,Journal\r\n")
    assert ",Pledge received,Salt-water lamp,1000.00,,1000.00,CNY,provider:stripe,escrow:lamp,capture:" in text
    assert ",Platform fee,Salt-water lamp,,61.73,1172.84,CNY,escrow:lamp,commission,release:lamp:1" in text


@pytest.mark.parametrize(("raised", "outcome"), [(1_000_00, "succeeded"), (999_99, "failed")])
def test_the_goal_exactly_is_success_and_one_unit_short_is_failure(
    raised: int, outcome: str, escrow: Escrow, gateway: ScriptedGateway, later: Callable[..., None],
    sweep: Callable[[], None],
) -> None:  # fmt: skip
    paid_pledge(escrow, extra=raised)
    later(days=30)
    sweep()
    decision = EscrowDecision.objects.get(escrow=escrow)
    assert (decision.outcome, decision.raised, decision.backers) == (outcome, raised, 1)
    escrow.refresh_from_db()
    assert escrow.state == ("holding" if outcome == "succeeded" else "refunded")


@pytest.mark.parametrize(("raised", "state"), [(1, "holding"), (0, "refunded")])
def test_keep_it_all_needs_any_money_at_all(
    raised: int, state: str, creator: User, gateway: ScriptedGateway, later: Callable[..., None],
    sweep: Callable[[], None],
) -> None:  # fmt: skip
    escrow = open_test_escrow(creator=creator, mode="keep_it_all")
    if raised:
        paid_pledge(escrow, extra=raised)
    later(days=30)
    sweep()
    escrow.refresh_from_db()
    assert escrow.state == state
