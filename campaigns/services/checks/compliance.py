"""Words that a campaign shouldn't use, by language: the same list that helps creators to write."""

from collections.abc import Iterator
from itertools import groupby

from campaigns.assistant import vocabulary
from campaigns.models import Severity
from campaigns.services.checks.findings import Finding, Material

MOST = 12


def check(material: Material) -> Iterator[Finding]:
    """One finding a language and family of claims, with each place as evidence."""
    for locale, text in material.texts.items():
        found = sorted(vocabulary.claims(text, locale), key=lambda claim: claim.kind.code)
        for _code, claims in groupby(found, key=lambda claim: claim.kind.code):
            places = list(claims)
            kind = places[0].kind
            yield Finding(
                f"claim_{kind.code}", Severity.SERIOUS if kind.serious else Severity.WARNING,
                {language: f"{why} {kind.instead[language]}" for language, why in kind.why.items()},
                [
                    {"type": "words", "locale": locale, "words": claim.words, "around": claim.around}
                    for claim in places[:MOST]
                ],
                for_creator=True,
            )  # fmt: skip
