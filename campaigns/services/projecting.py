"""Writes the listing rows. Editorial columns with each edit; money columns by an idempotent projector."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from campaigns.models import Campaign, CampaignListing, CampaignPage
from campaigns.selectors import approved_submission
from campaigns.services import pinning
from campaigns.services.checking import story_text
from campaigns.states import PUBLIC
from cms.core import cjk
from cms.core.clock import now
from cms.users.selectors import badges_of, is_verified
from cms.users.services.presenting import profile_of
from funding.money import BASIS

PRELAUNCH = "prelaunch"

# Once decided, a card shows the result: a failed campaign's refunds must not make it look as if nobody had come.
_MONEY = """
UPDATE campaigns_campaignlisting l
   SET state = m.state, currency = m.currency, goal = m.goal, raised = m.raised, backers = m.backers,
       percent_bps = m.raised * %(basis)s / m.goal, launched_at = m.launched_at, deadline = m.deadline
  FROM (SELECT c.id, e.key, e.state, e.currency, e.goal, e.launched_at, e.deadline,
               COALESCE(d.raised, e.captured - e.refunded - e.lost) AS raised, COALESCE(d.backers, e.backers) AS backers
          FROM funding_escrow e
          JOIN campaigns_campaign c ON c.escrow_id = e.id
          LEFT JOIN funding_escrowdecision d ON d.escrow_id = e.id
         WHERE %(keys)s::text[] IS NULL OR e.key = ANY(%(keys)s)) m
 WHERE l.campaign_id = m.id
   AND (l.state, l.raised, l.backers, l.goal, l.deadline, l.launched_at) IS DISTINCT FROM
       (m.state, m.raised, m.backers, m.goal, m.deadline, m.launched_at)
"""

# What came in over the last days, halved each day, as a share of the goal: small campaigns can lead.
_TREND = """
UPDATE campaigns_campaignlisting l
   SET trend = t.trend
  FROM (SELECT c.id, COALESCE(SUM(p.total * POWER(0.5, EXTRACT(EPOCH FROM app_now() - p.paid_at) / 86400)), 0)
               ::float8 / e.goal AS trend
          FROM funding_escrow e
          JOIN campaigns_campaign c ON c.escrow_id = e.id
          LEFT JOIN funding_pledge p
                 ON p.escrow_id = e.id AND p.state = 'paid' AND p.paid_at > app_now() - INTERVAL '7 days'
         WHERE e.state IN ('open', 'on_hold')
         GROUP BY c.id, e.id) t
 WHERE l.campaign_id = t.id AND ABS(l.trend - t.trend) > 0.000001
"""

_TEXT = """
INSERT INTO campaigns_listingtext (listing_id, vector)
VALUES (%(listing)s, setweight(to_tsvector('english', %(title)s), 'A')
                  || setweight(to_tsvector('english', %(summary)s), 'B') || to_tsvector('english', %(story)s))
ON CONFLICT (listing_id) DO UPDATE SET vector = EXCLUDED.vector
"""


@transaction.atomic
def project(campaign: Campaign) -> None:
    """Rewrite the editorial columns of every language's card, and the money columns; hide what isn't public."""
    pages = CampaignPage.objects.live().filter(campaign=campaign, alias_of=None)
    shown = []
    if campaign.state in PUBLIC:
        for page in pages.select_related("locale", "hero_image").specific():
            listing = _write(campaign, page)
            shown.append(listing.pk)
    campaign.listings.exclude(pk__in=shown).update(visible=False)
    if campaign.escrow_id is not None:
        project_money([campaign.key])


def project_money(escrow_keys: Iterable[str] | None = None) -> int:
    """Copy state and totals from escrows to their cards; None is all. Returns how many cards changed."""
    keys = None if escrow_keys is None else list(escrow_keys)
    with connection.cursor() as cursor:
        cursor.execute(_MONEY, {"keys": keys, "basis": BASIS})
        return cursor.rowcount


def sweep() -> int:
    """Mend every card whose event was lost, and let trends fade."""
    changed = project_money()
    with connection.cursor() as cursor:
        cursor.execute(_TREND)
        return changed + cursor.rowcount


def _write(campaign: Campaign, page: CampaignPage) -> CampaignListing:
    locale = page.locale.language_code
    existing = CampaignListing.objects.filter(campaign=campaign, locale=locale).first()
    listing = existing or CampaignListing(campaign=campaign, locale=locale)
    for name, value in {**_editorial(campaign, page), **_promised(campaign)}.items():
        setattr(listing, name, value)
    if not listing.state:
        listing.state = PRELAUNCH
    if campaign.escrow is not None and listing.launched_at is None:
        listing.listed_at = listing.launched_at = campaign.escrow.launched_at
    elif existing is None:
        listing.listed_at = now()
    listing.visible = True
    listing.save()
    text = {
        "listing": listing.pk,
        "title": page.title,
        "summary": f"{page.summary} {campaign.creator.public_name}",
        "story": story_text(page.story),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TEXT, {k: cjk.index_text(v) if isinstance(v, str) else v for k, v in text.items()})
    return listing


def _editorial(campaign: Campaign, page: CampaignPage) -> dict[str, Any]:
    category = campaign.category
    return {
        "page_id": page.pk,
        "url_path": page.get_url() or page.url_path,
        "title": page.title,
        "summary": page.summary,
        "creator_name": campaign.creator.public_name,
        "creator_key": profile_of(campaign.creator).key,
        "creator_verified": is_verified(
            campaign.creator.payee_kind, badges_of([campaign.creator_id]).get(campaign.creator_id, [])
        ),
        "kind": campaign.kind,
        "category_slug": category.slug if category else "",
        "category_root": (category.parent or category).slug if category else "",
        "image": pinning.pin(page.hero_image, pinning.CARD, alt=page.hero_alt) if page.hero_image else {},
    }


def _promised(campaign: Campaign) -> dict[str, Any]:
    """Before launch the goal is the approved one; afterwards the money projector writes these columns."""
    if campaign.escrow is not None:
        return {"currency": campaign.escrow.currency, "goal": campaign.escrow.goal}
    submission = approved_submission(campaign)
    terms = submission.terms if submission else {"currency": campaign.currency, "goal": campaign.goal or 0}
    return {"currency": terms["currency"], "goal": terms["goal"], "state": PRELAUNCH}
