"""Roles are groups. Their names are constants here; what each may do is attached by the package that owns it."""

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, Group, Permission

CREATOR = "Creators"
EDITOR = "Editors"
REVIEWER = "Reviewers"
FINANCE = "Finance"
SUPPORT = "Support"
AUDITOR = "Auditors"
ADMIN = "Admins"

ALL = (CREATOR, EDITOR, REVIEWER, FINANCE, SUPPORT, AUDITOR, ADMIN)
# Everybody who sees other people's affairs: a second factor is required of them.
STAFF = frozenset({EDITOR, REVIEWER, FINANCE, SUPPORT, AUDITOR, ADMIN})

ENTER_ADMIN = "wagtailadmin.access_admin"

# About people only; pages, campaigns and money are granted by their own packages through `grant`.
_PERMISSIONS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(ALL, (ENTER_ADMIN,)),
    SUPPORT: (ENTER_ADMIN, "users.view_user"),
    AUDITOR: (ENTER_ADMIN, "users.view_auditlog"),
    ADMIN: (
        ENTER_ADMIN, "users.add_user", "users.change_user", "users.view_user", "users.view_auditlog",
        "auth.view_group",
    ),
}  # fmt: skip

Person = AbstractBaseUser | AnonymousUser


def names(user: Person) -> frozenset[str]:
    """The roles of a person, read once per user object (that is: once per request)."""
    held = getattr(user, "_roles", None)
    if held is None:
        if not user.is_active or not user.is_authenticated:
            held = frozenset()
        elif getattr(user, "is_superuser", False):
            held = frozenset(ALL)
        else:
            held = frozenset(Group.objects.filter(user=user.pk, name__in=ALL).values_list("name", flat=True))
        user._roles = held  # type: ignore[union-attr]
    return held


def has_role(user: Person, role: str) -> bool:
    """Whether the person holds a role; a superuser holds all, somebody signed out or disabled none."""
    return role in names(user)


def is_staff(user: Person) -> bool:
    """Whether the person works for the platform, in any role."""
    return not STAFF.isdisjoint(names(user))


def assign(user: AbstractBaseUser, role: str) -> None:
    """Give a role; twice is once. The caller writes the audit log."""
    user.groups.add(Group.objects.get_or_create(name=role)[0])  # type: ignore[attr-defined]
    user.__dict__.pop("_roles", None)
    for cache in ("_perm_cache", "_group_perm_cache", "_user_perm_cache"):
        user.__dict__.pop(cache, None)


def grant(role: str, permissions: Iterable[str]) -> None:
    """Let a role hold permissions, named `app.codename`; twice is once. Raises `LookupError` for an unknown one."""
    group, _ = Group.objects.get_or_create(name=role)
    wanted = set(permissions)
    rows = Permission.objects.filter(codename__in={name.partition(".")[2] for name in wanted})
    found = {f"{row.content_type.app_label}.{row.codename}": row for row in rows.select_related("content_type")}
    if missing := wanted - found.keys():
        raise LookupError(f"No such permission: {', '.join(sorted(missing))}")
    group.permissions.add(*(found[name] for name in wanted))


def ensure() -> None:
    """Make every role, with admission to the admin and what it may know of people. After each migrate."""
    for role, permissions in _PERMISSIONS.items():
        grant(role, permissions)
