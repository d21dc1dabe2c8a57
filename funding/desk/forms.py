"""What people enter on the desk."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cms.core.errors import InvalidInput
from cms.core.languages import language_name
from cms.core.timetravel import parse_duration
from funding.desk.labels import CHOICES
from funding.documents.statements import KINDS
from funding.money import EXPONENTS, format_money, major, parse_major
from funding.statements import StatementFilters, day_start


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500,
        help_text=_("Kept for good, with your name and the time."),
    )  # fmt: skip


class PublicReasonForm(forms.Form):
    """A reason that everybody reads: in the language of whoever writes it, and in the other if they know it."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500,
        help_text=_("Shown in public on the campaign's page."),
    )  # fmt: skip
    translation = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mine = get_language() or "en"
        self.other = next(code for code, _name in settings.LANGUAGES if code != self.mine)
        language = language_name(self.other, reader=self.mine)
        self.fields["translation"].label = _("The same in %(language)s") % {"language": language}
        self.fields["translation"].help_text = _("Without it, readers of that language get the above and are told so.")

    def reasons(self) -> dict[str, str]:
        """The words by locale."""
        return {self.mine: self.cleaned_data["reason"], self.other: self.cleaned_data["translation"]}


class NothingForm(forms.Form):
    """A plain yes."""


class AmountForm(forms.Form):
    """How much. `remaining` in minor units of `currency`."""

    amount = forms.CharField(label=_("Amount"))

    def __init__(self, *args: Any, remaining: int, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["amount"].initial = major(remaining, currency)
        most = format_money(remaining, currency, exact=True)
        self.fields["amount"].help_text = _("At most %(amount)s.") % {"amount": most}

    def clean_amount(self) -> int:
        """Minor units."""
        try:
            return parse_major(self.cleaned_data["amount"], self.currency)
        except InvalidInput as error:
            raise forms.ValidationError(str(error)) from error


class RefundForm(AmountForm, ReasonForm):
    """How much goes back, and why."""

    field_order = ("amount", "reason")


class RecoveryForm(AmountForm):
    """How much of a debt came in, and the transfer that shows it."""

    reference = forms.CharField(
        label=_("The bank's reference"), max_length=200, help_text=_("The same reference is booked once only.")
    )
    field_order = ("amount", "reference")


class FloatForm(forms.Form):
    """The platform's own money, as it came to the bank. `amount` becomes minor units."""

    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in sorted(EXPONENTS)])
    amount = forms.CharField(label=_("Amount"))
    reference = forms.CharField(
        label=_("The bank's reference"), max_length=60, help_text=_("The same reference is booked once only.")
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500)

    def clean(self) -> dict[str, Any]:
        """The amount in the chosen currency."""
        cleaned = super().clean() or {}
        if "amount" in cleaned and "currency" in cleaned:
            try:
                cleaned["amount"] = parse_major(cleaned["amount"], cleaned["currency"])
            except InvalidInput as error:
                self.add_error("amount", str(error))
        return cleaned


class BankForm(forms.Form):
    """A transfer that was made by hand."""

    proof = forms.CharField(
        label=_("Bank's reference"), max_length=200, help_text=_("As the bank's statement has it: the proof.")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class BankReferenceForm(forms.Form):
    """What the bank calls a transfer."""

    reference = forms.CharField(
        label=_("Bank's reference"), max_length=60, help_text=_("As the bank's statement has it: the proof.")
    )


class HoldForm(ReasonForm):
    """What is to become of held money, and why."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500,
        help_text=_("Kept for good, with your name and the time. If the money goes back, backers read it."),
    )  # fmt: skip
    choice = forms.ChoiceField(label=_("What is to be done"), choices=list(CHOICES.items()), widget=forms.RadioSelect)
    field_order = ("choice", "reason")


class TimeForm(forms.Form):
    """How far the demo's clock moves on."""

    duration = forms.CharField(label=_("Move on by"), initial="1d", help_text=_("For example 30s, 10m, 2h or 3d."))

    def clean_duration(self) -> Any:
        """A timedelta."""
        try:
            return parse_duration(self.cleaned_data["duration"])
        except ValueError as error:
            raise forms.ValidationError(_("Write 30s, 10m, 2h or 3d.")) from error


class StatementForm(forms.Form):
    """Which lines of a statement show."""

    kind = forms.ChoiceField(label=_("Description"), required=False, choices=[("", _("Everything")), *KINDS.items()])
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def filters(self) -> StatementFilters:
        """The filters, both days included; nothing chosen shows everything."""
        chosen = self.cleaned_data if self.is_valid() else {}
        return StatementFilters(
            kind=chosen.get("kind", ""),
            since=day_start(chosen.get("since")),
            until=day_start(chosen.get("until"), days=1),
            escrow=chosen.get("escrow", ""),
            account=chosen.get("account", ""),
            currency=chosen.get("currency", ""),
        )


class PlatformStatementForm(StatementForm):
    """The platform's statement, by account."""

    account = forms.CharField(
        label=_("Account"), required=False,
        widget=forms.TextInput(attrs={"placeholder": "provider:stripe", "list": "desk-accounts"}),
    )  # fmt: skip
    currency = forms.CharField(label=_("Currency"), required=False, max_length=3)
    escrow = forms.CharField(label=_("Campaign key"), required=False)
    field_order = ("account", "currency", "escrow", "kind", "since", "until")


class PeriodForm(forms.Form):
    """From which day to which, both included."""

    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def period(self) -> tuple[datetime | None, datetime | None]:
        """The instants, the second exclusive; none where nothing was chosen."""
        chosen = self.cleaned_data if self.is_valid() else {}
        return day_start(chosen.get("since")), day_start(chosen.get("until"), days=1)


class RemittanceForm(ReasonForm):
    """How much tax was paid to which authority."""

    regime = forms.CharField(label=_("Tax regime"), max_length=40)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in sorted(EXPONENTS)])
    amount = forms.CharField(label=_("Amount"))
    reference = forms.CharField(label=_("Reference of the payment"), max_length=60)
    field_order = ("regime", "currency", "amount", "reference", "reason")

    def clean(self) -> dict[str, Any]:
        """The amount in minor units of the currency."""
        cleaned = super().clean() or {}
        if "amount" in cleaned and "currency" in cleaned:
            try:
                cleaned["amount"] = parse_major(cleaned["amount"], cleaned["currency"])
            except InvalidInput as error:
                self.add_error("amount", str(error))
        return cleaned
