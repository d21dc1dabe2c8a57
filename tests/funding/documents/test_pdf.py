"""Documents as PDF: in both languages, of any text, the same bytes for the same row."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from fontTools.ttLib import TTFont
from fpdf import FPDF

from cms.users.models import User
from funding.documents.finding import years_of
from funding.documents.lettering import BOLD, REGULAR, lines, printable
from funding.documents.receipts import document_pdf
from funding.documents.settlement import certificate_pdf, settlement_pdf
from funding.documents.sheet import Column, Sheet
from funding.documents.yearly import annual_statement_pdf
from funding.models import Document, Escrow, Release
from funding.services import commanding, issuing, refunding
from tests.factories.funding import open_test_escrow, reward_terms
from tests.factories.scripted import ScriptedGateway, paid_pledge
from tests.factories.users import UserFactory


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that is set in a document, cell by cell."""
    set_, texts = FPDF.cell, []

    def cell(self: FPDF, w: float | None = None, h: float | None = None, text: str = "", *rest, **options) -> bool:
        texts.append(text)
        return set_(self, w, h, text, *rest, **options)

    monkeypatch.setattr(FPDF, "cell", cell)
    return texts


def test_the_fonts_set_both_languages_and_carry_their_licence() -> None:
    wanted = set("Kindling 拾柴：众人拾柴火焰高，¥€£$ ￥ HK$ 1,234.50 · …—“”「」堃喆") - {" "}
    for path in (REGULAR, BOLD):
        with TTFont(path) as font:
            assert {ord(one) for one in wanted} <= set(font.getBestCmap())
        assert path.stat().st_size < 3_000_000
    assert "SIL OPEN FONT LICENSE" in (REGULAR.parent / "OFL.txt").read_text().upper()


def test_what_the_fonts_lack_becomes_a_box() -> None:
    assert printable("Lamp 🔥\u202e\n\x00 مرحبا") == "Lamp □ □ □□□□□"


def test_lines_break_where_both_languages_break_them() -> None:
    def width(text: str) -> float:
        return sum(2 if ord(one) > 0x2E7F else 1 for one in text)

    assert list(lines("a lamp for all", 7, width)) == ["a lamp", "for all"]
    assert list(lines("一盏盐水灯，点亮夜晚。", 10, width)) == ["一盏盐水", "灯，点亮夜", "晚。"]
    assert list(lines("abcdefghij", 4, width)) == ["abcd", "efgh", "ij"]
    assert list(lines("", 4, width)) == []


@pytest.mark.django_db
def test_a_receipt_in_both_languages(escrow: Escrow, gateway: ScriptedGateway, said: list[str]) -> None:
    payment = paid_pledge(escrow, rewards={"lamp": 2}, extra=50_00, email="mei@example.com")
    issuing.issue_due()
    document = payment.documents.get()
    english = document_pdf(document, language="en")
    assert {document.reference, "Salt-water lamp", "A lamp", "CN¥200.00", "CN¥250.00", "mei@example.com"} <= set(said)
    assert document_pdf(document, language="en") == english
    said.clear()
    assert document_pdf(document, language="zh-hans").startswith(b"%PDF")
    assert {document.reference, "盐水灯", "一盏灯", "¥200.00", "¥250.00"} <= set(said)


@pytest.mark.django_db
def test_any_text_can_be_printed(creator: User, gateway: ScriptedGateway) -> None:
    odd = {"en": "🔥" * 50 + "مرحبا\u202e" + "W" * 300 + "\x07\r\n<b>&amp;</b>", "zh-hans": "灯" * 400}
    escrow = open_test_escrow(creator=creator, names=odd, rewards=[reward_terms(titles=odd)])
    payment = paid_pledge(escrow, rewards={"lamp": 1}, extra=1)
    issuing.issue_due()
    for language in ("en", "zh-hans"):
        assert document_pdf(payment.documents.get(), language=language).startswith(b"%PDF")


@pytest.mark.django_db
def test_a_year_sums_its_documents(escrow: Escrow, gateway: ScriptedGateway, finance: User, said: list[str]) -> None:
    backer, other = UserFactory(), UserFactory()
    payment = paid_pledge(escrow, backer=backer, extra=150_00)
    paid_pledge(escrow, backer=other, extra=7_00)
    refunding.finance_refund(pledge_id=payment.pledge_id, amount=40_00, reason="Broken.", actor=finance)
    commanding.sweep_commands()
    issuing.issue_due()
    [year] = years_of(backer)
    assert (year.currency, year.paid, year.returned) == ("CNY", 150_00, 40_00)
    assert annual_statement_pdf(backer, year=year.year, currency="CNY", language="en")
    assert {"CN¥150.00", "CN¥40.00", "CN¥110.00"} <= set(said)
    assert "CN¥7.00" not in said
    assert annual_statement_pdf(backer, year=year.year, currency="USD", language="en") is None


@pytest.mark.django_db
def test_a_creator_gets_settlement_and_certificate(
    escrow: Escrow, gateway: ScriptedGateway, later: Callable[..., None], sweep: Callable[[], None], said: list[str]
) -> None:
    paid_pledge(escrow, extra=62_340_00)
    later(days=31)
    sweep()
    later(days=15)
    sweep()
    release = Release.objects.get()
    assert settlement_pdf(release, language="en")
    assert {"CN¥62,340.00", "−CN¥3,117.00", "−CN¥623.40", "−CN¥1,757.98", "CN¥56,841.62"} <= set(said)
    assert certificate_pdf(release, language="zh-hans")
    assert {"¥58,599.60", "¥1,757.98", "cn_individual"} <= set(said)


def test_a_long_table_runs_over_pages(said: list[str]) -> None:
    sheet = Sheet(title="Statement", code="X", issuer="Kindling", at=datetime(2027, 3, 4, tzinfo=UTC))
    sheet.ruled([Column("Date", 0.5), Column("Amount", 0.5, "R")], [[f"line {n}", f"{n}.00"] for n in range(90)])
    assert sheet.page_no() == 3
    assert (said.count("line 89"), said.count("Amount")) == (1, 3)


def test_numbers_are_of_documents() -> None:
    assert Document(issuer="KD", kind="credit_note", year=2027, number=17).reference == "KD-C-2027-000017"
