"""What people bring to the Wagtail admin."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail import hooks

from cms.users.viewsets import AuditLogViewSet


@hooks.register("register_admin_viewset")
def audit_log() -> Any:
    """The audit log in the settings menu."""
    return AuditLogViewSet()


@hooks.register("register_permissions")
def audit_permission() -> QuerySet[Permission]:
    """Let a group be given the sight of the audit log."""
    return Permission.objects.filter(content_type__app_label="users", codename="view_auditlog")
