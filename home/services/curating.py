"""Choosing what the home page shows. What has begun is on record: it can be ended, never unmade."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.models import Campaign, CampaignListing
from cms.core import clock
from cms.core.clock import AppNow
from cms.core.errors import InvalidInput, NotAllowed, Refusal
from cms.users import audit
from cms.users.models import User
from home.models import FeaturedAbsence, FeaturedSlot
from home.models.curation import EVERY_LANGUAGE, NOT_FEATURED, SlotKind


class PlaceTaken(Refusal):
    """Another campaign has this place at that time."""

    code = "place_taken"


class SlotBegun(Refusal):
    """The slot has begun: only its end may move, and not into the past."""

    code = "slot_begun"


def feature(
    *, actor: User, campaign: Campaign, reason: str, position: int = 2, kind: str = SlotKind.STAFF_PICK,
    locale: str = EVERY_LANGUAGE, starts_at: datetime | None = None, ends_at: datetime | None = None,
) -> FeaturedSlot:  # fmt: skip
    """Show a campaign in a place; from now on unless told. Raises `NotAllowed`, `PlaceTaken`, `InvalidInput`."""
    slot = FeaturedSlot(
        campaign=campaign, position=position, kind=kind, locale=locale, reason=reason, ends_at=ends_at,
        starts_at=starts_at or clock.now(), chosen_by=actor,
    )  # fmt: skip
    return keep_slot(slot=slot, actor=actor)


@transaction.atomic
def keep_slot(*, slot: FeaturedSlot, actor: User) -> FeaturedSlot:
    """Store a slot as it was filled in. Raises `NotAllowed`, `PlaceTaken`, `SlotBegun`, `InvalidInput`."""
    _require(actor, "change" if slot.pk else "add")
    old = FeaturedSlot.objects.select_for_update().filter(pk=slot.pk).first()
    if old is not None and begun(old):
        _only_end(old, slot)
    slot.chosen_by = slot.chosen_by or actor
    try:
        slot.full_clean(validate_constraints=False)
        with transaction.atomic():
            slot.save()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise InvalidInput(messages[0], field=field) from error
    except IntegrityError as error:
        if "featured_place_once" not in str(error):
            raise
        message = _("Another campaign has this place at that time.")
        raise PlaceTaken(message, field="position") from error
    audit.record(
        actor=actor, action="home.featured", subject=f"campaign:{slot.campaign.key}", reason=slot.reason,
        slot=slot.pk, position=slot.position, locale=slot.locale, kind=slot.kind,
        starts_at=slot.starts_at.isoformat(), ends_at=slot.ends_at.isoformat() if slot.ends_at else None,
    )  # fmt: skip
    return slot


@transaction.atomic
def withdraw_slot(*, slot: FeaturedSlot, actor: User) -> FeaturedSlot | None:
    """End a slot that has begun, now; forget one that has not. Its end in the past stays. Raises `NotAllowed`."""
    _require(actor, "delete")
    slot = FeaturedSlot.objects.select_for_update().select_related("campaign").get(pk=slot.pk)
    audit.record(
        actor=actor, action="home.featured_withdrawn", subject=f"campaign:{slot.campaign.key}", slot=slot.pk,
        position=slot.position,
    )  # fmt: skip
    if not begun(slot):
        slot.delete()
        return None
    FeaturedSlot.objects.current().filter(pk=slot.pk).update(ends_at=AppNow())
    slot.refresh_from_db()
    return slot


def begun(slot: FeaturedSlot) -> bool:
    """Whether readers may have seen it."""
    return bool(FeaturedSlot.objects.filter(pk=slot.pk, starts_at__lte=AppNow()).exists())


def note_absences() -> int:
    """Sweep: write down which current slots' campaigns are not shown, and which are back. Returns how many changed."""
    open_now = {row.slot_id: row for row in FeaturedAbsence.objects.filter(until=None).select_related("slot")}
    current = list(FeaturedSlot.objects.current())
    hidden = _hidden({slot.campaign_id for slot in current})
    gone = {slot.pk: hidden[slot.campaign_id] for slot in current if slot.campaign_id in hidden}
    changed = FeaturedAbsence.objects.filter(slot__in=set(open_now) - set(gone), until=None).update(until=AppNow())
    fresh = [FeaturedAbsence(slot_id=pk, why=why) for pk, why in gone.items() if pk not in open_now]
    FeaturedAbsence.objects.bulk_create(fresh, ignore_conflicts=True)
    return int(changed) + len(fresh)


def _hidden(campaigns: set[int]) -> dict[int, str]:
    """Of these the ones that no reader sees, with why."""
    rows = CampaignListing.objects.filter(campaign__in=campaigns, visible=True).values_list("campaign_id", "state")
    states = dict(rows)
    return {pk: states.get(pk, "hidden") for pk in campaigns if states.get(pk, "hidden") in ("hidden", *NOT_FEATURED)}


def _require(actor: User, action: str) -> None:
    if not actor.has_perm(f"home.{action}_featuredslot"):
        raise NotAllowed(_("Only editors choose what is featured."))


def _only_end(old: FeaturedSlot, new: FeaturedSlot) -> None:
    fixed: tuple[str, ...] = ("campaign_id", "position", "locale", "kind", "starts_at", "reason")
    changed: list[Any] = [name for name in fixed if getattr(old, name) != getattr(new, name)]
    now = clock.now()
    ended = old.ends_at is not None and old.ends_at <= now
    moved = old.ends_at != new.ends_at and (ended or (new.ends_at is not None and new.ends_at < now))
    if changed or moved:
        raise SlotBegun(_("It has begun, so it stays on record as it is: only its end can be moved, to a later time."))
