"""Finance at the desk: the clock, holds, refunds, what an escrow's page says, the audit."""

from dataclasses import dataclass
from datetime import datetime

from tests.journeys.people import Person
from tests.journeys.running import eventually


@dataclass(frozen=True)
class Line:
    """A line of a statement, as printed."""

    incoming: str
    outgoing: str
    balance: str

    @property
    def amount(self) -> str:
        """With its sign, as statements for others print it; what moves inside changes nothing."""
        if self.incoming and self.outgoing:
            assert self.incoming == self.outgoing
            return "CN¥0.00"
        return self.incoming or f"−{self.outgoing}"


@dataclass(frozen=True)
class EscrowSheet:
    """An escrow's page as it stands: facts by name, the split's amounts by name, the lines of its statement."""

    facts: dict[str, str]
    split: dict[str, str]
    lines: list[Line]


class Treasurer(Person):
    """Somebody who keeps the money, in English."""

    def moves_time(self, by: str) -> None:
        """With the desk's own button, or its field; everything that becomes due is done before it answers."""
        self.goes_to("/cms/finance/time/")
        button = self.page.locator(f"button[name=duration][value='{by}']")
        if button.count() == 0:
            self.page.fill("[name=duration][type=text]", by)
            button = self.page.get_by_role("button", name="Move on", exact=True)
        # Much may become due in a month.
        button.click(timeout=60_000)
        self.page.locator(".messages .success").first.wait_for(timeout=60_000)
        self.is_untroubled()

    def now(self) -> datetime:
        """What the product's clock says, in UTC."""
        return datetime.fromisoformat(self.product.manage("clock", "show").strip())

    def opens_the_escrow(self, title: str) -> None:
        """From the register."""
        self.goes_to("/cms/funding/escrow/")
        self.page.get_by_role("link", name=title, exact=True).first.click()
        self.page.locator(".desk-facts").wait_for()

    def acts(self, action: str, *, reason: str, button: str, amount: str = "") -> None:
        """An action of the open row, with its question in between."""
        self.follows(action)
        self.page.fill("[name=reason]", reason)
        if amount:
            self.page.fill("[name=amount]", amount)
        self.presses(button)
        self.page.locator(".messages .success").first.wait_for()
        self.is_untroubled()

    def opens_the_pledge(self, email: str) -> None:
        """From the register, found by the backer's address."""
        self.goes_to("/cms/funding/pledge/")
        self.page.locator("[name=q]").first.fill(email)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**q=*")
        self.page.locator(".result-list tbody a").first.click()
        self.page.locator(".desk-facts").wait_for()

    def reads_the_escrow(self, title: str) -> EscrowSheet:
        """Its page, in words and amounts as printed."""
        self.opens_the_escrow(title)
        page = self.page
        names = page.locator(".desk-facts dt").all_inner_texts()
        facts = dict(zip(names, page.locator(".desk-facts dd").all_inner_texts(), strict=True))
        split = {}
        for row in page.locator(".desk-split tr").all():
            split[row.locator("th").inner_text()] = row.locator("td").last.inner_text()
        lines = []
        for row in page.locator(".desk-statement tbody tr").all():
            cells = [cell.strip() for cell in row.locator("td").all_inner_texts()]
            lines.append(Line(*cells[-3:]))
        return EscrowSheet(facts, split, lines)

    def audits(self) -> None:
        """By the desk's button: one run more, and it found nothing."""
        runs = self.page.locator("a[href*='?run=']")
        self.goes_to("/cms/finance/audit/")
        before = runs.count()
        self.presses("Run it now")
        eventually(lambda: self.goes_to("/cms/finance/audit/") and runs.count() > before, seconds=90, what="the audit")
        self.page.locator("main .help-info").first.wait_for()
        assert self.page.locator("main .help-critical").count() == 0
