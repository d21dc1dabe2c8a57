"""Forms of curation."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from campaigns.models import Campaign
from cms.core import clock
from home.models import FeaturedSlot


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
    """A place on the home page."""

    campaign = CampaignChoiceField(label=gettext_lazy("Campaign"))

    class Meta:
        model = FeaturedSlot
        fields = ("campaign", "position", "starts_at", "ends_at", "reason")
        help_texts: ClassVar = {
            "position": gettext_lazy("1 is the large picture at the top."),
            "starts_at": gettext_lazy("Leave empty to begin at once."),
            "ends_at": gettext_lazy("Leave empty to keep it until you remove it."),
        }

    def clean_starts_at(self) -> datetime:
        """No time is now."""
        return self.cleaned_data["starts_at"] or clock.now()

    def clean(self) -> dict[str, Any]:
        """An end lies behind its beginning."""
        cleaned = super().clean()
        ends_at = cleaned.get("ends_at")
        if ends_at is not None and "starts_at" in cleaned and ends_at <= cleaned["starts_at"]:
            self.add_error("ends_at", _("It has to end after it begins."))
        return cleaned
