"""Why each field of a reward that somebody has chosen can't change: beside it in the studio, in refusals of the API."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_WORDS = _("Backers chose it by these words.")
_SEEN = _("Backers chose it as it was shown.")

# By the fields of `RewardInput`; what isn't here may still change.
REASONS: dict[str, Promise] = {
    "title_en": _WORDS,
    "title_zh": _WORDS,
    "description_en": _WORDS,
    "description_zh": _WORDS,
    "image": _SEEN,
    "kind": _SEEN,
    "price": _("Backers have paid it, and the next ones pay the same."),
    "is_addon": _("Pledges were put together by it."),
    "per_person_limit": _("The same number for everybody, first or last."),
    "shipping": _("Backers paid these fees to these places."),
    "delivery_month": _("It is a promise: what backers were told stays to be read."),
    "window_start": _("Backers planned by it."),
    "window_end": _("Backers planned by it."),
    "secret": _("Who has its link counts on it, and who hasn't may not learn of it."),
}


def reasons(names: Iterable[str]) -> dict[str, str]:
    """The reasons of some fields, in the reader's language."""
    return {name: str(REASONS[name]) for name in names}
