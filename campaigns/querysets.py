"""Filters over rows of one model, chainable. A queryset for a screen starts from `editable_by(user)`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q

from campaigns import policies
from campaigns.policies import Scope
from campaigns.states import PUBLIC
from cms.core.clock import AppNow
from cms.users import roles

Person = Any


def oversees(user: Person) -> bool:
    """Whether the person's role is to read every creator's work: editors, reviewers, support, auditors, admins."""
    held = (roles.EDITOR, roles.REVIEWER, roles.SUPPORT, roles.AUDITOR, roles.ADMIN)
    return user.is_superuser or any(roles.has_role(user, role) for role in held)


class CampaignQuerySet(models.QuerySet[Any]):
    """Campaigns."""

    def of(self, user: Person) -> CampaignQuerySet:
        """Those in which the person takes part, with whatever scope; all for admins."""
        return self.filter(policies.within(user))

    def editable_by(self, user: Person) -> CampaignQuerySet:
        """Those whose story and updates the person writes."""
        return self.filter(policies.within(user, Scope.STORY))

    def managed_by(self, user: Person) -> CampaignQuerySet:
        """Those whose terms, review, launch and team are the person's."""
        return self if policies.stands_in(user) else self.filter(policies.owned_by(user))

    def launch_due(self) -> CampaignQuerySet:
        """Approved ones whose set time of launch has come, in app time."""
        return self.filter(state="approved", launch_at__lte=AppNow())


class SubmissionQuerySet(models.QuerySet[Any]):
    """Attempts at review."""

    def open(self) -> SubmissionQuerySet:
        """Those that nobody has decided yet."""
        return self.filter(decision=None)

    def approved(self) -> SubmissionQuerySet:
        """Those that a reviewer approved."""
        return self.filter(decision__outcome="approved")

    def decidable_by(self, user: Person) -> SubmissionQuerySet:
        """Open ones that the person may decide: reviewers, and never one's own."""
        if not roles.has_role(user, roles.REVIEWER):
            return self.none()
        own = policies.owned_by(user, "campaign__") | policies.shared_with(user, path="campaign__")
        return self.open().exclude(submitted_by=user).exclude(own)

    def overdue(self) -> SubmissionQuerySet:
        """Open ones whose decision is owed by now, in app time."""
        return self.open().filter(due_at__lte=AppNow())

    def unchecked(self, checks: int) -> SubmissionQuerySet:
        """Those that lack results of some of the automatic checks."""
        return self.annotate(checks_done=Count("checks")).filter(checks_done__lt=checks)

    def held(self, **claim: Any) -> SubmissionQuerySet:
        """Those that a reviewer has claimed, in app time; `reviewer` says which."""
        wanted = {f"claims__{name}": value for name, value in claim.items()}
        return self.filter(claims__released_at=None, claims__expires_at__gt=AppNow(), **wanted)


class UpdateQuerySet(models.QuerySet[Any]):
    """Updates of campaigns."""

    def editable_by(self, user: Person) -> UpdateQuerySet:
        """Those of campaigns that the person writes."""
        return self.filter(policies.within(user, Scope.STORY, path="campaign__"))

    def published(self) -> UpdateQuerySet:
        """Those that readers may see: nothing of a campaign that no review has approved."""
        return self.filter(live=True, published_at__isnull=False, campaign__state__in=PUBLIC)

    def public(self) -> UpdateQuerySet:
        """Published ones for everybody: the only ones in a public API, search or feed."""
        return self.published().filter(audience="public")

    def mail_overdue(self, patience: timedelta) -> UpdateQuerySet:
        """Published ones whose mail somebody has waited for so long, in app time."""
        return self.published().filter(mailed_at=None, published_at__lte=AppNow() - patience).order_by("published_at")

    def publish_due(self) -> UpdateQuerySet:
        """Scheduled ones whose time has come, in app time; those of an unapproved campaign wait for its review."""
        return self.filter(live=False, published_at=None, publish_at__lte=AppNow(), campaign__state__in=PUBLIC)


class ListingQuerySet(models.QuerySet[Any]):
    """Cards."""

    def visible(self, locale: str) -> ListingQuerySet:
        """Those that visitors see, in a language."""
        return self.filter(visible=True, locale=locale)

    def best_for(self, locale: str) -> ListingQuerySet:
        """One row a campaign: in that language, else in whichever there is. (Two languages: no more than one other.)"""
        here = self.model.objects.visible(locale).filter(campaign=OuterRef("campaign"))
        return self.filter(Q(locale=locale) | ~Exists(here), visible=True)

    def in_category(self, slug: str) -> ListingQuerySet:
        """A category or, for a root, its whole branch."""
        return self.filter(Q(category_root=slug) | Q(category_slug=slug))
