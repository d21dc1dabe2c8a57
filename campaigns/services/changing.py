"""A backer changes a pledge or takes one up again: the one road of the pages and of the API."""

from collections.abc import Sequence

from campaigns.models import Campaign
from campaigns.selectors import opened_rewards
from campaigns.services import addresses
from campaigns.services.backing import check_version
from cms.users.models import User
from funding.models import Pledge
from funding.services.amending import AmendmentInput, AmendmentResult, Quote, amend_pledge, quote_amendment
from funding.services.pledging import LineInput
from funding.services.retrying import Retry, retry_pledge


def change_pledge(
    *, pledge: Pledge, actor: User | None, lines: Sequence[LineInput], extra: int = 0, country: str = "",
    version: str = "", locale: str = "", secret: str = "", idempotency_key: str,
) -> AmendmentResult:  # fmt: skip
    """Make a paid pledge what is asked for; amounts in minor units. `actor` is None for whoever holds its token.

    `version` is the hash that the form showed; "" takes the newest; `secret` that of the link to a
    secret reward. Raises `StaleVersion`, `InvalidInput`, or what
    `amend_pledge` refuses.
    """
    # A repeat gets the answer of the first time, whatever has changed since.
    seen = pledge.amendments.filter(idempotency_key=idempotency_key).values_list("version", flat=True).first()
    version = _version(pledge, lines, version, locale) if seen is None else seen
    request = _request(pledge, lines, extra, country, version, locale, secret)
    return amend_pledge(pledge_id=pledge.pk, request=request, actor=actor, idempotency_key=idempotency_key)


def quote_change(
    *, pledge: Pledge, lines: Sequence[LineInput], extra: int = 0, country: str = "", version: str = "",
    locale: str = "", secret: str = "",
) -> Quote:  # fmt: skip
    """What a change would cost, without making it; errors as `change_pledge`, but for stock."""
    version = _version(pledge, lines, version, locale)
    request = _request(pledge, lines, extra, country, version, locale, secret)
    return quote_amendment(pledge_id=pledge.pk, request=request)


def take_up_again(*, pledge: Pledge, actor: User | None, locale: str = "") -> Retry:
    """Pay for a pledge that ran out or still waits; errors as `retry_pledge`."""
    page = _page(pledge, locale)
    return retry_pledge(pledge_id=pledge.pk, actor=actor, success_url=page, cancel_url=page, locale=locale)


def _version(pledge: Pledge, lines: Sequence[LineInput], version: str, locale: str) -> str:
    campaign = Campaign.objects.get(escrow=pledge.escrow_id)
    return check_version(campaign, locale or pledge.locale, version, {line.reward for line in lines}).hash


def _request(
    pledge: Pledge, lines: Sequence[LineInput], extra: int, country: str, version: str, locale: str, secret: str
) -> AmendmentInput:
    page = _page(pledge, locale)
    return AmendmentInput(
        lines=list(lines), extra=extra, country=country, version=version, success_url=page, cancel_url=page,
        opened=opened_rewards(pledge.escrow.key, secret),
    )  # fmt: skip


def _page(pledge: Pledge, locale: str) -> str:
    return addresses.absolute(f"/{locale or pledge.locale}/pledges/{{pledge}}/?token={{token}}")
