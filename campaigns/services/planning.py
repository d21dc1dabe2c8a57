"""The feasibility sheet: how a promise is to be made. Written with the draft terms, frozen with each submission."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.models import Campaign, FeasibilitySheet
from campaigns.selectors import pictures_of
from campaigns.services import editing
from cms.core.errors import InvalidInput
from cms.images.models import Image
from cms.users.models import User


@dataclass(frozen=True)
class SheetInput:
    """What the sheet says."""

    stage: str = ""
    evidence: str = ""
    picture: Image | None = None
    uses_renderings: bool = False
    delivery_plan: str = ""
    lead_weeks: int | None = None


@transaction.atomic
def save_sheet(*, campaign: Campaign, actor: User, sheet: SheetInput) -> FeasibilitySheet:
    """Write the whole sheet. Raises `NotAllowed`, `TermsLocked`, `InvalidInput` for a picture of others."""
    row = editing.draft(campaign, actor, None)
    if sheet.picture is not None and not pictures_of(row, actor).filter(pk=sheet.picture.pk).exists():
        raise InvalidInput(_("Choose one of your own pictures."), field="picture")
    values = {name: getattr(sheet, name) for name in SheetInput.__dataclass_fields__}
    made, _created = FeasibilitySheet.objects.update_or_create(campaign=row, defaults=values)
    return made


def sheet_of(campaign: Campaign) -> FeasibilitySheet:
    """The campaign's sheet; an empty one that isn't stored where nobody has written it."""
    return FeasibilitySheet.objects.filter(campaign=campaign).first() or FeasibilitySheet(campaign=campaign)


def snapshot(campaign: Campaign) -> dict[str, Any] | None:
    """The sheet as data, as a submission keeps it; None where there is none."""
    sheet = FeasibilitySheet.objects.filter(campaign=campaign).first()
    if sheet is None:
        return None
    return {
        "stage": sheet.stage,
        "evidence": sheet.evidence,
        "picture": sheet.picture_id,
        "uses_renderings": sheet.uses_renderings,
        "delivery_plan": sheet.delivery_plan,
        "lead_weeks": sheet.lead_weeks,
    }
