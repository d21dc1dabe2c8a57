"""Do the two languages of a campaign name the same prices, percentages and dates?"""

import re
from collections.abc import Iterable

_SIGNS = {"¥": "", "￥": "", "$": "", "€": "", "£": ""}
_WORDS = r"CNY|USD|EUR|GBP|HKD|JPY|KWD|RMB|yuan|dollars?|euros?|yen|dinars?|pounds?|元|美元|欧元|英镑|港元|日元|第纳尔"
_NUMBER = r"\d[\d,，]*(?:\.\d+)?"
_AMOUNT = re.compile(
    rf"(?:(?:US|HK|CN|JP)?[{''.join(_SIGNS)}]\s?({_NUMBER}))|(?:\b(?:CNY|USD|EUR|GBP|HKD|JPY|KWD|RMB|KD)\s?({_NUMBER}))"
    rf"|(?:({_NUMBER})\s?(万|亿)?\s?(?:{_WORDS}))",
    re.IGNORECASE,
)
_PERCENT = re.compile(rf"({_NUMBER})\s?(?:%|％|per ?cent|percent)", re.IGNORECASE)
MONTHS = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
]  # fmt: skip
_DATE_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DATE_ZH = re.compile(r"(?:(\d{4})\s?年)?\s?(\d{1,2})\s?月\s?(\d{1,2})\s?[日号]")
_MONTH_NAME = rf"({'|'.join(MONTHS)})"
_DATE_EN = re.compile(
    rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH_NAME}|{_MONTH_NAME}\s+(\d{{1,2}})(?:st|nd|rd|th)?)\b", re.IGNORECASE
)
_UNITS = {"万": 10_000, "亿": 100_000_000}


def facts(text: str) -> set[str]:
    """Prices, percentages and days of the year named in a text, in a form that doesn't depend on its language."""
    return _amounts(text) | {f"{_plain(m[1])}%" for m in _PERCENT.finditer(text)} | _days(text)


def differences(texts: dict[str, str]) -> dict[str, list[str]]:
    """By locale, the facts that its text names and another doesn't; empty when all agree."""
    found = {locale: facts(text) for locale, text in texts.items()}
    shared = set.intersection(*found.values()) if found else set()
    return {locale: sorted(these - shared) for locale, these in found.items() if these - shared}


def words(text: str) -> int:
    """How much there is to read: each Chinese character and each word of a spaced language counts as one."""
    return len(re.findall(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+", text))


def _amounts(text: str) -> set[str]:
    found = set()
    for match in _AMOUNT.finditer(text):
        number = next(group for group in match.groups()[:3] if group)
        found.add(_plain(number, _UNITS.get(match[4] or "", 1)))
    return found


def _days(text: str) -> set[str]:
    found = {f"{int(m[2])}/{int(m[3])}" for m in _DATE_ISO.finditer(text)}
    found |= {f"{int(m[2])}/{int(m[3])}" for m in _DATE_ZH.finditer(text)}
    for m in _DATE_EN.finditer(text):
        month = MONTHS.index((m[2] or m[3]).lower()) + 1
        found.add(f"{month}/{int(m[1] or m[4])}")
    return found


def _plain(number: str, unit: int = 1) -> str:
    value = float(re.sub("[,，]", "", number)) * unit
    return f"{value:g}" if value != int(value) else str(int(value))


def joined(parts: Iterable[str]) -> str:
    """Texts in one, so that they are searched together."""
    return "\n".join(part for part in parts if part)
