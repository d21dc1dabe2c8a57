"""Whose pictures and files a form may take."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.permissions import policy_registry

from cms.images.models import Document, Image
from cms.images.services import uploads_in

Upload = type[Image] | type[Document]


class OwnPicturesMixin:
    """Takes only pictures and files that the writer may choose, whatever ids are sent; what stood there may stay."""

    def clean(self) -> dict[str, Any]:
        """Refuse others' uploads, on the field that brings them."""
        cleaned: dict[str, Any] = super().clean()  # type: ignore[misc]
        for kind, refusal in (
            (Image, _("Choose one of your own pictures.")),
            (Document, _("Choose one of your own files.")),
        ):
            for name in self._foreign(kind, cleaned):
                self.add_error(name, ValidationError(refusal))  # type: ignore[attr-defined]
        return cleaned

    def _foreign(self, kind: Upload, cleaned: dict[str, Any]) -> list[str]:
        instance: Model = self.instance  # type: ignore[attr-defined]
        fields = instance._meta.concrete_fields
        kept = set().union(*(uploads_in(kind, field, field.value_from_object(instance)) for field in fields))
        found = []
        for field in instance._meta.get_fields():
            brought = uploads_in(kind, field, cleaned[field.name]) - kept if field.name in cleaned else set()
            if brought and self._choosable(kind, brought) < len(brought):
                found.append(field.name)
        return found

    def _choosable(self, kind: Upload, ids: set[int]) -> int:
        policy = policy_registry.get_by_type(kind)
        user = self.for_user  # type: ignore[attr-defined]
        return policy.instances_user_has_any_permission_for(user, ["choose"]).filter(pk__in=ids).distinct().count()


class OwnPicturesPageForm(OwnPicturesMixin, WagtailAdminPageForm):
    """The editor of pages that creators write."""
