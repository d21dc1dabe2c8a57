"""The local Stripe's own page: a person presses its buttons, in both languages."""

import html
import re
from html.parser import HTMLParser

import pytest

from funding.sandbox.control_page.cases import CASES
from funding.sandbox.currencies import EXPONENTS
from funding.sandbox.faults import FAULTS
from tests.funding.sandbox.conftest import Shop
from tests.funding.sandbox.test_pages import Page, visit
from tests.funding.sandbox_server import Sandbox


class Forms(HTMLParser):
    """The forms of a page: address, button, and what they send when nothing is changed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, dict[str, str]]] = []
        self._action, self._label, self._select = "", "", ""
        self._fields: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in given}
        if tag == "form":
            self._action, self._label, self._fields = attributes["action"], "", {}
        elif tag == "input":
            self._fields[attributes["name"]] = attributes.get("value", "")
        elif tag == "select":
            self._select = attributes["name"]
        elif tag == "option" and (self._select not in self._fields or "selected" in attributes):
            self._fields[self._select] = attributes["value"]
        elif tag == "button":
            self._label = "?"

    def handle_data(self, data: str) -> None:
        if self._label == "?":
            self._label = data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.found.append((self._action, self._label, self._fields))


def press(sandbox: Sandbox, label: str, about: str = "", **typed: str) -> Page:
    """Press the first button of this label whose form is about something."""
    for action, name, fields in Forms(visit(f"{sandbox.url}/").text).found:
        if name == label and about in f"{action} {fields}":
            return visit(f"{sandbox.url}{action}", {**fields, **typed})
    raise AssertionError(f"no button {label!r} about {about!r}")


def labels(sandbox: Sandbox, about: str) -> set[str]:
    return {name for action, name, _ in Forms(visit(f"{sandbox.url}/").text).found if about in action}


def test_every_case_is_one_button(sandbox: Sandbox) -> None:
    offered = [fields for action, label, fields in Forms(visit(f"{sandbox.url}/").text).found if label == "Order"]
    assert len(offered) == len(CASES) + 1
    assert {case.order["fault"] for case in CASES} == set(FAULTS)
    for fields in offered[:-1]:
        answer = visit(f"{sandbox.url}/_control/faults/", fields)
        assert (answer.status, answer.location) == (303, "/#faults")
    ordered = sandbox.faults()
    assert [one["fault"] for one in ordered] == [case.order["fault"] for case in CASES]
    assert ordered[-1]["seconds"] == 3 * 86400
    press(sandbox, "Forget all faults")
    assert sandbox.faults() == []


def test_a_dispute_lives_through_by_buttons(shop: Shop, sandbox: Sandbox) -> None:
    intent = shop.pay(amount=10_000).id
    press(sandbox, "Open", intent, warning="true", sum="40.50", reason="duplicate")
    (dispute,) = shop.client.v1.disputes.list().data
    here = f"disputes/{dispute.id}"
    assert (dispute.status, dispute.amount, dispute.reason) == ("warning_needs_response", 4_050, "duplicate")
    assert labels(sandbox, here) == {"Look at it", "Escalate to a dispute", "Close it"}
    press(sandbox, "Escalate to a dispute", here)
    press(sandbox, "Look at it", here)
    assert labels(sandbox, here) == {"Won", "Won, and the fee back", "Lost"}
    before = shop.balance("cny")
    press(sandbox, "Lost", here)
    assert labels(sandbox, here) == {"Won after all", "Won, and the fee back"}
    press(sandbox, "Won, and the fee back", here)
    assert shop.client.v1.disputes.retrieve(dispute.id).status == "won"
    assert shop.balance("cny") - before == 4_050 + 10_000
    assert labels(sandbox, here) == set()


def test_money_is_typed_as_people_write_it_and_a_refusal_is_told(sandbox: Sandbox, shop: Shop) -> None:
    shop.drain("cny")
    press(sandbox, "Top up from the bank", sum="1,200.50", currency="cny")
    assert shop.balance("cny") == 120_050
    press(sandbox, "Take to the bank", sum="200.50", currency="cny")
    assert shop.balance("cny") == 100_000
    for typed in ("2000", "0.001", "nothing", "NaN"):
        answer = press(sandbox, "Take to the bank", sum=typed, currency="cny")
        assert answer.status == 303
        assert answer.location
        address, _, section = answer.location.partition("#")
        assert section == "balance"
        assert 'role="alert"' in visit(f"{sandbox.url}{address}").text
    assert shop.balance("cny") == 100_000
    hostile = visit(f"{sandbox.url}/?refused=%3Cscript%3E").text
    assert "<script" not in hostile


@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_of_it_is_in_the_readers_language(sandbox: Sandbox, shop: Shop, language: str) -> None:
    shop.open()
    sandbox.dispute(shop.pay(amount=10_000), warning=True)
    shop.creator(onboarded=False)
    shop.creator()
    press(sandbox, "Top up from the bank", sum="5", currency="cny")
    press(sandbox, "Take to the bank", sum="5", currency="cny")
    text = visit(f"{sandbox.url}/?lang={language}").text
    said = html.unescape(
        re.sub(r"<style>.*?</style>|<code>.*?</code>|<option.*?</option>|<[^>]+>", " ", text, flags=re.DOTALL)
    )
    assert bool(re.search("[一-鿿]", said.replace("中文", ""))) is (language == "zh")
    if language == "zh":
        words = set(re.findall(r"[A-Za-z]{3,}", re.sub(r"\S+@\S+", "", said)))
        assert words <= {"Stripe", "English", "webhook", "Secure", "UTC", *(code.upper() for code in EXPONENTS)}
