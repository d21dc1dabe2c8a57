"""Setting up a site: the page tree of every language, with roles and review attached. Safe to run again."""

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Locale, Page, Site, WorkflowPage

from campaigns.services import installing, starters
from cms.users import roles
from home.models import HomePage

CURATORS = (roles.EDITOR, roles.ADMIN)
_CURATING = [f"home.{action}_featuredslot" for action in ("add", "change", "delete", "view")]
_STOCK_GROUP = "Moderators"
_EDITING = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")

_TEXTS = {
    "en": (
        "Kindling",
        "Many thin sticks make one flame.",
        "Stories worth making, told well. Your money waits with us until the goal is reached, or goes back by itself.",
    ),
    "zh-hans": (
        "拾柴",
        "众人拾柴火焰高。",
        "值得做成的事,好好讲给您听。款项由平台代为保管:达标则交付发起人,未达标则自动原路退回。",
    ),
}


@transaction.atomic
def install_site(*, templates: bool = True) -> None:
    """Promise a home page, a campaigns index, templates, permissions and the review workflow for each language."""
    source: HomePage | None = None
    for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES:
        locale, _created = Locale.objects.get_or_create(language_code=code)
        home = HomePage.objects.filter(locale=locale, depth=2).first() or _make_home(locale=locale, source=source)
        source = source or home
        installing.install(home_page=home)
        if templates:
            starters.install_templates(locale)
        _let_editors_in(home)
    for role in CURATORS:
        roles.grant(role, _CURATING)
    _revoke_stock_rights()
    _point_site_at(source)


def _let_editors_in(home: HomePage) -> None:
    """Editors write the platform's own pages and publish them; campaigns below are read by reviewers all the same."""
    for role in CURATORS:
        group = Group.objects.get(name=role)
        for name in _EDITING:
            permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=name)
            GroupPagePermission.objects.get_or_create(group=group, page=home.page_ptr, permission=permission)


def _revoke_stock_rights() -> None:
    """Wagtail begins with two groups that may write beside our home pages, and a workflow for the whole tree."""
    root = Page.get_first_root_node()
    GroupPagePermission.objects.filter(page=root, group__name__in=[roles.EDITOR, _STOCK_GROUP]).delete()
    WorkflowPage.objects.filter(page=root).delete()
    for group in Group.objects.filter(name=_STOCK_GROUP):
        GroupCollectionPermission.objects.filter(group=group).delete()
        group.permissions.clear()
        if not group.user_set.exists():
            group.delete()


def _make_home(*, locale: Locale, source: HomePage | None) -> HomePage:
    title, headline, introduction = _TEXTS.get(locale.language_code, _TEXTS["en"])
    slug = "home" if source is None else f"home-{locale.language_code}"
    root = Page.get_first_root_node()
    # Wagtail's own welcome page holds the slug and the site until ours takes over.
    welcome = Page.objects.filter(depth=2, slug=slug).exclude(pk__in=HomePage.objects.values("pk"))
    welcome.update(slug=f"welcome-{locale.pk}")
    page = HomePage(title=title, slug=slug, headline=headline, introduction=introduction, locale=locale)
    if source is not None:
        page.translation_key = source.translation_key
    return root.add_child(instance=page)


def _point_site_at(home: HomePage | None) -> None:
    if home is None:
        return
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(hostname="localhost", root_page=home, is_default_site=True, site_name="Kindling · 拾柴")
    elif not HomePage.objects.filter(pk=site.root_page_id).exists():
        old, site.root_page, site.site_name = site.root_page, home.page_ptr, "Kindling · 拾柴"
        site.save()
        if old.depth == 2 and old.slug.startswith("welcome-"):
            old.delete()
