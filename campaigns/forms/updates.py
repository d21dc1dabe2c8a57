"""The form of an update."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from campaigns.models import Campaign, CampaignUpdate
from campaigns.selectors import titles, with_pages
from campaigns.services import updating
from campaigns.states import PUBLIC
from cms.core.clock import now
from cms.images.choosing import OwnPicturesMixin


class UpdateForm(OwnPicturesMixin, WagtailAdminModelForm):
    """Offers one's own campaigns and pictures only; whose update it is never changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (field := self.fields.get("campaign")) is not None:
            field.queryset = Campaign.objects.editable_by(self.for_user).prefetch_related(with_pages()).order_by("-pk")
            field.label_from_instance = _title
            if self.instance.pk:
                field.disabled = self.fields["locale"].disabled = True

    def clean(self) -> dict[str, Any]:
        """What a published update must have; a draft may lack it."""
        cleaned = super().clean()
        if "action-publish" in self.data and "body" in cleaned and len(cleaned["body"]) == 0:
            self.add_error("body", ValidationError(_("Write something before you publish.")))
        campaign = cleaned.get("campaign")
        if "action-publish" in self.data and campaign is not None and campaign.state not in PUBLIC:
            self.add_error(None, ValidationError(_("Updates begin once the campaign is approved.")))
        at = cleaned.get("publish_at")
        if "publish_at" in self.changed_data and self.instance.published_at is not None:
            self.add_error("publish_at", ValidationError(_("This update is published already.")))
        elif at is not None and "publish_at" in self.changed_data and at <= now():
            self.add_error("publish_at", ValidationError(_("Choose a time that lies ahead.")))
        return cleaned

    def save(self, commit: bool = True) -> CampaignUpdate:
        """The writer is whoever creates it. A time is the row's, not the draft's: Wagtail stores only a revision."""
        if self.instance.pk is None:
            self.instance.author = self.for_user
        elif "publish_at" in self.changed_data:
            at = self.cleaned_data["publish_at"]
            updating.schedule_update(update=self.instance, actor=self.for_user, at=at)
        return super().save(commit=commit)


def _title(campaign: Campaign) -> str:
    names = titles(campaign, campaign.pages.all())
    return f"{next(iter(names.values()), campaign.key)} ({campaign.key})"
