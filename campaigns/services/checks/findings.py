"""What a check finds, in both languages, with its evidence; and what checks look at."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from django.utils import translation
from wagtail.models import Revision

from campaigns.diffing import plain_text
from campaigns.models import Campaign, CampaignPage, Severity, Submission
from campaigns.selectors import LOCALES
from cms.images.models import Image

Evidence = dict[str, Any]


@dataclass(frozen=True)
class Finding:
    """One find. `words` by locale; `evidence` is shown by its `type`; `for_creator`: its creator reads it as well."""

    code: str
    severity: Severity
    words: dict[str, str]
    evidence: list[Evidence] = field(default_factory=list)
    for_creator: bool = False

    def as_dict(self) -> dict[str, Any]:
        """As it is stored."""
        return {**asdict(self), "severity": int(self.severity)}


def in_both(say: Callable[[], str]) -> dict[str, str]:
    """The same sentence in every language: findings are read by people of both, long after."""
    found = {}
    for locale in LOCALES:
        with translation.override(locale):
            found[locale] = str(say())
    return found


@dataclass(frozen=True)
class Material:
    """What was submitted, read once for all checks: never the draft beside it."""

    submission: Submission

    @property
    def campaign(self) -> Campaign:
        """Whose it is."""
        return self.submission.campaign

    @cached_property
    def pages(self) -> dict[str, CampaignPage]:
        """The submitted pages by locale."""
        revisions = Revision.objects.in_bulk(self.submission.revisions.values())
        return {
            locale: revisions[pk].as_object() for locale, pk in self.submission.revisions.items() if pk in revisions
        }

    @cached_property
    def texts(self) -> dict[str, str]:
        """All that is told, by locale: titles, promise, story, risks, and what the rewards say."""
        return {locale: "\n".join([*self._told(page), *self._rewards(locale)]) for locale, page in self.pages.items()}

    @cached_property
    def stories(self) -> dict[str, str]:
        """What a copy would be a copy of, by locale: story and risks alone."""
        return {
            locale: f"{plain_text(page.story.get_prep_value())}\n{page.risks}" for locale, page in self.pages.items()
        }

    @cached_property
    def pictures(self) -> list[Image]:
        """Every picture that the story, the rewards or the feasibility sheet shows."""
        wanted: set[int] = {page.hero_image_id for page in self.pages.values() if page.hero_image_id}
        for page in self.pages.values():
            for model, pk, *_path in page.story.stream_block.extract_references(page.story):
                if model is Image or issubclass(model, Image):
                    wanted.add(int(pk))
        wanted |= set(self.campaign.reward_drafts.exclude(image=None).values_list("image_id", flat=True))
        if sheet := (self.submission.feasibility or {}).get("picture"):
            wanted.add(int(sheet))
        return list(Image.objects.filter(pk__in=wanted).select_related("collection").order_by("pk"))

    @property
    def rewards(self) -> list[dict[str, Any]]:
        """As submitted."""
        found: list[dict[str, Any]] = self.submission.terms["rewards"]
        return found

    @property
    def physical(self) -> list[dict[str, Any]]:
        """Those that must be made and shipped."""
        return [reward for reward in self.rewards if reward["kind"] == "physical"]

    def _told(self, page: CampaignPage) -> list[str]:
        return [page.title, page.summary, plain_text(page.story.get_prep_value()), page.risks]

    def _rewards(self, locale: str) -> list[str]:
        return [
            text for reward in self.rewards
            for text in (reward["titles"].get(locale, ""), reward["descriptions"].get(locale, "")) if text
        ]  # fmt: skip
