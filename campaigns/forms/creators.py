"""Forms of creators' pages, papers and teams."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models.collaborators import SCOPE_LABELS
from campaigns.policies import SCOPES
from cms.core.countries import country_choices
from cms.users import papers
from cms.users.models import CreatorProfile, User
from cms.users.services import PAYOUT_COUNTRIES
from cms.users.services.documenting import PaperInput
from cms.users.services.presenting import MOST_LINKS


class CreatorPageForm(forms.Form):
    """Who they are, as what they act, and what their public page says."""

    display_name = forms.CharField(label=_("Name that backers will see"), min_length=2, max_length=80)
    photo = forms.ImageField(label=_("Photo"), required=False)
    payee_kind = forms.ChoiceField(
        label=_("You act as"), choices=User.PayeeKind.choices,
        help_text=_("It decides which documents are asked of you and which tax rule applies."),
    )  # fmt: skip
    country = forms.ChoiceField(label=_("Country where you are paid out"))
    place = forms.CharField(label=_("Where you work"), max_length=80, required=False)
    bio_en = forms.CharField(
        label=_("About you (English)"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    bio_zh = forms.CharField(
        label=_("About you (Chinese)"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    links = forms.CharField(
        label=_("Links"), required=False, max_length=1600, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One address a line, beginning with https://; five at most."),
    )  # fmt: skip

    def __init__(self, *args: Any, profile: CreatorProfile, **kwargs: Any) -> None:
        user = profile.user
        initial = {name: getattr(profile, name) for name in ("place", "bio_en", "bio_zh")}
        initial |= {"display_name": user.display_name, "payee_kind": profile.kind, "country": user.country or "CN"}
        kwargs["initial"] = {**initial, "links": "\n".join(profile.links)}
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = country_choices(PAYOUT_COUNTRIES)  # type: ignore[attr-defined]
        if profile.kind_fixed_at is not None:
            self.fields["payee_kind"].disabled = True
            fixed = _("Fixed at your first launch: backers and the tax rule relied on it.")
            self.fields["payee_kind"].help_text = fixed

    def link_list(self) -> list[str]:
        """The addresses, one a line."""
        return str(self.cleaned_data["links"]).splitlines()[: MOST_LINKS + 1]


class PaperForm(forms.Form):
    """One document and what stands on it."""

    number = forms.CharField(label=_("Number"), max_length=80)
    issuer = forms.CharField(label=_("Issued by"), max_length=120)
    issued_on = forms.DateField(label=_("Issued on"), widget=forms.DateInput(attrs={"type": "date"}))
    expires_on = forms.DateField(label=_("Valid until"), widget=forms.DateInput(attrs={"type": "date"}))
    file = forms.FileField(
        label=_("File"), help_text=_("A PDF, or a picture as JPEG or PNG, of 10 MB at most."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )  # fmt: skip

    def __init__(self, *args: Any, type_: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.type_ = type_
        if not papers.rule(type_).expires:
            self.fields["expires_on"].required = False
            self.fields["expires_on"].help_text = _("Leave it empty where the document has no last day.")

    def paper(self) -> PaperInput:
        """What is said of it."""
        data = self.cleaned_data
        return PaperInput(
            type=self.type_, number=data["number"], issuer=data["issuer"], issued_on=data["issued_on"],
            expires_on=data["expires_on"],
        )  # fmt: skip


class VerdictForm(forms.Form):
    """A decision about one document."""

    document = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=[("approve", ""), ("reject", ""), ("revoke", "")])
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class LookForm(forms.Form):
    """Why somebody who isn't verifying needs to see a document."""

    reason = forms.CharField(label=_("Why you need to see this document"), max_length=500)


class InviteForm(forms.Form):
    """Somebody and what they would do."""

    email = forms.EmailField(label=_("E-mail address"))
    scopes = forms.MultipleChoiceField(
        label=_("What they look after"), choices=[(str(scope), SCOPE_LABELS[str(scope)]) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


class ProposeForm(forms.Form):
    """Why another payout account is needed."""

    reason = forms.CharField(label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
