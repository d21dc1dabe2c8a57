"""A creator's payouts and the account they go to."""

from datetime import datetime
from typing import Any

from campaigns.receivers import audience
from campaigns.services import addresses, notifying
from cms.mail import services as mail
from cms.users.models import User
from cms.users.selectors import person_hash
from funding.models import Payout, PayoutAccount


def payout_paid(payload: dict[str, Any]) -> None:
    """Tell the creator that the money left."""
    payout = Payout.objects.select_related("release__escrow").get(pk=payload["payout"])
    if (campaign := audience.campaign_of(payout.release.escrow)) is not None:
        notifying.to_creator(
            campaign, key=f"payout:{payout.pk}:{payout.attempt}", template="payout_sent",
            action=notifying.SEE_STATEMENT, path=f"campaigns/{campaign.key}/", amount=payout.amount,
            currency=payout.currency,
        )  # fmt: skip


def payout_returned(payload: dict[str, Any]) -> None:
    """Tell the creator that the bank sent a payout back, and what to do."""
    payout = Payout.objects.select_related("release__escrow").get(pk=payload["payout"])
    if (campaign := audience.campaign_of(payout.release.escrow)) is not None:
        notifying.to_creator(
            campaign, key=f"payout_returned:{payout.pk}:{payout.attempt}", template="payout_returned",
            action=notifying.OPEN_PAYOUTS, path="payouts/",
        )  # fmt: skip


def payout_blocked(payload: dict[str, Any]) -> None:
    """Tell the creator what stands in the way, once for each set of reasons."""
    escrow = audience.escrow_of(payload)
    campaign = audience.campaign_of(escrow) if escrow else None
    if campaign is not None and payload.get("blockers"):
        codes = ",".join(sorted(payload["blockers"]))
        notifying.to_creator(
            campaign, key=f"payout_blocked:{campaign.key}:{codes}"[:200], template="payout_blocked",
            action=notifying.OPEN_PAYOUTS,
        )  # fmt: skip


def payout_account_held(payload: dict[str, Any]) -> None:
    """Tell every address that a creator's account was known by: who changed it may have changed the address, too."""
    creator = User.objects.get(pk=payload["creator"])
    until = notifying.moment(datetime.fromisoformat(payload["until"]), locale=creator.locale, zone=creator.timezone)
    contacts = PayoutAccount.objects.filter(pk__in=payload["known_by"]).values_list("contact", flat=True)
    for address in sorted({*contacts, creator.email} - {""}):
        key = f"payout_account_held:{payload['account']}:{payload['until']}:{person_hash(address)}"
        _about_account(
            creator, to=address, key=key, template="payout_account_held", until=until,
        )  # fmt: skip


def payout_account_changed(payload: dict[str, Any]) -> None:
    """Tell a creator whose campaigns are under way that the provider has switched their account off."""
    if payload["transfers_enabled"] or not payload.get("running"):
        return
    creator = User.objects.get(pk=payload["creator"])
    key = f"payout_account_disabled:{creator.pk}:{','.join(payload['running'])}"[:200]
    _about_account(creator, to=creator.email, key=key, template="payout_account_disabled")


def _about_account(creator: User, *, to: str, key: str, template: str, **more: Any) -> None:
    values = notifying.context(
        locale=creator.locale, title="", action=notifying.OPEN_PAYOUTS, name=creator.display_name,
        action_url=addresses.studio("payouts/"), **more,
    )  # fmt: skip
    mail.plan(key=key[:200], to=to, locale=creator.locale, template=template, context=values)
