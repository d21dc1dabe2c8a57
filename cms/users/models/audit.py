"""The audit log."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.core.clock import AppNow
from cms.users.models.people import User


class AuditLog(models.Model):
    """Who did what to what, append-only: a trigger refuses UPDATE, DELETE and TRUNCATE."""

    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("who"))
    action = models.CharField(_("act"), max_length=80)
    subject = models.CharField(_("subject"), max_length=120, help_text="kind:key, for example campaign:k3f9")
    reason = models.TextField(_("reason"), blank=True)
    data = models.JSONField(_("details"), default=dict)
    at = models.DateTimeField(_("when"), db_default=AppNow())

    class Meta:
        verbose_name = _("audit log entry")
        verbose_name_plural = _("audit log entries")
        indexes: ClassVar = [models.Index(fields=["subject", "-id"], name="audit_by_subject")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
