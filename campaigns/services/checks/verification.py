"""Who is asking for money? What the platform knows of the creator, and what it has yet to be shown."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _

from campaigns.models import Campaign, Severity
from campaigns.services.checks.findings import Finding, Material, in_both
from campaigns.states import CampaignState
from cms.core.clock import now
from cms.users import selectors

YOUNG = timedelta(days=7)


def check(material: Material) -> Iterator[Finding]:
    """What stands between the creator and their money, a fresh account, and rejected campaigns."""
    creator = material.campaign.creator
    sentences = {
        "account_disabled": lambda: _("The creator's account is disabled."),
        "not_a_creator": lambda: _("The account has no longer the role of a creator."),
        "email_unverified": lambda: _("The creator's e-mail address is not confirmed."),
        "payouts_held": lambda: _("Staff stopped payouts to this creator; the audit log says why."),
    }
    for code in selectors.payout_blockers(creator):
        say = sentences.get(code, lambda: _("The creator's verification is not complete or has run out."))
        grave = code in {"account_disabled", "payouts_held"}
        evidence = [{"type": "person", "user": creator.pk, "name": creator.public_name, "code": code}]
        yield Finding(
            code, Severity.SERIOUS if grave else Severity.WARNING, in_both(say), evidence,
            for_creator=code != "payouts_held",
        )  # fmt: skip
    if not selectors.is_verified(creator.payee_kind, selectors.badges_of([creator.pk]).get(creator.pk, [])):
        yield Finding(
            "not_verified", Severity.WARNING,
            in_both(lambda: _("The creator's papers are not verified, or not all of them.")), for_creator=True,
        )  # fmt: skip
    if now() - creator.created_at < YOUNG:
        yield Finding("new_account", Severity.NOTE, in_both(lambda: _("The account is less than a week old.")))
    rejected = Campaign.objects.filter(creator=creator, state=CampaignState.REJECTED).exclude(pk=material.campaign.pk)
    if keys := list(rejected.values_list("key", flat=True)[:10]):
        yield Finding(
            "rejected_before", Severity.WARNING,
            in_both(lambda: _("Reviewers rejected other campaigns of this creator.")),
            [{"type": "campaign", "campaign": key} for key in keys],
        )  # fmt: skip
