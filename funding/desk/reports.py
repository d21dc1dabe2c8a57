"""Reports of the three proofs: the last result in plain words, both sides' numbers, the runs before, and a button."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from funding.desk import labels, subjects
from funding.desk.columns import instant
from funding.desk.pages import DeskPage
from funding.models import AuditRun
from funding.money import EXPONENTS, format_money
from funding.services import checking

KINDS = labels.PROOFS
SHOWN_RUNS = 30


def in_words(run: AuditRun | None) -> str:
    """What came of a run, in one sentence."""
    if run is None:
        return _("Not run yet.")
    values = {"when": instant(run.finished_at), "rows": sum(run.checked.values()), "count": len(run.problems)}
    if run.ok is None:
        return _("%(when)s: it could not be run.") % values
    if run.ok:
        return _("%(when)s: everything agrees. %(rows)s numbers were compared.") % values
    some = ngettext(
        "%(when)s: %(count)s difference.", "%(when)s: %(count)s differences.", len(run.problems)
    )  # fmt: skip
    return some % values


def tone(run: AuditRun | None) -> str:
    """How a run's result is shown."""
    if run is None or run.ok is None:
        return "busy"
    return "good" if run.ok else "bad"


class ReportPage(DeskPage):
    """One proof: its latest run or the one that is asked for, and those before it."""

    template_name = "funding/desk/report.html"
    header_icon = "glasses"
    kind = ""
    explanation: Any = ""
    sides: ClassVar[tuple[Any, Any]] = (gettext_lazy("Should be"), gettext_lazy("Is"))

    def get_page_title(self) -> str:
        """Which proof."""
        return str(KINDS[self.kind])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Run it now, and show what came of it."""
        checking.ask_for(kind=self.kind, actor=request.user)  # type: ignore[arg-type]
        return redirect(request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The run, its problems and the history."""
        runs = AuditRun.objects.filter(kind=self.kind, finished_at__isnull=False).select_related("by").order_by("-pk")
        asked = self.request.GET.get("run", "")
        run = runs.filter(pk=int(asked)).first() if asked.isascii() and asked.isdigit() else None
        run = run or runs.first()
        return super().get_context_data(
            run=run, words=in_words(run), tone=tone(run), explanation=self.explanation, sides=self.sides,
            problems=[_problem(one) for one in (run.problems if run else [])],
            checked=[(labels.CHECKS.get(name, name), count) for name, count in (run.checked if run else {}).items()],
            runs=[
                {"pk": one.pk, "words": in_words(one), "tone": tone(one), "by": one.by or _("Every night"),
                 "seconds": f"{(one.milliseconds or 0) / 1000:.2f}"}
                for one in runs[:SHOWN_RUNS]
            ], **kwargs,
        )  # fmt: skip


def _problem(problem: dict[str, Any]) -> dict[str, Any]:
    currency = problem.get("currency", "")

    def number(value: int) -> str:
        return format_money(value, currency, exact=True) if currency in EXPONENTS else str(value)

    return {
        "check": labels.CHECKS.get(problem["check"], problem["check"]), "subject": subjects.show(problem["subject"]),
        "expected": number(problem["expected"]), "found": number(problem["found"]),
    }  # fmt: skip


class AuditPage(ReportPage):
    """The ledger against the business rows."""

    kind = "audit"
    explanation = gettext_lazy(
        "Compares the ledger with what payments, refunds, releases and payouts say, to the minor unit."
    )


class ReconcilePage(ReportPage):
    """The journal against the provider."""

    kind = "reconcile"
    sides = (gettext_lazy("In our books"), gettext_lazy("With the provider"))
    explanation = gettext_lazy(
        "Reads the provider's own list of movements, books its fees and the platform's own money, and compares every"
        " charge, refund, transfer and dispute with our journal. What is younger than an hour may still be on its way."
    )


class RebuildPage(ReportPage):
    """Kept balances against fresh ones."""

    kind = "rebuild"
    sides = (gettext_lazy("Computed afresh"), gettext_lazy("As kept"))
    explanation = gettext_lazy(
        "Computes every running balance and every campaign's total from the journal alone, in a table of its own, and"
        " compares. Nothing is ever put right by itself."
    )
