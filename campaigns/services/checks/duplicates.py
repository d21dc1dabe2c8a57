"""Has somebody told or shown this before? Compares with what other creators ever submitted."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from PIL import Image as Pillow

from campaigns.models import Campaign, PictureFingerprint, Severity, StoryFingerprint
from campaigns.selectors import COLLECTION, titles
from campaigns.services.checks import fingerprints
from campaigns.services.checks.findings import Evidence, Finding, Material, in_both
from cms.images.models import Image

# Shares of my passages that stand in one other story; and how many there must be, so that a saying is no theft.
TAKEN_OVER, ALIKE, FEWEST = 0.4, 0.12, 6
NUMBERS_ALIKE, FEWEST_NUMBERS = 0.5, 4
# Bits of 64: measured on copies that were cut by up to 15 %, resized, re-encoded; strangers begin at 14.
SAME_PICTURE, ALIKE_PICTURE = 6, 10
CANDIDATES = 20


def check_texts(material: Material) -> Iterator[Finding]:
    """Passages that stood in stories of other creators before, in any order; by its numbers also a translated one."""
    for locale, text in material.stories.items():
        mine = fingerprints.of_text(text)
        for other, shared in _others(material, locale, mine):
            part = shared / len(mine)
            if shared >= FEWEST and part >= ALIKE:
                severity = Severity.SERIOUS if part >= TAKEN_OVER else Severity.WARNING
                say = in_both(lambda: _("Parts of the story stand in a campaign of somebody else."))
                evidence = {**_campaign(other), "locale": locale, "share": round(part * 100)}
                yield Finding("text_copied", severity, say, [{"type": "text", **evidence}])
    yield from _translated(material)


def _translated(material: Material) -> Iterator[Finding]:
    mine = set[int]().union(*(fingerprints.of_numbers(text) for text in material.stories.values()))
    for other, shared in _others(material, fingerprints.NUMBERS, mine):
        part = shared / len(mine)
        if shared >= FEWEST_NUMBERS and part >= NUMBERS_ALIKE:
            say = in_both(
                lambda: _(
                    "The story names the same numbers in the same order as somebody else's: perhaps a translation."
                )
            )
            evidence = {**_campaign(other), "locale": "", "share": round(part * 100)}
            yield Finding("text_translated", Severity.WARNING, say, [{"type": "text", **evidence}])


def _others(material: Material, locale: str, hashes: set[int]) -> list[tuple[Campaign, int]]:
    """(campaign of another creator, how many hashes it had before this creator), the most first. Keeps the hashes."""
    if not hashes:
        return []
    mine, creator = sorted(hashes), material.campaign.creator_id
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH own AS (SELECT h, min(f.first_seen) AS since FROM campaigns_storyfingerprint f "
            "JOIN campaigns_submission s ON s.id = f.submission_id JOIN campaigns_campaign c ON c.id = s.campaign_id, "
            "unnest(f.hashes) AS h WHERE f.hashes && %(mine)s::bigint[] AND f.locale = %(locale)s "
            "AND c.creator_id = %(creator)s GROUP BY h) "
            "SELECT s.campaign_id, count(DISTINCT h.h) AS shared FROM campaigns_storyfingerprint f "
            "JOIN campaigns_submission s ON s.id = f.submission_id JOIN campaigns_campaign c ON c.id = s.campaign_id, "
            "unnest(f.hashes) AS h(h) LEFT JOIN own ON own.h = h.h "
            "WHERE f.hashes && %(mine)s::bigint[] AND h.h = ANY(%(mine)s::bigint[]) AND f.locale = %(locale)s "
            "AND c.creator_id <> %(creator)s AND (own.since IS NULL OR f.first_seen < own.since) "
            "GROUP BY s.campaign_id ORDER BY shared DESC, s.campaign_id LIMIT %(most)s",
            {"mine": mine, "locale": locale, "creator": creator, "most": CANDIDATES},
        )
        found = cursor.fetchall()
    StoryFingerprint.objects.get_or_create(submission=material.submission, locale=locale, defaults={"hashes": mine})
    campaigns = _with_names([pk for pk, _shared in found])
    return [(campaigns[pk], shared) for pk, shared in found]


def check_pictures(material: Material) -> Iterator[Finding]:
    """Pictures that look like those of other creators: also resized, encoded anew, a little cut, or mirrored."""
    for image in material.pictures:
        if image.collection.name != COLLECTION:
            continue  # the platform's own may be shown by everybody
        mine, mirrored = _perceived(image)
        if not mine:
            continue
        PictureFingerprint.objects.get_or_create(campaign=material.campaign, image=image, defaults={"hashes": mine})
        for row in _alike(material.campaign, mine, mirrored):
            severity = Severity.SERIOUS if row["bits"] <= SAME_PICTURE else Severity.WARNING
            say = in_both(lambda: _("A picture looks like one of somebody else's campaign."))
            yield Finding("picture_copied", severity, say, [{"type": "picture", "mine": image.pk, **row}])


def _perceived(image: Image) -> tuple[list[int], list[int]]:
    with image.file.open("rb") as file, Pillow.open(file) as picture:
        picture.draft("L", (256, 256))  # JPEG decodes straight to a small size
        small = picture.convert("L")
    small.thumbnail((256, 256))
    flipped = small.transpose(Pillow.Transpose.FLIP_LEFT_RIGHT)
    return fingerprints.of_picture(small), fingerprints.of_picture(flipped)[:1]


def _alike(campaign: Campaign, mine: Sequence[int], mirrored: Sequence[int]) -> list[Evidence]:
    """The nearest picture that each campaign of other creators showed first: whole against cuttings, either way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH own AS (SELECT min(f.first_seen) AS since FROM campaigns_picturefingerprint f "
            "JOIN campaigns_campaign c ON c.id = f.campaign_id "
            "WHERE c.creator_id = %(creator)s AND bit_count((f.hashes[1] # %(whole)s)::bit(64)) <= %(bits)s) "
            "SELECT DISTINCT ON (f.campaign_id) f.campaign_id, f.image_id, "
            "bit_count((h.hash # q.hash)::bit(64)) AS bits FROM "
            "campaigns_picturefingerprint f JOIN campaigns_campaign c ON c.id = f.campaign_id, "
            "unnest(f.hashes) WITH ORDINALITY AS h(hash, place), "
            "unnest(%(mine)s::bigint[]) WITH ORDINALITY AS q(hash, place), own "
            "WHERE c.creator_id <> %(creator)s AND f.first_seen < own.since "
            "AND (h.place = 1 OR q.place = 1 OR q.place > %(cuts)s) "
            "AND bit_count((h.hash # q.hash)::bit(64)) <= %(bits)s "
            "ORDER BY f.campaign_id, bits LIMIT %(most)s",
            {
                "mine": [*mine, *mirrored],
                "whole": mine[0],
                "cuts": len(mine),
                "creator": campaign.creator_id,
                "bits": ALIKE_PICTURE,
                "most": CANDIDATES,
            },
        )
        found = cursor.fetchall()
    campaigns = _with_names([row[0] for row in found])
    return [{**_campaign(campaigns[pk]), "theirs": image, "bits": bits} for pk, image, bits in found]


def _with_names(keys: Sequence[int]) -> dict[int, Campaign]:
    return Campaign.objects.select_related("creator").prefetch_related("pages__locale").in_bulk(keys)


def _campaign(other: Campaign) -> dict[str, Any]:
    return {"campaign": other.key, "titles": titles(other, other.pages.all()), "creator": other.creator.public_name}
