"""Can it be made as told? A physical reward needs a prototype that shows it, its costs and a plan to deliver."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from campaigns.models import Severity
from campaigns.models.feasibility import Stage
from campaigns.services.checks.findings import Finding, Material, in_both
from cms.core.clock import now
from funding.money import format_money

SHORTEST = 40
_LABELLED = re.compile(
    r"\brender(?:ing|ed|s)?\b|\bmock-?ups?\b|\bCGI\b|\bconcept (?:art|image)|效果图|渲染|示意图|概念图", re.IGNORECASE
)


def check(material: Material) -> Iterator[Finding]:
    """What the sheet lacks, and what it contradicts."""
    if not material.physical or material.submission.change_note:
        return
    sheet: dict[str, Any] = material.submission.feasibility or {}
    yield from _prototype(material, sheet)
    yield from _costs(material)
    yield from _delivery(material, sheet)


def _prototype(material: Material, sheet: dict[str, Any]) -> Iterator[Finding]:
    if sheet.get("stage") in {None, "", Stage.IDEA, Stage.RENDERING} or len(sheet.get("evidence", "")) < SHORTEST:
        yield _finding("prototype_missing", Severity.SERIOUS,
                       lambda: _("A physical reward is promised, and nothing shows a prototype of it."))  # fmt: skip
    elif not sheet.get("picture"):
        yield _finding("prototype_picture_missing", Severity.NOTE, lambda: _("No photograph shows the prototype."))
    if sheet.get("uses_renderings"):
        captions = "\n".join(material.texts.values()) + "".join(page.hero_alt for page in material.pages.values())
        if not _LABELLED.search(captions):
            yield _finding("renderings_unlabelled", Severity.SERIOUS,
                           lambda: _("Some pictures are renderings, and none of them says so."))  # fmt: skip


def _costs(material: Material) -> Iterator[Finding]:
    currency = material.submission.terms["currency"]
    calculation = material.submission.calculation
    lines = calculation.sheet["lines"] if calculation and calculation.currency == currency else []
    costs = {line["reward"]: line["unit_cost"] for line in lines if line["unit_cost"]}
    missing = [reward for reward in material.physical if not reward["is_addon"] and reward["key"] not in costs]
    if missing:
        yield _finding("costs_missing", Severity.WARNING, lambda: _("What some rewards cost to make is not told."),
                       [_reward(reward) for reward in missing])  # fmt: skip
    dear = [reward for reward in material.physical if (costs.get(reward["key"]) or 0) >= reward["price"]]
    if dear:
        yield _finding(
            "costs_above_price", Severity.SERIOUS, lambda: _("Making some rewards costs as much as backers pay."),
            [
                {**_reward(reward), "price": format_money(reward["price"], currency),
                 "cost": format_money(costs[reward["key"]], currency)}
                for reward in dear
            ],
        )  # fmt: skip


def _delivery(material: Material, sheet: dict[str, Any]) -> Iterator[Finding]:
    if len(sheet.get("delivery_plan", "")) < SHORTEST:
        yield _finding("plan_missing", Severity.WARNING, lambda: _("Who makes and ships it, and how, is not told."))
    weeks = sheet.get("lead_weeks")
    if not weeks:
        return
    ready = _ends(material.submission.terms) + timedelta(weeks=weeks)
    early = [
        reward for reward in material.physical
        if reward["delivery_month"] and _last_day(date.fromisoformat(reward["delivery_month"])) < ready.date()
    ]  # fmt: skip
    if early:
        yield _finding(
            "promised_too_early", Severity.WARNING,
            lambda: _("By the creator's own plan some rewards are promised before they can be ready."),
            [{**_reward(reward), "month": reward["delivery_month"][:7], "ready": ready.date().isoformat()}
             for reward in early],
        )  # fmt: skip


def _finding(code: str, severity: Severity, say: Any, evidence: list[dict[str, Any]] | None = None) -> Finding:
    return Finding(code, severity, in_both(say), evidence or [], for_creator=True)


def _reward(reward: dict[str, Any]) -> dict[str, Any]:
    return {"type": "reward", "reward": reward["key"], "titles": reward["titles"]}


def _ends(terms: dict[str, Any]) -> datetime:
    if terms["deadline"]:
        return datetime.fromisoformat(terms["deadline"])
    return now() + timedelta(days=terms["duration_days"] or 0)


def _last_day(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
