"""Statements by the page, filtered, and as files: the balance runs on, only a page's lines are loaded."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils.translation import override
from openpyxl import load_workbook

from cms.core import clock
from cms.core.errors import InvalidInput
from cms.users.models import User
from funding.documents.filtering import filters_of
from funding.documents.spreadsheets import statement_xlsx, xlsx
from funding.models import Escrow
from funding.services import issuing
from funding.statements import StatementFilters, backer_statement, escrow_statement
from tests.factories.funding import open_test_escrow
from tests.factories.scripted import ScriptedGateway, paid_pledge
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


def test_the_balance_runs_on_across_pages(escrow: Escrow, gateway: ScriptedGateway) -> None:
    for amount in (1_00, 2_00, 3_00, 4_00, 5_00):
        paid_pledge(escrow, extra=amount)
    statement = escrow_statement(escrow)
    pages = [statement.page(number, 2) for number in (1, 2, 3, 4)]
    assert [[row.balance for row in page.rows] for page in pages] == [[1_00, 3_00], [6_00, 10_00], [15_00], []]
    assert [page.count for page in pages] == [5, 5, 5, 0]
    assert statement.balances() == {"CNY": 15_00}
    second = statement.page(1, 2).rows[1].entry
    assert [row.balance for row in statement.after(second, 2)] == [6_00, 10_00]


def test_filters_of_an_address(creator: User, gateway: ScriptedGateway, later: Callable[..., None]) -> None:
    backer = UserFactory()
    one = open_test_escrow(creator=creator)
    other = open_test_escrow(creator=creator, currency="JPY", goal=10)
    paid_pledge(one, backer=backer, extra=10_00)
    paid_pledge(other, backer=backer, extra=500)
    later(days=2)
    paid_pledge(one, backer=backer, extra=20_00)

    def balances(**parameters: str) -> list[int]:
        return [row.balance for row in backer_statement(backer, filters=filters_of(parameters))]

    assert balances() == [10_00, 500, 30_00]
    assert balances(campaign=other.key) == balances(currency="jpy") == [500]
    yesterday = (clock.now() - timedelta(days=1) + timedelta(hours=8)).date().isoformat()
    assert balances(**{"from": yesterday}) == [30_00]
    assert balances(to=yesterday) == [10_00, 500]
    assert balances(kind="refund_succeeded") == []
    for wrong in ({"kind": "x"}, {"currency": "XXX"}, {"from": "12.3."}, {"to": "9999-12-31"}):
        with pytest.raises(InvalidInput):
            filters_of(wrong)


def test_a_spreadsheet_has_numbers_times_and_no_formula(creator: User, gateway: ScriptedGateway) -> None:
    escrow = open_test_escrow(creator=creator, names={"en": "=1+1\x07"})
    paid_pledge(escrow, extra=12_34)
    with override("en"):
        file = statement_xlsx(escrow_statement(escrow))
    head, row = load_workbook(file).active.iter_rows()
    assert [cell.value for cell in head][:4] == ["Time (UTC)", "Description", "Campaign", "In"]
    assert isinstance(row[0].value, datetime)
    assert (row[2].value, row[2].data_type) == ("'=1+1", "s")
    assert (row[3].value, row[3].data_type, row[5].value, row[6].value) == (12.34, "n", 12.34, "CNY")


def test_a_hundred_thousand_rows_need_little_memory() -> None:
    import tracemalloc

    tracemalloc.start()
    file = xlsx("Lines", ["n", "text"], ((n, "灯") for n in range(20_000)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000
    file.close()


def test_a_page_loads_its_own_lines_alone(
    escrow: Escrow, gateway: ScriptedGateway, django_assert_num_queries: Callable
) -> None:
    for _ in range(4):
        paid_pledge(escrow, extra=1_00)
    statement = escrow_statement(escrow)
    with django_assert_num_queries(1), connection.execute_wrapper(_limited):
        assert len(statement.page(2, 3).rows) == 1


def _limited(execute, sql, params, many, context):
    assert "LIMIT" in sql
    return execute(sql, params, many, context)


@pytest.fixture
def backer(client: Client) -> User:
    user = UserFactory()
    client.force_login(user)
    return user


def test_my_statements_are_mine(client: Client, backer: User, escrow: Escrow, gateway: ScriptedGateway) -> None:
    payment = paid_pledge(escrow, backer=backer, extra=150_00)
    strangers = paid_pledge(escrow, backer=UserFactory(), extra=7_00)
    issuing.issue_due()
    page = client.get("/en/me/statements/").content.decode()
    assert "CN¥150.00" in page
    assert "CN¥7.00" not in page
    assert client.get(f"/en/me/statements/?of={escrow.key}").status_code == 404
    assert client.get("/en/me/statements/?of=backed&from=x").status_code == 400
    assert client.get("/en/me/statements/?csv=backed").getvalue().decode().count("\r\n") == 2
    assert client.get("/zh-hans/me/statements/?xlsx=backed").getvalue().startswith(b"PK")
    year = payment.documents.get().year
    assert client.get(f"/zh-hans/me/statements/{year}/CNY/").content.startswith(b"%PDF")
    assert client.get(f"/en/me/statements/{year}/USD/").status_code == 404
    own = f"/en/pledges/{payment.pledge_id}/documents/{payment.documents.get().pk}/"
    assert client.get(own)["Content-Type"] == "application/pdf"
    other = strangers.documents.get()
    assert client.get(f"/en/pledges/{strangers.pledge_id}/documents/{other.pk}/").status_code == 404
    assert client.get(f"/en/pledges/{payment.pledge_id}/documents/{other.pk}/").status_code == 404


def test_the_api_gives_own_documents_alone(
    client: Client, backer: User, escrow: Escrow, gateway: ScriptedGateway
) -> None:
    payment = paid_pledge(escrow, backer=backer, rewards={"lamp": 1})
    strangers = paid_pledge(escrow, backer=UserFactory(), extra=7_00)
    issuing.issue_due()
    mine, others = payment.documents.get(), strangers.documents.get()
    [item] = client.get("/api/v2/me/documents/?locale=zh-hans").json()["items"]
    assert (item["reference"], item["amount"], item["title"]) == (
        mine.reference, {"amount": 100_00, "currency": "CNY"}, "盐水灯",
    )  # fmt: skip
    assert client.get(f"/api/v2/me/documents/{mine.pk}.pdf").content.startswith(b"%PDF")
    assert client.get(f"/api/v2/me/documents/{others.pk}.pdf").status_code == 404
    assert client.get(f"/api/v2/pledges/{payment.pledge_id}/documents/").json()["items"][0]["id"] == mine.pk
    assert client.get(f"/api/v2/pledges/{strangers.pledge_id}/documents/").status_code == 404
    assert client.get("/api/v2/me/years/").json()["items"] == [
        {"year": mine.year, "paid": {"amount": 100_00, "currency": "CNY"}, "returned": {"amount": 0, "currency": "CNY"}}
    ]
    assert client.get(f"/api/v2/me/years/{mine.year}/cny.pdf").content.startswith(b"%PDF")
    assert client.get("/api/v2/me/statements/?currency=XXX").json()["field"] == "currency"
    assert client.get("/api/v2/me/statements.csv?locale=zh-hans").getvalue().startswith("\ufeff".encode())
    assert client.get("/api/v2/me/statements.xlsx").getvalue().startswith(b"PK")
    assert client.get(f"/api/v2/creator/campaigns/{escrow.key}/statement/").status_code == 404


def test_a_creator_reads_the_statement_of_a_campaign(
    client: Client, creator: User, escrow: Escrow, gateway: ScriptedGateway
) -> None:
    client.force_login(creator)
    paid_pledge(escrow, extra=3_00)
    base = f"/api/v2/creator/campaigns/{escrow.key}/statement"
    assert client.get(f"{base}/").json()["items"][0]["balance"] == {"amount": 3_00, "currency": "CNY"}
    assert client.get(f"{base}.csv").getvalue().startswith("\ufeff".encode())
    assert client.get(f"{base}.xlsx").getvalue().startswith(b"PK")


def test_filters_hold_for_nobody_else() -> None:
    assert StatementFilters() == filters_of({})
