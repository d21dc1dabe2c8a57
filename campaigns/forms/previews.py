"""Forms of shared drafts: the team's new link, a reader's comment."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import CampaignPage
from campaigns.services.sharing_drafts import DAYS, MOST_TEXT


class ShareForm(forms.Form):
    """A link: to which language, for whom, for how long."""

    PERIODS = ((1, _("One day")), (7, _("A week")), (14, _("Two weeks")), (30, _("A month")), (90, _("Three months")))

    page = forms.TypedChoiceField(label=_("Language"), coerce=int)
    label = forms.CharField(
        label=_("For whom"), max_length=80, required=False, help_text=_("For your own list; readers don't see it.")
    )
    days = forms.TypedChoiceField(label=_("Good for"), choices=PERIODS, coerce=int, initial=DAYS)

    def __init__(self, *args: Any, pages: list[CampaignPage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(page.pk, page.locale.get_display_name()) for page in pages]
        self.fields["page"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["page"].widget = forms.HiddenInput()
            self.fields["page"].initial = choices[0][0]


class RemarkForm(forms.Form):
    """What a reader says. Nobody has to give a name."""

    part = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(
        label=_("Your comment"), max_length=MOST_TEXT, widget=forms.Textarea(attrs={"rows": 4, "maxlength": MOST_TEXT})
    )
    name = forms.CharField(label=_("Your name"), max_length=60, required=False)

    def __init__(self, *args: Any, parts: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"].choices = [("", _("The whole page")), *parts.items()]  # type: ignore[attr-defined]
