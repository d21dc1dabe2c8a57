"""Countries by name, in the reader's language. Source: Unicode CLDR, through Babel."""

from collections.abc import Iterable
from functools import cache

from babel import Locale
from django.utils.translation import get_language

# CLDR lists regions that are no place to ship to.
_NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}


def country_name(code: str) -> str:
    """The name of an ISO 3166 alpha-2 country; the code itself where there is none."""
    return _names(_language()).get(code, code)


def country_choices(codes: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """(code, name) sorted by name: of these countries, or of all."""
    names = _names(_language())
    chosen = names if codes is None else {code: names.get(code, code) for code in codes}
    return sorted(chosen.items(), key=lambda pair: pair[1])


def _language() -> str:
    return "zh" if (get_language() or "en").startswith("zh") else "en"


@cache
def _names(language: str) -> dict[str, str]:
    territories = Locale(language).territories
    return {
        code: str(name)
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    }
