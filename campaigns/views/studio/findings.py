"""What the automatic checks found, as a reviewer reads it: sentences, and the evidence in words or pictures."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaigns.models import CheckResult, Severity, Submission
from campaigns.services import checking
from campaigns.services.checks import CHECKS
from cms.images.models import Image

STATUS = {
    Severity.FINE: "positive", Severity.NOTE: "", Severity.WARNING: "warning", Severity.SERIOUS: "critical",
}  # fmt: skip


@dataclass(frozen=True)
class Proof:
    """One piece of evidence: a line, where it leads, and two pictures to lay side by side."""

    text: str
    url: str = ""
    pictures: tuple[Image, ...] = ()


@dataclass(frozen=True)
class Found:
    """One finding."""

    words: str
    label: str
    status: str
    proofs: list[Proof]


@dataclass(frozen=True)
class Check:
    """One check: its name, how it ended, what it found. `pending`: it hasn't run yet."""

    name: str
    label: str
    status: str
    pending: bool = False
    found: list[Found] = field(default_factory=list)


def shown(submission: Submission) -> list[Check]:
    """All checks in their order, those that found the most serious things first."""
    results = {result.check_code: result for result in submission.checks.all()}
    pictures, reviews = _looked_up(results.values())
    rows: list[tuple[int, Check]] = []
    for code, (name, _run) in CHECKS.items():
        result = results.get(code)
        if result is None:
            rows.append((0, Check(str(name), _("Not run yet"), "", pending=True)))
            continue
        found = [
            Found(
                words=in_language(finding["words"]), label=str(Severity(finding["severity"]).label),
                status=STATUS[Severity(finding["severity"])],
                proofs=[proof(evidence, pictures, reviews) for evidence in finding["evidence"]],
            )
            for finding in sorted(result.findings, key=lambda finding: -finding["severity"])
        ]  # fmt: skip
        severity = Severity(result.severity)
        rows.append((result.severity, Check(str(name), str(severity.label), STATUS[severity], found=found)))
    return [check for _rank, check in sorted(rows, key=lambda row: -row[0])]


def in_language(words: dict[str, str]) -> str:
    """The sentence in the reader's language."""
    return words.get(get_language() or "en") or next(iter(words.values()), "")


def _looked_up(results: Iterable[CheckResult]) -> tuple[dict[int, Image], dict[str, int]]:
    """Pictures by id, and the newest submission of each campaign that is named: two queries for all."""
    evidence = [one for result in results for finding in result.findings for one in finding["evidence"]]
    ids = {one[side] for one in evidence if one["type"] == "picture" for side in ("mine", "theirs")}
    keys = {one["campaign"] for one in evidence if one.get("campaign")}
    newest = Submission.objects.filter(campaign__key__in=keys).order_by("campaign", "-number").distinct("campaign")
    return (
        Image.objects.prefetch_related("renditions").in_bulk(ids) if ids else {},
        dict(newest.values_list("campaign__key", "pk")) if keys else {},
    )


def proof(evidence: dict[str, Any], pictures: dict[int, Image], reviews: dict[str, int]) -> Proof:
    """One piece of evidence in words of the reader's language."""
    review = reviews.get(evidence.get("campaign", ""))
    url = reverse("studio:review", args=[review]) if review else ""
    side_by_side = tuple(
        pictures[evidence[side]] for side in ("mine", "theirs") if evidence.get(side) in pictures
    )  # fmt: skip
    return Proof(_TEXTS[evidence["type"]](evidence), url, side_by_side)


def _campaign(evidence: dict[str, Any]) -> str:
    title = in_language(evidence.get("titles", {})) or evidence["campaign"]
    creator = evidence.get("creator")
    return _("“%(title)s” by %(creator)s") % {"title": title, "creator": creator} if creator else title


def _words(evidence: dict[str, Any]) -> str:
    return f"{_language(evidence)}: “{evidence['words']}” · {evidence['around']}"


def _numbers(evidence: dict[str, Any]) -> str:
    return f"{_language(evidence)}: {', '.join(evidence['numbers'])}"


def _language(evidence: dict[str, Any]) -> str:
    return checking.NAMES.get(evidence["locale"], evidence["locale"])


def _text(evidence: dict[str, Any]) -> str:
    part = _("%(share)s %% of the passages") % {"share": evidence["share"]}
    return f"{_campaign(evidence)} · {part}"


def _account(evidence: dict[str, Any]) -> str:
    return f"{evidence['name']} · •••• {evidence['last4']}" if evidence["last4"] else str(evidence["name"])


def _share(evidence: dict[str, Any]) -> str:
    return _("%(share)s %% of the money of this creator's campaigns") % {"share": evidence["share"]}


def _reward(evidence: dict[str, Any]) -> str:
    more = [evidence[key] for key in ("cost", "price", "month", "ready") if evidence.get(key)]
    return " · ".join([in_language(evidence["titles"]), *more])


def _sums(evidence: dict[str, Any]) -> str:
    text = _("Goal %(goal)s, needed %(least)s") % {"goal": evidence["goal"], "least": evidence["least"] or "—"}
    return f"{text} · {_('Calculation %(number)s') % {'number': evidence['number']}}"


def _name(evidence: dict[str, Any]) -> str:
    return str(evidence["name"])


_TEXTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "words": _words, "numbers": _numbers, "text": _text, "picture": _campaign, "campaign": _campaign,
    "account": _account, "share": _share, "reward": _reward, "sums": _sums, "person": _name, "backer": _name,
}  # fmt: skip
