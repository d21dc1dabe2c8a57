"""Who sees what in the admin: creators only their own pages, pictures and updates.

Stock Wagtail shows every page below a permitted one in explorer, search, choosers, reports and the admin API; these
policies, registered in its registry, are asked by all of them.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from wagtail.models import Page
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import register_permission_policy

from campaigns.models import CampaignPage, CampaignUpdate
from campaigns.querysets import oversees
from cms.images.models import Image


def register() -> None:
    """Put the policies in Wagtail's registry; once, before anything asks it."""
    register_permission_policy(Page, OwnPagesPolicy(Page))
    register_permission_policy(CampaignUpdate, OwnUpdatesPolicy(CampaignUpdate))
    # `exact_class` is asked first: Wagtail registers its own policy for the same model.
    images = OwnImagesPolicy(Image, auth_model=Image, owner_field_name="uploaded_by_user")
    register_permission_policy(Image, images, exact_class=True)


def only_own_pages(pages: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """The pages without other creators' campaigns."""
    if oversees(user):
        return pages
    others = CampaignPage.objects.exclude(owner_id=user.pk).exclude(campaign__creator_id=user.pk)
    return pages.exclude(pk__in=others.values("pk"))


class OwnPagesPolicy(PagePermissionPolicy):
    """Wagtail's, without other creators' campaigns for those who oversee nobody."""

    def explorable_instances(self, user: Any) -> QuerySet[Any]:
        """What explorer, search, choosers, reports and the admin API list."""
        if not self.get_cached_permissions_for_user(user) and not user.is_superuser:
            return self.model._default_manager.none()
        return only_own_pages(super().explorable_instances(user), user)

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        """What may be acted on."""
        return only_own_pages(super().instances_user_has_any_permission_for(user, actions), user)

    def user_has_any_permission_for_instance(self, user: Any, actions: Iterable[str], instance: Any) -> bool:
        """One page, by the same rule."""
        if not super().user_has_any_permission_for_instance(user, actions, instance):
            return False
        return oversees(user) or only_own_pages(Page.objects.filter(pk=instance.pk), user).exists()


class OwnImagesPolicy(CollectionOwnershipPermissionPolicy):
    """Wagtail's, with nobody else's uploads for those who oversee nobody."""

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        """What listing and chooser show."""
        images = super().instances_user_has_any_permission_for(user, actions)
        return images if oversees(user) else images.filter(uploaded_by_user_id=user.pk)

    def user_has_any_permission_for_instance(self, user: Any, actions: Iterable[str], instance: Any) -> bool:
        """One picture, by the same rule."""
        if not oversees(user) and instance.uploaded_by_user_id != user.pk:
            return False
        return super().user_has_any_permission_for_instance(user, actions, instance)


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
