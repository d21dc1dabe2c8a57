"""Chinese, Japanese and Korean text for PostgreSQL's full-text search, without an extension.

The stock parser takes an unbroken run of Han for one word, so 手环 inside a sentence is never found. Here each run
is written as overlapping bigrams plus its last character; a query for the same bigrams as a phrase then finds any
part of it. Latin words pass through to the stemmer of the search configuration.
"""

import re
import unicodedata
from dataclasses import dataclass

_CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{_CJK}]+|[^\W{_CJK}]+")
_IS_CJK = re.compile(rf"[{_CJK}]")


@dataclass(frozen=True)
class Term:
    """One thing that must occur: `text` may be several lexemes in a row (a phrase)."""

    text: str
    prefix: bool = False

    def as_tsquery(self) -> str:
        """The operand for `to_tsquery`; tokens are word characters only, so that quotes suffice."""
        return f"'{self.text}'{':*' if self.prefix else ''}"


def index_text(text: str) -> str:
    """The text as it goes into `to_tsvector`: width folded, CJK runs as bigrams, punctuation dropped."""
    return " ".join(_indexed(token) for token in _tokens(text))


def query_terms(text: str) -> list[Term]:
    """What a person asked for, split at spaces and script borders; empty for nothing but punctuation."""
    return [_asked(token) for token in _tokens(text)]


def tsquery(text: str, *, prefix_last: bool = False) -> str:
    """All terms of a query joined by "and", for `to_tsquery`; the empty string finds nothing."""
    terms = query_terms(text)
    if prefix_last and terms and not _IS_CJK.search(terms[-1].text):
        terms[-1] = Term(terms[-1].text, prefix=True)
    return " & ".join(term.as_tsquery() for term in terms)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(unicodedata.normalize("NFKC", text))


def _bigrams(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def _indexed(token: str) -> str:
    return " ".join([*_bigrams(token), token[-1]]) if _IS_CJK.match(token) else token


def _asked(token: str) -> Term:
    if not _IS_CJK.match(token):
        return Term(token)
    # One character alone is the start of some bigram, or the last of a run.
    return Term(" ".join(_bigrams(token))) if len(token) > 1 else Term(token, prefix=True)
