"""Backing a campaign: the one road of the form and of the API, before funding's own rules."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from campaigns.exceptions import BackerBlocked, StaleVersion
from campaigns.models import Campaign, CampaignVersion
from campaigns.selectors import latest_version, opened_rewards, version_by_hash
from campaigns.services import addresses
from cms.core.errors import InvalidInput
from cms.users.models import User
from funding.exceptions import CampaignNotOpen
from funding.models import Pledge
from funding.services.pledging import LineInput, PledgeInput, PledgeResult, place_pledge


def back_campaign(
    *, campaign_key: str, user: User | None, email: str, locale: str, lines: Sequence[LineInput], extra: int = 0,
    country: str = "", anonymous: bool = False, message: str = "", version: str = "", idempotency_key: str,
    success_url: str = "", cancel_url: str = "", provider: str = "", handset: bool = False, client_ip: str = "",
    secret: str = "",
) -> PledgeResult:  # fmt: skip
    """Place a pledge on what the backer saw. Amounts in minor units of the campaign's currency.

    `version` is the hash that the form showed; "" takes the newest. `secret` is that of the link to a secret reward:
    without it there is no such reward. Without URLs of its own the checkout leads back to
    the pledge's page. Raises `CampaignNotOpen`, `StaleVersion` (409,
    with what changed), `BackerBlocked`, `InvalidInput`, or what `place_pledge` refuses.
    """
    campaign = Campaign.objects.select_related("creator").filter(key=campaign_key, escrow__isnull=False).first()
    if campaign is None:
        raise CampaignNotOpen(_("This campaign takes no pledges."))
    if user is not None:
        email = user.email
        _check_person(campaign, user)
    replayed = _replayed(campaign, email, idempotency_key)
    if replayed is None:
        version = check_version(campaign, locale, version, {line.reward for line in lines}).hash
    else:
        # A repeat gets the answer of the first time, whatever has changed since.
        version = replayed
    request = PledgeInput(
        escrow_key=campaign.key, email=email, locale=locale, lines=list(lines), extra=extra, country=country,
        anonymous=anonymous, message=message, version=version, user=user, provider=provider, handset=handset,
        client_ip=client_ip, opened=opened_rewards(campaign.key, secret),
        success_url=success_url or _pledge_page(locale, user), cancel_url=cancel_url or _pledge_page(locale, user),
    )  # fmt: skip
    return place_pledge(request=request, idempotency_key=idempotency_key)


def _pledge_page(locale: str, user: User | None) -> str:
    """Where the checkout leads back to; funding fills in the pledge and, for guests, its token."""
    return addresses.absolute(f"/{locale}/pledges/{{pledge}}/{'' if user else '?token={token}'}")


def _check_person(campaign: Campaign, user: User) -> None:
    if not user.is_active:
        raise BackerBlocked(_("This account is disabled."))
    if user.pk == campaign.creator_id:
        raise BackerBlocked(_("Nobody backs their own campaign."))


def check_version(campaign: Campaign, locale: str, version: str, rewards: set[str]) -> CampaignVersion:
    """The version a backer decides on: the newest, or the one they saw if nothing of theirs has changed since.

    Raises `StaleVersion`, `InvalidInput` for one that never was, `CampaignNotOpen` where there is none.
    """
    newest = latest_version(campaign, locale)
    if newest is None:
        raise CampaignNotOpen(_("This campaign takes no pledges."))
    if not version:
        return newest
    seen = version_by_hash(campaign, version)
    if seen is None:
        raise InvalidInput(_("No such version of this campaign."), field="version")
    newest = latest_version(campaign, seen.locale) or newest
    if seen.pk != newest.pk and (changes := changes_between(seen.content, newest.content, rewards)):
        raise StaleVersion(
            _("The campaign changed since you opened this page. Look at what is new, then decide again."),
            version=newest.hash, changes=changes,
        )  # fmt: skip
    return seen


def _replayed(campaign: Campaign, email: str, idempotency_key: str) -> str | None:
    pledges = Pledge.objects.filter(escrow=campaign.escrow_id, idempotency_key=idempotency_key, email__iexact=email)
    return pledges.values_list("version", flat=True).first()


def changes_between(before: dict[str, Any], after: dict[str, Any], rewards: set[str]) -> list[dict[str, str]]:
    """What matters to somebody who chose `rewards`: the story's parts, and those rewards.

    Another reward, or more of one, takes nothing from what they saw.
    """
    changed = [name for name in ("title", "summary", "story", "risks") if before[name] != after[name]]
    found = [{"part": name, "reward": ""} for name in changed]
    old = {reward["key"]: _promise(reward) for reward in before["terms"]["rewards"]}
    new = {reward["key"]: _promise(reward) for reward in after["terms"]["rewards"]}
    found += [{"part": "reward", "reward": key} for key in sorted(rewards) if key in old and old[key] != new.get(key)]
    return found


def _promise(reward: dict[str, Any]) -> dict[str, Any]:
    variants = [{"key": variant["key"], "names": variant["names"]} for variant in reward["variants"]]
    return {**reward, "quantity": None, "variants": variants}
