"""Mails about a creator's own documents: what reviewers decided, and what is about to expire."""

from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_noop

from campaigns.models import Campaign, CampaignListing
from campaigns.services import addresses, notifying
from cms.core.moments import day_text
from cms.mail import services as mail
from cms.users.models import CreatorDocument, DocumentDecision, Verdict
from cms.users.selectors import badges_of, is_verified
from cms.users.services.presenting import profile_of

OPEN_DOCUMENTS = gettext_noop("Open your documents")
_TEMPLATES = {
    Verdict.APPROVED: "document_approved", Verdict.REJECTED: "document_rejected", Verdict.REVOKED: "document_revoked",
}  # fmt: skip


def document_decided(payload: dict[str, Any]) -> None:
    """Tell the creator, with the reviewer's words; once a decision."""
    decision = DocumentDecision.objects.select_related("document__profile__user").get(pk=payload["decision"])
    if template := _TEMPLATES.get(Verdict(decision.verdict)):
        _tell(decision.document, key=f"document:{decision.pk}", template=template, reason=decision.reason)


def document_expiring(payload: dict[str, Any]) -> None:
    """Remind 30 and 7 days ahead; say when it has expired. What was replaced meanwhile needs no reminder."""
    document = CreatorDocument.objects.select_related("profile__user").get(pk=payload["document"])
    if document.state != "approved":
        return
    template = "document_expiring" if payload["days"] else "document_expired"
    _tell(document, key=f"document_expiring:{document.pk}:{payload['days']}", template=template, reason="")


def verification_changed(payload: dict[str, Any]) -> None:
    """Cards carry the mark of a verified creator."""
    person = payload["user"]
    cards = CampaignListing.objects.filter(campaign__creator=person)
    first = Campaign.objects.filter(creator=person).select_related("creator").first()
    if first is not None:
        verified = is_verified(first.creator.payee_kind, badges_of([person]).get(person, []))
        cards.exclude(creator_verified=verified).update(creator_verified=verified)


def _tell(document: CreatorDocument, *, key: str, template: str, reason: str) -> None:
    user = profile_of(document.profile.user).user
    with translation.override(user.locale):
        name, until = str(document.get_type_display()), _day(document.expires_on)
    values = notifying.context(
        locale=user.locale, title="", action=OPEN_DOCUMENTS, action_url=addresses.studio("creator/"),
        name=user.display_name, document=name, reason=reason, until=until,
    )  # fmt: skip
    mail.plan(key=key, to=user.email, locale=user.locale, template=template, context=values)


def _day(day: date | None) -> str:
    return day_text(day) if day else ""
