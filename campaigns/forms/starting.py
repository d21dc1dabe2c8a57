"""The form that begins a campaign."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.terms import categories
from campaigns.models import CampaignTemplatePage, Category
from campaigns.services.checking import NAMES

KINDS = [
    ("reward", _("Rewards: backers get a product, a ticket, a copy")),
    ("donation", _("Donations: backers give, and hear what became of it")),
]


class StartForm(forms.Form):
    """Title, kind, category, template, and the language in which the story is written first."""

    title = forms.CharField(
        label=_("Title"), max_length=255, help_text=_("A working title will do; it can change until the review.")
    )
    language = forms.ChoiceField(
        label=_("Language of the story"), choices=list(NAMES.items()), widget=forms.RadioSelect,
        help_text=_("Write it in the language you think in; the other one can come later."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, widget=forms.RadioSelect, initial="reward")
    category = forms.ModelChoiceField(
        Category.objects.all(), label=_("Category"), required=False, empty_label=None,
        help_text=_("Left open, it is the template's."),
    )  # fmt: skip
    template = forms.ChoiceField(label=_("Template"), required=False)

    def __init__(self, *args: Any, templates: list[CampaignTemplatePage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", "—"), *categories()]  # type: ignore[attr-defined]
        self.fields["template"].choices = [("", ""), *((page.key, page.title) for page in templates)]  # type: ignore[attr-defined]
