"""Forms of curation."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from wagtail.admin.forms import WagtailAdminModelForm

from campaigns.models import Campaign
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

    campaign = CampaignChoiceField(label=FeaturedSlot._meta.get_field("campaign").verbose_name)

    class Meta:
        model = FeaturedSlot
        fields = ("campaign", "position", "starts_at", "ends_at", "reason")
