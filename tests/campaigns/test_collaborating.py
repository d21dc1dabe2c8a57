"""Collaborators: invited, accepted, gone; each scope opens its own doors and no other, on one campaign alone."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.signing import dumps
from django.utils import timezone

from campaigns import policies
from campaigns.exceptions import AlreadyCollaborating, InvitationOver, ProposalAnswered
from campaigns.models import Campaign, CampaignPage, Collaborator
from campaigns.selectors import pictures_of
from campaigns.services import drafting, inviting, proposing, revising, updating
from campaigns.services.drafting import StoryChanges
from cms.core.errors import InvalidInput, NotAllowed
from cms.mail.models import Message
from cms.users import roles
from cms.users.models import User
from funding.models import PayoutAccount
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    scenes.site()
    return scenes.complete(scenes.creator(email="owner@example.com"))


def confirmed(email: str) -> User:
    user = scenes.person(email=email, display_name="Mei")
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def joined(campaign: Campaign, *scopes: str, email: str = "mei@example.com") -> User:
    user = confirmed(email)
    row = inviting.invite(campaign=campaign, actor=campaign.creator, email=email, scopes=scopes)
    inviting.accept(collaborator=row, actor=user)
    return User.objects.get(pk=user.pk)


def test_an_invitation_from_link_to_leaving(campaign: Campaign) -> None:
    owner, mei = campaign.creator, confirmed("mei@example.com")
    for bad in ({"email": "nobody"}, {"email": owner.email}, {"scopes": []}, {"scopes": ["story", "everything"]}):
        with pytest.raises(InvalidInput):
            inviting.invite(campaign=campaign, actor=owner, **{"email": "x@example.com", "scopes": ["story"], **bad})
    row = inviting.invite(campaign=campaign, actor=owner, email=" Mei@Example.com ", scopes=["finance", "story"])
    assert (row.email, row.scopes) == ("mei@example.com", ["story", "finance"])
    with pytest.raises(AlreadyCollaborating):
        inviting.invite(campaign=campaign, actor=owner, email="mei@example.com", scopes=["story"])
    with pytest.raises(NotAllowed):
        inviting.invite(campaign=campaign, actor=mei, email="z@example.com", scopes=["story"])
    token = inviting.token_of(row)
    assert token in Message.objects.get(template="collaborator_invited").context["action_url"]
    assert inviting.by_token(token) == row
    assert not policies.takes_part(mei, campaign)

    newer = inviting.invite_again(collaborator=row, actor=owner)
    for forged in (token, token[:-2] + "AA", dumps([row.pk, 2]), "x"):
        with pytest.raises(InvitationOver):
            inviting.by_token(forged)
    Collaborator.objects.filter(pk=row.pk).update(link_until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(InvitationOver):
        inviting.by_token(inviting.token_of(newer))
    newer = inviting.invite_again(collaborator=row, actor=owner)
    with pytest.raises(NotAllowed):
        inviting.accept(collaborator=newer, actor=confirmed("other@example.com"))
    inviting.accept(collaborator=newer, actor=mei)
    inviting.accept(collaborator=newer, actor=mei)
    mei = User.objects.get(pk=mei.pk)
    assert roles.has_role(mei, roles.CREATOR)
    assert policies.scopes_of(mei, campaign) == {"story", "finance"}
    assert Message.objects.filter(template="collaborator_joined").count() == 1

    inviting.change_scopes(collaborator=newer, actor=owner, scopes=["fulfilment"])
    assert policies.scopes_of(User.objects.get(pk=mei.pk), campaign) == {"fulfilment"}
    inviting.leave(collaborator=newer, actor=mei)
    assert not policies.takes_part(User.objects.get(pk=mei.pk), campaign)
    with pytest.raises(InvitationOver):
        inviting.accept(collaborator=newer, actor=mei)
    again = inviting.invite(campaign=campaign, actor=owner, email="mei@example.com", scopes=["story"])
    inviting.remove(collaborator=again, actor=owner)
    with pytest.raises(InvitationOver):
        inviting.by_token(inviting.token_of(again))


def test_the_story_scope_writes_and_nothing_else(campaign: Campaign) -> None:
    owner, mei = campaign.creator, joined(campaign, "story")
    other = scenes.complete(owner)
    private = scenes.picture(owner, "Of another campaign")
    page = campaign.pages.filter(locale__language_code="en").get().specific
    drafting.edit_story(page=page, actor=mei, changes=StoryChanges(title="Brighter lamp"))
    mine = drafting.add_picture(
        campaign=campaign, actor=mei, file=scenes.picture(mei).file, title="Of Mei", description="x"
    )
    updating.create_update(campaign=campaign, actor=mei, locale="en", title="Hi", body=[], audience="public")
    assert page.permissions_for_user(mei).can_edit()
    assert not page.permissions_for_user(mei).can_delete()
    assert not page.permissions_for_user(mei).can_publish()
    shown = pictures_of(campaign, mei)
    assert shown.filter(pk=mine.pk).exists()
    assert shown.filter(pk=page.hero_image_id).exists()
    assert not shown.filter(pk=private.pk).exists()
    with pytest.raises(NotAllowed):
        revising.revise_terms(campaign=campaign, actor=mei, terms=scenes.terms(), revision=None)
    with pytest.raises(NotAllowed):
        drafting.edit_story(page=other.pages.first().specific, actor=mei, changes=StoryChanges(title="Not mine"))
    assert not policies.may_see_money(mei, campaign)
    assert not policies.may_fulfil(mei, campaign)
    inviting.remove(collaborator=Collaborator.objects.get(), actor=owner)
    mei = User.objects.get(pk=mei.pk)
    # A page made by somebody who left stays with the team.
    CampaignPage.objects.filter(pk=page.pk).update(owner=mei)
    assert not CampaignPage.objects.get(pk=page.pk).specific.permissions_for_user(mei).can_edit()


def test_finance_sees_money_and_changes_nothing_alone(campaign: Campaign) -> None:
    owner, mei = campaign.creator, joined(campaign, "finance")
    zoe = joined(campaign, "story", email="zoe@example.com")
    with pytest.raises(NotAllowed):
        proposing.propose(campaign=campaign, actor=zoe, reason="Another bank")
    made = proposing.propose(campaign=campaign, actor=mei, reason="The old bank closes.")
    with pytest.raises(ProposalAnswered):
        proposing.propose(campaign=campaign, actor=mei, reason="Once more")
    assert not proposing.may_enter_details(campaign=campaign, user=mei)
    for somebody in (mei, zoe, scenes.person(roles.ADMIN)):
        with pytest.raises(NotAllowed):
            proposing.confirm(proposal=made, actor=somebody)
    assert not PayoutAccount.objects.exists()
    proposing.confirm(proposal=made, actor=owner)
    with pytest.raises(ProposalAnswered):
        proposing.decline(proposal=made, actor=owner)
    assert proposing.may_enter_details(campaign=campaign, user=mei)
    assert not proposing.may_enter_details(campaign=campaign, user=zoe)
    PayoutAccount.objects.create(creator=owner, details_submitted=True)
    assert not proposing.may_enter_details(campaign=campaign, user=mei)


def test_who_works_on_it_neither_reviews_it_nor_verifies_its_creator() -> None:
    from campaigns.models import Submission
    from cms.users.services import presenting, verifying

    scenes.site()
    submission = scenes.submitted(scenes.creator(email="owner@example.com"))
    reviewer, fair = joined(submission.campaign, "story"), scenes.reviewer()
    roles.assign(reviewer, roles.REVIEWER)
    reviewer = User.objects.get(pk=reviewer.pk)
    assert not Submission.objects.decidable_by(reviewer).exists()
    assert Submission.objects.decidable_by(fair).get() == submission
    profile = presenting.profile_of(submission.campaign.creator)
    with pytest.raises(NotAllowed):
        verifying.claim(profile=profile, actor=reviewer)
    verifying.claim(profile=profile, actor=fair)
