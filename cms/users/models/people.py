"""A person, by e-mail address."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from cms.core.clock import AppNow


class UserManager(BaseUserManager["User"]):
    """Makes people by e-mail address, stored in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who can sign in; without a password only by a reset link."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who may do everything in the admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """Everybody: backers, creators, editors, staff. Roles are groups (see `cms.users.roles`)."""

    class PayeeKind(models.TextChoices):
        """As what a creator is paid; funding's tax rules know the same words."""

        PERSON = "person", _("a person")
        SOLE_TRADER = "sole_trader", _("a sole trader")
        COMPANY = "company", _("a company")
        CHARITY = "charity", _("a charity")

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    display_name = models.CharField(_("name"), max_length=80, blank=True)
    # Not a Wagtail image: those stand above users.
    photo = models.ImageField(_("photo"), upload_to="profiles/", blank=True)
    bio = models.TextField(_("about"), max_length=600, blank=True)
    locale = models.CharField(_("language"), max_length=10, default="en")
    timezone = models.CharField(_("time zone"), max_length=64, default="Asia/Shanghai")
    country = models.CharField(_("country"), max_length=2, blank=True)
    payee_kind = models.CharField(_("payee"), max_length=12, choices=PayeeKind.choices, blank=True)
    payouts_held = models.BooleanField(
        default=False, help_text=_("Staff stopped payouts; the reason is in the audit log.")
    )
    created_at = models.DateTimeField(db_default=AppNow())

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="user_email_unique_ci")]

    def __str__(self) -> str:
        return self.public_name

    @property
    def public_name(self) -> str:
        """What others see: never the e-mail address."""
        return self.display_name or str(_("Somebody"))

    def get_full_name(self) -> str:
        """What the admin shows beside the address."""
        return self.display_name

    def get_short_name(self) -> str:
        """How a mail greets."""
        return self.display_name
