"""Whose pictures a form may take."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.permissions import policy_registry

from cms.images.models import Image
from cms.images.services import image_ids, images_in


class OwnPicturesMixin:
    """Takes only pictures that the writer may choose, whatever ids are sent; what stood there already may stay."""

    def clean(self) -> dict[str, Any]:
        """Refuse others' pictures, on the field that brings them."""
        cleaned: dict[str, Any] = super().clean()  # type: ignore[misc]
        instance: Model = self.instance  # type: ignore[attr-defined]
        kept = image_ids(instance)
        for field in instance._meta.get_fields():
            brought = images_in(field, cleaned[field.name]) - kept if field.name in cleaned else set()
            if brought and self._choosable(brought) < len(brought):
                self.add_error(field.name, ValidationError(_("Choose one of your own pictures.")))  # type: ignore[attr-defined]
        return cleaned

    def _choosable(self, ids: set[int]) -> int:
        policy = policy_registry.get_by_type(Image)
        user = self.for_user  # type: ignore[attr-defined]
        return policy.instances_user_has_any_permission_for(user, ["choose"]).filter(pk__in=ids).distinct().count()


class OwnPicturesPageForm(OwnPicturesMixin, WagtailAdminPageForm):
    """The editor of pages that creators write."""
