"""The update log: publish now or at a set time, and one mail to each backer, in their language."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from campaigns.exceptions import IllegalStep, IncompleteUpdate, not_yours
from campaigns.models import Campaign, CampaignUpdate
from campaigns.models.updates import Audience
from campaigns.selectors import BACKING_STATES, LOCALES
from campaigns.services import addresses, notifying
from campaigns.services.checking import story_text
from campaigns.states import PUBLIC
from cms.core import sweeps
from cms.core.clock import now
from cms.core.errors import InvalidInput
from cms.core.languages import language_name
from cms.mail import services as mail
from cms.users import audit
from cms.users.models import User
from funding.models import Pledge

CHUNK = 2000
# How long readers of a language whose text is still a draft wait for it, before they get the other one.
PATIENCE = timedelta(days=1)


@transaction.atomic
def publish_update(*, update: CampaignUpdate, actor: User | None) -> CampaignUpdate:
    """Publish the newest draft; the first time also mails it to the campaign's backers, once each.

    `actor` None is the platform, at the set time: what its creator rescheduled meanwhile is left alone. Raises
    `IncompleteUpdate`, `IllegalStep` before the campaign is approved, `NotAllowed`.
    """
    row = _row(update, actor)
    if actor is None and not CampaignUpdate.objects.publish_due().filter(pk=row.pk).exists():
        return row
    if row.campaign.state not in PUBLIC:
        raise IllegalStep(_("Updates begin once the campaign is approved."), state=row.campaign.state)
    latest = row.get_latest_revision_as_object()
    if not latest.title.strip() or len(latest.body) == 0:
        raise IncompleteUpdate(_("An update needs a title and text."), field="body")
    revision = row.latest_revision or latest.save_revision(user=actor, log_action=actor is not None)
    revision.publish(user=actor, skip_permission_checks=True)
    return note_published(update=row, actor=actor)


@transaction.atomic
def note_published(*, update: CampaignUpdate, actor: User | None) -> CampaignUpdate:
    """What follows from publishing, whichever button did it: the date of the first time, the mails. Twice is once."""
    row = CampaignUpdate.objects.select_for_update(no_key=True, of=("self",)).get(pk=update.pk)
    if row.live and row.published_at is None:
        row.published_at, row.publish_at = now(), None
        row.save(update_fields=["published_at", "publish_at"])
        audit.record(actor=actor, action="update.published", subject=f"update:{row.key}", audience=row.audience)
        _mail_backers(row)
    return row


@transaction.atomic
def schedule_update(*, update: CampaignUpdate, actor: User, at: datetime | None) -> CampaignUpdate:
    """Publish by itself at an instant of app time; None forgets the time. Raises `InvalidInput`, `IllegalStep`."""
    row = _row(update, actor)
    if row.published_at is not None:
        raise IllegalStep(_("This update is published already."), state="published")
    if at is not None and at <= now():
        raise InvalidInput(_("Choose a time that lies ahead."), field="publish_at")
    row.publish_at = at
    row.save(update_fields=["publish_at"])
    return row


@transaction.atomic
def translate_update(*, update: CampaignUpdate, actor: User, locale: str) -> CampaignUpdate:
    """A draft of the same news in another language; backers get whichever is in theirs. Twice is once."""
    row = _row(update, actor)
    if locale not in LOCALES:
        raise InvalidInput(_("Choose one of the languages."), field="locale")
    existing = CampaignUpdate.objects.filter(translation_key=row.translation_key, locale=locale).first()
    if existing is not None:
        return existing
    latest = row.get_latest_revision_as_object()
    copy = CampaignUpdate(
        campaign=row.campaign, author=actor, locale=locale, translation_key=row.translation_key, title=latest.title,
        body=latest.body, audience=latest.audience, live=False,
    )  # fmt: skip
    copy.save()
    copy.save_revision(user=actor)
    return copy


@transaction.atomic
def create_update(
    *, campaign: Campaign, actor: User, locale: str, title: str, body: object, audience: str,
    translation_key: uuid.UUID | None = None,
) -> CampaignUpdate:  # fmt: skip
    """A new draft. `body` is a StreamValue or its raw JSON list. Raises `NotAllowed`."""
    if not Campaign.objects.editable_by(actor).filter(pk=campaign.pk).exists():
        raise not_yours()
    update = CampaignUpdate(
        campaign=campaign, author=actor, locale=locale, title=title, body=body, audience=audience, live=False,
        translation_key=translation_key or uuid.uuid4(),
    )  # fmt: skip
    update.full_clean(exclude=["author"])
    update.save()
    update.save_revision(user=actor)
    return update


def publish_due() -> int:
    """The sweep: publish what is due; an update that isn't complete loses its time and waits for its creator."""
    return sweeps.each(CampaignUpdate.objects.publish_due().order_by("publish_at")[:100], _publish_scheduled)


def _publish_scheduled(update: CampaignUpdate) -> bool:
    try:
        publish_update(update=update, actor=None)
    except IncompleteUpdate:
        CampaignUpdate.objects.filter(pk=update.pk).update(publish_at=None)
        return False
    return True


def _row(update: CampaignUpdate, actor: User | None) -> CampaignUpdate:
    rows = CampaignUpdate.objects.select_for_update(no_key=True, of=("self",)).select_related("campaign")
    if actor is not None and not CampaignUpdate.objects.editable_by(actor).filter(pk=update.pk).exists():
        raise not_yours()
    return rows.get(pk=update.pk)


def mail_waiting() -> int:
    """The sweep: who has waited long enough for a language that is still a draft gets the one there is, labelled."""
    overdue = CampaignUpdate.objects.mail_overdue(PATIENCE).values_list("pk", flat=True)
    return sweeps.each(overdue[:100], _mail_the_rest)


def _mail_the_rest(pk: int) -> int:
    with transaction.atomic():
        row = CampaignUpdate.objects.select_for_update(no_key=True, of=("self",)).select_related("campaign").get(pk=pk)
        _mail_backers(row, patient=False)
    return 1


def _mail_backers(update: CampaignUpdate, *, patient: bool = True) -> None:
    """Each backer once for all its languages: the message's key says so, however often this is called."""
    siblings = CampaignUpdate.objects.filter(translation_key=update.translation_key).exclude(pk=update.pk)
    drafts = set(siblings.filter(published_at=None).values_list("locale", flat=True)) if patient else set()
    if update.campaign.escrow_id is not None:
        waiting = _plans(update, drafts)
        while batch := list(islice(waiting, CHUNK)):
            mail.plan_many(batch)
    if not drafts:
        CampaignUpdate.objects.filter(translation_key=update.translation_key).update(mailed_at=now())


def _plans(update: CampaignUpdate, drafts: set[str]) -> Iterator[mail.Plan]:
    """One a person. Somebody whose language is still being written waits; who reads no language of it is told which."""
    pledges = Pledge.objects.filter(escrow=update.campaign.escrow_id, state__in=BACKING_STATES)
    newest = pledges.order_by("person", "-created_at").distinct("person")
    newest = newest.only("person", "email", "locale", "idempotency_key")
    teaser = Truncator(" ".join(story_text(update.body).split())).chars(280)
    group = update.translation_key.hex[:16]
    title = notifying.title_of(update.campaign, update.locale)
    backers_only = update.audience == Audience.BACKERS
    for backer in newest.iterator(chunk_size=CHUNK):
        locale = backer.locale
        if locale in drafts:
            continue
        url = addresses.update(update.key, update.locale, backer=backer if backers_only else None)
        values = notifying.context(
            locale=locale, title=title, action=notifying.READ_UPDATE,
            action_url=url, update_title=update.title, teaser=teaser, backers_only=backers_only,
            written_in=language_name(update.locale, reader=locale) if locale != update.locale else "",
        )  # fmt: skip
        key = f"update:{group}:{backer.person}"
        yield mail.Plan(key=key, to=backer.email, locale=locale, template="update", context=values)
