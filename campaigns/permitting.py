"""Who sees what in the admin: creators only pages, pictures and updates of campaigns that they own or share.

Stock Wagtail shows every page below a permitted one in explorer, search, choosers, reports and the admin API; these
policies, registered in its registry, are asked by all of them.
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from wagtail.models import Page
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import register_permission_policy

from campaigns import policies
from campaigns.models import (
    Campaign,
    CampaignPage,
    CampaignPicture,
    CampaignTemplateIndexPage,
    CampaignTemplatePage,
    CampaignUpdate,
)
from campaigns.policies import Scope
from campaigns.querysets import oversees
from cms.images.models import Document, Image


def register() -> None:
    """Put the policies in Wagtail's registry; once, before anything asks it."""
    register_permission_policy(Page, OwnPagesPolicy(Page))
    register_permission_policy(CampaignUpdate, OwnUpdatesPolicy(CampaignUpdate))
    # `exact_class` is asked first: Wagtail registers its own policy for the same model.
    images = OwnImagesPolicy(Image, auth_model=Image, owner_field_name="uploaded_by_user")
    register_permission_policy(Image, images, exact_class=True)
    documents = OwnDocumentsPolicy(Document, auth_model=Document, owner_field_name="uploaded_by_user")
    register_permission_policy(Document, documents, exact_class=True)


def only_own_pages(pages: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """The pages without other creators' campaigns, templates (chosen, not visited) and the editors' own drafts."""
    if oversees(user):
        return pages
    own = Campaign.objects.editable_by(user)
    others = CampaignPage.objects.exclude(campaign__in=own.values("pk"))
    kept = (others, CampaignTemplatePage.objects.all(), CampaignTemplateIndexPage.objects.all())
    unsaid = Q(live=False) & ~Q(pk__in=CampaignPage.objects.values("pk"))
    return pages.exclude(reduce(or_, (Q(pk__in=rows.values("pk")) for rows in kept), unsaid))


def shared_pages(user: Any) -> QuerySet[Any]:
    """The pages of other people's campaigns whose story the person writes with them."""
    return CampaignPage.objects.filter(policies.shared_with(user, Scope.STORY, path="campaign__"))


class OwnPagesPolicy(PagePermissionPolicy):
    """Wagtail's, without other creators' campaigns for those who oversee nobody."""

    def explorable_instances(self, user: Any) -> QuerySet[Any]:
        """What explorer, search, choosers, reports and the admin API list."""
        if not self.get_cached_permissions_for_user(user) and not user.is_superuser:
            return self.model._default_manager.none()
        return only_own_pages(super().explorable_instances(user), user)

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        """What may be acted on."""
        actions = set(actions)
        found = super().instances_user_has_any_permission_for(user, actions)
        if "change" in actions and not oversees(user):
            found = found | self.model._default_manager.filter(pk__in=shared_pages(user).values("pk"))
        return only_own_pages(found, user)

    def user_has_any_permission_for_instance(self, user: Any, actions: Iterable[str], instance: Any) -> bool:
        """One page, by the same rule."""
        actions = set(actions)
        shared = "change" in actions and not oversees(user) and shared_pages(user).filter(pk=instance.pk).exists()
        if not shared and not super().user_has_any_permission_for_instance(user, actions, instance):
            return False
        return oversees(user) or only_own_pages(Page.objects.filter(pk=instance.pk), user).exists()


class OwnImagesPolicy(CollectionOwnershipPermissionPolicy):
    """Wagtail's, with nobody else's uploads for those who oversee nobody: their own, and their teams'.

    A picture that a campaign shows is its team's to use; who leaves the team can't take it away from the others.
    """

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        """What listing and chooser show."""
        actions = set(actions)
        images = super().instances_user_has_any_permission_for(user, actions)
        if oversees(user):
            return images
        teams = CampaignPicture.objects.filter(policies.within(user, Scope.STORY, path="campaign__"))
        found = images.filter(Q(uploaded_by_user_id=user.pk) | Q(pk__in=teams.values("image")))
        return found if "choose" in actions else found.exclude(pk__in=_of_others(user).values("image"))

    def user_has_any_permission_for_instance(self, user: Any, actions: Iterable[str], instance: Any) -> bool:
        """One picture, by the same rule."""
        if not super().user_has_any_permission_for_instance(user, actions, instance):
            return False
        if oversees(user):
            return True
        return self.instances_user_has_any_permission_for(user, actions).filter(pk=instance.pk).exists()


class OwnDocumentsPolicy(CollectionOwnershipPermissionPolicy):
    """The same for documents, films and sounds; what stands in a shared story stays there, its file its owner's."""

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        """What listing and chooser show."""
        found = super().instances_user_has_any_permission_for(user, actions)
        return found if oversees(user) else found.filter(uploaded_by_user_id=user.pk)

    def user_has_any_permission_for_instance(self, user: Any, actions: Iterable[str], instance: Any) -> bool:
        """One file, by the same rule."""
        if not oversees(user) and instance.uploaded_by_user_id != user.pk:
            return False
        return super().user_has_any_permission_for_instance(user, actions, instance)


def _of_others(user: Any) -> QuerySet[Any]:
    """What campaigns show whose story the person doesn't write (any more)."""
    own = Campaign.objects.editable_by(user)
    return CampaignPicture.objects.exclude(campaign__in=own.values("pk"))


class OwnUpdatesPolicy(ModelPermissionPolicy):
    """Updates of one's own campaigns."""

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        """What listing and chooser show."""
        return CampaignUpdate.objects.editable_by(user) if self.user_has_any_permission(user, actions) else (
            CampaignUpdate.objects.none()
        )  # fmt: skip

    def user_has_any_permission_for_instance(self, user: Any, actions: Iterable[str], instance: Any) -> bool:
        """One update, by the same rule."""
        allowed = super().user_has_any_permission_for_instance(user, actions, instance)
        return allowed and CampaignUpdate.objects.editable_by(user).filter(pk=instance.pk).exists()
