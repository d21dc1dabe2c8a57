"""Who may do what on a campaign: the one place that says so. Views, services, querysets, the API and Wagtail's own
permission policies ask here, never `campaign.creator == user`.

The owner may do everything. Collaborators hold scopes: story (text, pictures, updates, previews), fulfilment (backers
and where their rewards go), finance (statements, settlements and payouts, to look at). Terms, review, launch, calling
off, the team and the payout account are the owner's; admins stand in for owners, except in what is about their money.
"""

from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db.models import Model, Q

from cms.users import roles


class Scope(StrEnum):
    """What a collaborator does on one campaign."""

    STORY = "story"
    FULFILMENT = "fulfilment"
    FINANCE = "finance"


SCOPES = tuple(Scope)


def owned_by(user: Any, path: str = "") -> Q:
    """The campaigns that are the person's own; `path` leads to the campaign from another model ("campaign__")."""
    if not user.is_active or user.pk is None:
        return Q(pk__in=[])
    return Q(**{f"{path}creator": user.pk})


def shared_with(user: Any, *scopes: Scope, path: str = "") -> Q:
    """The campaigns on which the person works as a collaborator, with any of these scopes; with none named: with any.

    One condition on one row: it needs no `distinct`.
    """
    if not user.is_active or user.pk is None:
        return Q(pk__in=[])
    mine = _working().filter(user=user.pk)
    if scopes:
        mine = mine.filter(scopes__overlap=[str(scope) for scope in scopes])
    return Q(**{f"{path}pk__in": mine.values("campaign")})


def money_seen_by(user: Any) -> Q:
    """The escrows of other people's campaigns that a finance collaborator looks after: what funding asks."""
    return shared_with(user, Scope.FINANCE, path="campaign__")


def work_together(one: Any, other: Any) -> bool:
    """Whether two people share a campaign: then neither verifies the other."""
    shared = _working().filter(campaign__creator__in=[one.pk, other.pk])
    return bool(shared.filter(user__in=[one.pk, other.pk]).exists())


def stands_in(user: Any) -> bool:
    """Whether the person acts for any creator: admins."""
    return user.is_active and (user.is_superuser or roles.has_role(user, roles.ADMIN))


def within(user: Any, *scopes: Scope, path: str = "") -> Q:
    """The campaigns that the person owns, stands in for, or shares with one of these scopes."""
    if stands_in(user):
        return Q()
    return owned_by(user, path) | shared_with(user, *scopes, path=path)


def may_manage(user: Any, campaign: Model) -> bool:
    """Terms, review, launch, calling off, the team: the owner, or an admin."""
    return stands_in(user) or is_owner(user, campaign)


def is_owner(user: Any, campaign: Model) -> bool:
    """Whose campaign it is, whose money and whose name."""
    return bool(user.is_active and user.pk is not None and campaign.creator_id == user.pk)  # type: ignore[attr-defined]


def may_edit_story(user: Any, campaign: Model) -> bool:
    """Pages, pictures, updates, previews."""
    return _may(user, campaign, Scope.STORY)


def may_fulfil(user: Any, campaign: Model) -> bool:
    """Who has backed it, and where rewards go."""
    return _may(user, campaign, Scope.FULFILMENT)


def may_see_money(user: Any, campaign: Model) -> bool:
    """Statements, settlements, payouts and what is kept from them."""
    return _may(user, campaign, Scope.FINANCE)


def takes_part(user: Any, campaign: Model) -> bool:
    """Owner, admin, or collaborator with whatever scope: who may see that it exists before it is public."""
    return _may(user, campaign)


def works_on(user: Any, campaign: Model) -> bool:
    """Owner or collaborator, not as an admin: they neither review it nor publish it."""
    return is_owner(user, campaign) or bool(_held(user, campaign))


def scopes_of(user: Any, campaign: Model) -> frozenset[Scope]:
    """All scopes that the person has on the campaign; one question a request for each campaign."""
    return frozenset(SCOPES) if may_manage(user, campaign) else _held(user, campaign)


def _held(user: Any, campaign: Model) -> frozenset[Scope]:
    if not user.is_active or user.pk is None:
        return frozenset()
    held: dict[Any, frozenset[Scope]] = user.__dict__.setdefault("_campaign_scopes", {})
    if campaign.pk not in held:
        row = _working().filter(user=user.pk, campaign=campaign.pk).values_list("scopes", flat=True)
        held[campaign.pk] = frozenset(Scope(scope) for scope in next(iter(row), []))
    return held[campaign.pk]


def _working() -> Any:
    # By name: models stand above and ask here.
    return apps.get_model("campaigns", "Collaborator")._default_manager.working()


def _may(user: Any, campaign: Model, *scopes: Scope) -> bool:
    held = scopes_of(user, campaign)
    return bool(held.intersection(scopes) if scopes else held)
