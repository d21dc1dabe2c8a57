"""Stripe's test cards, and the checks that a card form makes before it asks the bank."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from funding.sandbox.paying import DECLINED
from funding.sandbox.store import Json

ACCEPTED: Final = {
    "4242424242424242", "4000056655665556", "5555555555554444", "2223003122003222", "5105105105105100",
    "378282246310005", "6205500000000000004", "4000000000000077",
}  # fmt: skip
CHALLENGED: Final = {"4000002500003155", "4000000000003220", "4000002760003184", "4000000000003063"}
REFUSED: Final[dict[str, Json]] = {
    "4000000000000002": DECLINED,
    "4000000000009995": {
        "code": "card_declined", "decline_code": "insufficient_funds", "message": "Your card has insufficient funds.",
    },
    "4000000000000069": {"code": "expired_card", "decline_code": "expired_card", "message": "Your card has expired."},
    "4000000000000127": {
        "code": "incorrect_cvc", "decline_code": "incorrect_cvc", "message": "Your card's security code is incorrect.",
    },
}  # fmt: skip
LIVE_CARD: Final[Json] = {
    "code": "card_declined", "decline_code": "test_mode_live_card",
    "message": "Your card was declined. Your request was in test mode, but used a non test card.",
}  # fmt: skip


@dataclass(frozen=True)
class Card:
    """A card that looks right; whether the bank agrees is another matter."""

    number: str
    expires: tuple[int, int]

    @property
    def challenged(self) -> bool:
        """Whether the bank asks for 3-D Secure."""
        return self.number in CHALLENGED

    @property
    def refusal(self) -> Json | None:
        """Why the bank says no, if it does; numbers that are no test cards are refused as real Stripe does."""
        if self.number in ACCEPTED | CHALLENGED:
            return None
        return dict(REFUSED.get(self.number, LIVE_CARD))


def read_card(form: dict[str, str], now: float) -> Card | str:
    """The card of a form, or the name of the text that says what is wrong with it."""
    number = re.sub(r"[\s-]", "", form.get("card_number", ""))
    if not re.fullmatch(r"\d{12,19}", number) or not _passes_luhn(number):
        return "incorrect_number"
    expiry = re.fullmatch(r"\s*(\d{1,2})\s*/?\s*(\d{2}|\d{4})\s*", form.get("card_expiry", ""))
    if not expiry:
        return "invalid_expiry"
    month, year = int(expiry[1]), int(expiry[2]) % 100 + 2000
    today = datetime.fromtimestamp(now, UTC)
    if not 1 <= month <= 12 or (year, month) < (today.year, today.month) or year > today.year + 50:
        return "invalid_expiry"
    if not re.fullmatch(r"\d{3,4}", form.get("card_cvc", "").strip()):
        return "invalid_cvc"
    return Card(number, (month, year))


def _passes_luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[0::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0
