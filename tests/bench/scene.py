"""What is measured: one launched campaign with everything on its page, and a few hundred more that the lists show."""

from dataclasses import dataclass

from campaigns.models import Campaign, CampaignListing
from campaigns.services import projecting, rewarding, updating
from cms.core.keys import new_key
from cms.users.models import User
from funding.models import Escrow
from funding.models.escrow import EscrowState
from tests.campaigns import scenes
from tests.factories.scripted import paid_pledge

MANY = 200
REWARDS, UPDATES, PLEDGES = 5, 6, 10


@dataclass(frozen=True)
class Scene:
    """The campaign looked at closely, its reward, and a backer of it."""

    campaign: Campaign
    reward: str
    backer: User
    path: str


def build(many: int = MANY) -> Scene:
    """Through the services once, then copied in bulk."""
    scenes.site()
    owner, backer = scenes.creator(), scenes.person()
    draft = scenes.complete(owner)
    for number in range(1, REWARDS):
        given = scenes.reward(title_en=f"{number + 1} lamps", title_zh=f"{number + 1} 盏灯", price=number * 9_000)
        rewarding.add_reward_draft(campaign=draft, actor=owner, reward=given, revision=None)
    campaign = _launch(draft)
    for number in range(UPDATES):
        update = updating.create_update(
            campaign=campaign, actor=owner, locale="en", title=f"Week {number}", body=scenes.story("All is well."),
            audience="backers" if number % 3 == 0 else "public",
        )  # fmt: skip
        updating.publish_update(update=update, actor=owner)
    reward = campaign.escrow.rewards.order_by("position").first()
    for number in range(PLEDGES):
        person = {"backer": backer, "email": backer.email} if number == 0 else {}
        paid_pledge(campaign.escrow, rewards={reward.key: 1}, **person)
    projecting.project(campaign)
    _multiply(campaign, many)
    page = campaign.pages.filter(locale__language_code="en").get()
    return Scene(campaign, reward.key, backer, f"/en/campaigns/{page.slug}/")


def _launch(draft: Campaign) -> Campaign:
    from campaigns.services import launching, reviewing, submitting

    submission = submitting.submit_campaign(campaign=draft, actor=draft.creator)
    reviewing.approve(submission=submission, actor=scenes.reviewer(), reason=scenes.SEEN)
    return launching.launch_campaign(campaign=Campaign.objects.get(pk=draft.pk), actor=draft.creator)


def _multiply(campaign: Campaign, count: int) -> None:
    """As many campaigns again, each with its escrow and its cards in both languages."""
    keys = [new_key() for _ in range(count)]
    escrow = Escrow.objects.get(pk=campaign.escrow_id)
    # Nobody has paid for the copies: their totals are 0, so that the audit holds.
    empty = {"state": EscrowState.OPEN, "captured": 0, "refunded": 0, "backers": 0}
    escrows = Escrow.objects.bulk_create(copy_of(escrow, key=key, **empty) for key in keys)
    campaigns = Campaign.objects.bulk_create(
        copy_of(campaign, key=made.key, escrow=made) for made in escrows
    )  # fmt: skip
    cards = list(CampaignListing.objects.filter(campaign=campaign))
    CampaignListing.objects.bulk_create(
        copy_of(card, campaign=made, title=f"{card.title} {number}", percent_bps=number, trend=number)
        for number, made in enumerate(campaigns)
        for card in cards
    )


def copy_of(row: object, **changes: object) -> object:
    """A new row like another, but for the changes."""
    names = [field.attname for field in row._meta.concrete_fields if not field.primary_key]
    made = type(row)(**{name: getattr(row, name) for name in names})
    for name, value in changes.items():
        setattr(made, name, value)
    return made
