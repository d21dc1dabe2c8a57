"""The form of one reward, with its variants and its shipping."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.images.widgets import AdminImageChooser
from wagtail.permissions import policy_registry

from campaigns.exceptions import InvalidTerms
from campaigns.forms.fields import AmountField, MonthField, RowsFormSet, WallClockField, amount_in, typed
from campaigns.models import Campaign, RewardDraft
from campaigns.services.revising import resolve_local
from campaigns.services.rewarding import REST_OF_WORLD, RewardInput, VariantInput
from cms.core.countries import country_choices
from cms.images.models import Image
from cms.users.models import User

KINDS = [("physical", _("Something that is posted")), ("digital", _("Something digital")), ("service", _("A service"))]


class RewardForm(forms.Form):
    """One reward in both languages; empty quantities mean "as many as wanted"."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    title_en = forms.CharField(label=_("Title (English)"), max_length=80, required=False)
    title_zh = forms.CharField(label=_("Title (Chinese)"), max_length=80, required=False)
    description_en = forms.CharField(
        label=_("Description (English)"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    description_zh = forms.CharField(
        label=_("Description (Chinese)"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    image = forms.ModelChoiceField(
        Image.objects.none(), label=_("Picture"), required=False, widget=AdminImageChooser()
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("What backers get"), choices=KINDS, widget=forms.RadioSelect)
    price = AmountField(label=_("Price"))
    is_addon = forms.BooleanField(label=_("Add-on"), required=False, help_text=_("Only together with another reward."))
    secret = forms.BooleanField(
        label=_("Secret"), required=False,
        help_text=_("Nobody sees it but those to whom you give its link: on no page, in no list and no search."),
    )  # fmt: skip
    quantity = forms.IntegerField(label=_("How many there are"), required=False, min_value=1)
    per_person_limit = forms.IntegerField(label=_("How many one person may have"), required=False, min_value=1)
    delivery_month = MonthField(
        label=_("Delivered in"), required=False, help_text=_("The month in which the last backer has it.")
    )
    window_start = WallClockField(label=_("Offered from"), required=False)
    window_end = WallClockField(label=_("Offered until"), required=False)
    reason = forms.CharField(
        label=_("Why"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Backers read this beside the change, in the campaign's public history."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, campaign: Campaign, user: User, reward: RewardDraft | None = None, **more: Any
    ) -> None:
        self.campaign = campaign
        super().__init__(*args, **{"initial": _initial(campaign, reward), **more})
        pictures = policy_registry.get_by_type(Image).instances_user_has_any_permission_for(user, ["choose", "change"])
        if reward is not None and reward.image_id:
            pictures = pictures | Image.objects.filter(pk=reward.image_id)
        self.fields["image"].queryset = pictures  # type: ignore[attr-defined]
        self.fields["price"].help_text = _("In %(currency)s, for each.") % {"currency": campaign.currency}
        for name in ("window_start", "window_end"):
            self.fields[name].help_text = _("On the clocks of %(zone)s; empty for the whole campaign.") % {
                "zone": campaign.timezone
            }

    def reward(self, shipping: dict[str, int], variants: list[VariantInput]) -> RewardInput | None:
        """What was entered, or None with errors on the fields."""
        data = dict(self.cleaned_data)
        price = amount_in(self, "price", self.campaign.currency)
        windows = {name: self._instant(name, data[name]) for name in ("window_start", "window_end")}
        if self.errors:
            return None
        del data["revision"], data["reason"]
        data.update(windows, price=price, shipping=shipping, variants=variants)
        return RewardInput(**data)

    def _instant(self, name: str, naive: datetime | None) -> datetime | None:
        if naive is None:
            return None
        try:
            return resolve_local(naive, self.campaign.timezone)
        except InvalidTerms as error:
            self.add_error(name, ValidationError(str(error)))
            return None


def _initial(campaign: Campaign, reward: RewardDraft | None) -> dict[str, Any]:
    if reward is None:
        return {"revision": campaign.terms_revision, "kind": "physical"}
    zone = ZoneInfo(campaign.timezone)
    same = ("title_en", "title_zh", "description_en", "description_zh", "kind", "is_addon", "quantity",
            "per_person_limit", "delivery_month", "secret")  # fmt: skip
    return {
        **{name: getattr(reward, name) for name in same},
        "revision": campaign.terms_revision,
        "image": reward.image_id,
        "price": typed(reward.price, campaign.currency),
        "window_start": timezone.localtime(reward.window_start, zone) if reward.window_start else None,
        "window_end": timezone.localtime(reward.window_end, zone) if reward.window_end else None,
    }


class VariantForm(forms.Form):
    """A size or colour."""

    key = forms.CharField(widget=forms.HiddenInput, required=False)
    name_en = forms.CharField(label=_("Name (English)"), max_length=40, required=False)
    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=40, required=False)
    quantity = forms.IntegerField(label=_("How many there are"), required=False, min_value=1)


class ShippingForm(forms.Form):
    """A destination and what one piece costs to get there."""

    country = forms.ChoiceField(label=_("Country"), required=False)
    fee = AmountField(label=_("Fee for each"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = country_choices()
        self.fields["country"].choices = [  # type: ignore[attr-defined]
            ("", "—"), (REST_OF_WORLD, _("Everywhere else")), *named
        ]  # fmt: skip


VariantFormSet = forms.formset_factory(VariantForm, formset=RowsFormSet, extra=0, can_delete=True, max_num=30)
ShippingFormSet = forms.formset_factory(ShippingForm, formset=RowsFormSet, extra=0, can_delete=True, max_num=260)


def variant_rows(reward: RewardDraft | None) -> list[dict[str, Any]]:
    """The initial rows."""
    if reward is None:
        return []
    return [
        {"key": v.key, "name_en": v.name_en, "name_zh": v.name_zh, "quantity": v.quantity}
        for v in reward.variants.all()
    ]


def shipping_rows(campaign: Campaign, reward: RewardDraft | None) -> list[dict[str, Any]]:
    """The initial rows."""
    fees = reward.shipping if reward else {}
    return [{"country": country, "fee": typed(fee, campaign.currency)} for country, fee in fees.items()]


def read_variants(formset: RowsFormSet) -> list[VariantInput]:
    """The rows that were filled in."""
    rows = [row for row in formset.rows if row["name_en"] or row["name_zh"] or row["quantity"]]
    return [VariantInput(row["name_en"], row["name_zh"], row["quantity"], row["key"]) for row in rows]


def read_shipping(formset: RowsFormSet, currency: str) -> dict[str, int]:
    """Fees by country; errors stand on the rows."""
    fees: dict[str, int] = {}
    for form in formset.forms:
        data = form.cleaned_data
        if data.get("DELETE") or not (data.get("country") or data.get("fee")):
            continue
        if not data.get("country"):
            form.add_error("country", ValidationError(_("Choose where this fee is for.")))
        elif data["country"] in fees:
            form.add_error("country", ValidationError(_("This country is listed twice.")))
        elif not data.get("fee"):
            form.add_error("fee", ValidationError(_("Enter the fee; 0 if it is included.")))
        elif (fee := amount_in(form, "fee", currency)) is not None:
            fees[data["country"]] = fee
    return fees
