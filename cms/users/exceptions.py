"""Refusals about people and their papers, named for the fact."""

from cms.core.errors import Refusal


class KindFixed(Refusal):
    """Backers relied on as what the creator acts."""

    code = "kind_fixed"


class AlreadyWaiting(Refusal):
    """The same paper waits for a reviewer."""

    code = "document_waiting"


class NotWaiting(Refusal):
    """Somebody has decided it, or its creator took it back."""

    code = "document_not_waiting"


class StillNeeded(Refusal):
    """The creator's verification stands on this paper."""

    code = "document_needed"


class ClaimedByAnother(Refusal):
    """A reviewer has these papers on the table."""

    code = "claimed_by_another"


class NotClaimed(Refusal):
    """Take the papers on your table first."""

    code = "not_claimed"
