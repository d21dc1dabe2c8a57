"""People and the audit log in the Wagtail admin."""

from typing import Any, ClassVar

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.users.views.users import CreateView, EditView, IndexView, UserViewSet

from cms.users import audit, services
from cms.users.forms import PersonCreationForm, PersonEditForm
from cms.users.models import AuditLog, User


class _Accountable:
    """Passes who edits to the form, and writes what changed to the audit log."""

    request: HttpRequest
    form: ModelForm
    audit_action = ""

    def get_form_kwargs(self) -> dict[str, Any]:
        """Let the form know whether a superuser is at work."""
        return {**super().get_form_kwargs(), "by_superuser": self.request.user.is_superuser}  # type: ignore[misc]

    def save_instance(self) -> User:
        """Store the person and the audit row together."""
        with transaction.atomic():
            person: User = super().save_instance()  # type: ignore[misc]
            if "display_name" in self.form.changed_data:
                services.announce_renamed(person)
            audit.record(
                actor=self.request.user,  # type: ignore[arg-type]
                action=self.audit_action,
                subject=f"user:{person.pk}",
                changed=sorted(self.form.changed_data),
                roles=sorted(Group.objects.filter(user=person).values_list("name", flat=True)),
                is_active=person.is_active,
                is_superuser=person.is_superuser,
            )
        return person


class PeopleIndexView(IndexView):
    """The list of people, by address."""

    def order_queryset(self, queryset: QuerySet[User]) -> QuerySet[User]:
        """People have one name."""
        if (self.ordering or "").lstrip("-") == "name":
            return queryset.order_by(self.ordering.replace("name", "display_name"))
        return super().order_queryset(queryset)

    @property
    def search_fields(self) -> set[str]:
        """Where the search box looks."""
        return {"email", "display_name"}


class PersonCreateView(_Accountable, CreateView):
    """Add somebody."""

    audit_action = "users.add"


class PersonEditView(_Accountable, EditView):
    """Change somebody's roles; superusers are changed by superusers only."""

    audit_action = "users.change"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Look the person up and refuse early."""
        super().setup(request, *args, **kwargs)
        if self.object.is_superuser and not request.user.is_superuser:
            raise PermissionDenied


class PeopleViewSet(UserViewSet):
    """People, known by e-mail address."""

    index_view_class = PeopleIndexView
    add_view_class = PersonCreateView
    edit_view_class = PersonEditView
    template_prefix = "users/admin/"
    index_template_name = "wagtailusers/users/index.html"
    index_results_template_name = "wagtailusers/users/index_results.html"

    def get_form_class(self, for_update: bool = False) -> type[ModelForm]:
        """One form to add, one to change."""
        return PersonEditForm if for_update else PersonCreationForm


class AuditIndexView(generic.IndexView):
    """Newest first, with its actor in the same query."""

    def get_base_queryset(self) -> QuerySet[AuditLog]:
        """Rows with their actors."""
        return AuditLog.objects.select_related("actor")

    def get_edit_url(self, instance: Model) -> None:
        """There is nothing to edit."""
        return


class AuditLogViewSet(ModelViewSet):
    """The audit log, for Auditors and Admins: read, filter, search."""

    model = AuditLog
    name = "audit_log"
    icon = "clipboard-list"
    menu_label = _("Audit log")
    add_to_settings_menu = True
    menu_order = 700
    add_to_reference_index = False
    index_view_class = AuditIndexView
    inspect_view_enabled = True
    copy_view_enabled = False
    form_fields: ClassVar = ["action"]
    inspect_view_fields: ClassVar = ["at", "actor", "action", "subject", "reason", "data"]
    list_display: ClassVar = [
        DateColumn("at", label=_("When"), sort_key="at"),
        TitleColumn("action", label=_("Act")),
        Column("subject", label=_("Subject")),
        Column("actor", label=_("Who"), accessor=lambda row: row.actor.email if row.actor else _("the platform")),
        Column("reason", label=_("Reason")),
    ]
    list_filter: ClassVar = ["action", "at"]
    search_fields: ClassVar = ["action", "subject", "reason", "actor__email"]
    search_backend_name = None
    ordering: ClassVar = ["-id"]
