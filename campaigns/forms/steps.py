"""Forms of the steps: submit, launch, offer more."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.fields import MonthField, WallClockField


class SubmitForm(forms.Form):
    """After approval a story edit says what changed."""

    change_note = forms.CharField(
        label=_("What changed, and why"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Backers read this beside the new version, in the campaign's public history."),
    )  # fmt: skip


class LaunchForm(forms.Form):
    """Now, or at a time."""

    WHEN = (("now", _("Now")), ("later", _("At a set time")))

    when = forms.ChoiceField(label=_("Launch"), choices=WHEN, widget=forms.RadioSelect, initial="now")
    at = WallClockField(label=_("Time"), required=False)

    def clean(self) -> dict[str, Any]:
        """A time needs a time."""
        cleaned = super().clean() or {}
        if cleaned.get("when") == "later" and not cleaned.get("at") and "at" not in self.errors:
            self.add_error("at", _("Enter a date and a time."))
        return cleaned


class DeliveryForm(forms.Form):
    """Another month for a launched reward, and why."""

    month = MonthField(label=_("Expected in"))
    reason = forms.CharField(
        label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Every backer of this reward gets it by mail, and it stands in the public history."),
    )  # fmt: skip


class QuantityForm(forms.Form):
    """More of a launched reward, or of one variant."""

    variant = forms.CharField(required=False, widget=forms.HiddenInput)
    quantity = forms.IntegerField(label=_("How many there are"), required=False, min_value=1)
    reason = forms.CharField(required=False, max_length=500)
