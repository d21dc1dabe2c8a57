"""Ground of the services: the campaign's row lock, who may write, and the one place where its state changes."""

from django.utils.translation import gettext as _

from campaigns.exceptions import IllegalStep, StaleTerms, TermsLocked, not_yours
from campaigns.models import Campaign
from campaigns.states import EDGES, CampaignState
from cms.users.models import User


def locked(campaign: Campaign) -> Campaign:
    """The campaign's row, locked until the transaction ends; every service begins with it."""
    return Campaign.objects.select_for_update(no_key=True, of=("self",)).get(pk=campaign.pk)


def owned(campaign: Campaign, actor: User) -> Campaign:
    """The locked row, for its owner. Raises `NotAllowed`, for collaborators, too."""
    if not Campaign.objects.managed_by(actor).filter(pk=campaign.pk).exists():
        raise not_yours()
    return locked(campaign)


def check_written(campaign: Campaign, actor: User) -> None:
    """Raise `NotAllowed` for whoever may not write it."""
    if not Campaign.objects.editable_by(actor).filter(pk=campaign.pk).exists():
        raise not_yours()


def written(campaign: Campaign, actor: User) -> Campaign:
    """The locked row, for somebody who writes its story. Raises `NotAllowed`."""
    check_written(campaign, actor)
    return locked(campaign)


def draft(campaign: Campaign, actor: User, revision: int | None) -> Campaign:
    """The locked row with terms that may change. Raises `TermsLocked`, or `StaleTerms` for an outdated revision."""
    row = owned(campaign, actor)
    if not row.terms_editable:
        raise TermsLocked(_("The terms can't be changed now: the campaign is in review, approved or launched."))
    if revision is not None and revision != row.terms_revision:
        raise StaleTerms(
            _("Somebody saved these terms after you had opened them. Look at the newest and try again."),
            revision=row.terms_revision,
        )
    return row


def touch_terms(campaign: Campaign) -> None:
    """Count a change of the terms, so that a form opened before it is stale."""
    campaign.terms_revision += 1
    campaign.save(update_fields=["terms_revision"])


def move_to(campaign: Campaign, target: CampaignState) -> None:
    """Follow one edge of the lifecycle; the row must be locked. Raises `IllegalStep`."""
    if target not in EDGES[CampaignState(campaign.state)]:
        raise IllegalStep(
            _("The campaign's state doesn't allow this."), state=str(campaign.state), target=str(target),
            allowed=sorted(EDGES[CampaignState(campaign.state)]),
        )  # fmt: skip
    campaign.state = target
    campaign.save(update_fields=["state"])
