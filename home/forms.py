"""Forms of curation."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateTimeInput

from campaigns.models import Campaign
from cms.core import clock
from home.models import FeaturedSlot

FIXED = ("campaign", "position", "locale", "kind", "starts_at", "reason")


class CampaignChoiceField(forms.ModelChoiceField):
    """Campaigns by title, in the editor's language where there is one."""

    def __init__(self, **kwargs: Any) -> None:
        featurable = Campaign.objects.filter(listings__visible=True).distinct().prefetch_related("listings")
        super().__init__(queryset=featurable, **kwargs)

    def label_from_instance(self, obj: Campaign) -> str:
        """ "Title · key"."""
        by_locale = {listing.locale: listing.title for listing in obj.listings.all()}
        title = by_locale.get(get_language() or "en") or next(iter(by_locale.values()), "")
        return f"{title} · {obj.key}"


class FeaturedSlotForm(WagtailAdminModelForm):
    """A place on the home page. Of a slot that has begun only the end may be moved."""

    campaign = CampaignChoiceField(label=gettext_lazy("Campaign"))

    class Meta:
        model = FeaturedSlot
        fields = ("campaign", "position", "locale", "kind", "starts_at", "ends_at", "reason")
        help_texts: ClassVar = {
            "position": gettext_lazy("1 is the large picture at the top."),
            "starts_at": gettext_lazy("Leave empty to begin at once."),
            "ends_at": gettext_lazy("Leave empty to keep it until you remove it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.starts_at <= clock.now():
            # The campaign may have left the list of those that can be chosen.
            self.fields["campaign"].queryset = Campaign.objects.filter(pk=self.instance.campaign_id).prefetch_related(
                "listings"
            )
            for name in FIXED:
                self.fields[name].disabled = True
            self.fields["ends_at"].help_text = _("It has begun, so it is on record: only its end can still be moved.")

    def clean_starts_at(self) -> datetime:
        """No time is now; one that has passed stays to the microsecond, of which its widget knows nothing."""
        if self.fields["starts_at"].disabled:
            return self.instance.starts_at
        return self.cleaned_data["starts_at"] or clock.now()

    def clean(self) -> dict[str, Any]:
        """An end lies behind its beginning."""
        cleaned = super().clean()
        ends_at = cleaned.get("ends_at")
        if ends_at is not None and "starts_at" in cleaned and ends_at <= cleaned["starts_at"]:
            self.add_error("ends_at", _("It has to end after it begins."))
        return cleaned


class MomentForm(forms.Form):
    """A time and a language to look back at."""

    at = forms.DateTimeField(
        label=gettext_lazy("At"), required=False, widget=AdminDateTimeInput(attrs={"autocomplete": "off"})
    )
    locale = forms.ChoiceField(
        label=gettext_lazy("Readers of"), required=False,
        choices=[("", gettext_lazy("Every language")), *settings.WAGTAIL_CONTENT_LANGUAGES],
    )  # fmt: skip
