"""What a creator enters for payouts by bank transfer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.services.banking import BankAccount


class BankAccountForm(forms.Form):
    """Whose account, where. What can't be right is refused by the service, beside its field."""

    holder = forms.CharField(
        label=_("Account holder"), max_length=120, help_text=_("You or your organisation, as the bank writes it.")
    )
    bank_name = forms.CharField(label=_("Bank"), max_length=120)
    number = forms.CharField(
        label=_("Account number"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Card or account number, or IBAN. Kept sealed; only our finance team reads it, under a log."),
    )  # fmt: skip
    branch = forms.CharField(
        label=_("Branch"), max_length=120, required=False,
        help_text=_("For banks in mainland China: where it was opened."),
    )  # fmt: skip
    swift = forms.CharField(label=_("SWIFT code"), max_length=14, required=False, help_text=_("For banks elsewhere."))

    def account(self) -> BankAccount:
        """What was entered."""
        return BankAccount(**self.cleaned_data)
