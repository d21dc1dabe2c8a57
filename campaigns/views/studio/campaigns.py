"""My campaigns, and one of them at a glance."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaigns import panels, policies
from campaigns.models import Collaborator
from campaigns.selectors import my_campaigns
from campaigns.services import notifying
from campaigns.states import CampaignState
from campaigns.views.studio.frame import CampaignView, StudioView


class CampaignsView(StudioView):
    """Every campaign with its state, its money and the next step."""

    template_name = "studio/campaigns.html"
    page_title = _("My campaigns")

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Home › My campaigns"""
        return [*super().get_breadcrumbs_items()[:1], {"url": "", "label": str(self.page_title)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows."""
        language = get_language() or "en"
        rows = []
        for campaign in my_campaigns(self.me):
            title = notifying.title_of(campaign, language, campaign.pages.all())
            rows.append({
                "campaign": campaign,
                "title": title,
                "languages": [page.locale.get_display_name() for page in campaign.pages.all()],
                "status": panels.STATUS[CampaignState(campaign.state)],
                "step": panels.next_step(campaign),
            })  # fmt: skip
        return super().get_context_data(rows=rows, **kwargs)


class CampaignOverview(CampaignView):
    """State, checklist, languages, money."""

    template_name = "studio/campaign.html"
    page_title = _("Overview")
    needs = staticmethod(policies.takes_part)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the editor's panel knows, too."""
        mine = Collaborator.objects.working().filter(campaign=self.campaign, user=self.me).first()
        return super().get_context_data(**{**panels.overview(self.campaign), "mine": mine, **kwargs})

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Home › My campaigns › the campaign"""
        return [*super().get_breadcrumbs_items()[:2], {"url": "", "label": self.get_page_subtitle()}]
