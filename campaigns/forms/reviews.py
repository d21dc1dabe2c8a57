"""Forms of the review: the decision, its rules, and the creator's feasibility sheet."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.images.widgets import AdminImageChooser

from campaigns.forms.fields import AmountField, amount_in, typed
from campaigns.models import Campaign, FeasibilitySheet, ReviewPolicy
from campaigns.models.feasibility import Stage
from campaigns.selectors import pictures_of
from campaigns.services.planning import SheetInput
from cms.images.models import Image
from funding.money import EXPONENTS


class DecisionForm(forms.Form):
    """How a review ends."""

    DECISIONS = (
        ("approve", _("Approve and publish")), ("request_changes", _("Ask for changes")), ("reject", _("Reject")),
    )  # fmt: skip
    SCORES = (
        ("", _("Not judged")), ("5", _("5 – surely")), ("4", _("4 – very likely")), ("3", _("3 – likely")),
        ("2", _("2 – doubtful")), ("1", _("1 – hardly")),
    )  # fmt: skip

    decision = forms.ChoiceField(label=_("Decision"), choices=DECISIONS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The creator reads this. Needed unless you approve without serious findings."),
    )  # fmt: skip
    feasibility = forms.TypedChoiceField(
        label=_("Can it be made and delivered as told?"), choices=SCORES, coerce=int, empty_value=None, required=False
    )


class RulesForm(forms.Form):
    """The rules of review; a limit for each currency, in major units."""

    sla_hours = forms.IntegerField(label=_("Hours until a decision is owed"), min_value=1, max_value=2000)
    claim_minutes = forms.IntegerField(label=_("Minutes that a claim holds"), min_value=1, max_value=2880)
    reason = forms.CharField(label=_("Why they change"), max_length=200)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for currency in EXPONENTS:
            self.fields[f"limit_{currency}"] = AmountField(label=currency, required=False)

    @classmethod
    def of(cls, rules: ReviewPolicy) -> "RulesForm":
        """Filled with the rules in force."""
        limits = {
            f"limit_{currency}": typed(amount, currency) for currency, amount in rules.second_reviewer_limits.items()
        }
        return cls(initial={"sla_hours": rules.sla_hours, "claim_minutes": rules.claim_minutes, **limits})

    @property
    def limit_fields(self) -> list[forms.BoundField]:
        """Those of the currencies."""
        return [self[f"limit_{currency}"] for currency in EXPONENTS]

    def clean(self) -> dict[str, Any]:
        """Amounts in minor units."""
        cleaned = super().clean() or {}
        found = {currency: amount_in(self, f"limit_{currency}", currency) for currency in EXPONENTS}
        self.limits = {currency: amount for currency, amount in found.items() if amount is not None}
        return cleaned


class SheetForm(forms.ModelForm):
    """How it is to be made: read by reviewers only."""

    stage = forms.ChoiceField(label=_("How far it is"), choices=[("", "—"), *Stage.choices], required=False)
    picture = forms.ModelChoiceField(
        Image.objects.none(), label=_("Photograph of the prototype"), required=False, widget=AdminImageChooser()
    )

    class Meta:
        model = FeasibilitySheet
        fields = ("stage", "evidence", "picture", "uses_renderings", "delivery_plan", "lead_weeks")
        widgets = {  # noqa: RUF012
            "evidence": forms.Textarea(attrs={"rows": 5}), "delivery_plan": forms.Textarea(attrs={"rows": 5}),
        }  # fmt: skip

    def __init__(self, *args: Any, campaign: Campaign, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["picture"].queryset = pictures_of(campaign, campaign.creator)  # type: ignore[attr-defined]

    def sheet(self) -> SheetInput:
        """What was entered."""
        return SheetInput(**{name: self.cleaned_data[name] for name in self.Meta.fields})
