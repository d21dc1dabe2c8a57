"""What Wagtail's own views may do to a campaign's page, and the lock while it is in review."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from wagtail.locks import BaseLock
from wagtail.models import PagePermissionTester

from campaigns import policies
from campaigns.states import PUBLIC

if TYPE_CHECKING:
    from campaigns.models.pages import CampaignPage


class ReviewLock(BaseLock):
    """Nobody edits what a reviewer is reading: every language page is locked, for reviewers too."""

    def for_user(self, user: Any) -> bool:
        """Everybody."""
        return True

    def get_message(self, user: Any) -> str:
        """Why, and the way out."""
        return _("This campaign is in review. Withdraw it under “Terms and rewards” if you need to change something.")

    def get_locked_by(self, user: Any) -> str:
        """Who holds it."""
        return _("Locked by the review")

    def get_description(self, user: Any) -> str:
        """What it means."""
        return _("Story and terms stay as they were submitted until the review is over.")


class CampaignPagePermissionTester(PagePermissionTester):
    """Wagtail's, minus what would bypass review or touch what backers rely on. Holds for superusers too."""

    page: "CampaignPage"

    def can_submit_for_moderation(self) -> bool:
        """Never: submitting goes through our own view, which checks completeness and takes every language."""
        return False

    def can_publish(self) -> bool:
        """Only after a review has approved the campaign; and nobody their own, which a reviewer must read."""
        own = self.user.pk == self.page.owner_id or policies.works_on(self.user, self.page.campaign)
        return self.page.campaign.state in PUBLIC and not own and super().can_publish()

    def can_edit(self) -> bool:
        """Editors, reviewers at work, and who writes the story: the team decides, not who made the page."""
        if self.page.campaign_id is None or not self._only_adds:
            return super().can_edit()
        task = self.page.current_workflow_task
        at_work = bool(task and task.user_can_access_editor(self.page, self.user))
        return at_work or policies.may_edit_story(self.user, self.page.campaign)

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Not once money exists, nor in review."""
        if self._fixed:
            return False
        if self.page.campaign_id is None or not self._only_adds:
            return super().can_delete(ignore_bulk)
        return not self.page.live and policies.may_manage(self.user, self.page.campaign)

    def can_move(self) -> bool:
        """As deleting: the address that backers hold stays."""
        return not self._fixed and super().can_move()

    @property
    def _only_adds(self) -> bool:
        """Whether Wagtail would let the person change what they own, and nothing else."""
        held = getattr(self, "permissions", None)
        return self.user.is_active and held is not None and "change" not in held

    @property
    def _fixed(self) -> bool:
        return self.page.campaign.escrow_id is not None or self.page.campaign.under_review
