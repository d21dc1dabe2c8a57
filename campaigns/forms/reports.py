"""Reporting a campaign, and deciding about reports."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import ReportKind


class ReportForm(forms.Form):
    """What is wrong, and where we can answer."""

    kind = forms.ChoiceField(label=_("What is wrong?"), choices=ReportKind.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What did you see?"), max_length=2000, min_length=10, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("A few sentences; say where in the campaign it stands."),
    )  # fmt: skip
    work = forms.CharField(
        label=_("Your work, and where it can be seen"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Only for a claim of rights."),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Your e-mail address"), required=False, max_length=254,
        help_text=_("To confirm that we have your report and to tell you what was decided. The creator never sees it."),
    )  # fmt: skip

    def __init__(self, *args: Any, signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if signed_in:
            del self.fields["email"]


class CaseDecisionForm(forms.Form):
    """Right or not, and why."""

    decision = forms.ChoiceField(choices=[("upheld", _("Upheld")), ("dismissed", _("Dismissed"))])
    reason = forms.CharField(max_length=2000)
