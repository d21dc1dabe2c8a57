"""What creators and reviewers send and get."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from campaigns.api.shapes import LOCALES, PUBLIC_STATES
from campaigns.blocks import StoryStreamBlock, UpdateStreamBlock
from campaigns.models import Campaign, CampaignPage, Submission
from campaigns.models.campaign import CampaignKind
from campaigns.models.review import Outcome
from campaigns.models.updates import Audience
from campaigns.selectors import titles
from campaigns.states import CampaignState
from cms.core.api import Choice, Instant, Page, Shape, Stream, Strict, Text, Truth, WholeNumber, instant
from cms.images.inspecting import FileKind
from cms.images.shapes import HostedFile, Picture

DECISIONS = ["approve", "request_changes", "reject"]
STATES = [str(state) for state in CampaignState]


class StartIn(Strict):
    """A new campaign. What is left out of kind and category is the template's; `template` is its `key`."""

    title = Text(max_length=255)
    kind = Choice([CampaignKind.REWARD.value, CampaignKind.DONATION.value], required=False)
    locale = Choice(LOCALES, required=False)
    category = Text(required=False, allow_blank=True, max_length=50)
    template = Text(required=False, allow_blank=True, max_length=40)


class StoryIn(Strict):
    """The story in the language of `?locale=`; what is left out stays. Pictures in it are named by their id."""

    title = Text(required=False, max_length=255)
    summary = Text(required=False, allow_blank=True, max_length=255)
    risks = Text(required=False, allow_blank=True, max_length=3000)
    hero_image = WholeNumber(required=False, allow_null=True)
    hero_alt = Text(required=False, allow_blank=True, max_length=200)
    story = Stream(StoryStreamBlock(), required=False)


class SubmitIn(Strict):
    """After launch, `change_note` says what changed and why; backers read it."""

    change_note = Text(required=False, allow_blank=True, max_length=2000)


class LaunchIn(Strict):
    """Now, or at an instant."""

    at = Instant(required=False, allow_null=True)


class CancelIn(Strict):
    """Why: shown in public."""

    reason = Text(max_length=2000)


class DecisionIn(Strict):
    """A reviewer's word; a reason is needed for all but approval, and for that over serious findings.

    `feasibility`: 1 (hardly) to 5 (surely), whether it can be made and delivered as told.
    """

    decision = Choice(DECISIONS)
    reason = Text(required=False, allow_blank=True, max_length=5000)
    feasibility = WholeNumber(required=False, allow_null=True)


class UpdateIn(Strict):
    """News. It stays a draft unless `publish` or `publish_at` says otherwise."""

    title = Text(max_length=120)
    body = Stream(UpdateStreamBlock())
    locale = Choice(LOCALES, required=False)
    audience = Choice(Audience.values, required=False)
    publish = Truth(required=False)
    publish_at = Instant(required=False, allow_null=True)


class StoryPageData(Shape):
    """The newest draft in one language. `story` is as it is written: pictures by id."""

    locale = serializers.ChoiceField(LOCALES)
    title = serializers.CharField(allow_blank=True)
    summary = serializers.CharField(allow_blank=True)
    risks = serializers.CharField(allow_blank=True)
    hero_image = serializers.IntegerField(allow_null=True)
    hero_alt = serializers.CharField(allow_blank=True)
    story = serializers.ListField(child=serializers.DictField())
    live = serializers.BooleanField()
    unpublished_changes = serializers.BooleanField()


class DecisionData(Shape):
    """How the last attempt at review ended."""

    outcome = serializers.ChoiceField(Outcome.values)
    reason = serializers.CharField(allow_blank=True)
    decided_at = Instant()


class OwnCampaign(Shape):
    """A campaign as its creator's list shows it. `state` is the lifecycle, `public_state` what visitors see."""

    key = serializers.CharField()
    kind = serializers.ChoiceField(CampaignKind.values)
    state = serializers.ChoiceField(STATES)
    public_state = serializers.ChoiceField(PUBLIC_STATES, allow_null=True)
    titles = serializers.DictField(child=serializers.CharField(allow_blank=True))
    in_review = serializers.BooleanField()
    launch_at = Instant(allow_null=True)
    decision = DecisionData(allow_null=True)
    created_at = Instant()


class OwnCampaignDetail(OwnCampaign):
    """One of them, with its story in each language."""

    pages = StoryPageData(many=True)


OwnCampaignPage = Page(OwnCampaign)


class SubmissionData(Shape):
    """An attempt at review. `terms` are as they were submitted; amounts in them are minor units of `currency`."""

    id = serializers.IntegerField()
    campaign = serializers.CharField()
    kind = serializers.ChoiceField(CampaignKind.values)
    titles = serializers.DictField(child=serializers.CharField(allow_blank=True))
    number = serializers.IntegerField()
    submitted_by = serializers.CharField()
    submitted_at = Instant()
    change_note = serializers.CharField(allow_blank=True)
    terms = serializers.DictField()


SubmissionPage = Page(SubmissionData)


class OwnUpdate(Shape):
    """An update as its author sees it."""

    key = serializers.CharField()
    locale = serializers.ChoiceField(LOCALES)
    title = serializers.CharField()
    audience = serializers.ChoiceField(Audience.values)
    published_at = Instant(allow_null=True)
    publish_at = Instant(allow_null=True)
    created_at = Instant()
    body = serializers.ListField(child=serializers.DictField())


OwnUpdatePage = Page(OwnUpdate)


class MediaData(Shape):
    """An uploaded picture; name it by `id`."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    picture = Picture()


class FileData(Shape):
    """An uploaded file; name it by `id`."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(FileKind.values)
    file = HostedFile()


def own(row: Campaign) -> dict[str, Any]:
    """What `OwnCampaign` says of a row of `my_campaigns`: no query."""
    submissions = sorted(row.submissions.all(), key=lambda submission: -submission.pk)
    decided = [submission.decision for submission in submissions if hasattr(submission, "decision")]
    last = decided[0] if decided else None
    return {
        "key": row.key,
        "kind": row.kind,
        "state": row.state,
        "public_state": row.escrow.state if row.escrow else ("prelaunch" if row.state == "approved" else None),
        "titles": titles(row, row.pages.all()),
        "in_review": len(decided) < len(submissions),
        "launch_at": instant(row.launch_at),
        "decision": last and {
            "outcome": last.outcome, "reason": last.reason, "decided_at": instant(last.decided_at),
        },
        "created_at": instant(row.created_at),
    }  # fmt: skip


def story_page(page: CampaignPage) -> dict[str, Any]:
    """What `StoryPageData` says."""
    draft = page.get_latest_revision_as_object()
    return {
        "locale": page.locale.language_code,
        "title": draft.title,
        "summary": draft.summary,
        "risks": draft.risks,
        "hero_image": draft.hero_image_id,
        "hero_alt": draft.hero_alt,
        "story": draft.story.get_prep_value(),
        "live": page.live,
        "unpublished_changes": page.has_unpublished_changes,
    }


def own_detail(row: Campaign, pages: Sequence[CampaignPage]) -> dict[str, Any]:
    """What `OwnCampaignDetail` says."""
    return {**own(row), "pages": [story_page(page) for page in pages]}


def submission(row: Submission) -> dict[str, Any]:
    """What `SubmissionData` says."""
    return {
        "id": row.pk,
        "campaign": row.campaign.key,
        "kind": row.campaign.kind,
        "titles": titles(row.campaign, row.campaign.pages.all()),
        "number": row.number,
        "submitted_by": row.submitted_by.public_name,
        "submitted_at": instant(row.submitted_at),
        "change_note": row.change_note,
        "terms": row.terms,
    }
