"""The back-this form: fixed fields as a Django form, reward lines as numbered inputs."""

import uuid
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.core.countries import country_choices
from cms.core.errors import InvalidInput, Refusal
from funding.models import Escrow, Reward
from funding.money import EXPONENTS, parse_major
from funding.services import channels
from funding.services.ordering import shipping_fee
from funding.services.pledging import LineInput

ANYWHERE = "*"
PROVIDERS = {
    "stripe": _("Card or other ways, on Stripe's page"),
    "wechatpay": _("WeChat Pay"),
    "alipay": _("Alipay"),
}
# Longer numbers are not read: no reward has so many.
MOST_DIGITS = 6


class BackForm(forms.Form):
    """Who backs, with how much beside the rewards, and where things go."""

    extra = forms.CharField(label=_("Extra sum"), required=False, max_length=20)
    country = forms.ChoiceField(label=_("Country"), required=False)
    email = forms.EmailField(label=_("E-mail address"), help_text=_("For the receipt and the link to your pledge."))
    anonymous = forms.BooleanField(
        label=_("Back anonymously"), required=False, help_text=_("Your name is shown to nobody but the creator.")
    )
    message = forms.CharField(
        label=_("Message"), required=False, max_length=280, widget=forms.Textarea(attrs={"rows": 3})
    )
    provider = forms.ChoiceField(label=_("How do you want to pay?"), widget=forms.RadioSelect)
    version = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    idempotency_key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, escrow: Escrow, rewards: list[Reward], signed_in: bool, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("idempotency_key", str(uuid.uuid4()))
        super().__init__(*args, **kwargs)
        self.escrow = escrow
        self.fields["extra"].widget.attrs.update(
            {
                "inputmode": "decimal" if EXPONENTS[escrow.currency] else "numeric",
                "autocomplete": "off",
                "data-extra": "",
            }
        )
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        self._offer_providers()
        if signed_in:
            del self.fields["email"]
        if not rewards:
            self.fields["extra"].label = _("Amount")
        codes = served_countries(rewards)
        if codes is None and not rewards_ship(rewards):
            del self.fields["country"]
        else:
            country = self.fields["country"]
            assert isinstance(country, forms.ChoiceField)
            country.choices = [("", _("Choose a country")), *country_choices(codes)]
            country.widget.attrs.update({"autocomplete": "country", "data-country": ""})

    def _offer_providers(self) -> None:
        """A choice only where there is one."""
        offered = channels.offered_for(self.escrow)
        if len(offered) < 2:
            del self.fields["provider"]
            return
        provider = self.fields["provider"]
        assert isinstance(provider, forms.ChoiceField)
        provider.choices = [(name, PROVIDERS[name]) for name in offered]
        provider.initial = offered[0]

    def clean_extra(self) -> int:
        """Minor units of what was typed; zero for nothing."""
        text = str(self.cleaned_data["extra"])
        try:
            return parse_major(text, self.escrow.currency, field="extra") if text.strip() else 0
        except InvalidInput as error:
            raise forms.ValidationError(str(error), code=error.code) from error


def rewards_ship(rewards: list[Reward]) -> bool:
    """Whether anything has to be sent."""
    return any(reward.shipping for reward in rewards)


def served_countries(rewards: list[Reward]) -> list[str] | None:
    """The countries that something is shipped to; None for everywhere."""
    shipped = [reward.shipping for reward in rewards if reward.shipping]
    if not shipped or any(ANYWHERE in shipping for shipping in shipped):
        return None
    return sorted({code for shipping in shipped for code in shipping})


def check_choice(form: BackForm, lines: list[LineInput], rewards: list[Reward]) -> None:
    """Say at once what is missing of the choice as a whole, beside what single fields lack. The service decides."""
    by_key = {reward.key: reward for reward in rewards}
    if not lines and not form.cleaned_data.get("extra") and "extra" not in form.errors:
        if rewards:
            form.add_error(None, gettext("Choose a reward, or give a sum of your own."))
        else:
            form.add_error("extra", gettext("Say how much you want to give."))
    if "country" not in form.fields or "country" in form.errors:
        return
    for line in lines:
        try:
            shipping_fee(by_key[line.reward].shipping, form.cleaned_data["country"], reward=line.reward)
        except Refusal as refusal:
            form.add_error("country", str(refusal))
            return


def quantity_name(key: str) -> str:
    """The name of a reward's quantity input."""
    return f"quantity-{key}"


def variant_name(key: str) -> str:
    """The name of a reward's choice of variant."""
    return f"variant-{key}"


def read_lines(data: QueryDict, rewards: list[Reward]) -> tuple[list[LineInput], dict[str, list[str]]]:
    """The chosen lines, and what is wrong with them by reward key."""
    lines: list[LineInput] = []
    errors: dict[str, list[str]] = {}
    for reward in rewards:
        text = data.get(quantity_name(reward.key), "").strip()
        if not text or text == "0":
            continue
        if not (text.isascii() and text.isdigit()):
            errors[reward.key] = [gettext("Enter a whole number, 0 or more.")]
            continue
        if len(text) > MOST_DIGITS:
            errors[reward.key] = [gettext("There are not enough of this reward left.")]
            continue
        if int(text) == 0:
            continue
        variant = data.get(variant_name(reward.key)) or None
        lines.append(LineInput(reward=reward.key, quantity=int(text), variant=variant))
    return lines, errors
