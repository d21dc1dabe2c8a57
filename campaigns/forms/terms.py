"""The form of the draft terms."""

from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.exceptions import InvalidTerms
from campaigns.forms.fields import AmountField, WallClockField, amount_in, typed
from campaigns.models import Campaign, Category
from campaigns.selectors import max_duration_days
from campaigns.services.revising import TermsInput, resolve_local
from funding.money import EXPONENTS

MODES = [
    ("all_or_nothing", _("All or nothing: below the goal, every backer gets everything back")),
    ("keep_it_all", _("Keep it all: you get what comes in, and must deliver whatever it is")),
]
ENDINGS = [("duration", _("A number of days after its launch")), ("deadline", _("A fixed date and time"))]


def zones() -> list[tuple[str, str]]:
    """Time zones by region."""
    places = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/")))
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in places)]


def categories() -> list[tuple[str, list[tuple[int, str]]]]:
    """The tree, as groups of choices: a root can be chosen, too."""
    roots = Category.objects.filter(parent=None).prefetch_related("children")
    return [(str(root), [(root.pk, str(root)), *((child.pk, f"{root} › {child}") for child in root.children.all())])
            for root in roots]  # fmt: skip


class TermsForm(forms.Form):
    """All terms but the rewards, with the revision that the editor saw."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    category = forms.ModelChoiceField(Category.objects.all(), label=_("Category"), required=False)
    goal = AmountField(
        label=_("Goal"), required=False,
        help_text=_("What you need to keep your promise, in the currency's own units, for example 50000."),
    )  # fmt: skip
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(code, code) for code in EXPONENTS],
        help_text=_("Prices, fees and payouts are in this currency. It can't change once there are rewards."),
    )  # fmt: skip
    mode = forms.ChoiceField(label=_("If the goal is missed"), choices=MODES, widget=forms.RadioSelect)
    ending = forms.ChoiceField(label=_("It ends"), choices=ENDINGS, widget=forms.RadioSelect)
    duration_days = forms.IntegerField(label=_("Days"), required=False, min_value=1)
    deadline = WallClockField(label=_("Deadline"), required=False)
    timezone = forms.ChoiceField(label=_("On the clocks of"), choices=zones)

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": _initial(campaign), **kwargs})
        self.fields["category"].choices = [("", "—"), *categories()]  # type: ignore[attr-defined]
        self.fields["duration_days"].help_text = _("From 1 to %(days)d.") % {"days": max_duration_days()}

    def terms(self) -> TermsInput | None:
        """What was entered, or None with errors on the fields."""
        data = self.cleaned_data
        goal = amount_in(self, "goal", data["currency"])
        deadline = duration = None
        if data["ending"] == "duration":
            duration = data["duration_days"]
        elif data["deadline"] is not None:
            try:
                deadline = resolve_local(data["deadline"], data["timezone"])
            except InvalidTerms as error:
                self.add_error(error.field, ValidationError(str(error)))
        if self.errors:
            return None
        return TermsInput(
            currency=data["currency"], goal=goal, mode=data["mode"], category=data["category"],
            duration_days=duration, deadline=deadline, timezone=data["timezone"],
        )  # fmt: skip


def _initial(campaign: Campaign) -> dict[str, Any]:
    local = timezone.localtime(campaign.deadline, ZoneInfo(campaign.timezone)) if campaign.deadline else None
    return {
        "revision": campaign.terms_revision,
        "category": campaign.category_id,
        "goal": typed(campaign.goal, campaign.currency),
        "currency": campaign.currency,
        "mode": campaign.mode,
        "ending": "deadline" if campaign.deadline else "duration",
        "duration_days": campaign.duration_days,
        "deadline": local,
        "timezone": campaign.timezone,
    }
