"""Do both languages say the same? Prices, percentages and dates that differ stopped the submission already; here also
measures and quantities, and terms that the story contradicts.
"""

import re
from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext as _

from campaigns import comparing
from campaigns.models import Severity
from campaigns.services import checking
from campaigns.services.checks.findings import Finding, Material, in_both

# A text in one language that is so much shorter tells less. Chinese needs fewer signs than English needs words.
_MUCH_SHORTER = 0.35


def check(material: Material) -> Iterator[Finding]:
    """One finding a language, with the numbers that only it names."""
    texts = material.texts
    if len(texts) < 2:
        return
    for code, severity, found in (
        ("numbers_differ", Severity.SERIOUS, comparing.differences(texts)),
        ("measures_differ", Severity.WARNING, _differing_measures(texts)),
    ):
        for locale, only in found.items():
            name = checking.NAMES.get(locale, locale)
            yield Finding(
                code, severity, in_both(partial(_names_more, name)),
                [{"type": "numbers", "locale": locale, "numbers": only}], for_creator=True,
            )  # fmt: skip
    lengths = {locale: comparing.words(text) for locale, text in texts.items()}
    short, long = sorted(lengths, key=lambda locale: lengths[locale])[:: len(lengths) - 1]
    if lengths[short] < _MUCH_SHORTER * lengths[long]:
        name = checking.NAMES.get(short, short)
        yield Finding(
            "language_short", Severity.NOTE,
            in_both(lambda: _("%(language)s tells much less than the other language.") % {"language": name}),
            [{"type": "numbers", "locale": locale, "numbers": [str(count)]} for locale, count in lengths.items()],
            for_creator=True,
        )  # fmt: skip


_UNITS = {
    "mm": "mm|millimet(?:re|er)s?|毫米", "cm": "cm|centimet(?:re|er)s?|厘米", "km": "km|kilomet(?:re|er)s?|公里|千米",
    "m": "m|met(?:re|er)s?|米", "kg": "kg|kilograms?|kilos?|公斤|千克", "g": "g|grams?|克",
    "ml": "ml|millilit(?:re|er)s?|毫升",
    "l": "l|lit(?:re|er)s?|升", "hours": "hours?|hrs?|小时", "minutes": "minutes?|mins?|分钟", "days": "days?|天",
    "weeks": "weeks?|周|星期", "months": "months?|个月", "years": "years?|年", "pages": "pages?|页",
    "mah": "mah|毫安时", "w": "w|watts?|瓦", "c": "°\\s?c|degrees?(?: celsius)?|摄氏度|℃", "inch": "inch(?:es)?|英寸",
}  # fmt: skip
_MEASURE = re.compile(
    r"(?<![\d.,])(\d[\d,]*(?:\.\d+)?)[\s-]?(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _UNITS.items())
    + r")(?![a-z])",
    re.IGNORECASE,
)


def _names_more(language: str) -> str:
    return _("%(language)s names what the other language doesn't.") % {"language": language}


def measures(text: str) -> set[str]:
    """Numbers with their units, in a form that doesn't depend on the language; years and small counts of time apart."""
    found = set()
    for match in _MEASURE.finditer(text):
        number = match[1].replace(",", "").rstrip(".")
        unit = match.lastgroup or ""
        # 2024年 is a date, and "a year" is often told without a figure.
        if not (unit == "years" and len(number) == 4):
            found.add(f"{float(number):g} {unit}")
    return found


def _differing_measures(texts: dict[str, str]) -> dict[str, list[str]]:
    found = {locale: measures(text) for locale, text in texts.items()}
    shared = set.intersection(*found.values())
    # English writes small numbers in words where Chinese has figures: what the other names in no figure at all.
    plain = {locale: set(re.findall(r"\d[\d,]*(?:\.\d+)?", text.replace(",", ""))) for locale, text in texts.items()}
    result = {}
    for locale, these in found.items():
        others = set().union(*(numbers for other, numbers in plain.items() if other != locale))
        only = sorted(
            measure for measure in these - shared
            if measure.split()[0] not in others and float(measure.split()[0]) > 12
        )  # fmt: skip
        if only:
            result[locale] = only
    return result
