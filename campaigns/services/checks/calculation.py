"""Do the sums add up? Reads the calculation that was handed in with the submission, where there is one."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from campaigns.models import Severity
from campaigns.services.checks.findings import Finding, Material, in_both
from funding.money import format_money


def check(material: Material) -> Iterator[Finding]:
    """A goal below what the creator's own sums ask for, a loss, sums of other terms or in another currency."""
    terms = material.submission.terms
    calculation = material.submission.calculation
    if calculation is None or material.submission.change_note:
        # That physical rewards have no costs at all is a finding of their feasibility.
        return
    currency, least, left = terms["currency"], calculation.minimum_goal, calculation.left_at_goal
    shown = [{"type": "sums", "goal": format_money(terms["goal"], currency),
              "least": format_money(least, currency) if least is not None else "",
              "break_even": calculation.break_even, "number": calculation.number}]  # fmt: skip
    if calculation.currency != currency:
        say = in_both(lambda: _("The calculation is in another currency than the goal."))
        yield Finding("calculation_currency", Severity.WARNING, say, shown, for_creator=True)
        return
    if calculation.terms_revision != material.campaign.terms_revision:
        say = in_both(lambda: _("The terms changed after the calculation was saved."))
        yield Finding("calculation_stale", Severity.NOTE, say, shown, for_creator=True)
    if least is not None and terms["goal"] < least:
        say = in_both(lambda: _("The goal is lower than what the creator's own calculation needs."))
        yield Finding("goal_too_low", Severity.SERIOUS, say, shown, for_creator=True)
        return
    if calculation.break_even is None or (left is not None and left < 0):
        say = in_both(lambda: _("By the creator's own calculation the campaign ends in a loss."))
        yield Finding("calculated_loss", Severity.SERIOUS, say, shown, for_creator=True)
