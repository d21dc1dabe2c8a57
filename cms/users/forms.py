"""Forms of one's own account, and of accounts in the admin."""

import zoneinfo
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm, UserEditForm

from cms.core.countries import country_choices
from cms.users import roles, services
from cms.users.models import User


def _timezones() -> list[tuple[str, str]]:
    places = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    names = sorted(name for name in zoneinfo.available_timezones() if name.startswith(places))
    return [(name, name.replace("_", " ")) for name in ["UTC", *names]]


class ProfileForm(forms.Form):
    """What a person says of themselves, and how the platform speaks to them."""

    display_name = forms.CharField(
        label=_("Name"),
        max_length=80,
        required=False,
        help_text=_("What others see. Your e-mail address stays private."),
    )
    bio = forms.CharField(
        label=_("About you"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    photo = forms.ImageField(label=_("Photo"), required=False)
    locale = forms.ChoiceField(label=_("Language"), help_text=_("The language of mails to you."))
    timezone = forms.ChoiceField(label=_("Time zone"), choices=_timezones)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["locale"].choices = settings.LANGUAGES  # type: ignore[attr-defined]


class CreatorForm(forms.Form):
    """What the platform must know of a creator."""

    display_name = forms.CharField(
        label=_("Name that backers will see"), min_length=2, max_length=80,
        help_text=_("Your own, or that of your workshop or company."),
    )  # fmt: skip
    country = forms.ChoiceField(label=_("Country where you are paid out"))
    payee_kind = forms.ChoiceField(
        label=_("You act as"), choices=User.PayeeKind.choices, help_text=_("It decides which tax rule applies.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = country_choices(services.PAYOUT_COUNTRIES)  # type: ignore[attr-defined]


class _PersonForm:
    """What both admin forms share: one name, roles by checkbox, and nobody rises above who edits."""

    first_name = None
    last_name = None

    def __init__(self, *args: Any, by_superuser: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        fields["groups"].queryset = Group.objects.filter(name__in=roles.ALL)  # type: ignore[attr-defined]
        fields["groups"].required = False
        fields["locale"] = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
        if not by_superuser:
            fields.pop("is_superuser", None)


class PersonCreationForm(_PersonForm, UserCreationForm):
    """Add somebody. They get in by the password reset link, once they have shown that the address is theirs."""

    class Meta(UserCreationForm.Meta):
        fields: ClassVar = ["email", "display_name", "locale", "is_superuser", "groups"]

    def save(self, commit: bool = True) -> User:
        """Store without a password."""
        self.instance.set_unusable_password()
        return super().save(commit)

    def clean_email(self) -> str:
        """Lower case, as everywhere."""
        return str(self.cleaned_data["email"]).lower()


class PersonEditForm(_PersonForm, UserEditForm):
    """Change somebody's name, roles and admission. The address is theirs to change: it must be proven."""

    class Meta(UserEditForm.Meta):
        fields: ClassVar = ["email", "display_name", "locale", "is_active", "is_superuser", "groups"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].disabled = True
