"""Fields of the studio: amounts as typed, wall-clock times without a zone, months, rows that come and go."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from funding.money import BadAmount, major, parse_major

_MOMENTS = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S")


class AmountField(forms.CharField):
    """An amount in major units as people type it; `amount_in` turns it into minor ones once the currency is known."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})


def amount_in(form: forms.Form, name: str, currency: str) -> int | None:
    """Minor units of what was typed, or None with the error on the field."""
    text = form.cleaned_data.get(name) or ""
    if not text:
        return None
    try:
        return parse_major(text, currency, field=name)
    except BadAmount as error:
        form.add_error(name, ValidationError(str(error), code="bad_amount"))
        return None


def typed(amount: int | None, currency: str) -> str:
    """How a stored amount stands in its field."""
    if amount is None:
        return ""
    text = major(amount, currency)
    return text.rstrip("0").rstrip(".") if "." in text else text


class WallClockField(forms.DateTimeField):
    """A date and time of some place's clock, kept naive: the place is another field."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENTS[0])

    def to_python(self, value: Any) -> datetime | None:
        """A naive datetime."""
        if value in self.empty_values:
            return None
        for pattern in _MOMENTS:
            try:
                return datetime.strptime(str(value).strip(), pattern)
            except ValueError:
                continue
        raise ValidationError(_("Enter a date and a time."), code="invalid")

    def prepare_value(self, value: Any) -> Any:
        """As the browser's own picker wants it."""
        return value.replace(tzinfo=None) if isinstance(value, datetime) else value


class MonthField(forms.CharField):
    """A month, as its first day."""

    widget = forms.DateInput(attrs={"type": "month"}, format="%Y-%m")

    def to_python(self, value: Any) -> date | None:  # type: ignore[override]
        """The first of the month."""
        if value in self.empty_values:
            return None
        try:
            year, month = (int(part) for part in str(value).strip().split("-")[:2])
            return date(year, month, 1)
        except (ValueError, OverflowError) as error:
            raise ValidationError(_("Enter a month."), code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        """As the browser's own picker wants it."""
        return value.strftime("%Y-%m") if isinstance(value, date) else value


class RowsFormSet(forms.BaseFormSet):
    """Rows with add and remove, driven by Wagtail's own formset controller; works without it, too."""

    deletion_widget = forms.CheckboxInput

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """Mark what the controller looks for."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget = forms.HiddenInput(attrs={"data-w-formset-target": "deleteInput"})

    @property
    def management_form(self) -> Any:
        """Mark the counter and its bounds."""
        form = super().management_form
        for name, target in (("TOTAL", "totalFormsInput"), ("MIN_NUM", "minFormsInput"), ("MAX_NUM", "maxFormsInput")):
            form.fields[f"{name}_FORMS"].widget.attrs["data-w-formset-target"] = target
        return form

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What remains: neither removed nor empty."""
        return [form.cleaned_data for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]


class PercentField(forms.DecimalField):
    """A percentage as people type it, kept as whole basis points: 2.5 → 250."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=100, decimal_places=2, **kwargs)

    def clean(self, value: Any) -> int:
        """Basis points; nothing is none."""
        percent = super().clean(value)
        return 0 if percent is None else int(percent * 100)

    def prepare_value(self, value: Any) -> Any:
        """Basis points as a percentage; what was typed as it was."""
        return f"{value / 100:g}" if isinstance(value, int) else value
